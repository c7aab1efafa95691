"""Registers the admin classes of both rooms: one mixin narrows them all, so they live in one place."""

from portal.staff.admin import accounts, agreements, catalogue, families, lines, news, register, statements

__all__ = ["accounts", "agreements", "catalogue", "families", "lines", "news", "register", "statements"]
