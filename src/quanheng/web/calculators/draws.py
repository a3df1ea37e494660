"""A draw recomputed from its proof, by whoever was drawn or was not."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from quanheng.adapters.public_log.commitments import published_commitment
from quanheng.apps.accounts.demonstration import is_demonstration
from quanheng.calculations.calculation import Example
from quanheng.regulation.draw.publication import Publication, with_publication
from quanheng.regulation.draw.verification import Verification
from quanheng.web.calculators.draw_apart import verify_apart
from quanheng.web.calculators.forms import box
from quanheng.web.calculators.report import Report, Sheet
from quanheng.web.parts import Fact, Tone

LARGEST = 20 * 2**20  # bytes: the proof of a province with its frame


EXAMPLES = (
    Example(
        "quarter",
        gettext_noop("加油机抽查，两个县 51 台"),
        gettext_noop("种子为 drand quicknet 第 657413 轮"),
        {},
    ),
)


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

    def verify(self) -> tuple[Verification, Publication | None]:
        """Recompute the draw, and look into the log.

        Raises:
            CaseFault, RuleBroken (too_heavy), NotNow (busy).
        """
        given = self.cleaned_data
        found = verify_apart(
            given["proof_file"] or given["proof"].strip(),
            given["frame_file"] or None,
            given["inspectors_file"] or None,
            demonstration=is_demonstration(),
        )
        publication = published_commitment(found.draw_id)
        return with_publication(found, publication), publication


def report(found: Verification, publication: Publication | None) -> Report:
    """Say whether the draw is what its proof says, what the log says of it, and exactly what differs."""
    count = len(found.differences)
    rows = [(one.field, one.stated or "—", one.computed or "—", one.message) for one in found.differences]
    head = (_("位置"), _("证明中写的"), _("重算得到的"), _("说明"))
    tone, verdict = _verdict(found, count)
    return Report(
        tone=tone,
        verdict=verdict,
        text=_("公开记录中的时间由本平台写入；与他人此前保存的记录副本比较，即可核对。"),
        facts=[
            Fact(_("抽查编号"), found.draw_id),
            Fact(_("承诺散列"), found.commitment_digest, code=True),
            Fact(_("承诺公布"), _published(publication)),
            Fact(_("种子公布"), _moment(found.known_at) if found.known_at else _("由各方揭示，时间不详")),
            Fact(_("重算的抽中数"), found.drawn),
        ],
        sheets=(Sheet(_("不符之处"), head, rows),) if rows else (),
    )


def _verdict(found: Verification, count: int) -> tuple[Tone, str]:
    if found.holds:
        return Tone.OK, _("抽查结果一致：承诺在先，重算与公布相符")
    if {one.field for one in found.differences} == {"log"}:
        return Tone.DUE, _("重算与公布一致，但公开记录中没有这次抽查的承诺")
    return Tone.BAD, _("抽查结果与证明不符：%(count)d 处") % {"count": count}


def _published(publication: Publication | None) -> str:
    if publication is None:
        return _("公开记录中没有")
    facts = {"index": publication.index, "at": _moment(publication.at)}
    return _("公开记录第 %(index)d 条，%(at)s") % facts


def _moment(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M:%S}"
