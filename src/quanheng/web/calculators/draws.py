"""A draw recomputed from its proof, by whoever was drawn or was not."""

from __future__ import annotations

from importlib import resources
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.calculations.calculation import Example
from quanheng.regulation.draw.verification import Verification
from quanheng.web.calculators.draw_apart import verify_apart
from quanheng.web.calculators.forms import box
from quanheng.web.calculators.report import Report, Sheet
from quanheng.web.parts import Fact, Tone

LARGEST = 20 * 2**20  # bytes: the proof of a province with its frame


EXAMPLES = (Example("quarter", "加油机抽查，两个县 51 台", "种子为 drand quicknet 第 657413 轮", {}),)


def example_proof() -> str:
    """Return the proof that the page offers to try."""
    return resources.files("quanheng.web.calculators").joinpath("data", "proof.json").read_text("utf-8")


class DrawForm(forms.Form):
    """The proof, as a file or pasted; frames that it leaves out."""

    proof_file = forms.FileField(label=gettext_lazy("证明文件 proof.json"), required=False)
    proof = forms.CharField(
        label=gettext_lazy("或粘贴证明的内容"), required=False, widget=box(6), strip=False
    )
    frame_file = forms.FileField(
        label=gettext_lazy("抽样框 frame.csv"),
        required=False,
        help_text=gettext_lazy("证明中没有抽样框时提供。"),
    )
    inspectors_file = forms.FileField(
        label=gettext_lazy("检查人员 inspectors.csv"), required=False,
        help_text=gettext_lazy("证明中没有检查人员名单时提供。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("proof_file", "frame_file", "inspectors_file"):
            if given.get(name):
                given[name] = self._text(name, given[name])
        if bool(given.get("proof")) == bool(given.get("proof_file")):
            self.add_error("proof_file", ValidationError(_("请选择证明文件，或粘贴其内容，二者选一。")))
        return given

    def _text(self, name: str, file: Any) -> str:
        if file.size > LARGEST:
            self.add_error(
                name, ValidationError(_("文件不能大于 %(size)d MB。") % {"size": LARGEST // 2**20})
            )
            return ""
        try:
            return str(file.read().decode("utf-8"))
        except UnicodeDecodeError:
            self.add_error(name, ValidationError(_("文件不是 UTF-8 文本，请选择抽查公布的原文件。")))
            return ""

    def verify(self) -> Verification:
        """Recompute the draw. Raises CaseFault, RuleBroken (too_heavy), NotNow (busy)."""
        given = self.cleaned_data
        return verify_apart(
            given["proof_file"] or given["proof"].strip(),
            given["frame_file"] or None,
            given["inspectors_file"] or None,
        )


def report(found: Verification) -> Report:
    """Say whether the draw is what its proof says, and exactly what differs."""
    count = len(found.differences)
    rows = [(one.field, one.stated or "—", one.computed or "—", one.message) for one in found.differences]
    head = (_("位置"), _("证明中写的"), _("重算得到的"), _("说明"))
    return Report(
        tone=Tone.OK if found.holds else Tone.BAD,
        verdict=_("抽查结果属实：重算与公布一致")
        if found.holds
        else _("抽查结果与证明不符：%(count)d 处") % {"count": count},
        text=_("还请核对：下面的承诺散列，应在随机数产生之前就已公布。"),
        facts=[
            Fact(_("抽查编号"), found.draw_id),
            Fact(_("承诺散列"), found.commitment_digest, code=True),
            Fact(_("重算的抽中数"), found.drawn),
        ],
        sheets=(Sheet(_("不符之处"), head, rows),) if rows else (),
    )
