"""What is told of the focus list: to the office that decides, and to the entity whom it concerns."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from quanheng.apps.focus import acts
from quanheng.apps.focus.models import FocusListing
from quanheng.apps.notices.addresses import Acts, Address, Letter, Letters, office_of
from quanheng.apps.notices.kinds import kind
from quanheng.kit.tones import Tone


def _listings(told: Acts) -> dict[str, FocusListing]:
    rows = FocusListing.objects.unscoped().filter(number__in=[act.subject for act in told])
    return {row.number: row for row in rows.defer("visits", "exit_visits", "objection", "answer")}


def _to_county(told: Acts) -> Letters:
    found = _listings(told)
    for act in told:
        if (row := found.get(act.subject)) is not None:
            yield Letter(act, office_of(row.area_id), row.pk)


def _to_entity(told: Acts) -> Letters:
    found = _listings(told)
    for act in told:
        if (row := found.get(act.subject)) is not None:
            yield Letter(act, Address(entity_id=row.entity_id), row.pk)


def _rows(told: Acts) -> Iterator[int]:
    yield from (row.pk for row in _listings(told).values())


kind(
    "focus_proposed",
    _("待决定是否列入重点监管"),
    who=acts.DECIDERS,
    told_by=(acts.FOCUS_PROPOSED,),
    to=_to_county,
    text=_("待决定是否列入重点监管：%(subject)s"),
    many=_("待决定是否列入重点监管：%(count)s 家"),
    of="focus-listings",
    among="state=proposed",
    settled_by=(acts.FOCUS_LISTED, acts.FOCUS_DECLINED, acts.FOCUS_PROPOSAL_LAPSED),
    rows_of=_rows,
    tone=Tone.DUE,
)
kind(
    "focus_exit_proposed",
    _("待决定是否移出重点监管"),
    who=acts.DECIDERS,
    told_by=(acts.FOCUS_EXIT_PROPOSED,),
    to=_to_county,
    text=_("待决定是否移出重点监管：%(subject)s"),
    many=_("待决定是否移出重点监管：%(count)s 家"),
    of="focus-listings",
    among="state=exit_proposed",
    settled_by=(acts.FOCUS_LEFT, acts.FOCUS_KEPT, acts.FOCUS_EXIT_LAPSED, acts.FOCUS_LIFTED),
    rows_of=_rows,
    tone=Tone.DUE,
)
kind(
    "focus_objected",
    _("重点监管异议待答复"),
    who=acts.DECIDERS,
    told_by=(acts.FOCUS_OBJECTED,),
    to=_to_county,
    text=_("重点监管异议待答复：%(subject)s"),
    many=_("重点监管异议待答复：%(count)s 件"),
    of="focus-listings",
    among="waiting=objection",
    settled_by=(acts.FOCUS_ANSWERED,),
    rows_of=_rows,
    tone=Tone.DUE,
)
kind(
    "focus_doubted",
    _("重点监管依据有变化"),
    who=acts.DECIDERS,
    told_by=(acts.FOCUS_DOUBTED,),
    to=_to_county,
    text=_("重点监管依据有变化，请核对：%(subject)s"),
    many=_("重点监管依据有变化，请核对：%(count)s 家"),
    of="focus-listings",
    among="waiting=doubted",
    settled_by=(acts.FOCUS_LIFTED, acts.FOCUS_LEFT),
    rows_of=_rows,
    tone=Tone.DUE,
)
kind(
    "focus_told",
    _("重点监管的提议、决定和答复"),
    who=acts.LISTED_ONES,
    told_by=(
        acts.FOCUS_PROPOSED,
        acts.FOCUS_PROPOSAL_LAPSED,
        acts.FOCUS_LISTED,
        acts.FOCUS_DECLINED,
        acts.FOCUS_KEPT,
        acts.FOCUS_LEFT,
        acts.FOCUS_LIFTED,
        acts.FOCUS_ANSWERED,
    ),
    to=_to_entity,
    text=_("%(act)s：%(subject)s"),
    many=_("重点监管的提议、决定和答复：%(count)s 件"),
    of="focus-listings",
    tone=Tone.DUE,
)
