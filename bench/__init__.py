"""Measures the main job against yardsticks in plain SQL; `make bench` runs all of it."""
