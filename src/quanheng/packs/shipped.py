"""The packs that come with the product, read once."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources

from quanheng.packs.rule_pack import RulePack, RulePacks, read_pack


@cache
def shipped() -> RulePacks:
    """Return every pack under `data/`."""
    files = sorted(
        (file for file in resources.files("quanheng.packs").joinpath("data").iterdir()),
        key=lambda file: file.name,
    )
    return RulePacks(
        tuple(_read(file.name, file.read_text("utf-8")) for file in files if file.name.endswith(".toml"))
    )


def _read(name: str, text: str) -> RulePack:
    try:
        return read_pack(tomllib.loads(text, parse_float=Decimal))
    except (KeyError, ValueError) as fault:
        raise ValueError(f"rule pack {name}: {fault}") from fault
