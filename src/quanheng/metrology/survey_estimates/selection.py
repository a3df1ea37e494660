"""How a sample was drawn: whoever takes units for independent asks, so that nobody forgets to say."""

from __future__ import annotations

from enum import StrEnum

from quanheng.packs.case_fault import CaseFault


class Selection(StrEnum):
    """What was drawn: each unit for itself, or whole clusters, such as all dispensers of a station."""

    UNIT = "unit"
    CLUSTER = "cluster"


def check_drawn_by_unit(selection: Selection, field: str = "selection") -> None:
    """Refuse a sample of clusters where every unit would be taken for independent.

    What stands together fails together: the error would come out too small, and the interval too narrow.

    Raises:
        CaseFault: ignores_clusters, with the estimator to use.
    """
    if selection is not Selection.UNIT:
        message = "样本是整群抽取的，这种估计把每个单元当作独立，误差会偏小；请改用分层整群估计。"
        raise CaseFault(field, "ignores_clusters", message)
