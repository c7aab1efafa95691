"""Enter what the register already holds into the search."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("districts", "0009_search_entries")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO districts_searchentry SELECT * FROM openroll_searchable;",
            "TRUNCATE districts_searchentry;",
        ),
    ]
