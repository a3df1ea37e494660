"""`quanheng dcc show|validate|make` as somebody at a terminal uses it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command

from quanheng.adapters.dcc.case import case_of
from quanheng.adapters.dcc.writing import write
from tests.adapters.dcc.authority import laboratory, revocation_list, root
from tests.adapters.dcc.certificates import CERTIFICATE

AT = "2026-11-23T00:00:00+00:00"
SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="https://ptb.de/dcc"
  xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
 <xs:import namespace="http://www.w3.org/2000/09/xmldsig#" schemaLocation="https://x/xmldsig-core-schema.xsd"/>
 <xs:element name="digitalCalibrationCertificate"><xs:complexType><xs:sequence>
  <xs:any processContents="lax" maxOccurs="{most}" namespace="##any"/></xs:sequence>
  <xs:anyAttribute processContents="skip"/></xs:complexType></xs:element>
</xs:schema>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "case.json").write_text(json.dumps(case_of(CERTIFICATE)), "utf-8")
    (tmp_path / "key.pem").write_bytes(laboratory().key_pem)
    (tmp_path / "chain.pem").write_bytes(laboratory().pem)
    (tmp_path / "anchor.pem").write_bytes(root().pem)
    (tmp_path / "clean.crl").write_bytes(revocation_list().public_bytes(Encoding.DER))
    revoked = revocation_list(laboratory().certificate)
    (tmp_path / "revoked.crl").write_bytes(revoked.public_bytes(Encoding.PEM))
    (tmp_path / "plain.xml").write_bytes(write(CERTIFICATE))
    make(tmp_path, "signed.xml", key="key.pem", certificate="chain.pem")
    return tmp_path


def make(folder: Path, output: str, case: str = "case.json", **options: str) -> None:
    files = {name: folder / file for name, file in options.items()}
    call_command("dcc", "make", str(folder / case), output=folder / output, **files)


def validate(folder: Path, file: str, *crl: str, **options: Any) -> None:
    call_command("dcc", "validate", str(folder / file), crl=[folder / one for one in crl], **options)


def test_make_show_and_make_again_give_the_same_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    call_command("dcc", "show", str(folder / "plain.xml"), json=True)
    (folder / "again.json").write_text(capsys.readouterr().out, "utf-8")
    make(folder, "again.xml", case="again.json")
    assert (folder / "again.xml").read_bytes() == (folder / "plain.xml").read_bytes()


def test_show_says_what_it_says_and_that_it_vouches_for_nothing(folder: Path, capsys: Any) -> None:
    capsys.readouterr()
    call_command("dcc", "show", str(folder / "signed.xml"))
    told = capsys.readouterr().out
    assert "JD-2026-0001" in told
    assert "`quanheng dcc validate` verifies it" in told


def test_validate_holds_for_a_trusted_unrevoked_certificate(folder: Path, capsys: Any) -> None:
    validate(folder, "signed.xml", "clean.crl", anchor=folder / "anchor.pem", at=_instant())
    told = capsys.readouterr().out
    assert "holds        signature: XAdES by CN=Laboratory" in told
    assert "not revoked" in told
    assert "not checked  schema" in told


def test_validate_says_what_was_not_asked(folder: Path, capsys: Any) -> None:
    validate(folder, "plain.xml")
    assert "not asked    signature" in capsys.readouterr().out
    validate(folder, "signed.xml", anchor=folder / "anchor.pem", at=_instant())
    assert "not asked    revocation" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "crl", "words"),
    [
        ("signed.xml", ["revoked.crl"], "revoked"),
        ("plain.xml", [], "not_signed"),
        ("changed.xml", [], "manipulated"),
    ],
)
def test_validate_ends_with_one_when_something_fails(
    file: str, crl: list[str], words: str, folder: Path, capsys: Any
) -> None:
    changed = (folder / "signed.xml").read_bytes().replace(b">1500<", b">1501<")
    (folder / "changed.xml").write_bytes(changed)
    with pytest.raises(SystemExit) as end:
        validate(folder, file, *crl, anchor=folder / "anchor.pem", at=_instant())
    assert end.value.code == 1
    told = capsys.readouterr().out
    assert f"[{words}]" in told
    assert "没有读取任何内容" in told


@pytest.mark.parametrize("configured", [False, True])
def test_a_manipulated_file_keeps_the_schema_all_the_same(
    configured: bool, folder: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = folder / "dcc.xsd"
    schema.write_text(SCHEMA.format(most="unbounded"))
    changed = (folder / "signed.xml").read_bytes().replace(b">1500<", b">1501<")
    (folder / "changed.xml").write_bytes(changed)
    options = {"anchor": folder / "anchor.pem", "at": _instant()}
    if configured:
        monkeypatch.setenv("QUANHENG_DCC_SCHEMA", str(schema))
    else:
        options["schema"] = schema
    with pytest.raises(SystemExit):
        validate(folder, "changed.xml", **options)
    told = capsys.readouterr().out
    assert "FAILS        signature" in told
    assert "holds        schema" in told


def test_a_file_against_the_schema_is_told_with_its_line(folder: Path, capsys: Any) -> None:
    schema = folder / "dcc.xsd"
    schema.write_text(SCHEMA.format(most="1"))
    with pytest.raises(SystemExit):
        validate(folder, "plain.xml", schema=schema)
    assert "FAILS        schema: 第" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", ["<no", SCHEMA.replace("https://x/xmldsig-core-schema.xsd", "missing.xsd")]
)
def test_a_schema_that_cannot_be_used_is_named(content: str, folder: Path, capsys: Any) -> None:
    (folder / "dcc.xsd").write_text(content)
    with pytest.raises(SystemExit):
        validate(folder, "plain.xml", schema=folder / "dcc.xsd")
    assert "[no_schema]" in capsys.readouterr().out


def test_options_that_do_not_go_together_say_so(folder: Path) -> None:
    with pytest.raises(CommandError, match="--crl without --anchor"):
        validate(folder, "signed.xml", "clean.crl")
    with pytest.raises(CommandError, match="go together"):
        make(folder, "x.xml", key="key.pem")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("dcc", "show", str(folder / "none.xml"))
    with pytest.raises(CommandError, match="cannot be written"):
        make(folder, "none/x.xml")
    with pytest.raises(CommandError, match="格式正确的 XML"):
        call_command("dcc", "show", str(folder / "case.json"))
    with pytest.raises(CommandError, match="--at"):
        call_command("dcc", "validate", str(folder / "plain.xml"), "--at", "2026-11-23T00:00:00")


def _instant() -> datetime:
    return datetime.fromisoformat(AT)
