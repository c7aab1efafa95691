"""Sends what the public room reads over its own connection."""

from typing import Any

from django.db.models import Model

from districts.public_room import PUBLIC_ALIAS, is_public


class PublicRoomRouter:
    """Uses the alias `public` inside the public room, and nowhere else.

    A write from inside goes the same way, so that PostgreSQL itself refuses it.
    """

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return PUBLIC_ALIAS if is_public() else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        return PUBLIC_ALIAS if is_public() else None

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool | None:
        return True  # both aliases are one database

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == PUBLIC_ALIAS else None
