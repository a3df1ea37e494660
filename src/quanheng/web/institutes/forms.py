"""Forms of an institute's authority, standards and people."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import people_of
from quanheng.apps.certificates.enums import StaffDuty
from quanheng.apps.certificates.services.authorise_institute import CAPACITY_AT_MOST, authorise_institute
from quanheng.apps.certificates.services.describe_institute import (
    LONGEST_ADDRESS,
    LONGEST_TELEPHONE,
    describe_institute,
)
from quanheng.apps.certificates.services.end_capability import Capability, end_capability
from quanheng.apps.certificates.services.enter_standard import StandardFacts, enter_standard
from quanheng.apps.certificates.services.institutes import Paper
from quanheng.apps.certificates.services.qualify_person import qualify_person
from quanheng.apps.instruments.queries.catalogue import catalogue
from quanheng.kit.tones import Text
from quanheng.web.fields import day_field, long_field
from quanheng.web.lists.fields import PickField


class CapabilityForm(forms.Form):
    """One row of what an institute stands on, with the paper behind it.

    Class attributes:
        kind: in the address; `label` is the head of the page.
    """

    kind: ClassVar[Capability]
    label: ClassVar[Text]
    intro: ClassVar[Text] = ""

    certificate_number = forms.CharField(label=_("证书编号"), max_length=80)
    valid_from = day_field(_("有效期起"))
    valid_to = day_field(_("有效期至"), required=False, hint=_("没有期限的不填。"))

    def __init__(self, *args: Any, institute_id: int, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.institute_id, self.actor = institute_id, actor
        self.prepare()

    def prepare(self) -> None:
        """Fill choices."""

    def paper(self) -> Paper:
        data = self.cleaned_data
        return Paper(data["certificate_number"], data["valid_from"], data["valid_to"])

    def act(self, *, at: datetime) -> object:
        """Enter the row.

        Raises:
            RuleBroken: with the reason that the page shows.
        """
        raise NotImplementedError


def items_field(label: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(label=label, coerce=int, widget=forms.CheckboxSelectMultiple)


def item_choices() -> list[tuple[int, str]]:
    """Return the items of the catalogue in force today."""
    return [(item.pk, item.name) for item in catalogue(timezone.localdate())]


class AuthorisationForm(CapabilityForm):
    kind = Capability.AUTHORISATION
    label, intro = _("登记计量授权"), _("检定申请按授权的目录项和区域分送，授权区域最小的机构优先。")
    field_order: Any = ["area", "daily_capacity", "certificate_number", "valid_from", "valid_to", "items"]

    area = PickField(label=_("授权区域"), source="areas", help_text=_("含所有下级区划。"))
    daily_capacity = forms.IntegerField(
        label=_("每日可检台数"), min_value=1, max_value=CAPACITY_AT_MOST, initial=40,
        help_text=_("每个目录项一天最多预约的台数，上下午各半。"),
    )  # fmt: skip
    items = items_field(_("目录项"))

    def prepare(self) -> None:
        area, items = self.fields["area"], self.fields["items"]
        if isinstance(area, PickField):
            area.actor = self.actor
        items.choices = item_choices()  # type: ignore[attr-defined]

    def act(self, *, at: datetime) -> object:
        data = self.cleaned_data
        return authorise_institute(
            institute_id=self.institute_id, item_ids=data["items"], area_id=int(data["area"].value),
            daily_capacity=data["daily_capacity"], paper=self.paper(), by=self.actor, at=at,
        )  # fmt: skip


class StandardForm(CapabilityForm):
    kind = Capability.STANDARD
    label, intro = _("登记计量标准"), _("计量标准或溯源过期后，不能用于检定。")
    field_order: Any = ["name", "measuring_range", "accuracy", "certificate_number", "valid_from", "valid_to"]

    name = forms.CharField(label=_("计量标准名称"), max_length=120)
    measuring_range = forms.CharField(label=_("测量范围"), max_length=120, required=False)
    accuracy = forms.CharField(label=_("不确定度/准确度等级/最大允许误差"), max_length=120, required=False)
    traced_until = day_field(_("溯源有效期至"), required=False)
    items = items_field(_("适用目录项"))

    def prepare(self) -> None:
        self.fields["items"].choices = item_choices()  # type: ignore[attr-defined]

    def act(self, *, at: datetime) -> object:
        data = self.cleaned_data
        facts = StandardFacts(data["name"], data["measuring_range"], data["accuracy"], data["traced_until"])
        return enter_standard(
            institute_id=self.institute_id, item_ids=data["items"], facts=facts, paper=self.paper(),
            by=self.actor, at=at,
        )  # fmt: skip


class QualificationForm(CapabilityForm):
    kind = Capability.QUALIFICATION
    label, intro = _("登记人员资格"), _("检定、核验、批准须由三个不同的人办理，各在资格有效期内。")
    field_order: Any = ["user", "duty", "item", "certificate_number", "valid_from", "valid_to"]

    user = forms.TypedChoiceField(label=_("人员"), coerce=int)
    duty = forms.ChoiceField(label=_("职责"), choices=StaffDuty.choices)
    item = PickField(
        label=_("目录项"), source="items", required=False, help_text=_("不选表示对所有目录项有资格。")
    )

    def prepare(self) -> None:
        people = people_of(self.institute_id, timezone.localdate())
        choices = [("", _("请选择")), *((person.pk, person.name) for person in people)]
        self.fields["user"].choices = choices  # type: ignore[attr-defined]
        item = self.fields["item"]
        if isinstance(item, PickField):
            item.actor = self.actor

    def act(self, *, at: datetime) -> object:
        data = self.cleaned_data
        return qualify_person(
            institute_id=self.institute_id, user_id=data["user"], duty=StaffDuty(data["duty"]),
            item_id=int(data["item"].value) if data["item"] else None, paper=self.paper(), by=self.actor,
            at=at,
        )  # fmt: skip


class ContactForm(forms.Form):
    """How the institute is reached."""

    address = forms.CharField(label=_("地址"), max_length=LONGEST_ADDRESS)
    telephone = forms.CharField(label=_("联系电话"), max_length=LONGEST_TELEPHONE)

    def act(self, institute_id: int, *, by: Actor, at: datetime) -> None:
        """Write it down.

        Raises:
            RuleBroken: with the reason that the page shows.
        """
        describe_institute(institute_id=institute_id, by=by, at=at, **self.cleaned_data)


class EndForm(forms.Form):
    """From when a row does not hold any more, and why."""

    last_day = day_field(_("最后有效的一天"), today=True)
    reason = long_field(_("提前终止的原因"))

    def act(self, kind: Capability, row_id: int, *, by: Actor, at: datetime) -> None:
        """End the row.

        Raises:
            RuleBroken: with the reason that the page shows.
        """
        data = self.cleaned_data
        end_capability(
            kind=kind, row_id=row_id, last_day=data["last_day"], reason=data["reason"], by=by, at=at
        )


FORM_OF_KIND: dict[str, type[CapabilityForm]] = {
    str(form.kind): form for form in (AuthorisationForm, StandardForm, QualificationForm)
}
