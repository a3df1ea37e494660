"""How far draws agree with a second implementation in another language, on random frames.

`section()` is the part of docs/reference/agreement.md that `scripts/agreement.py` writes. The frames
come from a seeded generator, so that the same page comes out everywhere.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from quanheng.packs.shipped import shipped
from quanheng.regulation.draw.commitment import commit
from quanheng.regulation.draw.frame import INSPECTOR_COLUMNS, Frame, freeze
from quanheng.regulation.draw.proof import make_proof
from quanheng.regulation.draw.quotas import eligible_sizes, minimum_quotas, quotas, sizes
from quanheng.regulation.draw.seed import Nonces, Party, PartySource
from quanheng.regulation.draw.tickets import Replacement

SECOND = Path(__file__).parents[1] / "tests" / "regulation" / "draw" / "second_implementation.mjs"
COLUMNS = ("id", "note", "stratum", "cluster", "excluded")
CASES = 200
RULE = shipped().in_force("draw/fuel-dispensers", date(2026, 6, 1))
COMPARED = {
    "hash of the frozen frame": "frame",
    "quotas by largest remainder": "quotas",
    "seed from the parties' nonces": "seed",
    "picks with their tickets, after replacements": "strata",
    "inspectors of each task": "tasks",
    "tasks that nobody may take": "unassigned",
}


@dataclass(frozen=True, slots=True)
class Solved:
    """A random case and what this implementation makes of it."""

    case: dict[str, Any]
    result: dict[str, Any]


def random_case(chance: random.Random) -> Solved:
    """Return one draw with clusters or without, exclusions, replacements and conflicts."""
    frame, rows = _random_frame(chance)
    inspectors = freeze(INSPECTOR_COLUMNS, _random_inspectors(chance, frame), INSPECTOR_COLUMNS)
    least = sum(minimum_quotas(sizes(frame), RULE).values())
    most = sum(eligible_sizes(frame).values())
    total = chance.choice([None, chance.randint(least, most)])
    nonces = {name: chance.randbytes(32).hex() for name in ("局", "协会", "消委会")}
    parties = tuple(Party(name, sha256(bytes.fromhex(nonce)).hexdigest()) for name, nonce in nonces.items())
    commitment = commit(
        draw_id=f"抽查 {chance.randint(1, 999)}",
        committed_at=datetime(2026, 1, 1, tzinfo=UTC),
        frame=frame,
        quotas=quotas(frame, RULE, total),
        source=PartySource(parties, 2),
        selection=chance.choice(["unit", "cluster"]),
        inspectors=inspectors,
        per_task=2,
    )
    told = Nonces(dict(list(nonces.items())[: chance.randint(2, 3)]))
    proof = make_proof(commitment, frame, told, _no_beacon, inspectors=inspectors)
    gone = _replaceable(chance, proof)
    replacements = [Replacement(key, "停业") for key in gone]
    proof = make_proof(commitment, frame, told, _no_beacon, inspectors=inspectors, replacements=replacements)
    case = {
        "columns": COLUMNS, "rows": rows, "inspectors": inspectors.text,
        "nonces": list(told.by_party.values()),
        "draw_id": commitment.draw_id, "selection": commitment.selection, "total": total, "gone": gone,
    }  # fmt: skip
    result = {
        "frame": frame.digest,
        "quotas": [[name, commitment.quotas[name]] for name in sorted(commitment.quotas)],
        "seed": proof["seed"],
        "strata": proof["strata"],
        "tasks": proof["tasks"],
        "unassigned": [{name: one[name] for name in ("task", "candidates")} for one in proof["unassigned"]],
    }
    return Solved(case, result)


def _random_frame(chance: random.Random) -> tuple[Frame, list[list[str]]]:
    """Return a frame with awkward texts; every stratum keeps enough that can be drawn."""
    rows = []
    for stratum in chance.sample(
        ["510104", "510105", "武侯区", "a,b", "𠮷", 'z"z', "ﬁ"], chance.randint(1, 5)
    ):
        for number in range(chance.randint(1, 40)):
            reason = "已停用" if number % 10 > 7 else ""
            note = chance.choice(["", "plain", 'says "no", twice', "，逗号", "𠮷", "ﬁ"])
            unit = chance.choice(["", "𠮷", "ﬁ", "a,"]) + f"{stratum}-{number}"
            rows.append([unit, note, stratum, f"{stratum}/{number // 3}", reason])
    chance.shuffle(rows)
    return freeze(COLUMNS, rows), rows


def _random_inspectors(chance: random.Random, frame: Frame) -> list[list[str]]:
    strata, clusters = sorted(set(frame.column("stratum"))), sorted(set(frame.column("cluster")))
    return [
        [
            f"检查员 {number}",
            ";".join(chance.sample(strata, chance.randint(0, len(strata)))),
            "; ".join(chance.sample(clusters, min(len(clusters), chance.randint(0, 3)))),
            chance.choice(["", "", "", "休假"]),
        ]
        for number in range(chance.randint(1, 8))
    ]


def _replaceable(chance: random.Random, proof: dict[str, Any]) -> list[str]:
    """Return picks that can be replaced: strata where more could be drawn than the quota by far."""
    return [
        chance.choice(stratum["drawn"])["key"]
        for stratum in proof["strata"]
        if stratum["eligible"] - sum(len(pick.get("units", "1")) for pick in stratum["drawn"]) >= 4
    ]


def _no_beacon(*_: object) -> bool:
    return False


def second_results(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the second implementation makes of the cases."""
    node = shutil.which("node")
    if node is None:
        raise FileNotFoundError("node is not installed")
    ran = subprocess.run(  # noqa: S603
        [node, SECOND], input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=300
    )
    results: list[dict[str, Any]] = json.loads(ran.stdout)
    return results


def compared(count: int = CASES, seed: int = 20260601) -> list[tuple[str, int, int]]:
    """Return what was compared, how many values, and how many cases differ."""
    chance = random.Random(seed)  # noqa: S311
    solved = [random_case(chance) for _ in range(count)]
    others = second_results([one.case for one in solved])
    pairs = [(one.result, other) for one, other in zip(solved, others, strict=True)]
    return [
        (
            label,
            sum(_values(mine[name]) for mine, _ in pairs),
            sum(mine[name] != other[name] for mine, other in pairs),
        )
        for label, name in COMPARED.items()
    ]


def _values(content: Any) -> int:
    """Count what can differ: every pick of a stratum, every row of a list."""
    if not isinstance(content, list):
        return 1
    return sum(len(one["drawn"]) if "drawn" in one else 1 for one in content)


def section(compare: Callable[[], list[tuple[str, int, int]]] = compared) -> str:
    """Return the section of the page, in Markdown."""
    lines = [
        "## Draws",
        "",
        f"{CASES} random draws (strata and ids with commas, quotes and characters beyond the basic plane;",
        "single units and clusters; exclusions, replacements, silent parties, conflicts of interest) against",
        "`tests/regulation/draw/second_implementation.mjs`, in JavaScript, which shares no code with ours.",
        "",
        "| compared | values | cases that differ |",
        "|---|---|---|",
        *(f"| {label} | {values} | {differing} |" for label, values, differing in compare()),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(section())
