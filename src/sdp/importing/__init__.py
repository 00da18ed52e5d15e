"""Rows from other people's files: read, recognised, cleaned, put into our schema, each step counted."""
