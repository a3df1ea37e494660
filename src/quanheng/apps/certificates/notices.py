"""What is told of applications, certificates and their changes, and of what falls due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, Role
from quanheng.apps.certificates import acts
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.certificates.models import Application, ApplicationLine, Certificate, CertificateChange
from quanheng.apps.instruments import acts as instruments_acts
from quanheng.apps.notices.addresses import Acts, Address, Letter, Letters, keepers_of, to_keepers
from quanheng.apps.notices.kinds import kind
from quanheng.apps.notices.services.write import News, tell
from quanheng.kit.tones import Tone

KEEPERS = ENTITY_ROLES - {Role.REPAIRER}
DECIDED = (
    acts.CERTIFICATE_CHANGE_REFUSED,
    instruments_acts.CERTIFICATE_AMENDED,
    instruments_acts.CERTIFICATE_REPLACED,
    instruments_acts.CERTIFICATE_REVOKED,
)


def _applications(told: Acts) -> dict[str, Application]:
    """Return the applications that acts name by their number. On an instrument's own line none is named."""
    rows = Application.objects.unscoped().filter(number__in=[act.subject for act in told])
    return {row.number: row for row in rows}


def _answered(told: Acts) -> Iterator[int]:
    """Yield the applications of which no instrument waits for an answer any more."""
    rows = [row.pk for row in _applications(told).values()]
    lines = ApplicationLine.objects.unscoped().filter(application__in=rows, state=LineState.APPLIED)
    waiting = set(lines.values_list("application_id", flat=True))
    return (row for row in rows if row not in waiting)


def _certificates(told: Acts) -> dict[str, Certificate]:
    """Return the certificates that acts name, found by their instruments: no index is by number alone."""
    rows = Certificate.objects.unscoped().filter(instrument__in={act.instrument_id for act in told})
    named = {act.subject for act in told}
    return {row.number: row for row in rows if row.number in named}


def _to_institute(told: Acts) -> Letters:
    applications = _applications(told)
    for act in told:
        if (row := applications.get(act.subject)) is not None:
            yield Letter(act, Address(agency_id=row.institute_id), row.pk)


def _to_applicant(told: Acts) -> Letters:
    applications = _applications(told)
    for letter in to_keepers(told):
        if (row := applications.get(letter.act.subject)) is not None:
            yield Letter(letter.act, letter.to, row.pk)


def _to_holders(told: Acts) -> Letters:
    """Whose instrument it is, led to the certificate that was issued just now."""
    rows = Certificate.objects.unscoped().filter(instrument__in=[act.instrument_id for act in told])
    newest = {
        row.instrument_id: row for row in rows.order_by("instrument_id", "-pk").distinct("instrument_id")
    }
    for act in told:
        if (row := newest.get(act.instrument_id)) is not None:
            yield from (Letter(act, to, row.pk, row.number) for to in keepers_of(act))


def _to_approvers(told: Acts) -> Letters:
    certificates = _certificates(told)
    for act in told:
        if (row := certificates.get(act.subject)) is not None:
            yield Letter(act, Address(agency_id=row.institute_id), row.pk)


def _to_asker(told: Acts) -> Letters:
    certificates = _certificates(told)
    changes = CertificateChange.objects.unscoped().filter(certificate__in=certificates.values())
    newest = {
        row.certificate_id: row.asked_by_id
        for row in changes.order_by("certificate_id", "-pk").distinct("certificate_id")
    }
    for act in told:
        row = certificates.get(act.subject)
        if row is not None and row.pk in newest:
            yield Letter(act, Address(person_id=newest[row.pk]), row.pk)


kind(
    "application_received",
    _("收到检定申请"),
    who=acts.RECEPTION,
    told_by=(acts.VERIFICATION_APPLIED,),
    to=_to_institute,
    text=_("收到检定申请：%(subject)s"),
    many=_("收到检定申请：%(count)s 件"),
    of="applications",
    among="state=applied",
    rows_of=_answered,
    settled_by=(acts.VERIFICATION_ACCEPTED, acts.VERIFICATION_RETURNED, acts.VERIFICATION_WITHDRAWN),
    tone=Tone.DUE,
)
kind(
    "application_moved",
    _("检定申请办理结果"),
    who=KEEPERS,
    told_by=(acts.VERIFICATION_ACCEPTED, acts.VERIFICATION_REBOOKED, acts.VERIFICATION_RETURNED),
    to=_to_applicant,
    text=_("%(act)s：%(subject)s"),
    many=_("检定申请办理结果：%(count)s 件"),
    of="applications",
)
kind(
    "certificate_issued",
    _("签发证书"),
    who=KEEPERS,
    told_by=(acts.CERTIFICATE_ISSUED,),
    to=_to_holders,
    text=_("签发证书：%(subject)s"),
    many=_("签发证书：%(count)s 份"),
    of="certificates",
    among="recent=30",
    tone=Tone.OK,
)
kind(
    "certificate_change_asked",
    _("证书变更待批准"),
    who=frozenset({Role.APPROVER}),
    told_by=(acts.CERTIFICATE_CHANGE_ASKED,),
    to=_to_approvers,
    text=_("证书变更待批准：%(subject)s"),
    many=_("证书变更待批准：%(count)s 件"),
    of="certificates",
    settled_by=(acts.CERTIFICATE_CHANGE_WITHDRAWN, *DECIDED),
    rows_of=lambda told: (row.pk for row in _certificates(told).values()),
    tone=Tone.DUE,
)
kind(
    "certificate_change_decided",
    _("我提出的证书变更已办理"),
    who=INSTITUTE_STAFF,
    told_by=DECIDED,
    to=_to_asker,
    text=_("%(act)s：%(subject)s"),
    many=_("证书变更已办理：%(count)s 件"),
    of="certificates",
)
REMINDED = kind(
    "verification_due",
    _("检定到期提醒"),
    who=KEEPERS,
    text=_("检定即将到期或已超期：%(count)s 台器具"),
    many=_("检定即将到期或已超期：%(count)s 台器具"),
    of="due",
    tone=Tone.DUE,
)


def tell_of_due(counts: dict[int, int], *, at: datetime) -> None:
    """Tell entities, once a run, how many of their instruments reached a stage of the reminders."""
    tell(
        News(kind=REMINDED, to=Address(entity_id=entity), at=at, key=f"due {at.isoformat()}", count=count)
        for entity, count in counts.items()
    )
