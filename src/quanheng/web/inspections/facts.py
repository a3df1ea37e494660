"""What pages say of a draw: the office's and the public's the same."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from django.utils.translation import gettext as _

from quanheng.regulation.draw.commitment import beacon_of, parse_commitment
from quanheng.regulation.draw.documents import read_document
from quanheng.web.parts import Fact, moment


class Committed(Protocol):
    """A draw that was committed to, as a campaign or as the public reads it."""

    @property
    def frame_day(self) -> date | None: ...
    @property
    def frame_size(self) -> int: ...
    @property
    def quota(self) -> int: ...
    @property
    def frame_digest(self) -> str: ...
    @property
    def commitment_digest(self) -> str: ...
    @property
    def commitment(self) -> str: ...
    @property
    def committed_at(self) -> datetime | None: ...
    @property
    def known_at(self) -> datetime | None: ...
    @property
    def drawn_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


def draw_facts(it: Committed) -> list[Fact]:
    """Return what was committed to, which round of which beacon decides, and how far it has got."""
    beacon = beacon_of(parse_commitment(read_document(it.commitment)).source)
    return [
        Fact(_("抽样框日期"), it.frame_day),
        Fact(_("在用台数"), it.frame_size),
        Fact(_("应抽台数"), it.quota),
        Fact(_("抽样框散列"), it.frame_digest, code=True),
        Fact(_("承诺散列"), it.commitment_digest, code=True),
        Fact(_("承诺时间"), moment(it.committed_at)),
        Fact(_("信标轮次"), beacon.round if beacon else "", code=True),
        Fact(_("信标链"), beacon.chain_hash if beacon else "", code=True),
        Fact(_("信标公布时间"), moment(it.known_at)),
        Fact(_("抽取时间"), moment(it.drawn_at)),
        Fact(_("结束时间"), moment(it.closed_at)),
    ]


def who_when(person: object, at: datetime | None) -> str:
    """Return who did something and when; empty where nobody has."""
    name = getattr(person, "name", "")
    return f"{name} {moment(at)}" if at else ""
