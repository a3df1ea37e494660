"""Forms of what is found on site: photos, the place, who was there as well."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.colleagues import colleagues
from quanheng.apps.instruments.services.on_site import OnSite
from quanheng.web.instruments.act_form import ActForm
from quanheng.web.photos_field import PhotosField

COMPARED = [("unknown", _("未核对")), ("true", _("一致")), ("false", _("不一致"))]
NOBODY = ("", _("没有其他人员"))


def _degrees(label: Any, least: int, most: int, **attrs: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, max_digits=9, decimal_places=6, min_value=Decimal(least),
        max_value=Decimal(most), widget=forms.NumberInput(attrs={"step": "any", **attrs}),
    )  # fmt: skip


class OnSiteForm(ActForm):
    """An act on site; what of it is asked first is said by `field_order`."""

    place_matches = forms.NullBooleanField(label=_("地点与台账一致"), required=False)
    found_place = forms.CharField(
        label=_("实际所在地点"), max_length=120, required=False, help_text=_("地点与台账不一致时填写。")
    )
    photos = PhotosField(label=_("照片"), required=False)
    second_officer = forms.ChoiceField(
        label=_("共同检查人"),
        choices=(),
        required=False,
        help_text=_("当时同在现场的另一名人员，由您如实填写。"),
    )
    longitude = _degrees(_("经度"), -180, 180, **{"data-locate": _("用手机定位填写经纬度")})
    latitude = _degrees(_("纬度"), -90, 90)

    def prepare(self) -> None:
        it, by = self.instrument, self.actor
        filed = " · ".join(filter(None, (it.entity.name, it.place)))
        self.fields["place_matches"].help_text = _("台账：%(place)s") % {"place": filed}
        self.compare("place_matches")
        self.choice("second_officer").choices = [
            NOBODY, *((str(each.user_id), _who(each.name, each.agency_name))
                      for each in colleagues(by, it.area_id, timezone.localdate()))
        ]  # fmt: skip
        photos = self.fields["photos"]
        if isinstance(photos, PhotosField):
            photos.user_id = by.user_id

    def compare(self, name: str) -> None:
        """Let a field say that it was not looked at."""
        self.choice(name).widget.choices = COMPARED

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("place_matches") is False and not (data.get("found_place") or "").strip():
            self.add_error("found_place", _("请填写实际所在地点。"))
        if (data.get("longitude") is None) != (data.get("latitude") is None):
            self.add_error("longitude", _("经度和纬度请一并填写，或都不填。"))
        return data

    def seen(self) -> OnSite:
        """Return what was seen, for the service."""
        data = self.cleaned_data
        where = (data["longitude"], data["latitude"]) if data["longitude"] is not None else None
        return OnSite(
            photos=tuple(data["photos"]), position=where,
            second_officer_id=int(data["second_officer"]) if data["second_officer"] else None,
            place_matches=data["place_matches"], found_place=data["found_place"],
        )  # fmt: skip


def _who(name: str, agency: str) -> str:
    return f"{name}（{agency}）" if agency else name
