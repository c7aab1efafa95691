"""Readers of files that fill the public register."""
