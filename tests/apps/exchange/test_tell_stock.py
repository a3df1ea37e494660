"""What carried a code before the platform was configured is told as it stands."""

from __future__ import annotations

from datetime import datetime

import pytest

from quanheng.apps.accounts.models import Area
from quanheng.apps.audit.models import Act
from quanheng.apps.exchange.mapping import FieldMapping
from quanheng.apps.exchange.queries.outgoing import outgoing
from quanheng.apps.exchange.services import tell_stock as service
from quanheng.apps.exchange.services.tell_stock import tell_stock
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.outbox.models import Message
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import RuleBroken
from tests.factories import make_area, make_code, make_instrument, make_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


def told() -> list[tuple[str, int]]:
    rows = Message.objects.order_by("topic", "pk").values_list("topic", "payload__instrument")
    return [(topic.removeprefix("national_scales."), pk) for topic, pk in rows]


@pytest.mark.usefixtures("configured")
def test_a_scale_is_told_with_its_code_its_verification_and_its_lock(
    scale: Instrument, county: Area, mapping: FieldMapping, at: datetime
) -> None:
    Instrument.objects.unscoped().filter(pk=scale.pk).update(locked=True, certificate_number="川001")
    assert tell_stock(area_id=county.pk, at=at) == 1
    assert told() == [("binding", scale.pk), ("locked", scale.pk), ("verification", scale.pk)]
    message = outgoing(Message.objects.get(topic="national_scales.verification").payload, mapping)
    assert message is not None
    assert (message["eventType"], message["result"], message["certificateNumber"]) == (
        "VERIFY",
        "PASS",
        "川001",
    )
    assert message["verifiedOn"] == "2026-01-01"
    assert Act.objects.unscoped().get(verb="exchange_run").after == {"scales": 1}


@pytest.mark.usefixtures("configured")
def test_only_scales_with_a_code_that_are_not_scrapped(
    scale: Instrument, stall: Entity, county: Area, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 1)
    item = make_item("digital-indicating-scale")
    stopped = make_instrument(stall, item=item, state="stopped", result="")
    make_code(stopped)
    make_instrument(stall, item=item)
    monitor = make_item("ecg", category="medical")
    for other in (make_instrument(stall, item=monitor), make_instrument(stall, item=item, state="scrapped")):
        make_code(other)
    assert tell_stock(area_id=county.pk, at=at) == 2
    assert {pk for _, pk in told()} == {scale.pk, stopped.pk}
    assert ("stopped", stopped.pk) in told()
    assert tell_stock(area_id=make_area("武侯区").pk, at=at) == 0


def test_without_a_platform_nothing_is_posted(scale: Instrument, county: Area, at: datetime) -> None:
    with pytest.raises(RuleBroken, match="未配置"):
        tell_stock(area_id=county.pk, at=at)
    assert not Message.objects.exists()
