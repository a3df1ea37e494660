"""Writing the files of the log anew from the database, for when their folder is lost."""

from __future__ import annotations

from itertools import islice

from quanheng.apps.audit.log.entries import sealed_rows
from quanheng.apps.audit.log.files import LogFiles, SignCheckpoint
from quanheng.apps.audit.log.sealing import AT_MOST, LogForked, write_entries
from quanheng.apps.audit.models import LogHead
from quanheng.regulation.transparency.checkpoints import Checkpoint
from quanheng.regulation.transparency.frontier import Frontier, leaf_hashes


def write_anew(files: LogFiles, sign: SignCheckpoint, *, origin: str) -> int:
    """Write every tile, bundle and the checkpoint; return the number of entries.

    Raises:
        LogForked: the acts of the database do not make the tree that was promised.
    """
    promised = Frontier.from_bytes(bytes(LogHead.objects.get(pk=1).frontier))
    frontier = Frontier()
    leaves = sealed_rows()
    while rows := list(islice(leaves, AT_MOST)):
        entries = [act.entry() for _, _, act in rows if act is not None]
        growth = frontier.append(leaf_hashes(entries))
        write_entries(files, frontier.size, entries, growth)
        frontier = growth.frontier
    if frontier != promised:
        raise LogForked(
            f"The {frontier.size} acts of the database do not make the tree of {promised.size} entries that "
            "was promised: `quanheng log fsck` with a copy of the files names what was changed."
        )
    files.publish(sign(Checkpoint(origin, frontier.size, frontier.root)))
    return frontier.size
