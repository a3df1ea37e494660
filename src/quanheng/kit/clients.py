"""From which address a request came, as far as anybody can know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

IPV6_SITE = 64  # one household or one phone gets a whole /64: it counts as one address


def client_address(request: HttpRequest) -> str:
    """Return the client's address, an IPv6 one cut to its network.

    `X-Forwarded-For` is believed only from a proxy named in QUANHENG_TRUSTED_PROXIES, and read from the
    right: what stands left of the first address that is no trusted proxy was written by the client itself.
    """
    return address_of(request.META)


def address_of(environ: Mapping[str, Any]) -> str:
    """Return the same from the environment of a request (WSGI) that no handler has seen yet."""
    address = str(environ.get("REMOTE_ADDR", ""))
    if settings.ENVIRONMENT.trusted_proxies and is_trusted(address):
        for hop in reversed(str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
            address = hop.strip() or address
            if not is_trusted(address):
                break
    return _site_of(address)


@lru_cache(maxsize=1024)
def is_trusted(address: str) -> bool:
    """Say whether an address is one of our own proxies (single addresses or networks)."""
    try:
        found = ip_address(address)
        return any(found in ip_network(proxy, strict=False) for proxy in settings.ENVIRONMENT.trusted_proxies)
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def _site_of(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((found, IPV6_SITE), strict=False).network_address)
    return str(found)
