"""Rows and SQL: the only floor that knows tables. Every function takes the connection to use."""
