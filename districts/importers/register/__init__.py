"""Reads the register sheets districts already keep: who gets data, about what, since when."""
