"""Forms of attached files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.acts import ATTACHMENT_WITHDRAWN
from quanheng.web.asking import SureField
from quanheng.web.fields import long_field
from quanheng.web.photos_field import PhotosField


class AttachForm(forms.Form):
    """What is attached, and what it is called."""

    title = forms.CharField(
        label=_("名称"), max_length=80, required=False, help_text=_("如“营业执照”“门头照片”")
    )
    photos = PhotosField(label=_("照片或 PDF 文件"), documents=True)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["photos"]
        if isinstance(field, PhotosField):
            field.user_id = actor.user_id


class WithdrawForm(forms.Form):
    """Why a file is taken off."""

    reason = long_field(_("撤下的原因"), hint=_("如“拍错了器具”“照片里有无关人员”。原因记入操作记录。"))
    sure = SureField(ATTACHMENT_WITHDRAWN)
