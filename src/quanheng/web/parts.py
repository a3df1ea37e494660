"""The values from which pages are put together. A view builds them; `templates/ui/` draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from quanheng.kit.tones import State, Text, Tone

__all__ = ["DetailHead", "Entry", "Fact", "Link", "Progress", "State", "Text", "Tile", "Tone", "moment"]


def moment(at: datetime | None) -> str:
    """Return an instant as pages show it, to the minute; empty for none."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that looks like a button; `icon` is an id in `static/quanheng/icons.svg`."""

    text: Text
    url: str
    icon: str = ""
    primary: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a description list. `url` makes the value a link, `state` a badge after it."""

    label: Text
    value: object
    url: str = ""
    code: bool = False
    state: State | None = None


@dataclass(frozen=True, slots=True)
class DetailHead:
    """The head of a page about one thing: what it is, how it stands, what is due next and who must do it."""

    title: Text
    state: State
    code: str = ""
    due: Text | date | None = None
    duty: Text = ""
    acts: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline, newest first."""

    at: datetime | date
    title: Text
    who: Text = ""
    text: Text = ""
    tone: Tone = Tone.QUIET
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with the link to its rows. `text_count` is the number as shown, such as ``1000+``."""

    text_count: str
    text: Text
    url: str
    hint: Text = ""
    tone: Tone = Tone.QUIET


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long task has got. `url` answers with this part again, while the task runs (HTMX asks).

    `state` is the badge where it is another than under way, done or failed; a post to `cancel` ends it.
    """

    title: Text
    done: int
    total: int | None
    url: str
    running: bool = True
    text: Text = ""
    tone: Tone = Tone.INFO
    act: Link | None = None
    unit: Text = ""
    state: State | None = None
    cancel: str = ""

    @property
    def percent(self) -> int | None:
        return min(100, self.done * 100 // self.total) if self.total else None
