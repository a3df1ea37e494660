"""The acts of the log itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from quanheng.kit.acts import InPublicLog, acts_of

act = acts_of("audit", in_public_log=InPublicLog.HASH_ALONE)

LIST_EXPORTED = act("list_exported", _("导出清单"))
DRAW_COMMITTED = act(
    "draw_committed",
    _("公布抽查承诺"),
    meaning="What will be drawn from, how many and by which seed is fixed before anybody can know the seed",
    in_public_log=InPublicLog.NAMED,
    public_facts=("draw_id", "digest", "round"),
    enforcement=True,
)
