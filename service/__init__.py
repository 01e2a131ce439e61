"""Where people and programs reach the project: the command line and the HTTP API."""
