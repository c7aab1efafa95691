"""What the documents promise about settings is what the settings read."""

import re

from tests.architecture.source import PROJECT


def test_every_setting_of_the_environment_is_explained() -> None:
    settings = (PROJECT / "portal" / "settings.py").read_text(encoding="utf-8")
    explained = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    read = set(re.findall(r'env_\w+\(\s*"([A-Z_]+)"', settings))
    assert "DATABASE_URL" in read
    assert sorted(name for name in read if f"`{name}`" not in explained) == []
