"""The ledger of measuring instruments."""

from quanheng.apps.instruments.models.attachments import Attachment
from quanheng.apps.instruments.models.catalogue import CatalogueItem, VerificationPeriod
from quanheng.apps.instruments.models.codes import InstrumentCode, LabelPrint, ScanDay, ShopperReport
from quanheng.apps.instruments.models.imports import ImportRow, ImportRun, StagedRow
from quanheng.apps.instruments.models.ledger import Instrument, Placement, Verification
from quanheng.apps.instruments.models.proofs import EntryProof
from quanheng.apps.instruments.models.proposals import ProposedChange
from quanheng.apps.instruments.models.rollups import EntryClosing, EntryCount, RateChange
from quanheng.apps.instruments.models.seals import Seal

__all__ = [
    "Attachment", "CatalogueItem", "EntryClosing", "EntryCount", "EntryProof", "ImportRow", "ImportRun",
    "Instrument", "InstrumentCode", "LabelPrint", "Placement", "ProposedChange", "RateChange", "ScanDay",
    "Seal", "ShopperReport", "StagedRow", "Verification", "VerificationPeriod",
]  # fmt: skip
