"""The declaration of a list. Subclass it; the rest of `kit.lists` and `web.lists` reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model, QuerySet

from quanheng.kit.lists.actors import ListActor
from quanheng.kit.lists.bulk import BulkAct
from quanheng.kit.lists.columns import Column
from quanheng.kit.lists.discovery import load_declarations
from quanheng.kit.lists.filters import Filter
from quanheng.kit.tones import Text

M = TypeVar("M", bound=Model)

__all__ = ["List", "ListActor", "find_list"]


class List(Generic[M]):
    """A list of the product. Declaring a subclass with a key makes it known.

    Class attributes:
        key: name in addresses, saved views and exports; never changes.
        title, intro: head of the page, and one sentence below it.
        columns: exactly one of them leads (`lead=True`).
        filters, bulk_acts: see there.
        default_sort: a column's key with ``-`` before it for largest first; ``"id"`` for the order of entry.
        by_area: an officer's rows are those whose area lies in the officer's interval, no more, and an index
            holds (area, id): then a page in the order of entry is read area by area (`keyset.Order.within`).
        roles: who may open it; None for everybody who has signed in.
        empty_title, empty_text: what is said when there is nothing at all yet.
    """

    key: ClassVar[str] = ""
    title: ClassVar[Text] = ""
    intro: ClassVar[Text] = ""
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    bulk_acts: ClassVar[Sequence[BulkAct]] = ()
    default_sort: ClassVar[str] = "-id"
    by_area: ClassVar[bool] = False
    roles: ClassVar[frozenset[Any] | None] = None
    empty_title: ClassVar[Text] = ""
    empty_text: ClassVar[Text] = ""
    known: ClassVar[dict[str, type[List[Any]]]] = {}

    def __init_subclass__(cls) -> None:
        if cls.key:
            if sum(column.lead for column in cls.columns) != 1:
                raise TypeError(f"{cls.__name__}: exactly one column has to lead.")
            List.known[cls.key] = cls

    def rows(self, actor: Any) -> QuerySet[M]:
        """Return the rows that the actor may see, with whatever the columns need (`select_related`)."""
        raise NotImplementedError

    def model_for(self, actor: Any) -> type[M]:
        """Return whose rows they are: a list says it once, in `rows`."""
        return self.rows(actor).model

    def row_url(self, row: M) -> str:
        """Return the address of the row's page; empty for none."""
        return ""

    def acts(self, actor: Any) -> Sequence[object]:
        """Return the links beside the title (`web.parts.Link`), the main one first."""
        return ()

    def crumbs(self) -> Sequence[object]:
        """Return the way here (`web.parts.Link`)."""
        return ()

    def admits(self, actor: ListActor | None) -> bool:
        """Say whether this actor may open the list."""
        return actor is not None and (self.roles is None or actor.role in self.roles)

    def column(self, key: str) -> Column | None:
        """Return the column with this key."""
        return self._columns_by_key().get(key)

    def can_sort(self, sort: str) -> bool:
        """Say whether ``key`` or ``-key`` is an order of this list."""
        name = sort.removeprefix("-")
        column = self.column(name)
        return name == "id" or (column is not None and column.sort_field is not None)

    def bulk_act(self, key: str, actor: ListActor) -> BulkAct | None:
        """Return the bulk act with this key, if the actor is offered it."""
        return next((act for act in self.bulk_acts_for(actor) if act.key == key), None)

    def bulk_acts_for(self, actor: ListActor) -> list[BulkAct]:
        return [act for act in self.bulk_acts if act.admits(actor)]

    def _columns_by_key(self) -> Mapping[str, Column]:
        return {column.key: column for column in self.columns}


def find_list(key: str) -> List[Any] | None:
    """Return the list with this key."""
    if key not in List.known:
        load_declarations()
    found = List.known.get(key)
    return found() if found else None
