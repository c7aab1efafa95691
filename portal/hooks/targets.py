"""Which addresses may be called: nobody can aim this site at its own network, or at another protocol.

A name is resolved anew for every call, each of its addresses is judged, and the call goes to an address that
was judged, not to the name: what a name server says a moment later does not matter (DNS rebinding).
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

PORTS = (443, 8443)
LONGEST = 500
_PLAIN = re.compile(r"[!-~]+")
# Addresses that carry another one inside, which a gateway would reach for us; and the old site-local ones.
_NEVER = tuple(
    ipaddress.ip_network(net)
    for net in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "::ffff:0:0/96",
        "::/96",
        "192.88.99.0/24",
        "fec0::/10",
    )
)


class NotAllowed(Exception):
    """This address may not be called; the word says why: form, scheme, port, name, address."""


@dataclass(frozen=True)
class Target:
    """An address taken apart: `path` is what a request asks for, with its query."""

    is_tls: bool
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """Return an address taken apart. Raises NotAllowed; asks no name server."""
    if len(url) > LONGEST or not _PLAIN.fullmatch(url):
        raise NotAllowed("form")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("form") from None
    host = (parts.hostname or "").rstrip(".").lower()
    if not host or len(host) > 253 or "@" in parts.netloc or "#" in url or "%" in host or "\\" in url:
        raise NotAllowed("form")
    if not (parts.scheme == "https" or (parts.scheme == "http" and settings.HOOKS_MAY_CALL_LOOPBACK)):
        raise NotAllowed("scheme")
    port = port if port is not None else (443 if parts.scheme == "https" else 80)
    if port not in PORTS and not settings.HOOKS_MAY_CALL_LOOPBACK:
        raise NotAllowed("port")
    own = urlsplit(settings.SITE_URL)
    if (host, port) == (own.hostname, own.port or (443 if own.scheme == "https" else 80)):
        raise NotAllowed("name")  # this site would call itself
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", host, port, path)


def resolve(target: Target) -> list[str]:
    """Return the addresses behind a target's name, all of them allowed. Raises NotAllowed.

    One that is not allowed among several bars all: an honest public name has none.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotAllowed("name") from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses or not all(is_allowed(address) for address in addresses):
        raise NotAllowed("address")
    return addresses


def is_allowed(address: str) -> bool:
    """Return whether an IP address is of the public internet, and is no other in disguise."""
    try:
        ip = ipaddress.ip_address(address)  # one with a zone (fe80::1%eth0) is of this machine's networks
    except ValueError:
        return False
    if ip.is_loopback and settings.HOOKS_MAY_CALL_LOOPBACK:
        return True
    if any(ip in network for network in _NEVER if network.version == ip.version):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local)
