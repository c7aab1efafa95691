"""Every message goes out through one function, which checks it; this reads all the code for ways round it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.utils.module_loading import import_string

from consent.mail import exit as mail_exit
from tests.architecture.source import PROJECT, ROOMS, dotted, imports, is_within, modules

# Whatever can carry a message out of the machine.
CARRIERS = ("smtplib", "aiosmtplib", "aiosmtpd", "django.core.mail", "anymail", "http.client", "requests",
            "urllib.request", "httpx", "aiohttp", "ftplib", "telnetlib", "email.message",
            "email.mime")  # fmt: skip
# Names that send, whatever they were imported as.
SENDING = {"send_mail", "send_mass_mail", "mail_admins", "mail_managers", "email_user", "get_connection",
           "EmailMessage", "EmailMultiAlternatives", "send_messages", "sendmail", "send_message",
           "SMTP", "SMTP_SSL", "LMTP"}  # fmt: skip

# Who may touch which carrier, and what for. The list is the whole of it.
ALLOWED = {
    ("consent.mail.smtp", "smtplib"): "the conversation with the mail server",
    ("consent.mail.exit", "django.core.mail"): "the closed backend",
    ("consent.mail.substitute", "email.message"): "writes headers into bytes",
    ("consent.receivers", "anymail"): "hears what a provider reports",
    ("portal.watching.receivers", "anymail"): "hears the same of messages to watchers",
    ("portal.hooks.calling", "http.client"): "calls whoever asked for public news and proved to want it",
    ("portal.demo.__main__", "http.client"): "waits for the demo's site to answer",
    ("portal.demo.mailbox", "email.message"): "reads the demo's mails",
    ("portal.demo.sink", "aiosmtpd"): "takes the demo's mails and delivers none",
}
# Who may ask the exit to send, and by which of its functions.
SENDERS = {
    "consent.deliver": {"hand_over"},
    "consent.tasks": {"hand_over_sign_in_code"},
    # Of public matters, to whoever asked by address: nobody is written to as a guardian.
    "portal.asking.mails": {"hand_over_public_words"},
    "portal.watching.sending": {"hand_over_public_words"},
    "portal.hooks.mails": {"hand_over_public_words"},
}


def uses(path: Path) -> Iterator[str]:
    """Yield the names of SENDING that a module uses, however it came by them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name) and node.id in SENDING:
            yield node.id
        elif isinstance(node, ast.Attribute) and node.attr in SENDING:
            yield node.attr
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("__import__", "import_module"):
            yield from (word for word in CARRIERS if word in ast.unparse(node))


def carriers(path: Path) -> set[str]:
    return {carrier for name in imports(path) for carrier in CARRIERS if is_within(name, carrier)}


PROJECT_MODULES = [*modules(*ROOMS), PROJECT / "manage.py"]


@pytest.mark.parametrize("path", PROJECT_MODULES, ids=dotted)
def test_no_module_carries_a_message_out_but_those_on_the_list(path: Path) -> None:
    found = {(dotted(path), carrier) for carrier in carriers(path)}
    assert found <= ALLOWED.keys()
    if not found:
        assert set(uses(path)) == set()


def test_the_list_names_nobody_who_no_longer_needs_it() -> None:
    found = {(dotted(path), carrier) for path in PROJECT_MODULES for carrier in carriers(path)}
    assert found == ALLOWED.keys()


def test_only_the_exit_speaks_to_the_mail_server() -> None:
    users = {dotted(path) for path in PROJECT_MODULES if "consent.mail.smtp" in set(imports(path))}
    # The batch's marks read the verdicts; they open no connection.
    assert users == {"consent.mail.exit", "consent.outcomes"}
    marks = ast.unparse(ast.parse((PROJECT / "consent/outcomes.py").read_text()))
    assert "from .mail.smtp import Verdict" in marks


def test_the_list_of_all_senders_is_complete() -> None:
    found: dict[str, set[str]] = {}
    for path in PROJECT_MODULES:
        if dotted(path) == "consent.mail.exit":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node, "attr", getattr(node, "id", getattr(node, "name", "")))
            if isinstance(name, str) and name.startswith("hand_over"):
                found.setdefault(dotted(path), set()).add(name)
    assert found == SENDERS


def test_the_exit_has_no_other_way_to_send_than_those() -> None:
    public = {name for name in vars(mail_exit) if name.startswith("hand_over")}
    assert public == set().union(*SENDERS.values())


def test_djangos_own_way_to_send_is_closed() -> None:
    source = ast.unparse(ast.parse((PROJECT / "portal/settings.py").read_text()))
    assert "EMAIL_BACKEND = 'consent.mail.exit.ClosedBackend'" in source
    closed = import_string("consent.mail.exit.ClosedBackend")
    with pytest.raises(mail_exit.ClosedBackendError):
        mail.send_mail("x", "y", "a@x.example", ["b@x.example"], connection=closed())
    assert not getattr(settings, "ADMINS", [])


@pytest.mark.parametrize(
    "code",
    [
        "import smtplib",
        "from django.core.mail import send_mail",
        "from django.core import mail",
        "import anymail.message",
        "def f(user): user.email_user('a', 'b')",
        "def f():\n    from smtplib import SMTP as x",
        "def f(c): c.sendmail('a', 'b', 'c')",
        "__import__('smtplib')",
    ],
)
def test_the_guard_sees_each_way_round(code: str, tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "consent" / "sly.py"
    path.parent.mkdir()
    path.write_text(code)
    monkeypatch.setattr("tests.architecture.source.PROJECT", tmp_path)
    assert carriers(path) or list(uses(path))
