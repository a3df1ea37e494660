"""Reading one environment variable each: what it may be, and the sentence that says so when it is not."""

from __future__ import annotations

import os
import re
from collections import Counter
from ipaddress import ip_address, ip_network
from itertools import pairwise
from math import log2
from urllib.parse import parse_qsl, unquote, urlsplit

HOSTNAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*|\[[0-9a-f:.]+\]", re.IGNORECASE)
LEVELS = ("INFO", "DEBUG", "WARNING", "ERROR")
# Keys that stand in documents and examples of half the world, or that somebody types when asked for one.
KNOWN_KEYS = re.compile(
    r"django-insecure|change.?me|secret|passw|example|your.?key|qwerty|random|quanheng", re.I
)
LEAST_BITS = 128  # of the estimate below; fifty random characters have 200 and more


class ConfigurationMissing(Exception):
    """A setting is missing or cannot be read; the message says what to set."""


def text(name: str, otherwise: str = "") -> str:
    """Return a variable without the blanks around it; an empty one is one that is not set.

    Raises:
        ConfigurationMissing: a control character in it.
    """
    value = os.environ.get(name, "").strip()
    if not value.isprintable():
        raise ConfigurationMissing(f"{name} holds a line break or another control character; remove it.")
    return value or otherwise


def one_of(name: str, *values: str) -> str:
    """Return one of the values that a variable knows; the first stands for one that is not set."""
    value = text(name, values[0])
    if value not in values:
        raise ConfigurationMissing(f"{name} is {value!r}; set it to one of: {', '.join(values)}.")
    return value


def port(name: str, otherwise: str) -> int:
    value = text(name, otherwise)
    if not (value.isascii() and value.isdecimal() and 0 < int(value[:6]) < 65_536):
        raise ConfigurationMissing(f"{name} is {value!r}; set it to a number such as {otherwise}.")
    return int(value)


def positive(name: str, otherwise: str, unit: str) -> float:
    """Return a positive number of hours or days."""
    value = text(name, otherwise)
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < 1_000_000:
        raise ConfigurationMissing(f"{name} is {value!r}; set it to a number of {unit} such as {otherwise}.")
    return number


def address(name: str, otherwise: str) -> str:
    """Return an address of this machine."""
    value = text(name, otherwise)
    try:
        ip_address(value)
    except ValueError:
        raise ConfigurationMissing(
            f"{name} is {value!r}; set it to an address of this machine such as {otherwise} or 0.0.0.0."
        ) from None
    return value


def hostnames(name: str) -> tuple[str, ...]:
    """Return hostnames separated by commas: no scheme, no port, no wildcard."""
    found = _split(text(name))
    for host in found:
        if not HOSTNAME.fullmatch(host):
            raise ConfigurationMissing(
                f"{name} holds {host!r}; set it to hostnames such as office.example.cn, separated by commas, "
                "without scheme, port or wildcard."
            )
    return tuple(host.lower() for host in found)


def networks(name: str) -> tuple[str, ...]:
    """Return addresses or networks separated by commas."""
    found = _split(text(name))
    for network in found:
        try:
            ip_network(network, strict=False)
        except ValueError:
            raise ConfigurationMissing(
                f"{name} holds {network!r}; set it to addresses or networks such as 10.0.0.5 or 10.0.0.0/24, "
                "separated by commas."
            ) from None
    return found


def web_address(name: str) -> str:
    """Return an http or https address without a slash at its end; nothing where it is not set."""
    value = text(name).rstrip("/")
    if value and (server(value)[0] not in {"http", "https"} or urlsplit(value).query or "@" in value):
        raise ConfigurationMissing(
            f"{name} is {value!r}; set it to an address such as https://scan.example.cn."
        )
    return value


def mail_address(name: str) -> str:
    value = text(name)
    if value and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+|[^<>@]*<[^@\s<>]+@[^@\s<>]+>", value):
        raise ConfigurationMissing(
            f"{name} is {value!r}; set it to a mail address such as office@example.cn."
        )
    return value


def server(url: str) -> tuple[str, str]:
    """Return scheme and host of an address; nothing where it has no host or an impossible port."""
    try:
        parts = urlsplit(url)
        return (parts.scheme, parts.hostname) if parts.hostname and parts.port != 0 else ("", "")
    except ValueError:
        return "", ""


def is_gateway(url: str) -> bool:
    """Say whether an address is safe to send to: https, or a relay on this machine."""
    scheme, host = server(url)
    return scheme == "https" or (scheme, host) == ("http", "127.0.0.1")


def weakness(key: str, *, shortest: int = 50) -> str:
    """Say in half a sentence why a key can be guessed; nothing when it cannot.

    The estimate is Shannon's, of the characters as they are; before it, what has characters enough and is
    no chance all the same: one text repeated, rows of neighbours, words that everybody begins with.
    """
    if len(key) < shortest:
        return f"has fewer than {shortest} characters"
    if key in (key + key)[1:-1]:
        return "is one text repeated"
    if KNOWN_KEYS.search(key):
        return "holds a word that such keys are guessed by"
    steps = [abs(ord(a) - ord(b)) <= 1 for a, b in pairwise(key)]
    if sum(steps) > len(steps) / 2:
        return "is a row of neighbouring characters"
    bits = -sum(count * log2(count / len(key)) for count in Counter(key).values())
    return "" if bits >= LEAST_BITS * min(shortest, 50) / 50 else "uses too few different characters"


def database_url(name: str) -> str:
    """Return the address of a PostgreSQL database. The sentence never repeats it: it holds a password."""
    value = text(name)
    if value:
        database_settings(value)
    return value


def database_settings(url: str) -> dict[str, object]:
    """Turn a `postgresql://` URL into Django's DATABASES entry.

    Raises:
        ConfigurationMissing: it is none.
    """
    try:
        parts = urlsplit(url)
        options = {"connect_timeout": "10", **dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))}
        place = options.pop("host", "") or unquote(parts.hostname or "")
        number = options.pop("port", "") or str(parts.port or "")
    except ValueError:
        parts, options, place, number = urlsplit(""), {}, "", ""
    if (
        parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/") or "\0" in unquote(url)
        or not all(map(_is_number, [*(number or "5432").split(","), options["connect_timeout"]]))
        or not set(options) <= LIBPQ_OPTIONS
    ):  # fmt: skip
        raise ConfigurationMissing(
            "DATABASE_URL must look like postgresql://user:password@host:5432/name (PostgreSQL 15 or later)."
            " In the password write @ as %40, : as %3A, / as %2F, # as %23, ? as %3F and % as %25."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": place,
        "PORT": number,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


# What libpq knows and an operator has a use for (PostgreSQL 18, 32.1.2); another is a slip of the pen.
LIBPQ_OPTIONS = frozenset({
    "application_name", "channel_binding", "client_encoding", "connect_timeout", "gssencmode", "hostaddr",
    "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "load_balance_hosts",
    "options", "passfile", "require_auth", "sslcert", "sslcertmode", "sslcrl", "sslcrldir", "sslkey",
    "sslmode", "sslnegotiation", "sslpassword", "sslrootcert", "ssl_max_protocol_version",
    "ssl_min_protocol_version", "target_session_attrs", "tcp_user_timeout",
})  # fmt: skip


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and 0 < int(value[:6]) < 65_536


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
