"""One call to a real receiver: what of its answer counts, and how long it may take."""

import datetime as dt
import ssl
import time
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.hooks import calling
from portal.hooks.calling import Answer, call
from tests.portal.hooks.receiver import Receiver

BODY = b'{"data": {}}'


def drips(handler) -> None:
    """Answer byte by byte, each before the wait for it ends."""
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.05)


def sleeps(handler) -> None:
    time.sleep(3)


def floods(handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _n in range(10_000):
        handler.wfile.write(b"x" * 100_000)


@pytest.mark.parametrize("answer", [drips, sleeps])
def test_a_slow_receiver_is_cut_off_as_a_whole(receiver: Receiver, monkeypatch, answer) -> None:
    monkeypatch.setattr(calling, "TOTAL_SECONDS", 0.5)
    receiver.answers = [answer]
    began = time.monotonic()
    assert call(receiver.url, BODY, {}).word == "timeout"
    assert time.monotonic() - began < 2.5


def test_no_more_of_an_answer_is_read_than_a_challenge_needs(receiver: Receiver) -> None:
    receiver.answers = [floods, floods]
    assert call(receiver.url, BODY, {}) == Answer(200, "200")
    assert len(call(receiver.url, BODY, {}, reads=True).body) == calling.MOST_READ


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    answer = call(receiver.url, BODY, {})
    assert (answer.status, answer.is_taken) == (status, False)
    assert len(receiver.calls) == 1


def test_a_receiver_that_is_not_there(receiver: Receiver) -> None:
    receiver.close()
    assert call(receiver.url, BODY, {}) == Answer(0, "refused")


@pytest.mark.parametrize(
    ("status", "body", "holds"),
    [
        (200, b"word", True),
        (201, b" word\n", True),
        (200, b'{"challenge": "word"}', True),
        (200, b'{"challenge": "other"}', False),
        (200, b'["word"]', False),
        (200, b"words", False),
        (200, b"", False),
        (200, b"\xff", False),
        (400, b"word", False),
    ],
)
def test_what_gives_a_challenge_back(status: int, body: bytes, holds: bool) -> None:
    assert Answer(status, str(status), body).holds("word") is holds


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """Return a certificate that a name signed for itself, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    names = [x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)]
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, key_path = folder / f"{name}.pem", folder / f"{name}.key"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key_path)
    return path, context


@pytest.mark.parametrize(
    ("name", "trusted", "word"),
    [("127.0.0.1", True, "200"), ("127.0.0.1", False, "TLS"), ("other.example", True, "TLS")],
)
def test_a_certificate_must_be_trusted_and_of_the_name(
    settings, tmp_path, monkeypatch, name: str, trusted: bool, word: str
) -> None:
    settings.HOOKS_MAY_CALL_LOOPBACK = True
    path, context = certificate(tmp_path, name)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    receiver = Receiver(context)
    try:
        assert call(receiver.url, BODY, {}).word == word
        assert len(receiver.calls) == (word == "200")
    finally:
        receiver.close()
