"""The page of one instrument, put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.queries import acts_of_instrument
from quanheng.apps.certificates import acts as certificates_acts
from quanheng.apps.certificates.queries.certificates import certificates_of
from quanheng.apps.instruments import acts as instruments_acts
from quanheng.apps.instruments.enums import (
    InstrumentState,
    MarkGeneration,
    Result,
)
from quanheng.apps.instruments.queries.attachments import of_instrument
from quanheng.apps.instruments.queries.conditions import is_unconfirmed
from quanheng.apps.instruments.queries.ledger import InstrumentFile, current_of, trust_of
from quanheng.apps.instruments.queries.repairs import open_repair
from quanheng.kit.acts import may
from quanheng.kit.tones import State, Text, Tone
from quanheng.regulation.instrument_code import grouped
from quanheng.regulation.instrument_states import FREE_FOR_VERIFICATION, WITHOUT_CODE
from quanheng.regulation.provenance import is_proven
from quanheng.regulation.trust import Grade, Reason
from quanheng.web.instruments.act_form import ActForm
from quanheng.web.instruments.acts import possible_acts
from quanheng.web.instruments.after_check import OpenDifferences, open_differences
from quanheng.web.instruments.facts_form import weight_text
from quanheng.web.instruments.labels import (
    DETAIL_WORDS,
    ENDED_WORDS,
    FOCUS,
    REASON_WORDS,
    doubt_words,
    due_words,
    entry_of,
    source_state,
    verdict,
)
from quanheng.web.instruments.seal_places import SealPlace, seal_places
from quanheng.web.parts import DetailHead, Entry, Fact, Link

if TYPE_CHECKING:
    from quanheng.apps.accounts.assignments import Assignment
    from quanheng.apps.instruments.models import Attachment, Instrument, Placement, Seal, Verification

HIDDEN = gettext_lazy("检定历史、历史位置和他人的办理记录不向承办方显示。")
SEVERITY = {Grade.GREY: 0, Grade.GREEN: 1, Grade.AMBER: 2, Grade.RED: 3}


@dataclass(frozen=True, slots=True)
class ShownVerification:
    """A verification of the history; `certificate` is the page of its certificate, where it may be opened."""

    record: Verification
    state: State
    source: State
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class ShownInstrument:
    """What the template draws; `hidden` says what it does not, to whom it was only assigned."""

    instrument: Instrument
    head: DetailHead
    return_reason: str
    unconfirmed_since: date | None
    differences: OpenDifferences | None
    files: Sequence[Attachment]
    attach_url: str
    nameplate: Sequence[Fact]
    whereabouts: Sequence[Fact]
    marks: Sequence[Fact]
    marks_state: State
    current: Sequence[Fact]
    current_state: State | None
    verifications: Sequence[ShownVerification]
    certificates_url: str
    seal_places: Sequence[SealPlace]
    placements: Sequence[Placement]
    parts: Sequence[tuple[Instrument, State, str]]
    others: Sequence[Link]
    timeline: Sequence[Entry]
    hidden: Text
    more_url: str
    scan_url: str


def shown_instrument(file: InstrumentFile, actor: Actor, today: date, *, acts: int) -> ShownInstrument:
    """Put the page together for a person on a day.

    Args:
        acts: how many lines of the history.
    """
    it = file.instrument
    sent = open_repair(it)
    main, others = acts_now(file, actor)
    papers = {
        number: reverse("certificate_page", args=[pk]) for number, pk in certificates_of(it.pk, actor).items()
    }
    batches = [it.import_run_id] if it.import_run_id else []
    told = acts_of_instrument(it.pk, batches=batches, by=actor, at_most=acts + 1)
    return ShownInstrument(
        instrument=it,
        head=_head(file, main, today, sent),
        return_reason=it.return_reason if it.state == InstrumentState.RETURNED else "",
        unconfirmed_since=_unconfirmed_since(it, actor, today),
        differences=open_differences(it, told, actor),
        files=of_instrument(it.pk, actor),
        attach_url=_attach_url(it, actor),
        nameplate=_nameplate(it),
        whereabouts=_whereabouts(it, actor, sent),
        marks=_marks(it, file.seals),
        marks_state=_marks_state(it, file.seals),
        current=_current(it, today, papers),
        current_state=_current_state(it, today),
        verifications=[
            ShownVerification(
                each,
                _verification_state(each),
                source_state(each.provenance),
                papers.get(each.certificate_number, ""),
            )
            for each in file.verifications
        ],
        certificates_url=f"{reverse('certificate_list')}?instrument={it.pk}" if papers else "",
        seal_places=seal_places(it, file.seals),
        placements=file.placements,
        parts=[
            (part, verdict(part, today), reverse("instrument_page", args=[part.pk])) for part in file.parts
        ],
        others=others,
        timeline=[entry_of(act) for act in told[:acts]],
        hidden="" if it.reached_by(actor) else HIDDEN,
        more_url="?all=1" if len(told) > acts else "",
        scan_url=f"/s/{it.code}" if it.code else "",
    )


def _unconfirmed_since(it: Instrument, actor: Actor, today: date) -> date | None:
    """Return the day of the last word for it, where that is too long ago and this person can say it anew."""
    asks = is_unconfirmed(it, today) and may(instruments_acts.UNCHANGED, actor, it)
    return it.confirmed_on if asks else None


def _attach_url(it: Instrument, actor: Actor) -> str:
    allowed = may(instruments_acts.ATTACHED, actor, it)
    return reverse("instrument_act", args=[it.pk, "attach"]) if allowed else ""


def _head(file: InstrumentFile, acts: Sequence[Link], today: date, sent: Assignment | None) -> DetailHead:
    """Say what is due next: with the instrument, or with the part of it that is worse off."""
    it = file.instrument
    text, duty = due_words(it, today)
    if sent:
        text, duty = _("接收后维修，维修完成后登记") if sent.waits else _("修好后登记维修完成"), sent.name
    worst = max([it, *file.parts], key=lambda each: SEVERITY[trust_of(each, today).grade])
    if SEVERITY[trust_of(worst, today).grade] > SEVERITY[trust_of(it, today).grade]:
        what, duty = due_words(worst, today)
        text = _("%(part)s：%(what)s") % {"part": worst.place or worst.serial_number, "what": what}
    code = grouped(it.code) if it.code else ""
    return DetailHead(f"{it.name} {it.serial_number}", verdict(it, today), code, text, duty, acts)


def acts_now(file: InstrumentFile, actor: Actor) -> tuple[list[Link], list[Link]]:
    """Return what this person can do with an instrument now: first what is usual, then everything else."""
    it = file.instrument
    forms = list(possible_acts(it, actor))
    main = [_link(form, it, primary=place == 0) for place, form in enumerate(f for f in forms if f.main)]
    others = [_link(form, it) for form in forms if not form.main]
    if (
        may(certificates_acts.VERIFICATION_APPLIED, actor, it)
        and it.state in FREE_FOR_VERIFICATION
        and it.parent_id is None
    ):
        main.append(Link(_("申请检定"), f"{reverse('application_new')}?instrument={it.pk}", "rubber-stamp"))
    if may(instruments_acts.CODE_BOUND, actor, it) and not it.code and it.state not in WITHOUT_CODE:
        others.insert(0, Link(_("绑定空白码"), f"{reverse('code_bind')}?instrument={it.pk}", "qrcode"))
    if may(instruments_acts.INSTRUMENT_CHANGED, actor, it) and it.state != InstrumentState.SCRAPPED:
        edit = Link(_("修改登记"), reverse("instrument_edit", args=[it.pk]), "pencil")
        returned = it.state == InstrumentState.RETURNED  # what comes next is to correct it
        (main if returned else others).insert(0, edit)
    if actor.is_officer and (waiting := file.open_reports):
        url = f"{reverse('report_list')}?{urlencode({'q': it.code or it.serial_number})}"
        main.append(Link(_("消费者反映 %(count)s 件") % {"count": waiting}, url, "bell"))
    if it.state == InstrumentState.FILING and may(instruments_acts.FILING_ACCEPTED, actor, it):
        review = reverse("filing_review", args=[it.root_id])
        main.insert(0, Link(_("审核备案"), review, "file-check", primary=True))
    return main, others


def _link(form: type[ActForm], it: Instrument, *, primary: bool = False) -> Link:
    return Link(
        form.label, reverse("instrument_act", args=[it.pk, form.slug]), form.icon, primary, form.danger
    )


def _nameplate(it: Instrument) -> list[Fact]:
    return [
        Fact(_("目录项"), f"{it.item.parent.name} / {it.item.name}" if it.item.parent else it.item.name,
             reverse("catalogue_item", args=[it.item_id])),
        Fact(_("型号/规格"), it.model),
        Fact(_("出厂编号"), it.serial_number, code=True),
        Fact(_("制造单位"), it.manufacturer),
        Fact(_("型式批准证书编号"), it.type_approval_number, code=True),
        Fact(_("准确度等级"), it.accuracy_class),
        *(_weights(it) if it.item.category == "scale" else ()),
        Fact(_("测量范围"), it.measuring_range),
        Fact(_("用途"), it.get_use_display()),
        Fact(_("出厂日期"), it.manufactured_on),
        Fact(_("软件版本号"), it.software_version),
        *_details(it),
    ]  # fmt: skip


def _details(it: Instrument) -> Iterator[Fact]:
    """What a sheet said besides; columns that the ledger does not know stand under their own headings."""
    for name, value in sorted(it.details.items()):
        if name == "other":
            yield from (Fact(str(heading), told) for heading, told in value.items())
        else:
            yield _detail(name, value)


def _detail(name: str, value: Any) -> Fact:
    if name == "declared_state":
        value = dict(InstrumentState.choices).get(value, value)
    if name == "declared_seals":
        value = "、".join(seal.partition(":")[2] for seal in value)
    return Fact(DETAIL_WORDS.get(name, str(name)), value)


def _weights(it: Instrument) -> list[Fact]:
    return [
        Fact(_("最大秤量"), weight_text(it.max_capacity_g)),
        Fact(_("最小秤量"), weight_text(it.min_capacity_g)),
        Fact(_("检定分度值 e"), weight_text(it.e_g)),
        Fact(_("实际分度值 d"), weight_text(it.d_g)),
    ]


def _whereabouts(it: Instrument, actor: Actor, sent: Assignment | None) -> list[Fact]:
    reads_files = (actor.is_officer or actor.is_entity) and it.reached_by(actor)
    place = [
        Fact(
            _("使用单位"),
            it.entity.name,
            reverse("entity_page", args=[it.entity_id]) if reads_files else "",
            state=FOCUS if reads_files and it.entity.under_focus else None,
        )
    ]
    if it.root_id != it.entity_id:
        own = actor.is_entity and actor.entity_id != it.root_id
        url = reverse("entity_page", args=[it.root_id]) if reads_files and not own else ""
        place.append(Fact(_("市场或上级"), it.root.name, url))
    if it.parent:
        place.append(Fact(_("所属整机"), str(it.parent), reverse("instrument_page", args=[it.parent.pk])))
    coordinates = f"{it.longitude}, {it.latitude}" if it.longitude and it.latitude else ""
    return [
        *place,
        Fact(_("安装位置"), it.place),
        Fact(_("行政区划"), it.area.full_name),
        Fact(_("坐标"), coordinates),
        Fact(_("启用日期"), it.in_use_since),
        Fact(_("现位置起始日期"), it.placed_on),
        Fact(_("登记时间"), localtime(it.registered_at).date()),
        Fact(_("最近确认日期"), it.confirmed_on),
        Fact(_("导入批次"), f"#{it.import_run_id}" if it.import_run_id else ""),
        *(_at_repairer(sent) if sent else ()),
    ]


def _at_repairer(sent: Assignment) -> list[Fact]:
    """Say where an instrument under repair is; what its repairer says of it is told as theirs."""
    received = _("未登记接收")
    if sent.taken_up_at:
        told = {"day": localtime(sent.taken_up_at).date(), "who": sent.taken_up_by_name}
        received = _("%(day)s 接收（%(who)s，维修单位申报）") % told
    return [Fact(_("维修单位"), sent.name), Fact(_("维修接收"), received)]


def _marks(it: Instrument, seals: Sequence[Seal]) -> list[Fact]:
    lines = [Fact(_("标识方式"), it.get_generation_display())]
    if it.generation == MarkGeneration.THREE_CODES:
        lines += [
            Fact(_("生产码"), it.production_code, code=True),
            Fact(_("维修码"), it.repair_code, code=True),
            Fact(_("检定码"), it.verification_code, code=True),
        ]
    else:
        lines.append(Fact(_("器具码"), grouped(it.code) if it.code else "", code=True))
    return [*lines, Fact(_("完好铅封"), sum(seal.broken_on is None for seal in seals) or "")]


def _marks_state(it: Instrument, seals: Sequence[Seal]) -> State:
    """Say which of the marks that its generation asks for are missing."""
    codes = {_("器具码"): it.code}
    if it.generation == MarkGeneration.THREE_CODES:
        codes = {
            _("生产码"): it.production_code,
            _("维修码"): it.repair_code,
            _("检定码"): it.verification_code,
        }
    missing = [name for name, value in codes.items() if not value]
    if not any(seal.broken_on is None for seal in seals) and it.parent_id is None:
        missing.append(_("铅封"))
    if missing:
        return State(_("缺%(names)s") % {"names": _("、").join(missing)}, Tone.DUE)
    return State(_("标识齐全"), Tone.OK)


def _current_state(it: Instrument, today: date) -> State | None:
    """Say in a badge whether the verification on the row counts; None where there is none."""
    now = current_of(it, today)
    if now.counts and it.disputed_on:
        return State(REASON_WORDS[Reason.DISPUTED], Tone.DUE)
    if now.counts and not is_proven(it.provenance):
        return State(REASON_WORDS[Reason.UNCONFIRMED], Tone.DUE)
    if now.counts:
        return State(REASON_WORDS[Reason.VALID], Tone.OK)
    if now.why == Reason.NEVER_VERIFIED:
        return None
    if now.why == Reason.FAILED:
        return State(ENDED_WORDS[Reason.FAILED], Tone.BAD)
    return State(_("已失效"), Tone.DUE if now.why == Reason.SEAL_OPENED else Tone.BAD)


def _current(it: Instrument, today: date, papers: Mapping[str, str]) -> list[Fact]:
    """Say what the newest verification is worth: one that ended is not shown as if it held."""
    now = current_of(it, today)
    if it.verified_on is None and it.revoked_on is None:
        return []
    if now.counts or now.why == Reason.FAILED:
        worth = [Fact(_("结论"), it.get_result_display()), Fact(_("有效期至"), it.valid_until)]
    else:
        worth = [
            Fact(_("结论"), _("已失效")),
            Fact(_("失效日期"), now.since),
            Fact(_("失效原因"), ENDED_WORDS[now.why or Reason.NEVER_VERIFIED]),
            Fact(_("证书所载有效期"), it.valid_until),
        ]
    return [
        Fact(_("检定日期"), it.verified_on),
        *worth,
        Fact(_("证书编号"), it.certificate_number, papers.get(it.certificate_number, ""), code=True),
        Fact(_("检定机构"), it.institute),
        Fact(_("来源"), it.get_provenance_display()),
        *([Fact(_("复核起始日期"), it.disputed_on)] if it.disputed_on else ()),
    ]


def _verification_state(record: Verification) -> State:
    if record.in_error:
        return State(_("登记有误，已作废"), Tone.BAD)
    if record.disputed_at:
        return State(doubt_words(record), Tone.DUE)
    if record.voided_on:
        return State(_("%(day)s 失效") % {"day": record.voided_on}, Tone.BAD)
    return State(record.get_result_display(), Tone.OK if record.result == Result.PASSED else Tone.BAD)
