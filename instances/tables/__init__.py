"""Problems as tables: one record a row, units in the headers, nested parts in tables of their own.

A folder of CSV files and an Excel workbook are two carriers of the same tables; what is read here
becomes plain data and goes the way of every other file, through `instances.parse`.
"""
