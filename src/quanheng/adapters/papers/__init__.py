"""Documents for the file cabinet: an entity's file, a closing report; PDF pages set by typst."""

from quanheng.adapters.papers.press import Document, print_document

__all__ = ["Document", "print_document"]
