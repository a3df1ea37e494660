"""What the one search finds, by kind: each asks its own query, for whoever may open what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS, Role
from quanheng.apps.audit.queries import entry_of_log
from quanheng.apps.certificates.queries.search import found_applications, found_certificates
from quanheng.apps.instruments.permissions import LEDGER_READERS
from quanheng.apps.instruments.queries.search import (
    found_codes,
    found_instruments,
    found_makers,
    found_records,
    found_reports,
    found_seals,
    instruments_in_words,
)
from quanheng.apps.registry.queries import EXACT, IN_MARKET, entities_in_words, found_entities
from quanheng.kit.acts import verbs
from quanheng.kit.lists import find_list
from quanheng.kit.tones import State, Text
from quanheng.regulation.instrument_code import grouped
from quanheng.regulation.search_terms import Term
from quanheng.web.certificates.lists import certificate_state
from quanheng.web.codes.lists import CodeList
from quanheng.web.codes.lists import badge as code_state
from quanheng.web.instruments.labels import verdict
from quanheng.web.navigation import groups_for
from quanheng.web.registry.lists import entity_state

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Verification


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found, and its page; `exact` where its number was typed whole."""

    text: str
    url: str
    hint: str = ""
    state: State | None = None
    exact: bool = False
    code: bool = False


Find = Callable[[Term, Actor, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing.

    Args:
        find: returns at most so many, the best first.
        roles: who may open what it leads to; None for everybody who has signed in.
        list_key, list_name: the list that takes the same words; empty for none.
        bears_codes: may be what a whole code was printed for; other kinds are not asked for one.
    """

    title: Text
    find: Find
    roles: frozenset[Role] | None = None
    list_key: str = ""
    list_name: str = ""
    bears_codes: bool = False

    def admits(self, actor: Actor) -> bool:
        return self.roles is None or actor.role in self.roles

    def more_url(self, term: Term, actor: Actor) -> str:
        """Return the list with the same words, where this person may open it."""
        listing = find_list(self.list_key) if self.list_key else None
        if listing is None or not listing.admits(actor):
            return ""
        return f"{reverse(self.list_name)}?{urlencode({'q': term.text})}"


def _instruments(term: Term, by: Actor, at_most: int) -> list[Hit]:
    found = found_instruments(term, by, at_most)
    today = timezone.localdate()
    return [
        Hit(
            row.serial_number or _("（无出厂编号）"), reverse("instrument_page", args=[row.pk]),
            _hint(row.name, row.entity.name, row.place), verdict(row, today), found[row.pk], code=True,
        )
        for row in instruments_in_words(list(found), by)
    ]  # fmt: skip


def _entities(term: Term, by: Actor, at_most: int) -> list[Hit]:
    found = found_entities(term, by, at_most)
    return [
        Hit(
            row.name, reverse("entity_page", args=[row.pk]),
            _hint(
                row.stall_number, row.parent.name if row.parent else "", row.area.full_name,
                _("重点监管") if row.under_focus else "",
            ),
            entity_state(row), found[row.pk] in (EXACT, IN_MARKET),
        )
        for row in entities_in_words(list(found), by)
    ]  # fmt: skip


def _certificates(term: Term, by: Actor, at_most: int) -> list[Hit]:
    """Certificates of this platform, then what the ledger says of others'."""
    hits = [
        Hit(
            row.number, reverse("certificate_page", args=[row.pk]),
            _hint(row.instrument.name, row.instrument.serial_number, row.instrument.entity.name),
            certificate_state(row.state), bool(term.certificate) or row.search_key == term.key, code=True,
        )
        for row in found_certificates(term, by, at_most)
    ]  # fmt: skip
    known = {hit.text for hit in hits}
    others = [] if term.certificate else found_records(term, by, at_most)
    return [*hits, *(_record(row, term) for row in others if row.certificate_number not in known)][:at_most]


def _record(row: Verification, term: Term) -> Hit:
    it = row.instrument
    return Hit(
        row.certificate_number, reverse("instrument_page", args=[it.pk]),
        _hint(str(_("检定记录")), it.name, it.serial_number, it.entity.name),
        exact=row.certificate_number == term.key, code=True,
    )  # fmt: skip


def _codes(term: Term, by: Actor, at_most: int) -> list[Hit]:
    listing = CodeList()
    return [
        Hit(
            grouped(row.value), listing.row_url(row),
            _hint(row.instrument.name, row.instrument.serial_number) if row.instrument else row.batch,
            code_state(row), bool(term.code), code=True,
        )
        for row in found_codes(term, by, at_most)
    ]  # fmt: skip


def _applications(term: Term, by: Actor, at_most: int) -> list[Hit]:
    return [
        Hit(
            row.number, reverse("application_page", args=[row.pk]),
            _hint(row.entity.name, row.institute.name), exact=row.number == term.key, code=True,
        )
        for row in found_applications(term, by, at_most)
    ]  # fmt: skip


def _seals(term: Term, by: Actor, at_most: int) -> list[Hit]:
    return [
        Hit(
            row.number, reverse("instrument_page", args=[row.instrument_id]),
            _hint(row.instrument.name, row.instrument.serial_number, str(row.get_position_display())),
            exact=row.number_key == term.key, code=True,
        )
        for row in found_seals(term, by, at_most)
    ]  # fmt: skip


def _makers(term: Term, by: Actor, at_most: int) -> list[Hit]:
    url = reverse("instrument_list")
    return [
        Hit(name, f"{url}?{urlencode({'maker': name})}", _("该单位制造的器具"))
        for name in found_makers(term, by, at_most)
    ]


def _reports(term: Term, by: Actor, _at_most: int) -> list[Hit]:
    return [
        Hit(
            row.number,
            reverse("report_page", args=[row.pk]),
            str(row.get_problem_display()),
            exact=True,
            code=True,
        )
        for row in found_reports(term, by)
    ]


def _acts(term: Term, by: Actor, at_most: int) -> list[Hit]:
    """An entry of the public log by its number, and kinds of acts by their name."""
    url = reverse("act_list")
    if term.entry is not None:
        return [
            Hit(
                _("公开记录第 %(number)s 条") % {"number": term.entry},
                f"{url}?{urlencode({'entry': term.entry})}",
                _hint(str(act.get_verb_display()), act.subject), exact=True,
            )
            for act in entry_of_log(by, term.entry)
        ]  # fmt: skip
    named = [verb for verb in verbs() if term.text in str(verb.label)]
    return [
        Hit(str(verb.label), f"{url}?{urlencode({'verb': verb})}", _("操作日志中的这类事项"))
        for verb in named[:at_most]
    ]


def _pages(term: Term, by: Actor, at_most: int) -> list[Hit]:
    """Pages by their name in the navigation."""
    wanted = term.text.casefold()
    items = [(group.text, item) for group in groups_for(by, "") for item in group.items]
    return [
        Hit(str(item.text), item.url, str(group))
        for group, item in items
        if wanted in str(item.text).casefold()
    ][:at_most]


def _hint(*parts: str) -> str:
    return " · ".join(filter(None, parts))


LOG_READERS: Final = OFFICERS | {Role.AUDITOR, Role.AUDIT_ADMINISTRATOR}
KINDS: Final = (
    Kind(
        gettext_lazy("计量器具"),
        _instruments,
        LEDGER_READERS,
        "instruments",
        "instrument_list",
        bears_codes=True,
    ),
    Kind(
        gettext_lazy("主体"), _entities, OFFICERS | ENTITY_ROLES, "entities", "entity_list", bears_codes=True
    ),
    Kind(gettext_lazy("证书"), _certificates, LEDGER_READERS, "certificates", "certificate_list"),
    Kind(gettext_lazy("器具码"), _codes, LEDGER_READERS, "codes", "code_list", bears_codes=True),
    Kind(gettext_lazy("检定申请"), _applications, LEDGER_READERS, "applications", "application_list"),
    Kind(gettext_lazy("铅封"), _seals, LEDGER_READERS, "instruments", "instrument_list"),
    Kind(gettext_lazy("制造单位"), _makers, LEDGER_READERS),
    Kind(gettext_lazy("消费者反映"), _reports, OFFICERS),
    Kind(gettext_lazy("操作日志"), _acts, LOG_READERS),
    Kind(gettext_lazy("页面"), _pages),
)


def kinds_for(actor: Actor, term: Term) -> Iterator[Kind]:
    """Return the kinds that this person may open anything of, and that such a term can mean."""
    return (kind for kind in KINDS if kind.admits(actor) and (kind.bears_codes or not term.code))
