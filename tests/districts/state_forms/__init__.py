"""The forms of state law."""
