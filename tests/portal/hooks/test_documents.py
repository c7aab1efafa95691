"""What docs/webhooks.md tells receivers to do is true of real calls: its code is run."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.hooks import registering, signing
from portal.hooks.delivering import RETRY_AFTER, deliver_due
from portal.hooks.models import Hook
from tests.architecture.source import PROJECT
from tests.portal.hooks.hooking import asked, hooked

pytestmark = pytest.mark.django_db

WORDS = (PROJECT / "docs" / "webhooks.md").read_text(encoding="utf-8")


def code(language: str) -> str:
    [found] = re.findall(rf"```{language}\n(.*?)```", WORDS, re.DOTALL)
    return str(found)


@pytest.fixture
def call(town, receiver) -> tuple[str, dict[str, str], bytes]:
    """Return the secret a page showed, and the headers and the body of a call that came."""
    hook = asked(receiver.url)
    secret = registering.confirm(pk=hook.pk, now=timezone.now())
    registering.call_now(pk=hook.pk, now=timezone.now())
    assert deliver_due(now=timezone.now()) == {"taken": 1}
    [(_path, headers, body)] = receiver.calls
    return secret, headers, body


def test_the_python_example_takes_a_real_call_and_no_other(call) -> None:
    secret, headers, body = call
    names: dict[str, Any] = {}
    exec(code("python"), names)
    is_ours = names["is_ours"]
    assert is_ours(secret, headers, body)
    assert not is_ours(secret, headers, body[:-1] + b"]")
    assert not is_ours(signing.PREFIX + "A" * 44, headers, body)
    assert not is_ours(secret, {**headers, "webhook-id": "msg_other"}, body)
    late = str(int(headers["webhook-timestamp"]) - 301)
    assert not is_ours(secret, {**headers, "webhook-timestamp": late}, body)


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_the_openssl_example_prints_the_signature_of_a_real_call(call, tmp_path: Path) -> None:
    secret, headers, body = call
    (tmp_path / "body").write_bytes(body)
    given = {"secret": secret, "id": headers["webhook-id"], "timestamp": headers["webhook-timestamp"]}
    assignments = "".join(f"{name}='{value}'\n" for name, value in given.items())
    shell = ["sh", "-c", assignments + code("sh")]
    done = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert headers["webhook-signature"] == f"v1,{done.stdout.strip()}"


def test_the_waits_and_limits_are_those_that_are_told() -> None:
    minutes = [int(wait.total_seconds() // 60) for wait in RETRY_AFTER]
    assert minutes == [1, 5, 30, 120, 360, 720, 1440]
    assert "1 and 5 minutes, then half an hour, 2, 6, 12 and 24 hours" in WORDS
    assert (registering.MOST_OF_AN_ADDRESS, registering.MOST_OF_A_HOST) == (10, 20)
    assert "Ten webhooks per e-mail address, twenty per host" in WORDS
    assert registering.DAYS_AT_REST == 90


def test_the_sites_operator_lists_and_stops_them(town, capsys) -> None:
    hook = hooked("https://receiver.example/in", "company", town.lumino)
    call_command("hooks")
    said = capsys.readouterr().out
    assert said.split("\t")[:2] == [str(hook.pk), "active"]
    assert "receiver.example" in said
    assert "alice" not in said
    call_command("hooks", "--stop", str(hook.pk))
    assert not Hook.objects.exists()
    with pytest.raises(CommandError, match="no webhook"):
        call_command("hooks", "--stop", str(hook.pk))
