"""Clients that were generated from the committed description alone, in two languages, at a day's work.

Others write meanwhile, a worker imports and pushes, and the receiver of the pushes fails and sleeps.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from quanheng.adapters import webhooks
from quanheng.adapters.calls import Patience
from quanheng.api.operations.scan import WITHOUT_KEY
from quanheng.apps.accounts.enums import Role
from quanheng.apps.changes.queries.subscriptions import served
from quanheng.apps.changes.subscriptions import Delivery, Subscription
from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.models import ImportRun, Instrument
from quanheng.apps.instruments.services.imports.work import resume_run
from quanheng.jobs.webhooks import serve
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.standard_webhooks import new_secret
from tests.api import generated_ts
from tests.api.generated import Generated
from tests.api.journey import Journey
from tests.factories import (
    make_actor,
    make_api_key,
    make_code,
    make_entity,
    make_instrument,
    make_item,
    make_seal,
    make_verification,
)
from tests.factories.receiver import Receiver, receiving
from tests.serving import serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

SHEET = "器具名称,出厂编号,制造厂,库房备注码\n电子计价秤,G-1,衡器厂,甲\n电子计价秤,G-2,衡器厂,乙\n"
WORK = {ImportStage.UPLOADED, ImportStage.READING, ImportStage.COMMITTING, ImportStage.UNDOING}
CHANGED_BY_A_CORRECTION = {"model", "version", "changed_at"}
Walk = Callable[[dict[str, Any]], dict[str, Any]]
send = webhooks.send


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate, type-check and compile the program in TypeScript once."""
    folder = tmp_path_factory.mktemp("typescript")
    generated_ts.generate(folder)
    return folder


@pytest.fixture(params=["python", "typescript"])
def walk(request: pytest.FixtureRequest, library: str) -> Walk:
    """Return the walk of a client: of where things are to what it met."""
    if request.param == "python":
        return lambda where: Journey(where).walk()
    folder: Path = request.getfixturevalue("typescript")
    return lambda where: generated_ts.walk(folder, where)


def test_a_client_in_typescript_cannot_read_what_the_description_does_not_name(
    typescript: Path, tmp_path: Path
) -> None:
    """The compiler, not the platform, tells of a field that is no more."""
    for name in ("quanheng.d.ts", "tsconfig.json", "package.json"):
        (tmp_path / name).write_bytes((typescript / name).read_bytes())
    (tmp_path / "node_modules").symlink_to(typescript / "node_modules", target_is_directory=True)
    program = (typescript / "journey.ts").read_text("utf-8")
    (tmp_path / "journey.ts").write_text(program.replace("row.serial_number", "row.serial"))
    with pytest.raises(generated_ts.NotTyped, match="serial"):
        generated_ts.compile_in(tmp_path)


class Office:
    """A county with an entity's instruments, people with keys, and everything that goes on meanwhile."""

    def __init__(self, address: str, receiver: Receiver, instruments: int) -> None:
        make_item(name="非自动衡器", synonyms=["电子计价秤"])
        self.entity = make_entity()
        self.standing = [make_instrument(self.entity).pk for _ in range(instruments)]
        self.written: list[int] = []
        scale = make_instrument(self.entity)
        make_verification(scale)
        secret = new_secret()
        self.where: dict[str, Any] = {
            "url": address, "entity_id": self.entity.pk, "limit": min(1000, instruments // 10),
            "receiver": receiver.url, "secret": secret, "sheet": SHEET,
            "today": timezone.localdate().isoformat(),
            "office_key": make_api_key(make_actor(area=self.entity.area)),
            "user_key": make_api_key(make_actor(Role.INSTRUMENT_USER, entity=self.entity)),
            "seal": {
                "instrument_id": scale.pk, "seal_id": make_seal(scale).pk, "code": make_code(scale).value,
            },
        }  # fmt: skip

    def write(self) -> None:
        """Register one more, as others do meanwhile."""
        self.written.append(make_instrument(self.entity).pk)

    def work(self) -> None:
        """Do what a worker does: imports, and messages that are due."""
        with acting_in(EVERYTHING):
            runs = list(ImportRun.objects.unscoped().filter(stage__in=WORK).values_list("pk", flat=True))
        for run in runs:
            resume_run(run, at=timezone.now())
        for subscription in served():
            serve(subscription_id=subscription)

    def deliver_what_waits(self, subscription: int) -> None:
        """Let the hours pass in which what failed is tried again."""
        for hours in range(60):
            with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=True):
                serve(subscription_id=subscription)
            if not Delivery.objects.filter(delivered_at=None).exists():
                return
        raise AssertionError("messages are left over")


@contextmanager
def again_and_again(*acts: Callable[[], None]) -> Iterator[list[BaseException]]:
    """Do acts over and over, each in a thread of its own; what went wrong there is the list."""
    over, faults = threading.Event(), list[BaseException]()

    def repeat(act: Callable[[], None]) -> None:
        try:
            while not over.wait(0.02):
                act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=repeat, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    try:
        yield faults
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.fixture
def surroundings(
    transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Receiver]]:
    """This machine counts as a network of the office; nobody waits fifteen seconds in a test."""
    settings.DATA_DIR = tmp_path
    settings.WEBHOOK_NETWORKS = ("127.0.0.0/8",)
    patience = Patience(silent=0.5, whole=1, most=1_000)
    monkeypatch.setattr("quanheng.jobs.webhooks.webhooks.send", lambda *told: send(*told, patience=patience))
    WITHOUT_KEY.forget()
    with serving() as address, receiving() as receiver:
        yield address, receiver


def check_walk(walk: Walk, surroundings: tuple[str, Receiver], instruments: int) -> None:
    """Walk while others write, and hold what was met against what there is."""
    address, receiver = surroundings
    receiver.then(500)
    receiver.then(200, sleep=1.0)  # it took the message, and we never heard
    receiver.then(503)
    office = Office(address, receiver, instruments)
    with again_and_again(office.write, office.work) as faults:
        met = walk(office.where)
    assert faults == []
    assert met["role"] == "instrument_user"
    check_pages(met, office)
    check_registered(met["registered"])
    check_imported(met["imported"])
    assert met["scanned"] == [["green", "valid"], ["red", "seal_broken"]]
    check_followed(met, office)
    check_sent(met, office, receiver)


def check_pages(met: dict[str, Any], office: Office) -> None:
    assert len(met["seen"]) == len(set(met["seen"]))
    assert set(office.standing) <= set(met["seen"])
    assert office.written


def check_registered(met: dict[str, Any]) -> None:
    before, after = met["before"], met["after"]
    assert (met["again"], met["replayed"]) == (before["id"], "true")
    assert after["model"] == "ACS-15"
    assert {name for name in before if before[name] != after[name]} == CHANGED_BY_A_CORRECTION
    assert (met["unchanged"], met["late"]) == (304, [412, "changed_meanwhile"])
    assert met["submitted"] == 1


def check_imported(met: dict[str, Any]) -> None:
    assert met["states"] == ["needs_columns", "preview", "done", "undone"]
    assert met["questions"] == ["库房备注码"]
    assert [serial for _id, serial in met["made"]] == ["G-1", "G-2"]
    with acting_in(EVERYTHING):
        assert not Instrument.objects.unscoped().filter(pk__in=[pk for pk, _serial in met["made"]]).exists()


def check_followed(met: dict[str, Any], office: Office) -> None:
    """What the client was told, and what it would be told next, is everything, and each once."""
    told = [(kind, pk, what) for kind, pk, what in met["followed"]]
    told += followed_from(met["cursor"], office)
    check_told(told, met, office)


def followed_from(cursor: str, office: Office) -> list[tuple[str, int, str]]:
    found: list[tuple[str, int, str]] = []
    client, more = Generated(office.where["office_key"], office.where["url"]), True
    while more:
        page = client("changes", "list_changes", since=cursor).parsed
        found += [(str(one.kind), one.id, str(one.what)) for one in page.items]
        cursor, more = page.cursor, page.has_more
    client.close()
    return found


def check_sent(met: dict[str, Any], office: Office, receiver: Receiver) -> None:
    office.deliver_what_waits(met["webhook"])
    assert Subscription.objects.get().state == "active"
    assert receiver.is_signed(office.where["secret"])
    assert len(receiver.got) > len({message["id"] for message in receiver.taken})  # some came again
    check_told(receiver.changes, met, office)


def check_told(told: list[tuple[str, int, str]], met: dict[str, Any], office: Office) -> None:
    times = Counter(pk for kind, pk, what in told if (kind, what) == ("instrument", "created"))
    assert {times[pk] for pk in office.written} <= {0, 1}
    before = [pk for pk in office.written if not times[pk]]  # there before the client asked for its cursor
    assert before == office.written[: len(before)]
    assert set(before) <= set(met["seen"])
    assert len(before) < len(office.written)
    last = {(kind, pk): what for kind, pk, what in told}
    assert last[("seal", office.where["seal"]["seal_id"])] == "changed"
    assert last[("instrument", office.where["seal"]["instrument_id"])] == "changed"
    assert ("instrument", met["registered"]["before"]["id"]) in last
    for pk, _serial in met["imported"]["made"]:
        assert last[("instrument", pk)] == "deleted"


def test_a_generated_client_does_a_days_work_while_others_write(
    walk: Walk, surroundings: tuple[str, Receiver]
) -> None:
    check_walk(walk, surroundings, 120)


@pytest.mark.long
def test_a_generated_client_pages_ten_thousand_instruments_while_others_write(
    walk: Walk, surroundings: tuple[str, Receiver]
) -> None:
    check_walk(walk, surroundings, int(os.environ.get("QUANHENG_PAGED", "10000")))
