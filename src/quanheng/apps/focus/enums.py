"""How an entity stands on the focus list, or before it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FocusState(TextChoices):
    """Whose turn it is: the office's while something is proposed; nobody's once it is over."""

    PROPOSED = "proposed", _("待决定是否列入")
    LISTED = "listed", _("已列入")
    EXIT_PROPOSED = "exit_proposed", _("已列入，待决定是否移出")
    DECLINED = "declined", _("不予列入")
    WITHDRAWN = "withdrawn", _("提议已失效")
    LEFT = "left", _("已移出")
    LIFTED = "lifted", _("已撤销")


ON_LIST = (FocusState.LISTED, FocusState.EXIT_PROPOSED)
OPEN = (FocusState.PROPOSED, *ON_LIST)
OVER = (FocusState.DECLINED, FocusState.LEFT, FocusState.LIFTED)
