"""What somebody typed and could not send, kept until they send it: the row, and what is sealed in it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.kit.fields import EncryptedTextField
from quanheng.kit.scope import ScopedManager


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form carried.

    Args:
        page: address of the page that shows the form.
        target: address that it was sent to.
        fields: name and value, in the order in which the browser sent them.
        files: names of the files that were chosen; the files themselves are not kept.
    """

    page: str
    target: str
    fields: list[tuple[str, str]]
    files: list[str]

    def sealed(self) -> str:
        """Return it as text, for an encrypted column."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def opened(cls, text: str) -> Typed:
        """Undo `sealed`."""
        kept = json.loads(text)
        fields = [(str(name), str(value)) for name, value in kept["fields"]]
        return cls(kept["page"], kept["target"], fields, kept["files"])


class KeptForm(models.Model):
    """A form that was sent and not taken in, or a step of several: shown again, unsent, to who typed it.

    It belongs to one person in one browser. Addresses and content are sealed; the columns hold keyed hashes.
    """

    scope_fields = {"person": "user_id"}

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="+", db_index=False, verbose_name=_("用户")
    )
    browser = models.CharField(_("浏览器检索值"), max_length=32)
    page_key = models.CharField(_("页面检索值"), max_length=32)
    target_key = models.CharField(_("提交地址检索值"), max_length=32)
    content = EncryptedTextField(_("填写内容"))
    is_step = models.BooleanField(_("分步办理"), default=False)
    kept_at = models.DateTimeField(_("保留时间"))
    expires_at = models.DateTimeField(_("过期时间"))

    objects = ScopedManager["KeptForm"]()

    class Meta:
        verbose_name = _("保留的填写内容")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "browser", "page_key", "target_key"], name="form_kept_once"
            )
        ]
        indexes = [models.Index(fields=["expires_at"], name="kept_form_expiring")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kept_at:%Y-%m-%d %H:%M}"

    @property
    def typed(self) -> Typed:
        """Open what is sealed."""
        return Typed.opened(self.content)
