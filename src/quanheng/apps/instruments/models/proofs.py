"""What entered the ledger in bulk, kept so that the log can be held against it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryProof(models.Model):
    """The rows that one act of an import brought into the ledger, every column of them as they entered.

    The act says their SHA-256; acts of instruments say what they changed since. Rows are inserted with the
    act and never change. `content` is what `instruments.ledger_lines` writes, compressed by zlib.
    """

    act_id = models.BigIntegerField(_("操作记录编号"), primary_key=True)
    instruments = models.PositiveIntegerField(_("器具数"))
    content = models.BinaryField(_("入账内容"))

    class Meta:
        verbose_name = _("入账凭据")
