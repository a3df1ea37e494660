"""The acts of the log itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit.acts import InPublicLog, acts_of

act = acts_of("audit", in_public_log=InPublicLog.HASH_ALONE)

LIST_EXPORTED = act("list_exported", _("导出清单"))
