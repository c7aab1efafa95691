"""Fill the demo with its story, once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.demo import seed


class Command(BaseCommand):
    help = (
        "Fill an empty site with invented companies and families. Does nothing where there is already data."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill the site unless it holds an agency already."""
        if not seed.is_empty():
            self.stdout.write("The site already holds data: nothing was added.")
            return
        seed.fill(now=timezone.now(), say=lambda line: self.stdout.write(f"  {line}"))
