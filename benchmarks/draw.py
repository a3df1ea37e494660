"""A draw of 100,000 units in 21 strata: frozen, drawn and proved, and the proof recomputed. One core.

Asked for: the draw within 0.3 s.
"""

from __future__ import annotations

import os
import random
from datetime import UTC, date, datetime

from benchmarks import common
from quanheng.adapters.beacon import verify_round
from quanheng.packs.shipped import shipped
from quanheng.regulation.draw.commitment import commit
from quanheng.regulation.draw.frame import UNIT_COLUMNS, freeze
from quanheng.regulation.draw.proof import make_proof, proof_text
from quanheng.regulation.draw.quotas import quotas
from quanheng.regulation.draw.seed import BeaconReveal, BeaconSource
from quanheng.regulation.draw.tickets import draw
from quanheng.regulation.draw.verification import verify_proof

MEASURES = ("src/quanheng/regulation/draw",)
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
UNITS = int(100_000 * SCALE)
TIMES = 5
ROUND = 657413
SIGNATURE = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"


def main() -> None:
    packs = shipped()
    rule = packs.in_force("draw/fuel-dispensers", date(2026, 6, 1))
    beacon = packs.in_force("draw/beacon", date(2026, 6, 1))
    chain = beacon.table("chain").values["chain_hash"]
    columns = (*UNIT_COLUMNS, "name", "address")
    rows = [
        [f"{510100 + number % 21}-{number:07}", str(510100 + number % 21), "", f"{number} 号加油机", "某街道"]
        for number in range(UNITS)
    ]
    random.Random(1).shuffle(rows)
    frame = freeze(columns, rows)
    asked = quotas(frame, rule)
    commitment = commit(
        draw_id="Q1-2026",
        committed_at=datetime(2023, 9, 15, tzinfo=UTC),
        frame=frame,
        quotas=asked,
        source=BeaconSource(chain, ROUND),
        packs=(rule, beacon),
    )
    verify, reveal = verify_round(packs), BeaconReveal(ROUND, SIGNATURE)
    proof = proof_text(make_proof(commitment, frame, reveal, verify))
    seed = commitment.digest
    drawing = common.milliseconds(lambda: draw(frame, asked, seed=seed, draw_id="Q1-2026"), TIMES)
    common.report(
        "draw",
        units=UNITS,
        drawn=sum(asked.values()),
        strata=len(asked),
        reach_ms=300,
        draw_ms=common.median(drawing),
        freeze_ms=common.median(common.milliseconds(lambda: freeze(columns, rows).digest, TIMES)),
        make_proof_ms=common.median(
            common.milliseconds(lambda: proof_text(make_proof(commitment, frame, reveal, verify)), TIMES)
        ),
        verify_proof_ms=common.median(common.milliseconds(lambda: verify_proof(proof, packs, verify), TIMES)),
        proof_bytes=len(proof.encode()),
    )
    assert verify_proof(proof, packs, verify).holds


if __name__ == "__main__":
    main()
