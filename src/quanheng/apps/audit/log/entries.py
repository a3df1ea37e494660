"""What the public log says of an act.

An entry is canonical JSON: the act's number, instant and verb, the instrument's number (none where the act is
confidential), the few facts of it that anybody may know, and SHA-256 over a random salt and the whole row. Of
what the office does about its own people (signing in above all) it says the hash alone.
Names, reasons and everything else stay behind that hash: whoever is entitled gets salt and content, and can
show that they belong to the entry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from quanheng.apps.audit.models import LogHead
from quanheng.kit.acts import InPublicLog, verb_of, verbs

# Form 1 named every act, sign-ins too. What was published in it stands in it: `LogHead.named_until`.
FIRST_FORM, FORMAT = 1, 2

# The whole row as PostgreSQL writes it: jsonb has one text for one value. Another rendering would be another
# content, so that this list only ever grows with a new FORMAT.
CONTENT = """jsonb_build_array(id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), verb,
 actor_id, actor_name, actor_role, area_id, entity_id, root_id, instrument_id, batch_id, subject, before,
 after, reason)"""

# Of an act on an instrument that declares no facts of its own (`Verb.public_facts`), what the scan page shows
# to anybody too. No number of a seal or certificate: those are asked for together with a code.
PUBLIC_FACTS = (
    "state", "result", "verified_on", "valid_until", "position", "digest", "version", "seal_broken",
    "seal_opened", "opened_for",
)  # fmt: skip
LONGEST_FACT = 100  # characters

COLUMNS = f"""id, salt, {CONTENT}::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), verb,
 instrument_id,
 CASE WHEN instrument_id IS NOT NULL AND after ?| %(facts)s OR verb = ANY(%(telling)s) THEN after END"""


@dataclass(frozen=True, slots=True)
class ActRow:
    """One row of the act log as it is sealed."""

    act_id: int
    salt: bytes
    content: str
    at: str
    verb: str
    instrument_id: int | None
    after: dict[str, Any] | None
    form: int = FORMAT

    def content_hash(self) -> str:
        """SHA-256 over the salt and the UTF-8 of the content, hexadecimal."""
        return hashlib.sha256(bytes(self.salt) + self.content.encode()).hexdigest()

    def entry(self) -> bytes:
        """Return the entry: keys sorted, no blanks, UTF-8."""
        shown = verb_of(self.verb).in_public_log
        if self.form != FIRST_FORM and shown is InPublicLog.HASH_ALONE:
            return _canonical({"content": self.content_hash(), "v": self.form})
        after = self.after or {}
        names = verb_of(self.verb).public_facts or PUBLIC_FACTS
        facts = {name: after[name] for name in names if _is_plain(after.get(name))}
        entry = {
            "act": self.act_id,
            "at": self.at,
            "content": self.content_hash(),
            "facts": facts,
            "instrument": None if shown is InPublicLog.WITHOUT_INSTRUMENT else self.instrument_id,
            "v": self.form,
            "verb": self.verb,
        }
        return _canonical(entry)


def _canonical(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _is_plain(value: Any) -> bool:
    return isinstance(value, bool | int) or (isinstance(value, str) and len(value) <= LONGEST_FACT)


def _asked() -> dict[str, Any]:
    """Return what `COLUMNS` is to be told."""
    return {"facts": list(PUBLIC_FACTS), "telling": [str(verb) for verb in verbs() if verb.public_facts]}


def waiting_rows(at_most: int) -> list[ActRow]:
    """Return the acts that wait for the log, oldest number first. The scope must let everything through."""
    query = f"""SELECT {COLUMNS} FROM audit_act WHERE id IN
        (SELECT act_id FROM audit_unsealedact ORDER BY act_id LIMIT %(at_most)s) ORDER BY id"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, {**_asked(), "at_most": at_most})
        return [_row(values) for values in cursor.fetchall()]


def sealed_rows(chunk: int = 10_000) -> Iterator[tuple[int, int, ActRow | None]]:
    """Yield every leaf in order with its act: (index, act number, the act; None where it is gone)."""
    query = f"""SELECT leaf.index, leaf.act_id, act.* FROM audit_leaf leaf
        LEFT JOIN LATERAL (SELECT {COLUMNS} FROM audit_act WHERE id = leaf.act_id) act ON true
        WHERE leaf.index > %(after)s ORDER BY leaf.index LIMIT %(chunk)s"""  # noqa: S608
    named_until = LogHead.objects.filter(pk=1).values_list("named_until", flat=True).first() or 0
    after = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, {**_asked(), "after": after, "chunk": chunk})
            found = cursor.fetchall()
        for index, act_id, *values in found:
            form = FIRST_FORM if index < named_until else FORMAT
            yield index, act_id, _row(values, form) if values[0] is not None else None
        if len(found) < chunk:
            return
        after = found[-1][0]


def _row(values: Sequence[Any], form: int = FORMAT) -> ActRow:
    act_id, salt, content, at, verb, instrument_id, after = values
    if isinstance(after, str):  # a plain cursor leaves jsonb to its reader
        after = json.loads(after)
    return ActRow(act_id, bytes(salt), content, at, verb, instrument_id, after, form)
