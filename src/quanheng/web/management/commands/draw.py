"""`quanheng draw commit|publish|make|verify`: a draw from its frame to its proof.

`commit` and `publish` write to the log and need the database; `make` and `verify` need files alone.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from quanheng.adapters.beacon import verify_round
from quanheng.adapters.public_log.commitments import own_keys, proof_of_act, read_log_proof
from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.audit.commit_draw import commit_draw
from quanheng.apps.audit.log.sealing import LogForked
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import NoRuleInForce, RulePack
from quanheng.packs.shipped import shipped
from quanheng.regulation.draw.commitment import (
    BEACON_RULE,
    Commitment,
    Source,
    beacon_of,
    commit,
    parse_commitment,
)
from quanheng.regulation.draw.documents import read_document
from quanheng.regulation.draw.frame import INSPECTOR_COLUMNS, Frame, parse_frame
from quanheng.regulation.draw.proof import Reveal, make_proof, proof_text
from quanheng.regulation.draw.publication import Publication, was_signed_before, with_publication
from quanheng.regulation.draw.quotas import quotas
from quanheng.regulation.draw.seed import (
    SECRET_BYTES,
    BeaconReveal,
    BeaconSource,
    Nonces,
    Party,
    PartySource,
    SealedReveal,
    SealedSource,
    first_round_from,
    round_time,
)
from quanheng.regulation.draw.tickets import UNIT, Replacement
from quanheng.regulation.draw.verification import Verification, known_at, verify_proof
from quanheng.regulation.transparency.notes import Key

if TYPE_CHECKING:
    from quanheng.apps.audit.models import Act

FRAME, INSPECTORS, COMMITMENT, PROOF = "frame.csv", "inspectors.csv", "commitment.json", "proof.json"
IN_LOG = "commitment.tlog-proof"
OPENED_LATER = "secret.hex"


class Command(BaseCommand):
    help = "Make a draw that anybody can recompute, or recompute one: commit, publish, make, verify."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        _commit_arguments(steps.add_parser("commit", help="freeze the frame and publish the commitment"))
        publish = steps.add_parser(
            "publish", help="publish a commitment whose publication did not come to its end"
        )
        publish.add_argument("folder", type=Path, help="where `commit` wrote its files")
        make = steps.add_parser("make", help="make the draw that was committed to and write its proof")
        make.add_argument("folder", type=Path, help="where `commit` wrote its files")
        make.add_argument("--signature", help="the beacon's signature of the round, hexadecimal")
        make.add_argument(
            "--secret", help=f"the secret of a sealed draw, hexadecimal; {OPENED_LATER} in the folder"
        )
        make.add_argument(
            "--nonce", action="append", default=[], metavar="PARTY=HEX", help="a nonce that a party revealed"
        )
        make.add_argument(
            "--replace", action="append", default=[], metavar="OUT=REASON", help="a replacement, in order"
        )
        verify = steps.add_parser("verify", help="recompute a draw and say exactly what differs")
        verify.add_argument("proof", type=Path)
        verify.add_argument("--frame", type=Path, help="the frame, where the proof leaves it out")
        verify.add_argument("--inspectors", type=Path, help="the inspectors, where the proof leaves them out")
        verify.add_argument(
            "--log", type=Path, help=f"the commitment's proof from the log; {IN_LOG} beside it"
        )
        verify.add_argument(
            "--log-key",
            action="append",
            default=[],
            help="the log's public key, from /log/key; then witnesses'",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        steps = {
            "commit": self._commit, "publish": self._publish, "make": self._make, "verify": self._verify,
        }  # fmt: skip
        try:
            steps[options["step"]](options)
        except (CaseFault, RuleBroken, LogForked) as fault:
            raise CommandError(str(fault)) from None
        except NoRuleInForce as gap:
            raise CommandError(str(gap)) from None

    def _commit(self, options: dict[str, Any]) -> None:
        at = options["at"] or timezone.localtime().replace(microsecond=0)
        rule = shipped().in_force(options["rule"], at.date())
        beacon = shipped().in_force(BEACON_RULE, at.date())
        frame = parse_frame(_read(options["frame"]), canonical=False)
        inspectors = None
        if options["inspectors"]:
            inspectors = parse_frame(_read(options["inspectors"]), INSPECTOR_COLUMNS, canonical=False)
        secret = secrets.token_bytes(SECRET_BYTES) if options["sealed"] else b""
        commitment = commit(
            draw_id=options["draw_id"],
            committed_at=at,
            frame=frame,
            quotas=_quotas(options, frame, rule),
            source=_source(options, at, beacon, secret),
            packs=(rule, beacon),
            selection=options["select"],
            inspectors=inspectors,
            per_task=rule.table("inspectors").values["per_task"] if inspectors else 0,
        )
        with acting_in(EVERYTHING):  # what is not written is not logged, and the other way round
            act = _log(commitment)
            self._write_commitment(options["folder"], commitment, frame, inspectors, beacon)
            if secret:
                self._keep(options["folder"] / OPENED_LATER, secret)
        self._prove(options["folder"], act)

    def _publish(self, options: dict[str, Any]) -> None:
        commitment = parse_commitment(read_document(_read(options["folder"] / COMMITMENT)))
        with acting_in(EVERYTHING):
            act = _log(commitment)
        self._prove(options["folder"], act)

    def _prove(self, folder: Path, act: Act) -> None:
        proof = proof_of_act(act.pk, at=timezone.now())
        if proof is None:
            self.stdout.write(
                f"log        act {act.pk} waits: run `quanheng draw publish {folder}` where the log is kept, "
                "before the seed is known"
            )
            return
        (folder / IN_LOG).write_text(proof, "utf-8", newline="")
        self.stdout.write(f"log        act {act.pk} stands in the public log: {folder / IN_LOG}")

    def _write_commitment(
        self,
        folder: Path,
        commitment: Commitment,
        frame: Frame,
        inspectors: Frame | None,
        beacon: RulePack,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / COMMITMENT).exists():
            raise CommandError(
                f"{folder / COMMITMENT} is a commitment already; another draw gets another folder"
            )
        (folder / FRAME).write_text(frame.text, "utf-8", newline="")
        if inspectors:
            (folder / INSPECTORS).write_text(inspectors.text, "utf-8", newline="")
        with (folder / COMMITMENT).open("x", encoding="utf-8", newline="") as file:  # never overwritten
            file.write(commitment.text + "\n")
        self.stdout.write(f"commitment {commitment.digest}: {folder / COMMITMENT}")
        self.stdout.write(f"quotas     {', '.join(f'{k} {v}' for k, v in sorted(commitment.quotas.items()))}")
        if source := beacon_of(commitment.source):
            number = source.round
            published = timezone.localtime(round_time(number, beacon)).isoformat()
            self.stdout.write(f"seed       round {number} of the beacon, published at {published}")

    def _keep(self, file: Path, secret: bytes) -> None:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(secret.hex() + "\n", "ascii", newline="")
        self.stdout.write(
            f"secret     {file}: who reads it after the round knows who is drawn; keep it closed"
        )

    def _make(self, options: dict[str, Any]) -> None:
        folder: Path = options["folder"]
        commitment = parse_commitment(read_document(_read(folder / COMMITMENT)))
        inspectors = None
        if commitment.inspectors:
            inspectors = parse_frame(_read(folder / INSPECTORS), INSPECTOR_COLUMNS)
        proof = make_proof(
            commitment,
            parse_frame(_read(folder / FRAME)),
            _reveal(options, commitment),
            verify_round(shipped()),
            inspectors=inspectors,
            replacements=[
                Replacement(out, reason) for out, reason in _pairs("--replace", options["replace"])
            ],
        )
        (folder / PROOF).write_text(proof_text(proof), "utf-8", newline="")
        for stratum in proof["strata"]:
            drawn = " ".join(pick["key"] for pick in stratum["drawn"])
            self.stdout.write(f"{stratum['stratum']} ({stratum['quota']} of {stratum['size']}): {drawn}")
        for left in proof["unassigned"]:
            self.stdout.write(f"nobody for {left['task']}: {left['reason']}")
        self.stdout.write(f"proof: {folder / PROOF}")

    def _verify(self, options: dict[str, Any]) -> None:
        verification = verify_proof(
            _read(options["proof"]),
            shipped(),
            verify_round(shipped()),
            frame_text=_read(options["frame"]) if options["frame"] else None,
            inspectors_text=_read(options["inspectors"]) if options["inspectors"] else None,
        )
        publication = _publication(options)
        verification = with_publication(verification, publication)
        self.stdout.write(f"draw       {verification.draw_id}: {verification.drawn} picks recomputed")
        self.stdout.write(f"commitment {verification.commitment_digest}")
        if publication:
            self.stdout.write(f"log        {_told(verification, publication)}")
        if verification.holds:
            self.stdout.write("the proof holds: nothing differs")
            return
        for one in verification.differences:
            self.stdout.write(f"{one.field}: {one.message}")
        sys.exit(1)


def _log(commitment: Commitment) -> Act:
    source = beacon_of(commitment.source)
    return commit_draw(
        draw_id=commitment.draw_id,
        digest=commitment.digest,
        known_at=known_at(commitment, shipped()),
        seed_round=source.round if source else None,
        by=SYSTEM,
        at=timezone.now(),
    )


def _publication(options: dict[str, Any]) -> Publication | None:
    """Read the proof from the log that was handed in, or lies beside the draw's."""
    file: Path = options["log"] or options["proof"].with_name(IN_LOG)
    if options["log"] is None and not file.exists():
        return None
    keys = [Key.from_text(text.strip()) for text in options["log_key"]] or own_keys()
    if not keys:
        raise CommandError(
            "give --log-key, the log's public key from /log/key: without it the proof proves nothing"
        )
    return read_log_proof(_read(file), keys)


def _told(verification: Verification, publication: Publication) -> str:
    entry = f"entry {publication.index}, written {publication.at.isoformat()}"
    if verification.known_at is None:
        return f"{entry}; when the parties revealed their numbers is theirs to say"
    if was_signed_before(verification, publication):
        return f"{entry}, signed before the seed was known"
    return f"{entry}; its checkpoint was signed later: compare with an older mirror of the log"


def _commit_arguments(parser: CommandParser) -> None:
    parser.add_argument("frame", type=Path, help="CSV with the columns id, stratum, excluded (cluster, …)")
    parser.add_argument("folder", type=Path, help="where to write frame.csv and commitment.json")
    parser.add_argument("--draw-id", required=True, help="such as Q1-2026")
    parser.add_argument(
        "--round", type=int, help="of the beacon; the first one an hour from now when left out"
    )
    parser.add_argument(
        "--party",
        action="append",
        default=[],
        metavar="NAME=SHA256",
        help="commit-reveal instead of a beacon",
    )
    parser.add_argument(
        "--sealed",
        action="store_true",
        help=f"a secret enters the seed beside the beacon; kept in {OPENED_LATER}",
    )
    parser.add_argument("--threshold", type=int, default=2, help="how many parties must reveal")
    parser.add_argument(
        "--quota", action="append", default=[], metavar="STRATUM=N", help="instead of the rule's"
    )
    parser.add_argument("--total", type=int, help="units in all; what the rule orders when left out")
    parser.add_argument("--select", choices=[UNIT, "cluster"], default=UNIT)
    parser.add_argument(
        "--inspectors", type=Path, help=f"CSV with the columns {', '.join(INSPECTOR_COLUMNS)}"
    )
    parser.add_argument("--rule", default="draw/fuel-dispensers", help="the rule pack that states the quota")
    parser.add_argument("--at", type=_instant, help="of the commitment, ISO 8601 with a time zone; now")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("no time zone")
    return instant


def _quotas(options: dict[str, Any], frame: Frame, rule: RulePack) -> dict[str, int]:
    if not options["quota"]:
        return quotas(frame, rule, options["total"])
    pairs = _pairs("--quota", options["quota"])
    wrong = [f"{stratum}={count}" for stratum, count in pairs if not (count.isascii() and count.isdigit())]
    if wrong:
        raise CommandError(f"--quota {wrong[0]}: N must be a whole number")
    return {stratum: int(count) for stratum, count in pairs}


def _source(options: dict[str, Any], at: datetime, beacon: RulePack, secret: bytes) -> Source:
    if options["party"] and secret:
        raise CommandError("--sealed goes with the beacon; leave out --party or --sealed")
    if options["party"]:
        parties = (Party(name, commitment) for name, commitment in _pairs("--party", options["party"]))
        return PartySource(tuple(parties), options["threshold"])
    number = options["round"] or first_round_from(at + timedelta(hours=1), beacon)
    source = BeaconSource(beacon.table("chain").values["chain_hash"], number)
    return SealedSource(source, sha256(secret).hexdigest()) if secret else source


def _reveal(options: dict[str, Any], commitment: Commitment) -> Reveal:
    source, beacon = commitment.source, beacon_of(commitment.source)
    try:
        if beacon and options["signature"]:
            published = BeaconReveal(beacon.round, bytes.fromhex(options["signature"]).hex())
            if not isinstance(source, SealedSource):
                return published
            secret = options["secret"] or _read(options["folder"] / OPENED_LATER).strip()
            return SealedReveal(published, bytes.fromhex(secret).hex())
        if isinstance(source, PartySource) and options["nonce"]:
            told = _pairs("--nonce", options["nonce"])
            return Nonces({name: bytes.fromhex(nonce).hex() for name, nonce in told})
    except ValueError:
        raise CommandError("the signature, the secret or a nonce is not hexadecimal") from None
    if isinstance(source, PartySource):
        raise CommandError(f"give --nonce NAME=HEX of {', '.join(party.name for party in source.parties)}")
    beacon = source.beacon if isinstance(source, SealedSource) else source
    raise CommandError(f"give --signature of round {beacon.round} of chain {beacon.chain_hash}")


def _pairs(option: str, texts: Iterable[str]) -> list[tuple[str, str]]:
    pairs = [text.partition("=") for text in texts]
    for name, sign, _ in pairs:
        if not sign:
            raise CommandError(f"{option} {name}: write NAME=VALUE")
    return [(name, value) for name, _, value in pairs]


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except OSError as fault:
        raise CommandError(f"{file} cannot be read: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{file} is not UTF-8") from None
