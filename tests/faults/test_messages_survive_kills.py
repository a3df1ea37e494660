"""kill -9 of the worker after the provider took a message and before we noted it: the same key once more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.services.remind import Reminded, remind
from quanheng.apps.outbox.models import Message
from tests.adapters.providers import SECRET, Fake, gateway_of, serving
from tests.factories import make_area, make_contact, make_entity, make_instrument

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]

WORK = "import django; django.setup(); from quanheng.jobs.messages import send_texts; send_texts(0)"


def worker(gateway: str, data_dir: Path) -> subprocess.Popen[bytes]:
    """Start a process that delivers what is due, on the database of this test."""
    at = connection.settings_dict
    address = f"postgresql://{at['USER']}:{quote(at['PASSWORD'])}@{_server(at['HOST'], at['PORT'])}"
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "quanheng.config.settings",
        "QUANHENG_DATA_DIR": str(data_dir),
        "QUANHENG_SECRET_KEY": settings.SECRET_KEY,  # numbers are encrypted with it
        "QUANHENG_SMS_URL": gateway,
        "QUANHENG_SMS_SECRET": SECRET,
        "DATABASE_URL": address.format(name=at["NAME"]),
    }
    return subprocess.Popen([sys.executable, "-c", WORK], env=environment)


def _server(host: str, port: str) -> str:
    if host.startswith("/"):
        return f"/{{name}}?host={quote(host, safe='')}"
    return f"{host}:{port or 5432}/{{name}}"


@pytest.fixture
def county() -> Area:
    return make_area("青羊区")


def test_killed_between_the_providers_yes_and_our_note_the_same_key_goes_out_again(
    county: Area, tmp_path: Path
) -> None:
    market = make_entity("青羊农贸市场", kind="market_operator", area=county)
    make_contact(market, phone="13812345678", phone_hash="x")
    make_instrument(market, trusted_until=date(2026, 1, 1))
    now = timezone.now()
    assert remind(first=county.pk, last=county.last, address="https://a.cn/", at=now).messages == 1
    fake = Fake()
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), gateway_of(fake))) as port:
        gateway = f"http://127.0.0.1:{port}/"
        victim = worker(gateway, tmp_path)
        fake.after_taking = lambda: victim.send_signal(signal.SIGKILL)
        assert victim.wait(60) == -signal.SIGKILL
        assert Message.objects.get().delivered_at is None

        fake.after_taking = lambda: None
        assert worker(gateway, tmp_path).wait(60) == 0
        # A third one finds nothing to do, and neither does a second round of reminders.
        assert worker(gateway, tmp_path).wait(60) == 0
    message = Message.objects.get()
    assert fake.keys == [message.key, message.key]
    assert [to for to, _text in fake.taken.values()] == ["13812345678"]
    assert message.delivered_at is not None
    assert remind(first=county.pk, last=county.last, address="https://a.cn/", at=now) == Reminded()
