"""`quanheng log fsck|prove|verify|publish|key`: the public log checked, proved and written anew."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from quanheng.adapters.log_name import kept_name
from quanheng.adapters.public_log import LogFolder, log_folder, log_key, log_key_file, log_name, verify
from quanheng.apps.audit.log.checking import AT_MOST, check
from quanheng.apps.audit.log.proving import index_of, prove
from quanheng.apps.audit.log.publishing import write_anew
from quanheng.apps.audit.log.sealing import LogForked
from quanheng.apps.certificates.queries.against_log import check_certificates
from quanheng.apps.instruments.queries.attachments import check_attachments
from quanheng.apps.instruments.replay.check import check_ledger
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.checkpoints import open_checkpoint
from quanheng.regulation.transparency.evidence import Evidence, check_evidence, parse_evidence
from quanheng.regulation.transparency.notes import Key


class Command(BaseCommand):
    help = "Check, prove, verify or write anew the public log: fsck, prove, verify, publish."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        fsck = steps.add_parser("fsck", help="compare files, acts, certificates and ledger row by row")
        fsck.add_argument("--folder", type=Path, help="a copy of the files; the log's own when left out")
        prove_act = steps.add_parser("prove", help="write the proof of one act to standard output")
        prove_act.add_argument("act", type=int, help="number of the act")
        verify_proof = steps.add_parser("verify", help="verify a proof without database and network")
        verify_proof.add_argument("proof", type=Path, help="a .tlog-proof file, its entry inside")
        verify_proof.add_argument("--key", required=True, help="the log's public key, from /log/key")
        publish = steps.add_parser("publish", help="write the files of the log anew from the database")
        publish.add_argument("folder", type=Path, help="an empty folder")
        steps.add_parser("key", help="print the log's public keys")

    def handle(self, *_: Any, **options: Any) -> None:
        steps = {
            "fsck": self._fsck, "prove": self._prove, "verify": self._verify, "publish": self._publish,
            "key": self._key,
        }  # fmt: skip
        try:
            steps[options["step"]](options)
        except (CaseFault, LogForked) as fault:
            raise CommandError(str(fault)) from None

    def _fsck(self, options: dict[str, Any]) -> None:
        files = LogFolder(options["folder"]) if options["folder"] else log_folder()
        text = files.checkpoint()
        if text is None:
            raise CommandError("There is no checkpoint: nothing was sealed, or it is another folder.")
        keys = [log_key().public, log_key().timed]
        head, _, _ = open_checkpoint(text, log_name(), keys, verify)
        began = timezone.now()
        with transaction.atomic():
            with connection.cursor() as cursor:  # one snapshot, taken after the checkpoint was read
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            set_scope(EVERYTHING)
            found = check(files, head)
            replayed = check_ledger()
            attached = islice(check_attachments(), AT_MOST)
            findings = [*found.findings, *check_certificates(), *replayed.findings, *attached]
        for finding in findings:
            self.stdout.write(f"{finding.where}: {finding.what}")
        seconds = (timezone.now() - began).total_seconds()
        self.stdout.write(
            f"{found.entries} entries compared, {found.waiting} acts waiting, "
            f"{len(findings)} findings, {seconds:.1f} s"
        )
        self.stdout.write(
            f"{replayed.instruments} instruments replayed; of {replayed.partly} the log does not know every "
            f"column, {replayed.unproved} of them entered before what enters was kept"
        )
        if findings:
            raise SystemExit(1)

    def _prove(self, options: dict[str, Any]) -> None:
        index = index_of(options["act"])
        if index is None:
            raise CommandError(f"Act {options['act']} is not in the public log: there is none, or it waits.")
        found = prove(index, log_folder())
        proof = Evidence(index, found.evidence.proof, found.evidence.checkpoint, extra=found.entry)
        self.stdout.write(proof.to_text(), ending="")

    def _verify(self, options: dict[str, Any]) -> None:
        try:
            text = options["proof"].read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"Cannot read {options['proof']}: {error}") from None
        evidence = parse_evidence(text)
        key = Key.from_text(options["key"].strip())
        head, _ = check_evidence(evidence.extra, evidence, key.name, [key], verify)
        self.stdout.write(evidence.extra.decode())
        self.stdout.write(f"is entry {evidence.index} of {head.size} in {head.origin}")

    def _publish(self, options: dict[str, Any]) -> None:
        folder = options["folder"]
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty; name a new folder, compare it, then put it in place.")
        with acting_in(EVERYTHING):
            size = write_anew(LogFolder(folder), log_key().sign, origin=log_name())
        self.stdout.write(f"{size} entries written to {folder}")

    def _key(self, _: dict[str, Any]) -> None:
        if not (log_key_file().exists() and kept_name(Path(settings.DATA_DIR))):  # asking makes no key
            raise CommandError(
                f"There is no public log in {settings.DATA_DIR}: the first `quanheng up` makes its key. "
                "Run this where that runs, or set QUANHENG_DATA_DIR."
            )
        for key in (log_key().public, log_key().timed):
            self.stdout.write(key.to_text())
