"""A write that is sent twice happens once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from quanheng.api.models import IdempotentAnswer
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.models import Seal
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.api.conftest import make_program
from tests.factories import make_actor, make_entity, make_instrument

SEAL = {"number": "F1", "on": "2026-01-02"}


def scale_of(actor: Any) -> Any:
    return make_instrument(make_entity(area=Area.objects.get(pk=actor.area_id)))


def seals_on(scale: Any) -> int:
    with acting_in(EVERYTHING):
        return Seal.objects.unscoped().filter(instrument=scale).count()


@pytest.mark.django_db
def test_the_same_request_again_gets_the_same_answer_and_happens_once(program: Any) -> None:
    actor = make_actor()
    scale = scale_of(actor)
    system = program(actor)
    first, second = (
        system.post(f"/instruments/{scale.pk}/seals", SEAL, Idempotency_Key="once") for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert seals_on(scale) == 1


@pytest.mark.django_db
def test_the_same_key_for_another_request_is_refused(program: Any) -> None:
    actor = make_actor()
    scale = scale_of(actor)
    system, path = program(actor), f"/instruments/{scale.pk}/seals"
    system.post(path, SEAL, Idempotency_Key="once")
    other = system.post(path, SEAL | {"number": "F2", "position": "other"}, Idempotency_Key="once")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert seals_on(scale) == 1


@pytest.mark.django_db
def test_two_keys_of_the_api_do_not_share_names(program: Any) -> None:
    actor = make_actor()
    path = f"/instruments/{scale_of(actor).pk}/seals"
    assert program(actor).post(path, SEAL, Idempotency_Key="once").status_code == 201
    other = program(actor).post(path, SEAL, Idempotency_Key="once")
    assert (other.status_code, other.json()["code"]) == (409, "position_sealed")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", " ", "x" * 81])
def test_a_write_without_a_fit_key_is_refused(program: Any, name: str) -> None:
    answer = program(make_actor()).post("/filings", {"instrument_ids": [1]}, Idempotency_Key=name)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


@pytest.mark.django_db
def test_a_refused_write_may_be_tried_again_with_the_same_key(program: Any) -> None:
    actor = make_actor()
    scale = scale_of(actor)
    system, path = program(actor), f"/instruments/{scale.pk}/seals/0/break"
    for _ in range(2):
        answer = system.post(path, {"on": "2026-01-02", "reason": "断裂"}, Idempotency_Key="once")
        assert answer.status_code == 404
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.django_db
def test_answers_are_kept_for_two_days_and_then_swept(program: Any) -> None:
    actor = make_actor()
    system = program(actor)
    system.post(f"/instruments/{scale_of(actor).pk}/seals", SEAL, Idempotency_Key="old")
    for hours, kept in ((47, {"old", "middle"}), (49, {"middle", "new"})):
        IdempotentAnswer.objects.filter(name="old").update(
            answered_at=timezone.now() - timedelta(hours=hours)
        )
        name = "middle" if hours == 47 else "new"
        system.post(f"/instruments/{scale_of(actor).pk}/seals", SEAL | {"number": name}, Idempotency_Key=name)
        assert set(IdempotentAnswer.objects.values_list("name", flat=True)) == kept


@pytest.mark.django_db(transaction=True)
def test_eight_threads_with_one_key_do_one_act() -> None:
    """Who comes while the first is at work is told to wait; who comes later gets the first answer."""
    actor = make_actor()
    scale = scale_of(actor)
    system = make_program(actor)
    barrier, answers = threading.Barrier(8), []

    def send() -> None:
        barrier.wait()
        answers.append(system.post(f"/instruments/{scale.pk}/seals", SEAL, Idempotency_Key="at once"))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    done = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer.json()["code"] for answer in answers if answer.status_code == 409]
    assert len(done) + len(waiting) == 8
    assert len({answer.content for answer in done}) == 1
    assert set(waiting) <= {"idempotency_key_in_use"}
    assert seals_on(scale) == 1


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_the_first_is_at_work_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    actor = make_actor()
    scale = scale_of(actor)
    system = make_program(actor)
    path, entered, go_on = f"/instruments/{scale.pk}/seals", threading.Event(), threading.Event()

    def slowly(**facts: Any) -> Any:
        entered.set()
        assert go_on.wait(20)
        return apply_seal(**facts)

    monkeypatch.setattr("quanheng.api.operations.seals.apply_seal", slowly)
    first: list[Any] = []

    def send() -> None:
        first.append(system.post(path, SEAL, Idempotency_Key="slow"))
        connection.close()

    thread = threading.Thread(target=send)
    thread.start()
    assert entered.wait(20)
    second = system.post(path, SEAL, Idempotency_Key="slow")
    go_on.set()
    thread.join()
    assert (second.status_code, second.json()["code"], second["Retry-After"]) == (
        409,
        "idempotency_key_in_use",
        "1",
    )
    assert first[0].status_code == 201
    assert system.post(path, SEAL, Idempotency_Key="slow").content == first[0].content
