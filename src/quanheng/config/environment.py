"""The environment variables, read and checked once. A bad one stops the start and says what to set."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from quanheng.kit.durable_files import read_or_make_secret


class ConfigurationMissing(Exception):
    """A setting is missing or cannot be read; the message says what to set."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What the process was told from outside."""

    production: bool
    listen: str
    port: int
    data_dir: Path
    database_url: str
    secret_key: str
    office_hosts: tuple[str, ...]
    public_host: str
    public_url: str
    trusted_proxies: tuple[str, ...]
    demo: bool
    log_origin: str
    log_limit_hours: float
    log_witnesses: str
    sms_url: str
    sms_secret: str
    mail_url: str
    mail_from: str
    alarm_mail: str
    national_scales_url: str
    national_scales_secret: str


def read_environment() -> Environment:
    """Read and check every `QUANHENG_*` variable and `DATABASE_URL`.

    Raises:
        ConfigurationMissing: names the variable and the value that would do.
    """
    production = os.environ.get("QUANHENG_ENV", "development") == "production"
    secret_key = os.environ.get("QUANHENG_SECRET_KEY", "")
    hosts = _split(os.environ.get("QUANHENG_HOSTS", ""))
    public_url = os.environ.get("QUANHENG_PUBLIC_URL", "").rstrip("/")
    if production and len(secret_key) < 50:
        raise ConfigurationMissing("Set QUANHENG_SECRET_KEY to at least 50 random characters.")
    if production and not hosts:
        raise ConfigurationMissing("Set QUANHENG_HOSTS to the office's hostnames, separated by commas.")
    if production and not public_url.startswith("https://"):
        raise ConfigurationMissing("Set QUANHENG_PUBLIC_URL to the https address that labels carry.")
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ConfigurationMissing(f"PORT is {port!r}; set it to a number such as 8000.")
    data_dir = Path(os.environ.get("QUANHENG_DATA_DIR", "var")).resolve()
    return Environment(
        production=production,
        listen=os.environ.get("QUANHENG_LISTEN", "127.0.0.1"),
        port=int(port),
        data_dir=data_dir,
        database_url=os.environ.get("DATABASE_URL", ""),
        secret_key=secret_key or _kept_secret_key(data_dir),
        office_hosts=hosts or ("localhost", "127.0.0.1", "[::1]", "testserver"),
        public_host=urlsplit(public_url).hostname or "",
        public_url=public_url or f"http://127.0.0.1:{port}",
        trusted_proxies=_split(os.environ.get("QUANHENG_TRUSTED_PROXIES", "")),
        demo=os.environ.get("QUANHENG_DEMO", "") == "1",
        log_origin=os.environ.get("QUANHENG_LOG_ORIGIN", "") or _log_origin(public_url),
        log_limit_hours=_hours("QUANHENG_LOG_LIMIT_HOURS", "4"),
        log_witnesses=os.environ.get("QUANHENG_LOG_WITNESSES", ""),
        **_messages(),
        **_national_scales(),
    )


def _messages() -> dict[str, str]:
    """Read where text messages and mails go; without a provider they become files.

    Raises:
        ConfigurationMissing: an address without what belongs to it.
    """
    names = ("SMS_URL", "SMS_SECRET", "MAIL_URL", "MAIL_FROM", "ALARM_MAIL")
    found = {name.lower(): os.environ.get(f"QUANHENG_{name}", "") for name in names}
    sms, mail = found["sms_url"], found["mail_url"]
    if sms and not (_is_gateway(sms) and len(found["sms_secret"]) >= 16):
        raise ConfigurationMissing(
            "QUANHENG_SMS_URL is the https address of the gateway of text messages; set QUANHENG_SMS_SECRET "
            "to at least 16 characters beside it."
        )
    if mail and not (_server(mail)[0] in {"smtp", "smtps"} and "@" in found["mail_from"]):
        raise ConfigurationMissing(
            "QUANHENG_MAIL_URL is smtp://user:password@host:587 or smtps://…; set QUANHENG_MAIL_FROM to the "
            "address that mails come from."
        )
    return found


def _national_scales() -> dict[str, str]:
    """Read where the national platform for scales is; without an address nothing is exchanged with it.

    Raises:
        ConfigurationMissing: an address without its secret, or one that is not safe.
    """
    url = os.environ.get("QUANHENG_NATIONAL_SCALES_URL", "").rstrip("/")
    secret = os.environ.get("QUANHENG_NATIONAL_SCALES_SECRET", "")
    if url and not (_is_gateway(url) and len(secret) >= 16):
        raise ConfigurationMissing(
            "QUANHENG_NATIONAL_SCALES_URL is the https address of the national platform for scales; set "
            "QUANHENG_NATIONAL_SCALES_SECRET to at least 16 characters beside it."
        )
    return {"national_scales_url": url, "national_scales_secret": secret}


def _is_gateway(url: str) -> bool:
    scheme, host = _server(url)
    return scheme == "https" or (scheme, host) == ("http", "127.0.0.1")  # a relay on this machine


def _server(url: str) -> tuple[str, str]:
    """Return scheme and host of an address; nothing where it has no host or an impossible port."""
    try:
        parts = urlsplit(url)
        return (parts.scheme, parts.hostname) if parts.hostname and parts.port != 0 else ("", "")
    except ValueError:
        return "", ""


def single_sign_on_settings() -> dict[str, object]:
    """Turn `QUANHENG_OIDC_*` into the government's single sign-on; off while QUANHENG_OIDC_SERVER is not set.

    Raises:
        ConfigurationMissing: a server without its client.
    """
    server = os.environ.get("QUANHENG_OIDC_SERVER", "")
    client, secret = (os.environ.get(f"QUANHENG_OIDC_{part}", "") for part in ("CLIENT", "SECRET"))
    if not server:
        return {}
    if not server.startswith("https://") or not client or not secret:
        raise ConfigurationMissing(
            "QUANHENG_OIDC_SERVER is the https address of the single sign-on; set QUANHENG_OIDC_CLIENT and "
            "QUANHENG_OIDC_SECRET beside it."
        )
    name = os.environ.get("QUANHENG_OIDC_NAME", "政务统一身份认证")
    app = {
        "provider_id": "government",
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": server},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def database_settings(url: str) -> dict[str, object]:
    """Turn a `postgresql://` URL into Django's DATABASES entry."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ConfigurationMissing(
            "DATABASE_URL must look like postgresql://user:password@host:5432/name (PostgreSQL 15 or later)."
        )
    options = {"connect_timeout": "10", **dict(parse_qsl(parts.query))}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _kept_secret_key(data_dir: Path) -> str:
    """Return this installation's random key, made on the first start. Personal data is encrypted with it."""
    place = data_dir / "secret-key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return read_or_make_secret(place, lambda: secrets.token_urlsafe(48))
    except OSError as error:
        raise ConfigurationMissing(
            f"Cannot keep a secret key in {data_dir} ({error.strerror}). Set QUANHENG_DATA_DIR to a "
            "directory that can be written, or QUANHENG_SECRET_KEY to at least 50 random characters."
        ) from None


def _log_origin(public_url: str) -> str:
    """A new public log is called after its address, without the scheme (C2SP tlog-checkpoint).

    Without an address it gets a name of its own: port and host are where it runs, not what it is.
    """
    address = public_url.partition("://")[2]
    return f"{address}/log" if address else ""


def _hours(name: str, otherwise: str) -> float:
    text = os.environ.get(name, "") or otherwise
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours < float("inf"):
        raise ConfigurationMissing(f"{name} is {text!r}; set it to a number of hours such as {otherwise}.")
    return hours


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
