"""Which addresses a person may have us call: those of others on the Internet, never our own neighbours'.

Whoever names an address for us to call could name the database, the cloud's metadata or a printer
(server-side request forgery, ASVS 5.0 1.3.6). So each address that a name stands for has to be one that
everybody reaches, and the call goes to that very address: a name that is asked twice may answer twice.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

MOST = 500  # characters


class NotOutside(Exception):
    """An address that is not called; the text says why."""


def host_and_port(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address as it is written.

    Raises:
        NotOutside: it is no http(s) address of a host, holds a user, or is too long.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    except (ValueError, KeyError):
        raise NotOutside("no address") from None
    unfit = len(url) > MOST or not url.isascii() or not url.isprintable() or " " in url
    if unfit or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise NotOutside("no address")
    return parts.scheme, parts.hostname, port


def resolve(url: str, own_networks: Sequence[str]) -> str:
    """Return the IP address that a call of an address goes to.

    Args:
        own_networks: networks that may be called although nobody outside reaches them, also without TLS.

    Raises:
        NotOutside: the name is unknown, one of its addresses is not outside, or it lacks TLS.
    """
    scheme, host, port = host_and_port(url)
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise NotOutside("unknown host") from None
    own = all(is_in(address, own_networks) for address in found)
    if not own and not all(is_outside(address) or is_in(address, own_networks) for address in found):
        raise NotOutside("private address")
    if scheme != "https" and not own:
        raise NotOutside("no https")
    return min(found)


def is_outside(address: str) -> bool:
    """Say whether everybody on the Internet reaches an IP address."""
    ip = _ip(address)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_in(address: str, networks: Sequence[str]) -> bool:
    """Say whether an IP address lies in one of some networks."""
    ip = _ip(address)
    return any(ip in ipaddress.ip_network(network, strict=False) for network in networks)


def _ip(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        return ip.ipv4_mapped or ip.sixtofour or _of_nat64(ip) or ip
    return ip


def _of_nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address behind a translator (RFC 6052)."""
    if ip not in ipaddress.ip_network("64:ff9b::/96"):
        return None
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
