"""`quanheng dcc show|validate|make`: digital calibration certificates on files, without a database."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from quanheng.adapters.dcc.case import case_of, read_case, schema_text
from quanheng.adapters.dcc.reading import Reading, read
from quanheng.adapters.dcc.schemas import schema_faults
from quanheng.adapters.dcc.showing import lines
from quanheng.adapters.dcc.signatures import is_signed, verify
from quanheng.adapters.dcc.signing import sign
from quanheng.adapters.dcc.trust import Trust, lists_among, load_anchors, load_revocation_list
from quanheng.adapters.dcc.writing import write
from quanheng.metrology.calibration_certificate.checking import check
from quanheng.packs.case_fault import CaseFault

SCHEMA_VARIABLE = "QUANHENG_DCC_SCHEMA"


class Command(BaseCommand):
    help = "Read, check or make a digital calibration certificate (PTB DCC): show, validate, make, schema."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        show = steps.add_parser("show", help="print what a certificate says; it vouches for nothing")
        show.add_argument("file", type=Path)
        show.add_argument("--json", action="store_true", help="as the case that `make` reads")
        validate = steps.add_parser("validate", help="exit 0 only when every check that was asked for holds")
        validate.add_argument("file", type=Path)
        validate.add_argument("--anchor", type=Path, help="PEM file of the certificates that are trusted")
        validate.add_argument(
            "--crl", type=Path, action="append", default=[], help="revocation list, PEM or DER; repeatable"
        )
        validate.add_argument(
            "--at", type=_instant, help="judge certificates at this instant (ISO 8601 with zone); now"
        )
        validate.add_argument("--schema", type=Path, help=f"dcc.xsd; {SCHEMA_VARIABLE} when left out")
        steps.add_parser("schema", help="print the JSON Schema of a case")
        make = steps.add_parser(
            "make", help="write a certificate from a JSON case, signed when a key is given"
        )
        make.add_argument("case", type=Path)
        make.add_argument("-o", "--output", type=Path, required=True)
        make.add_argument("--key", type=Path, help="PEM file of the private key")
        make.add_argument(
            "--certificate", type=Path, help="PEM file of the signer's certificate and its chain"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        steps = {"show": self._show, "validate": self._validate, "make": self._make, "schema": self._schema}
        try:
            steps[options["step"]](options)
        except CaseFault as fault:
            raise CommandError(str(fault)) from None

    def _show(self, options: dict[str, Any]) -> None:
        data = _read(options["file"])
        reading = read(data)
        if options["json"]:
            self.stdout.write(json.dumps(case_of(reading.certificate), ensure_ascii=False, indent=2))
            return
        for line in lines(reading, is_signed=is_signed(data)):
            self.stdout.write(line)

    def _schema(self, _: dict[str, Any]) -> None:
        self.stdout.write(schema_text(), ending="")

    def _validate(self, options: dict[str, Any]) -> None:
        if options["crl"] and not options["anchor"]:
            raise CommandError("--crl without --anchor: a revocation list is checked against a chain")
        data = _read(options["file"])
        held = [self._holds(name, one) for name, one in _Checks(data, options)]
        if not options["anchor"]:
            self.stdout.write("not asked    signature: give --anchor; nothing here says who wrote this file")
        elif not options["crl"] and not lists_among(_read(options["anchor"])):
            self.stdout.write(
                "not asked    revocation: give --crl; a list in the file itself may be an old one"
            )
        if not _schema(options):
            self.stdout.write(f"not checked  schema: no schema was given (--schema or {SCHEMA_VARIABLE})")
        if not all(held):
            sys.exit(1)

    def _holds(self, name: str, one: Callable[[], str]) -> bool:
        try:
            found = one()
        except CaseFault as fault:
            self.stdout.write(f"FAILS        {name}: {fault} [{fault.code}]")
            return False
        self.stdout.write(f"holds        {name}{f': {found}' if found else ''}")
        return True

    def _make(self, options: dict[str, Any]) -> None:
        if bool(options["key"]) != bool(options["certificate"]):
            raise CommandError("--key and --certificate go together")
        certificate = read_case(_read(options["case"]))
        if options["key"]:
            data = sign(certificate, _read(options["key"]), _read(options["certificate"]))
        else:
            data = write(certificate)
        try:
            options["output"].write_bytes(data)
        except OSError as fault:
            raise CommandError(f"{options['output']} cannot be written: {fault.strerror}") from None
        self.stdout.write(
            f"{options['output']}: {'signed' if options['key'] else 'not signed'}, {len(data)} bytes"
        )


class _Checks:
    """The checks that were asked for. With an anchor, the content is that of the signed bytes alone."""

    def __init__(self, data: bytes, options: dict[str, Any]) -> None:
        self._data = data
        self._options = options
        self._reading: Reading | None = None

    def __iter__(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield ("signature", self.signature) if self._options["anchor"] else ("document", self.document)
        yield "content", self.content
        if _schema(self._options):
            yield "schema", self.schema

    def signature(self) -> str:
        anchors = _read(self._options["anchor"])
        given = (load_revocation_list(_read(file)) for file in self._options["crl"])
        lists = (*given, *lists_among(anchors))
        trust = Trust(load_anchors(anchors), self._options["at"] or timezone.now(), lists)
        verified = verify(self._data, trust)
        self._reading = verified.reading
        kind = "XAdES" if verified.is_xades else "XML-DSig"
        revocation = ", not revoked" if lists else ""
        return f"{kind} by {verified.signer}, valid at {trust.at.isoformat()}{revocation}"

    def document(self) -> str:
        self._reading = read(self._data)
        return f"DCC {self._reading.certificate.schema_version}"

    def content(self) -> str:
        if self._reading is None:
            raise CaseFault("", "not_read", "前一项检查未通过，没有读取任何内容。")
        check(self._reading.certificate)
        return f"{self._reading.certificate.core.unique_identifier}: units, lists, coverage"

    def schema(self) -> str:
        schema = _schema(self._options)
        found = schema_faults(self._data, schema) if schema else ()
        if found:
            raise CaseFault("", "schema", "；".join(found))
        return str(schema)


def _schema(options: dict[str, Any]) -> Path | None:
    configured = os.environ.get(SCHEMA_VARIABLE)
    return options["schema"] or (Path(configured) if configured else None)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("no time zone")
    return instant


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise CommandError(f"{file} cannot be read: {fault.strerror}") from None
