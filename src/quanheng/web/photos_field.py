"""Photos (and, where it is said, PDF) as a field of a form: kept as they come in, so that a refusal loses
none.

What was kept stands in the form as a signed token for the person who sent it, and is not sent a second
time; its box unticked takes it off again. What no act names is deleted in the night: a token counts from the
hour in which the file came in, however often the form is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core import signing
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from quanheng.kit.attached_files import DOCUMENT, PHOTO, KeptFile, keep_document, keep_photo, read_kept
from quanheng.kit.pictures import MOST_BYTES
from quanheng.kit.refusal import RuleBroken

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

SALT: Final = "quanheng.attached"
SECONDS: Final = 20 * 3600  # shorter than a file that nothing names is kept
MOST: Final = 6


class PhotosInput(forms.FileInput):
    """Chooses several files, and shows those that came in already."""

    allow_multiple_selected = True
    kept: Mapping[KeptFile, str] = MappingProxyType({})  # with the token under which it came back, or ""
    user_id: int | None = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[list[Any], list[str]]:
        sent = files.getlist(name) if hasattr(files, "getlist") else []
        tokens = data.getlist(f"{name}_kept") if hasattr(data, "getlist") else []
        return sent, tokens

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and f"{name}_kept" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw it; no browser fills in the name of a file that was chosen before, so `value` is not shown."""
        del value
        control = super().render(name, None, attrs, renderer)
        tokens = [(file.kind, token or _token(file, self.user_id)) for file, token in self.kept.items()]
        return render_to_string("ui/photos.html", {"control": control, "name": name, "tokens": tokens})


class PhotosField(forms.Field):
    """Cleans to a list of `KeptFile`. The form says for whom: ``self.fields["photos"].user_id =
    actor.user_id``.

    Args:
        documents: PDF is taken as well.
    """

    widget: PhotosInput

    def __init__(self, *, label: Any, documents: bool = False, **options: Any) -> None:
        accept = "image/jpeg,image/png,image/webp" + (",application/pdf" if documents else "")
        hint = _("最多 6 份，每份不超过 8 MB；照片中的拍摄位置等信息不保存。")
        widget = PhotosInput(attrs={"accept": accept, "multiple": True})
        super().__init__(label=label, widget=widget, help_text=options.pop("help_text", hint), **options)
        self.documents = documents

    @property
    def user_id(self) -> int | None:
        return self.widget.user_id

    @user_id.setter
    def user_id(self, user_id: int | None) -> None:
        self.widget.user_id = user_id

    def clean(self, value: Any) -> list[KeptFile]:
        """Keep what was sent.

        Raises:
            ValidationError: one cannot be read, there are too many, or none where one is needed.
        """
        sent, tokens = value or ([], [])
        tokens = list(dict.fromkeys(tokens))
        found = {file: token for token in tokens[:MOST] if (file := _read_token(token, self.user_id))}
        faults: list[str] = []
        if lost := min(len(tokens), MOST) - len(found):
            faults.append(str(_("此前收到的 %(count)d 份已失效，请重新选择后再提交。")) % {"count": lost})
        for file in sent[: MOST - len(found)]:
            try:
                found[self._keep(file)] = ""
            except RuleBroken as refusal:
                faults.append(f"{file.name}：{refusal.message}")
        self.widget.kept = found
        if len(tokens) + len(sent) > MOST:
            faults.append(str(_("一次最多 6 份，其余的没有收下。")))
        if faults:
            raise forms.ValidationError(faults)
        if self.required and not found:
            raise forms.ValidationError(self.error_messages["required"])
        return list(found)

    def _keep(self, file: UploadedFile[Any]) -> KeptFile:
        data = file.read(MOST_BYTES + 1)
        if self.documents and data.startswith(b"%PDF-"):
            return keep_document(data)
        return keep_photo(data)


def _token(file: KeptFile, user_id: int | None) -> str:
    return signing.dumps([file.name, file.digest, file.kind, user_id], salt=SALT)


def _read_token(token: str, user_id: int | None) -> KeptFile | None:
    """Return the file that a token names: this person's, and still there."""
    try:
        name, digest, kind, owner = signing.loads(token, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    known = owner == user_id and kind in {PHOTO, DOCUMENT} and read_kept(str(name)) is not None
    return KeptFile(str(name), str(digest), str(kind)) if known else None
