"""XML from strangers: no entity, no document type, no network; limits on size, depth and elements."""

from __future__ import annotations

import codecs
import re
from typing import Any, Final

from lxml import etree

from quanheng.packs.case_fault import CaseFault

DCC: Final = "https://ptb.de/dcc"
SI: Final = "https://ptb.de/si"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
NAMESPACES: Final = {"dcc": DCC, "si": SI, "ds": DS}
ROOT: Final = f"{{{DCC}}}digitalCalibrationCertificate"

LARGEST: Final = 16 * 1024 * 1024  # bytes; a certificate with its PDF inside has a few megabytes
DEEPEST: Final = 64  # levels; the official examples have 16
MOST_ELEMENTS: Final = 100_000
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']""")


def parse(data: bytes) -> Any:
    """Return the root element of a certificate.

    Args:
        data: the file; UTF-8 with or without a byte order mark.

    Raises:
        CaseFault: ``too_large``, ``not_utf8``, ``document_type`` (entities hide there), ``not_xml``,
            ``too_deep``, ``too_many_elements`` or ``not_a_certificate``.
    """
    text = _guarded(data)
    try:
        root = etree.fromstring(text, parser())
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise _fault("not_xml", f"不是格式正确的 XML：{fault}。") from None
    if root.tag != ROOT:
        raise _fault("not_a_certificate", "根元素不是 dcc:digitalCalibrationCertificate，不是数字校准证书。")
    _measure(root)
    return root


def parser(*, keep_comments: bool = True) -> Any:
    """Return a parser that resolves nothing and fetches nothing."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=not keep_comments,
        remove_pis=not keep_comments,
    )


def without_comments(element: Any) -> Any:
    """Return a copy of an element without comments and processing instructions.

    A comment splits a text: `0.1<!-- -->5` has the text 0.1 for whoever asks carelessly.
    """
    return etree.fromstring(
        etree.tostring(element, with_tail=False, encoding="utf-8"), parser(keep_comments=False)
    )


def canonical(element: Any) -> bytes:
    """Return the canonical bytes of an element (C14N 1.0, exclusive, no comments)."""
    return bytes(etree.tostring(element, method="c14n", exclusive=True, with_comments=False))


def _guarded(data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise _fault("too_large", f"文件超过 {LARGEST // 1024 // 1024} MB：请去除附件后重试。")
    text = data.removeprefix(codecs.BOM_UTF8)
    declared = _DECLARED.match(text)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        raise _fault("not_utf8", "文件不是 UTF-8 编码：数字校准证书必须使用 UTF-8。") from None
    if declared and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        raise _fault("not_utf8", f"声明的编码为 {declared[1].decode()}：数字校准证书必须使用 UTF-8。")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise _doctype()
    return text


def _measure(root: Any) -> None:
    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > DEEPEST:
            raise _fault("too_deep", f"XML 嵌套超过 {DEEPEST} 层。")
        if count > MOST_ELEMENTS:
            raise _fault("too_many_elements", f"XML 元素超过 {MOST_ELEMENTS} 个。")


def _doctype() -> CaseFault:
    return _fault(
        "document_type", "含有文档类型或实体声明（DOCTYPE、ENTITY）：数字校准证书不得使用，已拒绝读取。"
    )


def _fault(code: str, message: str) -> CaseFault:
    return CaseFault("", code, message)
