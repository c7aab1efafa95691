"""The tables of the register's version and of what was last written at which."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0010_what_is_there_can_be_found"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegisterVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="RegisterStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("resource", models.CharField(max_length=14)),
                ("key", models.CharField(help_text="The object's id in the API.", max_length=80)),
                ("version", models.PositiveBigIntegerField()),
            ],
            options={
                "ordering": ["version", "id"],
                "indexes": [models.Index(fields=["version", "id"], name="stamps_in_the_order_written")],
                "constraints": [
                    models.UniqueConstraint(fields=("resource", "key"), name="an_object_is_stamped_once")
                ],
            },
        ),
    ]
