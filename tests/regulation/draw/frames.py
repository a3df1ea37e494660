"""What the tests of draws have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256

from quanheng.packs.shipped import shipped
from quanheng.regulation.draw.frame import Frame, freeze
from quanheng.regulation.draw.seed import BeaconReveal, BeaconSource, SealedReveal, SealedSource

RULE = shipped().in_force("draw/fuel-dispensers", date(2026, 6, 1))
BEACON = shipped().in_force("draw/beacon", date(2026, 6, 1))
CHAIN = BEACON.table("chain").values["chain_hash"]
ROUND = 657413
SIGNATURE = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
SEED = "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"
BEFORE = datetime(2023, 9, 15, 8, 0, tzinfo=UTC)  # some hours before the round
OPENED = sha256(b"opened on the stated day").hexdigest()
SEALED = SealedSource(BeaconSource(CHAIN, ROUND), sha256(bytes.fromhex(OPENED)).hexdigest())
UNSEALED = SealedReveal(BeaconReveal(ROUND, SIGNATURE), OPENED)
COLUMNS = ("id", "stratum", "cluster", "excluded")


def units(sizes: dict[str, int], excluded: Sequence[str] = (), per_cluster: int = 4) -> list[list[str]]:
    """Return rows of dispensers, numbered within their county, four to a station."""
    return [
        [unit, stratum, f"{stratum}-S{number // per_cluster}", "已停用" if unit in excluded else ""]
        for stratum, size in sizes.items()
        for number in range(size)
        for unit in [f"{stratum}-{number:04}"]
    ]


def frame(sizes: dict[str, int], excluded: Sequence[str] = (), per_cluster: int = 4) -> Frame:
    return freeze(COLUMNS, units(sizes, excluded, per_cluster))
