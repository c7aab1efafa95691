"""Let PostgreSQL find words that are nearly right (typing mistakes), with or without accents."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("districts", "0002_history_is_append_only")]

    operations = [TrigramExtension(), UnaccentExtension()]
