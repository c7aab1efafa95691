"""The dumps of the register."""
