"""Commitment, proof and their verification: what differs is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.adapters.beacon import verify_round
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks
from quanheng.packs.shipped import shipped
from quanheng.regulation.draw import documents
from quanheng.regulation.draw.commitment import Commitment, commit, parse_commitment
from quanheng.regulation.draw.documents import digest, read_document
from quanheng.regulation.draw.frame import INSPECTOR_COLUMNS, freeze, parse_frame
from quanheng.regulation.draw.proof import make_proof, proof_text
from quanheng.regulation.draw.quotas import quotas
from quanheng.regulation.draw.seed import BeaconReveal, BeaconSource, Nonces, Party, PartySource
from quanheng.regulation.draw.tickets import Replacement
from quanheng.regulation.draw.verification import Verification, digest_of, verify_proof
from tests.fuzz import fuzzed
from tests.regulation.draw.frames import BEACON, BEFORE, CHAIN, ROUND, RULE, SEED, SIGNATURE, frame

PACKS = shipped()
verify = verify_round(PACKS)
FRAME = frame({"510104": 40, "510105": 11}, excluded=["510105-0002"])
INSPECTORS = freeze(
    INSPECTOR_COLUMNS,
    [["王", "", "", ""], ["李", "510104", "510104-S3", ""], ["张", "510104", "", ""], ["赵", "", "", "休假"]],
    INSPECTOR_COLUMNS,
)
REVEAL = BeaconReveal(ROUND, SIGNATURE)
NONCES = {name: sha256(name.encode()).hexdigest() for name in ("局", "协会", "消委会")}
PARTIES = PartySource(
    tuple(Party(name, sha256(bytes.fromhex(nonce)).hexdigest()) for name, nonce in NONCES.items()), 2
)


def committed(**changes: Any) -> Commitment:
    asked = {
        "draw_id": "Q1-2026", "committed_at": BEFORE, "frame": FRAME, "quotas": quotas(FRAME, RULE),
        "source": BeaconSource(CHAIN, ROUND), "packs": (RULE, BEACON), "inspectors": INSPECTORS,
        "per_task": 2,
    }  # fmt: skip
    return commit(**{**asked, **changes})


COMMITMENT = committed()
PROOF = make_proof(COMMITMENT, FRAME, REVEAL, verify, inspectors=INSPECTORS)
TEXT = proof_text(PROOF)


def checked(proof: dict[str, Any] | str, packs: RulePacks = PACKS, **given_: str) -> Verification:
    return verify_proof(proof if isinstance(proof, str) else proof_text(proof), packs, verify, **given_)


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    proof: dict[str, Any] = json.loads(TEXT)
    change(proof)
    return proof


def test_a_proof_holds_and_says_what_was_committed_to() -> None:
    verification = checked(TEXT)
    assert verification.holds
    assert verification.differences == ()
    assert verification.drawn == 8 + 3
    assert verification.commitment_digest == COMMITMENT.digest == digest(COMMITMENT.text)
    assert PROOF["seed"] == SEED
    assert [one["candidates"] for one in PROOF["unassigned"]] == [1] * len(PROOF["unassigned"])
    assert {one["task"].split("-")[0] for one in PROOF["unassigned"]} == {"510105"}


def test_the_commitment_is_canonical_json() -> None:
    assert COMMITMENT.text == json.dumps(
        json.loads(COMMITMENT.text), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert parse_commitment(json.loads(COMMITMENT.text)) == COMMITMENT
    assert COMMITMENT.text.startswith(
        '{"algorithm":"sha256-tickets/1","committed_at":"2023-09-15T08:00:00+00:00"'
    )


def test_frames_may_lie_beside_the_proof() -> None:
    lean = changed(lambda proof: proof.update(frame=None, inspectors=None))
    assert checked(lean, frame_text=FRAME.text, inspectors_text=INSPECTORS.text).holds
    with pytest.raises(CaseFault) as refused:
        checked(lean)
    assert refused.value.field == "frame"


def test_replacements_and_parties_and_clusters_and_no_inspectors() -> None:
    commitment = committed(source=PARTIES, selection="cluster", inspectors=None, per_task=0)
    first = make_proof(commitment, FRAME, Nonces(NONCES), verify)
    out = first["strata"][0]["drawn"][0]["key"]
    told = Nonces({name: nonce for name, nonce in NONCES.items() if name != "局"})
    gone = make_proof(commitment, FRAME, told, verify)
    assert gone["silent"] == ["局"]
    assert gone["seed"] != first["seed"]
    proof = make_proof(commitment, FRAME, Nonces(NONCES), verify, replacements=[Replacement(out, "停业")])
    assert proof["replacements"][0]["out"] == out
    for one in (first, proof):
        assert checked(one).holds
    assert [one.field for one in checked(gone).differences] == ["reveal.nonces[局]"], (
        "who keeps back, chooses"
    )
    proof["replacements"][0]["in"] = ["510104-S99"]
    assert [one.field for one in checked(proof).differences] == ["replacements[0].in[0]"]


def swap_picks(proof: dict[str, Any]) -> None:
    drawn = proof["strata"][0]["drawn"]
    drawn[0], drawn[1] = drawn[1], drawn[0]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (lambda p: p.update(seed="00" * 32), ["seed"]),
        (lambda p: p["strata"][1]["drawn"][0].update(key="510105-0001"), ["strata[1].drawn[0].key"]),
        (swap_picks, [f"strata[0].drawn[{n}].{f}" for n in (0, 1) for f in ("key", "ticket")]),
        (lambda p: p["strata"][0]["drawn"].pop(), ["strata[0].drawn[7]"]),
        (lambda p: p["strata"][0]["drawn"].append({"key": "x"}), ["strata[0].drawn[8]"]),
        (lambda p: p["strata"][0].update(note="x"), ["strata[0].note"]),
        (lambda p: p["strata"][0].update(size=True), ["strata[0].size"]),
        (lambda p: p.update(strata={}), ["strata"]),
        (lambda p: p["tasks"][0].update(inspectors=["赵", "赵"]),
         [f"tasks[0].inspectors[{n}]" for n in (0, 1)]),
        (lambda p: p["unassigned"].clear(), ["unassigned[0]", "unassigned[1]"]),
        (lambda p: p.update(silent=["局"]), ["silent[0]"]),
        (lambda p: p.update(commitment_sha256="00" * 32), ["commitment_sha256"]),
        (lambda p: p["commitment"]["rule_packs"][0].update(digest="00" * 32),
         ["commitment_sha256", "commitment.rule_packs[0].digest"]),
        (lambda p: p["commitment"]["rule_packs"][0].update(edition="1999"),
         ["commitment_sha256", "commitment.rule_packs[0]"]),
        (lambda p: p["commitment"].update(committed_at="2023-10-15T08:00:00+00:00"),
         ["commitment_sha256", "commitment.seed.round"]),
        (lambda p: p["reveal"].update(round=ROUND + 1), ["reveal.round"]),
        (lambda p: p["reveal"].update(signature="00" * 48), ["reveal.signature"]),
        (lambda p: p["commitment"]["inspectors"].update(per_task=1),
         ["commitment_sha256", "commitment.inspectors.per_task"]),
        (lambda p: p["replacements"].append({"out": "x", "reason": "停业", "in": []}),
         ["replacements[0].out"]),
    ],
)  # fmt: skip
def test_whatever_is_changed_is_named(change: Callable[[dict[str, Any]], object], fields: list[str]) -> None:
    verification = checked(changed(change))
    named = [one.field for one in verification.differences]
    assert named[: len(fields)] == fields
    assert all(one.message for one in verification.differences)
    assert not verification.holds


def test_a_commitment_is_known_by_the_hash_of_what_is_written() -> None:
    commitment = committed(inspectors=None, per_task=0)
    proof = make_proof(commitment, FRAME, REVEAL, verify)
    del proof["commitment"]["inspectors"]  # means the same, but is not what was published
    assert [one.field for one in checked(proof).differences] == ["commitment_sha256"]
    proof["commitment_sha256"] = digest_of(proof["commitment"])
    assert checked(proof).commitment_digest == proof["commitment_sha256"] != commitment.digest


def test_a_difference_shows_both_values() -> None:
    wrong = changed(lambda proof: proof["strata"][1]["drawn"][0].update(key="510105-0001"))
    (difference,) = checked(wrong).differences
    right = PROOF["strata"][1]["drawn"][0]["key"]
    assert (difference.stated, difference.computed) == ('"510105-0001"', f'"{right}"')
    assert right in difference.message
    (extra,) = checked(changed(lambda proof: proof.update(silent=["局"]))).differences
    assert "（无）" in extra.message


def test_another_frame_is_named_and_recomputed_with() -> None:
    smaller = frame({"510104": 40, "510105": 11}, excluded=["510105-0002", "510105-0003"])
    fields = [one.field for one in checked(TEXT, frame_text=smaller.text).differences]
    assert fields[0] == "frame"
    assert "strata[1].eligible" in fields
    others = freeze(INSPECTOR_COLUMNS, [["王", "", "", ""]], INSPECTOR_COLUMNS)
    assert checked(TEXT, inspectors_text=others.text).differences[0].field == "inspectors"


def test_a_quota_below_the_law_is_named() -> None:
    lax = committed(quotas={"510104": 8}, packs=())
    proof = make_proof(lax, FRAME, REVEAL, verify, inspectors=INSPECTORS)
    assert checked(proof).holds
    proof["commitment"]["rule_packs"] = [{"rule": RULE.rule, "edition": RULE.edition, "digest": RULE.digest}]
    proof["commitment_sha256"] = digest_of(proof["commitment"])
    (difference,) = checked(proof).differences
    assert difference.field == "commitment.quotas[510105]"
    assert "不少于 3，承诺为 0" in difference.message


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quotas": {"510104": 8, "510105": 2}}, "quotas[510105]"),
        ({"quotas": {"510104": 8, "510105": 11}}, "quotas[510105]"),
        ({"source": BeaconSource("00" * 32, ROUND)}, "seed.chain_hash"),
        ({"committed_at": datetime(2026, 1, 1, tzinfo=UTC)}, "seed.round"),
        ({"per_task": 1}, "inspectors.per_task"),
        ({"draw_id": "a,b"}, "draw_id"),
    ],
)
def test_a_commitment_against_the_rules_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        committed(**changes)
    assert refused.value.field == field


def test_a_draw_is_made_from_the_frames_that_were_committed_to() -> None:
    with pytest.raises(CaseFault, match="抽样框"):
        make_proof(COMMITMENT, frame({"510104": 41, "510105": 11}), REVEAL, verify, inspectors=INSPECTORS)
    with pytest.raises(CaseFault, match="名录"):
        make_proof(COMMITMENT, FRAME, REVEAL, verify)


def test_what_is_revealed_is_of_the_kind_that_was_committed_to() -> None:
    with pytest.raises(CaseFault, match="承诺只用公共信标"):
        make_proof(COMMITMENT, FRAME, Nonces(NONCES), verify, inspectors=INSPECTORS)
    with pytest.raises(CaseFault, match="承诺用各方的数"):
        make_proof(committed(source=PARTIES), FRAME, REVEAL, verify, inspectors=INSPECTORS)


def test_an_unknown_rule_leaves_the_quotas_unchecked_and_says_so() -> None:
    (first, second) = checked(TEXT, RulePacks(())).differences[:2]
    assert "无法核对配额" in first.message
    assert second.field == "commitment.rule_packs[1]"


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (["format"], "other/1", "format"),
        (["commitment", "format"], "other/1", "commitment.format"),
        (["commitment", "algorithm"], "md5", "commitment.algorithm"),
        (["commitment", "draw_id"], "a,b", "commitment.draw_id"),
        (["commitment", "draw_id"], 5, "commitment.draw_id"),
        (["commitment", "committed_at"], "yesterday", "commitment.committed_at"),
        (["commitment", "committed_at"], "2026-01-01T00:00:00", "commitment.committed_at"),
        (["commitment", "committed_at"], "2026-01-01T00:00:00Z", "commitment.committed_at"),
        (["commitment", "frame"], None, "commitment.frame"),
        (["commitment", "frame", "sha256"], "ABCD", "commitment.frame.sha256"),
        (["commitment", "frame", "rows"], True, "commitment.frame.rows"),
        (["commitment", "frame", "rows"], 0, "commitment.frame.rows"),
        (["commitment", "frame", "columns"], [1], "commitment.frame.columns"),
        (["commitment", "quotas"], {}, "commitment.quotas"),
        (["commitment", "quotas"], [{"stratum": "b", "quota": 1}, {"stratum": "a", "quota": 1}],
         "commitment.quotas"),
        (["commitment", "quotas"], [{"stratum": "b", "quota": 1}] * 2, "commitment.quotas"),
        (["commitment", "quotas"], [{"stratum": "b", "quota": -1}], "commitment.quotas[0].quota"),
        (["commitment", "quotas"], ["x"], "commitment.quotas[0]"),
        (["commitment", "selection"], "snowball", "commitment.selection"),
        (["commitment", "seed", "kind"], "dice", "commitment.seed.kind"),
        (["commitment", "seed", "round"], 10**12, "commitment.seed.round"),
        (["commitment", "seed", "threshold"], 2, "commitment.seed.threshold"),
        (["commitment", "seed"], {"kind": "commit-reveal", "threshold": 2, "parties": []},
         "commitment.seed.threshold"),
        (["commitment", "surprise"], 1, "commitment.surprise"),
        (["commitment", "inspectors", "per_task"], 0, "commitment.inspectors.per_task"),
        (["reveal"], {"nonces": []}, "reveal.nonces"),
        (["reveal", "signature"], "00", "reveal.signature"),
        (["replacements"], [{"out": "x", "reason": ""}], "replacements[0].reason"),
        (["surprise"], 1, "surprise"),
    ],
)  # fmt: skip
def test_a_document_that_is_no_proof_is_refused_by_its_field(path: list[str], value: Any, field: str) -> None:
    def change(proof: dict[str, Any]) -> None:
        at = proof
        for name in path[:-1]:
            at = at[name]
        at[path[-1]] = value

    with pytest.raises(CaseFault) as refused:
        checked(changed(change))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_json"),
        ("[1]", "not_an_object"),
        ('{"a": 1.5}', "not_json"),
        ('{"a": NaN}', "not_json"),
        ('{"a": 1, "a": 2}', "not_json"),
        ('{"a": "\\ud800"}', "not_json"),
        ("[" * 200_000, "not_json"),
        ('{"a": ' + "9" * 10_000 + "}", "not_json"),
    ],
)
def test_a_text_that_two_readers_could_read_differently_is_refused(text: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        read_document(text)
    assert refused.value.code == code


def test_a_document_beyond_all_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST_DOCUMENT", 10)
    with pytest.raises(CaseFault, match="不能大于"):
        read_document('{"a": 1234567}')


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["00" * 32, "drand", "A"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def paths(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return every place in a document."""
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(content, (dict, list)):
        pairs = content.items() if isinstance(content, dict) else enumerate(content)
    return [path, *(inner for key, value in pairs for inner in paths(value, (*path, key)))]


@fuzzed()
@given(st.sampled_from(paths(PROOF)[1:]), JSON, st.booleans())
def test_no_document_brings_the_verification_down_and_no_changed_one_holds(
    path: tuple[Any, ...], value: Any, remove: bool
) -> None:
    proof = json.loads(TEXT)
    at = proof
    for name in path[:-1]:
        at = at[name]
    before = json.dumps(at[path[-1]])
    if remove:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    with suppress(CaseFault):
        holds = checked(json.dumps(proof)).holds
        assert not holds or (not remove and json.dumps(value) == before)


@fuzzed()
@given(st.integers(0, len(TEXT)), st.integers(0, 50), st.text(max_size=5))
def test_no_text_brings_the_verification_down(start: int, cut: int, inserted: str) -> None:
    text = TEXT[:start] + inserted + TEXT[start + cut :]
    with suppress(CaseFault):
        checked(text)


def test_a_commitment_is_a_value() -> None:
    assert replace(COMMITMENT, draw_id="Q2-2026").digest != COMMITMENT.digest
    assert parse_frame(PROOF["frame"]) == FRAME


def test_a_null_that_was_added_is_told() -> None:
    proof = json.loads(TEXT)
    proof["silent"].append(None)
    (difference,) = checked(json.dumps(proof)).differences
    assert (difference.field, difference.stated, difference.computed) == ("silent[0]", "null", "")
