"""Writing entities and instruments as rows, column by column as the models have them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from quanheng.demo import names
from quanheng.demo.calendar import Days
from quanheng.demo.credit_codes import credit_code
from quanheng.demo.goods import PRODUCTS, Product
from quanheng.demo.histories import Event, History, history
from quanheng.kit.bulk_copy import Copier, Row
from quanheng.kit.fields import encrypt, keyed_hash
from quanheng.regulation.instrument_code import RANDOM_BYTES, code_from_random

CATEGORIES = {"company": "91", "sole_trader": "92", "institution": "12", "market_operator": "93"}
COLUMNS = {
    "registry.Entity": "id kind premises name credit_code parent_id root_id stall_number area_id address "
    "industry_code above_scale hospital_grade credit_grade integrity_pledge state registered_at",
    "registry.Contact": "entity_id root_id area_id duty name phone phone_hash",
    "instruments.Instrument": "id entity_id root_id area_id premises parent_id serial_number place state "
    "return_reason seal_broken in_use_since placed_on verified_on valid_until trusted_until result "
    "certificate_number institute provenance code registered_at changed_at manufactured_on item_id name "
    "model manufacturer type_approval_number accuracy_class max_capacity_g min_capacity_g e_g d_g "
    "measuring_range use",
    "instruments.Placement": "instrument_id entity_id root_id area_id premises place first_day last_day",
    "instruments.Verification": "instrument_id root_id area_id kind verified_on valid_until result "
    "certificate_number institute regulation provenance voided_on void_reason recorded_at",
    "instruments.Seal": "instrument_id root_id area_id number position applied_on applied_by applied_witness "
    "broken_on broken_by break_reason ended_as",
    "instruments.InstrumentCode": "value instrument_id area_id state issued_at bound_at",
    "audit.Act": "at verb actor_name actor_role area_id entity_id root_id instrument_id subject after reason "
    "salt",
}
ACTS_EACH = 200_000
FOUND_BROKEN = ("执法检查发现", "铅封线断开", "broken")
SEAL_WHOLE = ("", "", "")
LEAVING = {
    "stopped": "use_stopped",
    "sealed_up": "sealed_up",
    "scrapped": "scrapped",
    "under_repair": "sent_to_repair",
}


@dataclass(frozen=True, slots=True)
class Owner:
    """An entity that instruments are put into."""

    id: int
    root: int
    area: int
    premises: str
    name: str

    @property
    def place(self) -> Row:
        return (self.id, self.root, self.area, self.premises)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act was about; an entity itself when there is no instrument."""

    name: str
    registered: str
    instrument: int | None = None


class Ledger:
    """Collects the rows of a whole province; `tables` are in the order in which they refer to each other.

    Args:
        items: catalogue slug → primary key.
        detailed: write acts and contacts for every instrument and stall.
    """

    def __init__(self, today: date, items: dict[str, int], *, detailed: bool) -> None:
        self.days = Days(today)
        self.detailed = detailed
        self.tables = {name: Copier(name, columns) for name, columns in COLUMNS.items()}
        self.entities = self.instruments = self.verifications = self.seals = 0
        self.goods = {id(product): _variants(product, items[product.item]) for product in PRODUCTS}
        self.previous_serial: dict[str, str] = {}

    @property
    def collected(self) -> int:
        return len(self.tables["instruments.Instrument"].rows)

    def entity(
        self,
        rng: Random,
        *,
        kind: str,
        premises: str,
        name: str,
        area: int,
        address: str,
        facts: dict[str, object],
    ) -> Owner:
        """Write an entity with its contacts; facts: parent, industry, above_scale, grade."""
        self.entities += 1
        number = self.entities
        parent = facts.get("parent")
        root = parent.root if isinstance(parent, Owner) else number
        opened = self._at(self.days.today - 400 - int(rng.random() * 2500))
        self.tables["registry.Entity"].add(
            number, kind, premises, name, credit_code(number, category=CATEGORIES[kind]),
            parent.id if isinstance(parent, Owner) else None, root, "", area, address,
            facts.get("industry", ""), bool(facts.get("above_scale")), facts.get("grade", ""),
            rng.choice("AAABBC"), rng.random() < 0.4, "draft" if rng.random() < 0.01 else "confirmed", opened,
        )  # fmt: skip
        owner = Owner(number, root, area, premises, name)
        self._contact(rng, owner, "legal_representative")
        self._contact(rng, owner, "metrology_manager")
        self._act(rng, "entity_registered", opened, owner, Subject(name, opened))
        return owner

    def stall(self, rng: Random, market: Owner, stall_number: str, goods: str) -> Owner:
        """Write a stall of a market; most keepers have no credit code of their own."""
        self.entities += 1
        number = self.entities
        code = credit_code(number, category="92") if rng.random() < 0.3 else None
        self.tables["registry.Entity"].add(
            number, "stall", "market", f"{stall_number} {goods}摊", code, market.id, market.root,
            stall_number, market.area, f"{market.name}{stall_number}", "F5299", False, "", "", False,
            "confirmed", self._at(self.days.today - 400),
        )  # fmt: skip
        owner = Owner(number, market.root, market.area, "market", market.name)
        if self.detailed:
            self._contact(rng, owner, "stall_keeper")
        return owner

    def instrument(
        self,
        rng: Random,
        product: Product,
        owner: Owner,
        place: str,
        *,
        city: str,
        quality: float,
        parent: int | None,
    ) -> int:
        """Write an instrument with its placements, verifications, seals, code and acts; return its id."""
        self.instruments += 1
        number = self.instruments
        past = history(rng, self.days, product.months, quality, sealed=bool(product.seals))
        institute = f"{city}计量检定测试所"
        certificate = self._verifications(number, owner, product, past, institute)
        line = rng.choice(self.goods[id(product)][:-1])
        serial = f"{product.serial}{number:08d}"
        if rng.random() < 0.0015 and product.serial in self.previous_serial:
            serial = self.previous_serial.pop(product.serial)  # looks double: same number, maker's short name
            line = self.goods[id(product)][-1]
        else:
            self.previous_serial[product.serial] = serial
        registered = self._at(max(past.since or self.days.today - 20, 1))
        code = None
        if past.state not in {"draft", "filing", "returned"} and rng.random() < 0.94:
            code = code_from_random(rng.randbytes(RANDOM_BYTES))
            ended = "void" if past.state == "scrapped" else "active"
            self.tables["instruments.InstrumentCode"].add(
                code, number, owner.area, ended, registered, registered
            )
            if ended == "void":
                code = None
        made = None if rng.random() < 0.02 else self._day(max((past.since or self.days.today - 20) - 40, 0))
        self.tables["instruments.Instrument"].add(
            number, *owner.place, parent, serial, place, past.state, past.reason,
            bool(past.seal_broken), self._day(past.since), self._day(past.placed), *self._counting(past),
            certificate, institute if past.events else "", _provenance(number, past, len(past.events) - 1),
            code, registered, registered, made, *line,
        )  # fmt: skip
        self._placements(number, owner, past, place)
        self._seals(number, owner, product, past)
        if self.detailed:
            self._history_of_acts(rng, owner, past, Subject(f"{product.name} {serial}", registered, number))
        return number

    def _verifications(
        self, number: int, owner: Owner, product: Product, past: History, institute: str
    ) -> str:
        """Write the verifications and return the last one's certificate number."""
        certificate = ""
        for turn, event in enumerate(past.events):
            self.verifications += 1
            on = self.days.text[event.on]
            certificate = f"川{owner.area // 1_000_000}-{on[:4]}-{self.verifications:08d}"
            kind = "initial" if turn == 0 and len(past.events) > 1 else "subsequent"
            why = "" if event.voided is None else ("铅封破损" if past.seal_broken else "送修")
            self.tables["instruments.Verification"].add(
                number, owner.root, owner.area, kind, on, self._day(event.until),
                "failed" if event.until is None else "passed", certificate, institute, product.regulation,
                _provenance(number, past, turn), self._day(event.voided), why, f"{on} 17:00:00+08",
            )  # fmt: skip
        return certificate

    def _counting(self, past: History) -> Row:
        """verified_on, valid_until, trusted_until, result: the verification on the instrument's own row."""
        if not past.events:
            return (None, None, None, "")
        last = past.events[-1]
        trusted = last.until if last.voided is None else last.voided - 1
        result = "failed" if last.until is None else "passed"
        return (self._day(last.on), self._day(last.until), self._day(trusted), result)

    def _placements(self, number: int, owner: Owner, past: History, place: str) -> None:
        if past.left is not None and past.since is not None and past.left > past.since:
            self.tables["instruments.Placement"].add(
                number, *owner.place, place, self._day(past.since), self._day(past.left - 1)
            )

    def _seals(self, number: int, owner: Owner, product: Product, past: History) -> None:
        passed: Event | None = next((event for event in reversed(past.events) if event.until), None)
        if passed is None:
            return
        for turn, position in enumerate(product.seals):
            self.seals += 1
            broken = past.seal_broken if turn == 0 else None
            self.tables["instruments.Seal"].add(
                number, owner.root, owner.area, f"F{self.seals:09d}", position, self._day(passed.on),
                "检定员", "", self._day(broken), *(FOUND_BROKEN if broken else SEAL_WHOLE),
            )  # fmt: skip

    def _history_of_acts(self, rng: Random, owner: Owner, past: History, subject: Subject) -> None:
        self._act(rng, "instrument_registered", subject.registered, owner, subject)
        if past.state == "filing":
            self._act(rng, "filing_submitted", subject.registered, owner, subject)
        if past.state == "returned":
            self._act(rng, "filing_returned", subject.registered, owner, subject, reason=past.reason)
        for event in past.events:
            self._act(rng, "verification_recorded", self._at(event.on), owner, subject)
        if past.seal_broken is not None:
            at = self._at(past.seal_broken)
            self._act(rng, "seal_broken", at, owner, subject, reason="执法检查发现铅封破损")
        if past.left is not None:
            self._act(rng, LEAVING[past.state], self._at(past.left), owner, subject)

    def _act(
        self, rng: Random, verb: str, at: str, owner: Owner, subject: Subject, *, reason: str = ""
    ) -> None:
        self.tables["audit.Act"].add(
            at, verb, "演示数据", "system", owner.area, owner.id, owner.root, subject.instrument,
            subject.name[:80], "{}", reason, rng.randbytes(16),
        )  # fmt: skip

    def _contact(self, rng: Random, owner: Owner, duty: str) -> None:
        phone = names.phone(rng)
        self.tables["registry.Contact"].add(
            owner.id,
            owner.root,
            owner.area,
            duty,
            encrypt(names.person(rng)),
            encrypt(phone),
            keyed_hash(phone),
        )

    def _day(self, number: int | None) -> str | None:
        return None if number is None else self.days.text[number]

    def _at(self, number: int) -> str:
        return f"{self.days.text[number]} 09:00:00+08"


def _variants(product: Product, item: int) -> list[Row]:
    """The constant columns of a product, a tuple per maker and model; the last has the maker's short name."""
    short = product.makers[0].replace("股份", "").replace("有限公司", "")
    pairs = [(maker, model) for maker in product.makers for model in product.models]
    return [_constant(product, item, maker, model) for maker, model in [*pairs, (short, product.models[0])]]


def _constant(product: Product, item: int, maker: str, model: str) -> Row:
    approval = product.approval if maker in product.makers else ""
    weighing = (product.maximum_g, product.minimum_g, product.e_g, product.e_g)
    return (
        item, product.name, model, maker, approval, product.accuracy, *weighing, product.range, product.use,
    )  # fmt: skip


def _provenance(number: int, past: History, turn: int) -> str:
    """Where a verification came from: most from e-CQS, some typed by an office, a few only declared."""
    if not past.events:
        return ""
    event = past.events[turn]
    is_last = turn == len(past.events) - 1
    if is_last and event.until is not None and event.voided is None and number % 200 == 7:
        return "declared"
    return "recorded" if number % 5 == 3 else "received"
