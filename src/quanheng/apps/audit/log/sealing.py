"""Sealing: waiting acts become leaves of the public log.

The order is what makes it safe to be killed anywhere. Tiles first, durable; then the leaves and the head in
one transaction; then the checkpoint. Tiles beyond the checkpoint are nothing to anybody and are written
again; a head without its checkpoint is published by the next run. Whether a commit whose answer got lost
happened is read from the head, never guessed.

One sealer works at a time: the row of the head is locked. A published checkpoint that the database does not
lead to means that the database was set back or the log was forked; then nothing is sealed, and somebody has
to look (docs/how-to/keep-the-public-log.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from quanheng.apps.audit.log.entries import waiting_rows
from quanheng.apps.audit.log.files import LogFiles, SignCheckpoint
from quanheng.apps.audit.models import LogHead
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.checkpoints import Checkpoint, parse_checkpoint
from quanheng.regulation.transparency.frontier import Frontier, Growth, leaf_hashes
from quanheng.regulation.transparency.notes import parse_note
from quanheng.regulation.transparency.tiles import (
    ENTRIES,
    WIDTH,
    Tile,
    TileReader,
    bundle,
    bundles_of,
    read_bundle,
    tiles_grown,
)

AT_MOST = 20_000  # acts in one transaction


class LogForked(RuntimeError):
    """The published log and the database contradict one another: nothing is sealed until it is known why."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one run did.

    Args:
        added: acts that became leaves; `AT_MOST` of them means that more may be waiting.
    """

    added: int
    checkpoint: Checkpoint


def seal(files: LogFiles, sign: SignCheckpoint, *, origin: str, at: datetime) -> Sealed:
    """Take the waiting acts into the log and publish the checkpoint over them.

    Raises:
        LogForked: see above.
        OSError, DatabaseError: this run did not come to its end; the next one goes on.
    """
    with acting_in(EVERYTHING):
        LogHead.objects.get_or_create(pk=1, defaults={"frontier": Frontier().to_bytes()})
        head = LogHead.objects.select_for_update().get(pk=1)
        frontier = Frontier.from_bytes(bytes(head.frontier))
        _refuse_fork(files, frontier, origin)
        rows = waiting_rows(AT_MOST)
        if rows:
            entries = [row.entry() for row in rows]
            growth = frontier.append(leaf_hashes(entries))
            write_entries(files, frontier.size, entries, growth)
            _enter([row.act_id for row in rows], frontier.size)
            frontier = growth.frontier
            head.frontier = frontier.to_bytes()
        head.sealed_at = at
        head.save()
    checkpoint = Checkpoint(origin, frontier.size, frontier.root)
    files.publish(sign(checkpoint))
    return Sealed(len(rows), checkpoint)


def published(files: LogFiles) -> Checkpoint | None:
    """Return the checkpoint that is published, its signatures unread."""
    text = files.checkpoint()
    return None if text is None else parse_checkpoint(parse_note(text).text)


def _refuse_fork(files: LogFiles, frontier: Frontier, origin: str) -> None:
    """The published tree must be the beginning of the database's, and both must be there as files."""
    there = published(files)
    if there is not None and there.origin != origin:
        raise LogForked(f"The files belong to the log {there.origin}, not to {origin}.")
    if there is not None and there.size > frontier.size:
        raise LogForked(
            f"The published log has {there.size} entries, the database knows of {frontier.size}: it was set "
            "back to an earlier state, and acts that were promised are missing from it."
        )
    heads = [(frontier.size, frontier.root), *([] if there is None else [(there.size, there.root)])]
    try:
        differing = [size for size, root in heads if TileReader(size, files.fetch).root() != root]
    except CaseFault as fault:
        raise LogForked(
            f"{fault.message} Put the log's folder back, or write it anew with `quanheng log publish`."
        ) from None
    if differing:
        raise LogForked(f"The files hold another tree of {differing[0]} entries than was promised.")


def write_entries(files: LogFiles, old_size: int, entries: list[bytes], growth: Growth) -> None:
    """Write the tiles and bundles that an append brought, and make them durable."""
    for tile, data in tiles_grown(growth, files.fetch).items():
        files.write(tile.path, data)
    first = old_size // WIDTH
    held = old_size % WIDTH
    before = read_bundle(Tile(ENTRIES, first, held), files.fetch) if held else []
    every = [*before, *entries]
    for tile in bundles_of(growth.frontier.size, old_size):
        start = (tile.index - first) * WIDTH
        files.write(tile.path, bundle(every[start : start + tile.width]))
    files.sync()


def _enter(act_ids: list[int], first: int) -> None:
    """Give each act its place, and take it out of the queue."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_leaf (index, act_id)"
            " SELECT %s + ordinality - 1, act_id FROM unnest(%s::bigint[]) WITH ORDINALITY AS t (act_id)",
            [first, act_ids],
        )
        cursor.execute("DELETE FROM audit_unsealedact WHERE act_id = ANY(%s)", [act_ids])
