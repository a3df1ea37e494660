"""Whoever owns the database can change anything in it; the check names what."""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random

import pytest
from django.conf import settings
from django.db import connection

from quanheng.adapters.public_log import LogFolder
from quanheng.apps.audit.log.checking import Checked, check
from quanheng.apps.audit.log.sealing import Sealed, published
from quanheng.apps.audit.models import Act
from quanheng.kit.scope import EVERYTHING, acting_in

pytestmark = pytest.mark.django_db
Acts = Callable[[int], list[Act]]
Sealing = Callable[[], Sealed]
TABLES = ("audit_act", "audit_leaf")
TAMPERINGS = int(os.environ.get("QUANHENG_TAMPERINGS", "60"))  # the 1,000 take a minute and a half


@pytest.fixture
def superuser() -> Callable[[str], None]:
    """Return a function that runs SQL as the owner of the tables, triggers and walls off."""

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute("SELECT set_config('quanheng.everything', '1', false)")
            cursor.execute(statement)
            cursor.execute("SELECT set_config('quanheng.everything', '', false)")
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}")

    return run


def checked(folder: LogFolder) -> Checked:
    checkpoint = published(folder)
    assert checkpoint is not None
    with acting_in(EVERYTHING):
        return check(folder, checkpoint)


def test_a_log_that_nobody_touched_is_clean_whatever_was_written_since(
    acts: Acts, sealing: Sealing, folder: LogFolder
) -> None:
    acts(300)
    sealing()
    acts(5)
    found = checked(folder)
    assert (found.entries, found.waiting, found.findings) == (300, 5, ())


CHANGES = {
    "actor": "UPDATE audit_act SET actor_name = actor_name || '.' WHERE id = {act}",
    "time": "UPDATE audit_act SET at = at + interval '1 microsecond' WHERE id = {act}",
    "verb": "UPDATE audit_act SET verb = 'sealed_up' WHERE id = {act}",
    "facts": """UPDATE audit_act SET after = after || '{{"result": "failed"}}' WHERE id = {act}""",
    "before": """UPDATE audit_act SET before = '{{"x": 1}}' WHERE id = {act}""",
    "reason": "UPDATE audit_act SET reason = '' WHERE id = {act}",
    "instrument": "UPDATE audit_act SET instrument_id = NULL WHERE id = {act}",
    "area": "UPDATE audit_act SET area_id = 7 WHERE id = {act}",
    "salt": "UPDATE audit_act SET salt = set_byte(salt, 3, get_byte(salt, 3) # 1) WHERE id = {act}",
    "number": "UPDATE audit_act SET id = id + 1000000 WHERE id = {act}",
    "deleted": "DELETE FROM audit_act WHERE id = {act}",
    "leaf deleted": "DELETE FROM audit_leaf WHERE act_id = {act}",
    "both deleted": "DELETE FROM audit_act WHERE id = {act}; DELETE FROM audit_leaf WHERE act_id = {act}",
    "truncated": "DELETE FROM audit_act WHERE id >= {act}; DELETE FROM audit_leaf WHERE act_id >= {act}",
    "reordered": """UPDATE audit_leaf SET index = -1 - index WHERE act_id IN ({act}, {other});
        UPDATE audit_leaf SET index = (SELECT sum(-1 - index) FROM audit_leaf WHERE index < 0) + 1 + index
        WHERE index < 0""",
    "swapped contents": """UPDATE audit_act SET (salt, actor_name, reason) =
        (SELECT salt, actor_name || '!', reason FROM audit_act WHERE id = {other}) WHERE id = {act}""",
    "moved behind": "UPDATE audit_leaf SET index = index + 1000000 WHERE act_id = {act}",
}


@pytest.mark.parametrize("seed", range(TAMPERINGS))
def test_every_tampering_of_the_superuser_is_found_and_names_its_row(
    seed: int, acts: Acts, sealing: Sealing, folder: LogFolder, superuser: Callable[[str], None]
) -> None:
    random = Random(seed)
    rows = acts(random.randint(2, 40))
    sealing()
    act, other = random.sample(rows, 2)
    kind = list(CHANGES)[seed % len(CHANGES)]
    superuser(CHANGES[kind].format(act=act.pk, other=other.pk))
    named = [finding.where.split()[:2] for finding in checked(folder).findings]
    assert ["act", str(act.pk)] in named, f"{kind}: {named}"


def test_an_act_that_was_slipped_in_is_found(
    acts: Acts, sealing: Sealing, folder: LogFolder, superuser: Callable[[str], None]
) -> None:
    acts(3)
    sealing()
    superuser(
        "INSERT INTO audit_act (at, verb, actor_name, actor_role, subject, before, after, reason, salt)"
        " SELECT at, verb, actor_name, actor_role, subject, before, after, 'slipped in', salt"
        " FROM audit_act LIMIT 1"
    )
    (finding,) = checked(folder).findings
    assert "未经登记" in finding.what


def test_an_act_removed_before_it_was_sealed_is_found(
    acts: Acts, sealing: Sealing, folder: LogFolder, superuser: Callable[[str], None]
) -> None:
    acts(1)
    sealing()
    (waiting,) = acts(1)
    superuser(f"DELETE FROM audit_act WHERE id = {waiting.pk}")
    (finding,) = checked(folder).findings
    assert finding.where == f"act {waiting.pk}"


def test_a_head_that_was_set_back_is_found(
    acts: Acts, sealing: Sealing, folder: LogFolder, superuser: Callable[[str], None]
) -> None:
    acts(2)
    sealing()
    superuser("UPDATE audit_loghead SET frontier = decode(repeat('00', 8), 'hex')")
    assert {finding.where for finding in checked(folder).findings} == {"audit_loghead"}


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"])
@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_a_damaged_file_is_named(
    path: str, damage: str, acts: Acts, sealing: Sealing, folder: LogFolder
) -> None:
    acts(300)
    sealing()
    place = folder.home / path
    data = place.read_bytes()
    if damage == "remove":
        place.unlink()
    else:
        flipped = bytearray(data)
        flipped[len(data) // 2] ^= 1
        place.write_bytes(data[:-1] if damage == "cut" else bytes(flipped))
    assert any(path in finding.where + finding.what for finding in checked(folder).findings)


def test_after_a_thousand_findings_the_rest_says_nothing_new(
    acts: Acts, sealing: Sealing, folder: LogFolder, superuser: Callable[[str], None]
) -> None:
    acts(1100)
    sealing()
    superuser("UPDATE audit_act SET reason = 'rewritten'")
    assert len(checked(folder).findings) == 1000
