"""The environment variables, read and checked once. A bad one stops the start and says what to set."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from quanheng.config import values
from quanheng.config.values import ConfigurationMissing, database_settings, is_gateway, server
from quanheng.kit.durable_files import read_or_make_secret

__all__ = ["ConfigurationMissing", "Environment", "database_settings", "read_environment"]


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
    disk_mb: tuple[float, float, float]
    log_witnesses: str
    uploads_kept_days: float
    photos_kept_days: float
    attachments_kept_days: float
    changes_kept_days: float
    webhook_networks: tuple[str, ...]
    sandbox_url: str
    sms_url: str
    sms_secret: str
    mail_url: str
    mail_from: str
    alarm_mail: str
    national_scales_url: str
    national_scales_secret: str


_TRACELESS: list[bool] = []


def leave_no_trace() -> None:
    """Keep nothing in this process: a secret key that is not there is made up instead of written down."""
    _TRACELESS.append(True)


def read_environment() -> Environment:
    """Read and check every `QUANHENG_*` variable and `DATABASE_URL`.

    Raises:
        ConfigurationMissing: names the variable and the value that would do.
    """
    production = values.one_of("QUANHENG_ENV", "development", "production") == "production"
    values.one_of("QUANHENG_LOG_LEVEL", *values.LEVELS)
    single_sign_on_settings()
    secret_key = values.text("QUANHENG_SECRET_KEY")
    hosts = values.hostnames("QUANHENG_HOSTS")
    public_url = values.web_address("QUANHENG_PUBLIC_URL")
    demo = values.one_of("QUANHENG_DEMO", "0", "1") == "1"
    if production:
        _check_production(secret_key, hosts, public_url, demo=demo)
    port = values.port("PORT", "8000")
    data_dir = _data_dir()
    return Environment(
        production=production,
        listen=values.address("QUANHENG_LISTEN", "127.0.0.1"),
        port=port,
        data_dir=data_dir,
        database_url=values.database_url("DATABASE_URL"),
        secret_key=secret_key or _kept_secret_key(data_dir),
        office_hosts=hosts or ("localhost", "127.0.0.1", "[::1]", "testserver"),
        public_host=urlsplit(public_url).hostname or "",
        public_url=public_url or f"http://127.0.0.1:{port}",
        trusted_proxies=values.networks("QUANHENG_TRUSTED_PROXIES"),
        demo=demo,
        log_origin=values.text("QUANHENG_LOG_ORIGIN") or _log_origin(public_url),
        disk_mb=_disk_marks(),
        log_limit_hours=values.positive("QUANHENG_LOG_LIMIT_HOURS", "4", "hours"),
        log_witnesses=_witnesses(),
        uploads_kept_days=values.positive("QUANHENG_UPLOADS_KEPT_DAYS", "90", "days"),
        photos_kept_days=values.positive("QUANHENG_PHOTOS_KEPT_DAYS", "365", "days"),
        attachments_kept_days=values.positive("QUANHENG_ATTACHMENTS_KEPT_DAYS", "1827", "days"),
        changes_kept_days=values.positive("QUANHENG_CHANGES_KEPT_DAYS", "30", "days"),
        webhook_networks=values.networks("QUANHENG_WEBHOOK_NETWORKS"),
        sandbox_url=values.web_address("QUANHENG_SANDBOX_URL"),
        **_messages(),
        **_national_scales(),
    )


def _data_dir() -> Path:
    name = values.text("QUANHENG_DATA_DIR", "var")
    try:
        return Path(name).resolve()
    except (OSError, RuntimeError):  # a ring of links
        raise ConfigurationMissing(
            f"QUANHENG_DATA_DIR is {name!r}; set it to a directory that can be written."
        ) from None


def _check_production(secret_key: str, hosts: tuple[str, ...], public_url: str, *, demo: bool) -> None:
    """Refuse what may not be in production.

    Raises:
        ConfigurationMissing: says what to set.
    """
    if demo:
        raise ConfigurationMissing(
            "QUANHENG_DEMO=1 and `up --demo` are refused in production: a demonstration has accounts with "
            "one printed password. Use it with QUANHENG_ENV=development, on a database of its own."
        )
    if why := values.weakness(secret_key):
        raise ConfigurationMissing(
            f"Set QUANHENG_SECRET_KEY to at least 50 random characters: this one {why}. "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))" makes one.'
        )
    if not hosts:
        raise ConfigurationMissing("Set QUANHENG_HOSTS to the office's hostnames, separated by commas.")
    if not public_url.startswith("https://"):
        raise ConfigurationMissing("Set QUANHENG_PUBLIC_URL to the https address that labels carry.")
    if urlsplit(public_url).hostname in hosts:
        raise ConfigurationMissing(
            "Set QUANHENG_PUBLIC_URL to another hostname than QUANHENG_HOSTS: browsers keep apart what "
            "strangers open and what the office signs in to only on two hostnames."
        )


def _witnesses() -> str:
    """Read who cosigns the public log. Their keys are read by the sealer (adapters.public_log)."""
    found = values.text("QUANHENG_LOG_WITNESSES")
    for part in filter(None, (part.strip() for part in found.split(";"))):
        if not is_gateway(part.partition(" ")[2].strip()):
            raise ConfigurationMissing(
                "QUANHENG_LOG_WITNESSES is KEY https://ADDRESS, several separated by semicolons; "
                f"{part[:80]!r} is not."
            )
    return found


def _messages() -> dict[str, str]:
    """Read where text messages and mails go; without a provider they become files.

    Raises:
        ConfigurationMissing: an address without what belongs to it.
    """
    names = ("SMS_URL", "SMS_SECRET", "MAIL_URL", "MAIL_FROM", "ALARM_MAIL")
    found = {name.lower(): values.text(f"QUANHENG_{name}") for name in names}
    for name in ("MAIL_FROM", "ALARM_MAIL"):
        values.mail_address(f"QUANHENG_{name}")
    sms, mail = found["sms_url"], found["mail_url"]
    if sms and not (is_gateway(sms) and len(found["sms_secret"]) >= 16):
        raise ConfigurationMissing(
            "QUANHENG_SMS_URL is the https address of the gateway of text messages; set QUANHENG_SMS_SECRET "
            "to at least 16 characters beside it."
        )
    if mail and not (server(mail)[0] in {"smtp", "smtps"} and "@" in found["mail_from"]):
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
    url = values.text("QUANHENG_NATIONAL_SCALES_URL").rstrip("/")
    secret = values.text("QUANHENG_NATIONAL_SCALES_SECRET")
    if url and not (is_gateway(url) and len(secret) >= 16):
        raise ConfigurationMissing(
            "QUANHENG_NATIONAL_SCALES_URL is the https address of the national platform for scales; set "
            "QUANHENG_NATIONAL_SCALES_SECRET to at least 16 characters beside it."
        )
    return {"national_scales_url": url, "national_scales_secret": secret}


def single_sign_on_settings() -> dict[str, object]:
    """Turn `QUANHENG_OIDC_*` into the government's single sign-on; off while QUANHENG_OIDC_SERVER is not set.

    Raises:
        ConfigurationMissing: a server without its client.
    """
    provider = values.text("QUANHENG_OIDC_SERVER")
    client, secret = (values.text(f"QUANHENG_OIDC_{part}") for part in ("CLIENT", "SECRET"))
    if not provider:
        return {}
    if values.server(provider)[0] != "https" or not client or not secret:
        raise ConfigurationMissing(
            "QUANHENG_OIDC_SERVER is the https address of the single sign-on; set QUANHENG_OIDC_CLIENT and "
            "QUANHENG_OIDC_SECRET beside it."
        )
    name = values.text("QUANHENG_OIDC_NAME", "政务统一身份认证")
    app = {
        "provider_id": "government",
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": provider},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def _kept_secret_key(data_dir: Path) -> str:
    """Return this installation's random key, made on the first start. Personal data is encrypted with it."""
    place = data_dir / "secret-key"
    if _TRACELESS and not place.exists():
        return secrets.token_urlsafe(48)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return read_or_make_secret(place, lambda: secrets.token_urlsafe(48))
    except OSError as error:
        raise ConfigurationMissing(
            f"Cannot keep a secret key in {data_dir} ({error.strerror}). Set QUANHENG_DATA_DIR to a "
            "directory that can be written, or QUANHENG_SECRET_KEY to at least 50 random characters."
        ) from None


def _disk_marks() -> tuple[float, float, float]:
    """Read below how many free MB the platform warns, refuses uploads, and refuses every act.

    Raises:
        ConfigurationMissing: no number, or not in this order.
    """
    names = ("QUANHENG_DISK_WARN_MB", "QUANHENG_DISK_UPLOADS_MB", "QUANHENG_DISK_WRITES_MB")
    defaults = ("5000", "2000", "500")
    warn, uploads, writes = (values.positive(*each, "MB") for each in zip(names, defaults, strict=True))
    if not warn >= uploads >= writes:
        raise ConfigurationMissing(f"{' ≥ '.join(names)}: set them in this order.")
    return warn, uploads, writes


def _log_origin(public_url: str) -> str:
    """A new public log is called after its address, without the scheme (C2SP tlog-checkpoint).

    Without an address it gets a name of its own: port and host are where it runs, not what it is.
    """
    address = public_url.partition("://")[2]
    return f"{address}/log" if address else ""
