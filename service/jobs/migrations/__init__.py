"""Migrations of the job database, in order; a released one is never edited."""
