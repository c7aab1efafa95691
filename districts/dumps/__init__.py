"""The whole register as files: CSV, JSON Lines and SQLite, each holding the same rows (docs/api.md)."""
