"""Nobody aims this site at its own network: which addresses may be called, by form and by where they lead."""

import socket

import pytest

from portal.hooks import calling, targets
from portal.hooks.targets import NotAllowed, Target, is_allowed, resolve, target_of
from tests.portal.hooks.receiver import Receiver

REFUSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "203.0.113.9", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "2002:7f00:1::1", "2001:0:1::1", "2001:db8::1", "fc00::1", "fd12::1", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "no address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_of_the_public_internet_is_refused(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "172.32.0.1", "2606:2800:21f::1", "2a00:1450::1"]
)
def test_an_address_of_the_public_internet_is_allowed(address: str) -> None:
    assert is_allowed(address)


def test_the_setting_allows_this_machine_and_nothing_else(settings) -> None:
    settings.HOOKS_MAY_CALL_LOOPBACK = True
    assert [address for address in REFUSED if is_allowed(address)] == ["127.0.0.1", "127.8.8.8", "::1"]
    assert target_of("http://127.0.0.1:8111/x") == Target(False, "127.0.0.1", 8111, "/x")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://receiver.example/", "scheme"),
        ("ftp://receiver.example/", "scheme"),
        ("file:///etc/passwd", "form"),
        ("https://receiver.example:22/", "port"),
        ("https://receiver.example:80/", "port"),
        ("https://receiver.example:0/", "port"),
        ("https://receiver.example:99999/", "form"),
        ("https://receiver.example:x/", "form"),
        ("https://user:word@receiver.example/", "form"),
        ("https://receiver.example@10.0.0.1/", "form"),
        ("https://receiver.example/#part", "form"),
        ("https://receiver.example\\@10.0.0.1/", "form"),
        ("https://receiver.example/a b", "form"),
        ("https://receiver.example/\r\nHost: x", "form"),
        ("https://räceiver.example/", "form"),
        ("https://[fe80::1%25eth0]/", "form"),
        ("https://", "form"),
        ("https://" + "a" * 500, "form"),
        ("receiver.example", "form"),
        ("https://data.cedar.example/x", "name"),
    ],
)
def test_an_address_of_another_form_is_refused(url: str, why: str, settings) -> None:
    settings.SITE_URL = "https://data.cedar.example"
    with pytest.raises(NotAllowed, match=why):
        target_of(url)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://Receiver.example", Target(True, "receiver.example", 443, "/")),
        ("https://receiver.example.:8443/a?b=c", Target(True, "receiver.example", 8443, "/a?b=c")),
        ("https://[2606:2800:21f::1]/", Target(True, "2606:2800:21f::1", 443, "/")),
    ],
)
def test_an_address_is_taken_apart(url: str, target: Target) -> None:
    assert target_of(url) == target


def names(monkeypatch, *answers: list[str]) -> list[str]:
    """Let a name server say these things one after the other; return the names it is asked for."""
    asked, real = [], socket.getaddrinfo

    def look_up(host, port, *args, **kwargs):
        if host[0].isdigit() or ":" in host:  # an address asks nobody
            return real(host, port, *args, **kwargs)
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(targets.socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("answer", [["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], []])
def test_a_name_that_leads_to_a_private_address_is_refused_whatever_else_it_leads_to(
    answer, monkeypatch
) -> None:
    names(monkeypatch, answer)
    with pytest.raises(NotAllowed, match="address"):
        resolve(target_of("https://receiver.example/"))
    assert calling.call("https://receiver.example/", b"{}", {}).word == "not allowed: address"


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "127.1", "0177.0.0.1", "localhost"])
def test_this_machine_in_other_letters_is_this_machine(host: str) -> None:
    with pytest.raises(NotAllowed):
        resolve(target_of(f"https://{host}/"))


def test_a_name_that_nobody_knows_is_refused(monkeypatch) -> None:
    def unknown(*args, **kwargs):
        raise socket.gaierror

    monkeypatch.setattr(targets.socket, "getaddrinfo", unknown)
    with pytest.raises(NotAllowed, match="name"):
        resolve(target_of("https://nobody.example/"))


def test_a_call_goes_to_the_address_that_was_judged_with_the_name_it_was_judged_for(
    monkeypatch, receiver: Receiver
) -> None:
    """The name server says another thing the second time: it is asked once for each call."""
    asked = names(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    url = f"http://receiver.example:{receiver.port}/in"
    assert calling.call(url, b'{"data": {}}', {}).status == 200
    assert asked == ["receiver.example"]
    [(path, headers, _body)] = receiver.calls
    assert path == "/in"
    assert headers["host"] == f"receiver.example:{receiver.port}"
    assert calling.call(url, b'{"data": {}}', {}).word == "not allowed: address"
    assert len(receiver.calls) == 1
