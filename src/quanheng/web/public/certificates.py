"""证书查验: a number and the code printed beside it in, what was issued out. No sign-in, no script.

A wrong code and a number that never was give the same answer.
"""

from __future__ import annotations

import atexit
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from quanheng.adapters.certificate_dcc import dcc_xml
from quanheng.adapters.certificate_pdf import Paper, Seal, fingerprint
from quanheng.adapters.certificate_pdf.press import Press
from quanheng.adapters.signer.documents import DocumentSigner
from quanheng.apps.certificates.content import canonical
from quanheng.apps.certificates.enums import CertificateState, VersionKind
from quanheng.apps.certificates.queries.public import (
    PublicCertificate,
    PublicVersion,
    public_certificate,
    read_code,
)
from quanheng.apps.instruments.enums import Result, SealPosition, VerificationKind
from quanheng.kit.clients import client_address
from quanheng.kit.fields import mask_name
from quanheng.regulation.trust import Grade
from quanheng.web.access import public_page
from quanheng.web.public.limits import LIMITER, UNKNOWN
from quanheng.web.public.pages import kept_query, respond
from quanheng.web.public.slowing import has_pass, slow_down
from quanheng.web.public.verdicts import Until, Verdict

LONGEST = 80
PRESS = Press()
atexit.register(PRESS.close)

with translation.override("zh-hans"):
    WORDS = {
        choice.value: str(choice.label)
        for kind in (VerificationKind, SealPosition, Result)
        for choice in kind
    } | {"part": "油枪或位置"}
    KINDS = {kind.value: str(kind.label) for kind in VersionKind}
    STATES = {state.value: str(state.label) for state in CertificateState}

VERDICTS = {
    CertificateState.VALID: Verdict(Grade.GREEN, "证书真实有效", "本平台签发，未换发，未注销。"),
    CertificateState.REPLACED: Verdict(Grade.AMBER, "证书已换发", "该证书已由新证书代替，请以新证书为准。"),
    CertificateState.REVOKED: Verdict(Grade.RED, "证书已注销", "该证书已注销，不能作为依据。"),
}
EXPIRED = Verdict(Grade.RED, "证书已过期", "证书真实，有效期已过。")
DISPUTED = Verdict(Grade.AMBER, "复核中", "发证机构正在复核，是否注销尚未决定。")
ENDED = Verdict(Grade.RED, "检定已失效", "证书真实；铅封破损、启封或送修后，检定已失效。")
NOTICE = Verdict(Grade.RED, "检定不合格", "本件为检定结果通知书：器具检定不合格，请勿使用。")
ALTERED = Verdict(Grade.RED, "内容存疑", "证书内容与签名不符，请勿以此为准，并向发证机构核实。")


@dataclass(frozen=True, slots=True)
class Checked:
    """A version with what the signatures say about it.

    Args:
        seals: algorithm, fits (None: this machine has nothing to check it with), key, fingerprint.
    """

    it: PublicVersion
    kind: str
    seals: list[tuple[str, bool | None, str, str]]

    @property
    def on(self) -> date:
        """The day in China on which it was issued."""
        return timezone.localdate(self.it.at)

    @property
    def is_signed(self) -> bool:
        return bool(self.seals)

    @property
    def is_sound(self) -> bool:
        """No signature is wrong, and of those that are there at least one was checked."""
        said = {fits for _, fits, *_ in self.seals}
        return self.it.intact and False not in said and (True in said or not said)


@public_page
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form; with number and code go on to the certificate."""
    number, code = (request.GET.get(name, "").strip()[:LONGEST] for name in ("number", "code"))
    if not (number and code):
        return respond(request, "certificate_ask.jinja", number=number, typed=code, fault="")
    if "/" in number or number in {".", ".."} or not read_code(code):
        return _unknown(request, client_address(request))
    return HttpResponseRedirect(f"{address_of(number, read_code(code))}{kept_query(request)}")


@public_page
@require_safe
def certificate(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Show every version of a certificate."""
    found = _admit(request, code, number)
    if isinstance(found, HttpResponse):
        return found
    versions = [_checked(version) for version in found.versions]
    said, verdict = found.latest.content, _verdict(found, versions)
    return respond(
        request, "certificate.jinja", certificate=found, verdict=verdict, said=said,
        until=_until(found, verdict), versions=versions[::-1], words=WORDS,
        people=[mask_name(name) for name in said["people"].values()],
        here=address_of(found.number, found.code), states=STATES,
        successor=address_of(*found.successor) if found.successor else "",
        now=timezone.localtime().strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip


@public_page
@require_safe
def document(request: HttpRequest, code: str, number: str, version: int, form: str) -> HttpResponse:
    """Answer one version as PDF, as DCC XML, or as the very bytes that were signed."""
    found = _admit(request, code, number)
    if isinstance(found, HttpResponse):
        return found
    one = next((one for one in found.versions if one.number == version), None)
    if one is None or form not in FORMS or not one.signatures or (form == "json" and not one.is_published):
        return HttpResponse(status=404)
    content_type, make = FORMS[form]
    answer = HttpResponse(make(found, one), content_type=content_type)
    answer.headers["Content-Disposition"] = (
        f"inline; filename*=UTF-8''{quote(f'{found.number}-{one.number}.{form}')}"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public_page
@require_safe
def keys(_request: HttpRequest) -> HttpResponse:
    """Publish every key that ever signed certificates."""
    return HttpResponse(signer().published(), content_type="application/json")


@lru_cache(maxsize=1)
def signer() -> DocumentSigner:
    """Return the keys of the site's documents."""
    return DocumentSigner(settings.DATA_DIR / "keys" / "documents")


def address_of(number: str, code: str) -> str:
    """Return the path of a certificate's page."""
    return f"/c/{code}/{quote(number, safe='')}"


def _admit(request: HttpRequest, code: str, number: str) -> PublicCertificate | HttpResponse:
    """Find the certificate and charge the visitor, or say no."""
    client = client_address(request)
    found = public_certificate(number[:LONGEST], code)
    if found is None:
        return _unknown(request, client)
    if has_pass(request, client, found.code):
        return found
    wait = LIMITER.known(client, found.code, found.root_id)
    return slow_down(request, client, found.code, request.path, wait) if wait else found


def _unknown(request: HttpRequest, client: str) -> HttpResponse:
    wait = LIMITER.spend(client, UNKNOWN)
    if wait:
        return slow_down(request, "", "", "", wait)
    return respond(
        request, "certificate_ask.jinja", status=404, number="", typed="",
        fault="未找到该证书。请对照证书重新输入编号和查验码；仍未找到的，证书可能是伪造的。",
    )  # fmt: skip


def _verdict(found: PublicCertificate, versions: list[Checked]) -> Verdict:
    if not all(version.is_sound for version in versions):
        return ALTERED
    if found.state != CertificateState.VALID:
        return VERDICTS[found.state]
    done = found.latest.content["verification"]
    if done["result"] != Result.PASSED:
        return NOTICE
    if found.ended_on:
        return ENDED
    if done["valid_until"] and done["valid_until"] < timezone.localdate().isoformat():
        return EXPIRED
    return DISPUTED if found.disputed_on else VERDICTS[CertificateState.VALID]


def _until(found: PublicCertificate, verdict: Verdict) -> Until | None:
    """The day under the verdict: until when the verification holds or held, or since when it is void."""
    if verdict is ENDED and found.ended_on:
        return Until("失效日期", found.ended_on.isoformat())
    if verdict is DISPUTED and found.disputed_on:
        return Until("复核起始日期", found.disputed_on.isoformat())
    until = found.latest.content["verification"]["valid_until"]
    holds = verdict in {VERDICTS[CertificateState.VALID], EXPIRED}
    return Until("有效期至", until) if until and holds else None


def _checked(version: PublicVersion) -> Checked:
    data = canonical(version.content)
    seals = [
        (
            one.algorithm, signer().check(one.algorithm, one.key_id, data, one.value), one.key_id,
            fingerprint(one.value),
        )
        for one in version.signatures
    ]  # fmt: skip
    return Checked(version, KINDS[version.kind], seals)


def _pdf(found: PublicCertificate, version: PublicVersion) -> bytes:
    stamp = "" if version.kind in {VersionKind.ISSUED, VersionKind.AMENDED} else f"已{KINDS[version.kind]}"
    seals = [Seal(one.algorithm, one.key_id, fingerprint(one.value)) for one in version.signatures]
    address = settings.PUBLIC_URL.rstrip("/") + address_of(found.number, found.code)
    return PRESS.pdf(
        Paper(
            version.content, version.number, version.digest, stamp, version.reason, address, seals, WORDS,
            timezone.localtime(version.at), settings.IS_DEMO,
        )
    )  # fmt: skip


def _xml(_found: PublicCertificate, version: PublicVersion) -> bytes:
    return dcc_xml(version.content, version=version.number, issued_on=timezone.localdate(version.at))


def _signed_bytes(_found: PublicCertificate, version: PublicVersion) -> bytes:
    return canonical(version.content)


def _signatures(_found: PublicCertificate, version: PublicVersion) -> bytes:
    rows: list[dict[str, Any]] = [
        {"algorithm": one.algorithm, "key": one.key_id, "signature": one.value.hex()}
        for one in version.signatures
    ]
    return json.dumps({"digest": version.digest, "signatures": rows}, indent=1).encode()


Make = Callable[[PublicCertificate, PublicVersion], bytes]
FORMS: dict[str, tuple[str, Make]] = {
    "pdf": ("application/pdf", _pdf),
    "xml": ("application/xml", _xml),
    "json": ("application/json", _signed_bytes),
    "sig": ("application/json", _signatures),
}
