"""Rounded figures of telling that anybody may know are a change of the register's version, too."""

from importlib import import_module

from django.db import migrations

# Where no figure may be known the row shows nothing, so nobody is told that it came.
TOUCHED = (
    "PERFORM openroll_stamp_object('publications', p.public_id::text, openroll_is_public(p.agreement_id))"
    " FROM districts_publication p WHERE p.id = {row}.publication_id AND num_nonnulls({row}.people,"
    " {row}.accepted, {row}.letters, {row}.failed, {row}.children, {row}.nobody_to_tell) > 0;"
)

# The operation that an earlier migration made for tables of the same kind.
stamped = import_module("districts.migrations.0012_the_register_is_stamped").stamped


class Migration(migrations.Migration):
    dependencies = [("districts", "0020_open_questions")]

    operations = [stamped("districts_toldfigures", TOUCHED)]
