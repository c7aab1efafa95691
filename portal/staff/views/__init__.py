"""Thin views of the staff pages."""
