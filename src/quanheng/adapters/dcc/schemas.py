"""Whether a certificate keeps the XSD, when there is one.

The schemas of PTB are under LGPL-3 and no package ships them: whoever has them says where (`--schema`,
QUANHENG_DCC_SCHEMA). What they import is looked for beside them, never on the network.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import signxml
from lxml import etree

from quanheng.adapters.dcc.documents import parse
from quanheng.packs.case_fault import CaseFault

XMLDSIG = Path(signxml.__file__).parent / "schemas" / "xmldsig-core-schema.xsd"
OUTSIDE = ("http:", "https:", "ftp:")
MOST_FAULTS = 20


class _Beside(etree.Resolver):  # type: ignore[misc] # lxml has no types
    """Finds an imported schema by its file name in the folder of the one that was given."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def resolve(self, url: str, _public_id: Any, context: Any) -> Any:
        name = url.rsplit("/", 1)[-1]
        for file in (self._folder / name, *([XMLDSIG] if name.startswith("xmldsig") else [])):
            if file.is_file():
                return self.resolve_filename(str(file), context)
        return self.resolve_empty(context) if url.startswith(OUTSIDE) else None


def schema_faults(data: bytes, schema: Path) -> tuple[str, ...]:
    """Return what the schema finds wrong, at most 20 faults; none means that the certificate keeps it.

    Raises:
        CaseFault: ``no_schema`` when the schema or one that it imports cannot be used; otherwise as
            `documents.parse`.
    """
    root = parse(data)
    xsd = _load(schema)
    if xsd.validate(root):
        return ()
    return tuple(f"第 {fault.line} 行：{fault.message}" for fault in xsd.error_log)[:MOST_FAULTS]


def _load(schema: Path) -> Any:
    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    reader.resolvers.add(_Beside(schema.parent))
    try:
        return etree.XMLSchema(etree.parse(str(schema), reader))
    except (OSError, etree.LxmlError) as fault:
        raise CaseFault(
            "schema", "no_schema", f"模式文件 {schema.name} 或其引用的文件不能使用：{str(fault)[:200]}。"
        ) from None
