"""The kinds of places of a county: which entities they are, and which instruments stand in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from quanheng.demo import goods, names
from quanheng.demo.goods import Product
from quanheng.demo.ledger import Ledger, Owner

# The order in which places open in a county; about a third of the instruments stand outside markets.
OPENING = (
    "market", "hospital", "station", "supermarket", "restaurant", "industry", "market", "restaurant",
    "station", "market", "restaurant", "supermarket", "clinic", "market", "restaurant", "market",
    "restaurant",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class County:
    """A county with its streets: (position, name) each."""

    position: int
    name: str
    full_name: str
    city: str
    streets: tuple[tuple[int, str], ...]


class CountyBuilder:
    """Opens places in one county until its share of instruments is reached.

    Args:
        share: how many instruments the county has.
        quality: share of the instruments in use whose verification counts today.
    """

    def __init__(self, ledger: Ledger, county: County, share: int, quality: float, rng: Random) -> None:
        self.ledger, self.county, self.left, self.quality, self.rng = ledger, county, share, quality, rng
        self.opened = 0
        self.oil_company: Owner | None = None

    def build(self) -> Iterator[None]:
        """Open one place after another; yields after each so that the caller can copy what was written."""
        kinds: dict[str, Callable[[], None]] = {
            "market": self._market, "hospital": self._hospital, "clinic": self._clinic,
            "station": self._station, "supermarket": self._supermarket, "restaurant": self._restaurant,
            "industry": self._industry,
        }  # fmt: skip
        self.whole = self.left
        while self.left > 0:
            kinds[OPENING[self.opened % len(OPENING)]]()
            self.opened += 1
            yield

    def _owner(self, kind: str, premises: str, name: str, **facts: object) -> Owner:
        street, street_name = self.county.streets[int(self.rng.random() ** 1.5 * len(self.county.streets))]
        road = f"{self.rng.choice(names.ROADS)}{self.rng.randrange(1, 400)}号"
        address = f"{self.county.full_name}{street_name}{road}"
        return self.ledger.entity(
            self.rng, kind=kind, premises=premises, name=name.format(street=street_name), area=street,
            address=address, facts=facts,
        )  # fmt: skip

    def _put(self, product: Product, owner: Owner, place: str, parent: int | None = None) -> int | None:
        """Put one instrument into the ledger while the county's share lasts."""
        if self.left <= 0:
            return None
        self.left -= 1
        return self.ledger.instrument(
            self.rng, product, owner, place, city=self.county.city, quality=self.quality, parent=parent
        )

    def _number(self) -> int:
        """How many of this kind there are in the county, this one included."""
        kind = OPENING[self.opened % len(OPENING)]
        rounds, rest = divmod(self.opened, len(OPENING))
        return rounds * OPENING.count(kind) + OPENING[: rest + 1].count(kind)

    def _brand(self) -> str:
        return self.rng.choice(names.BRANDS)

    def _market(self) -> None:
        market = self._owner(
            "market_operator", "market", f"{self.county.name}{{street}}{self._brand()}农贸市场",
            industry="L7281",
        )  # fmt: skip
        self._put(goods.PLATFORM_SCALE, market, "公平秤")
        stalls = min(20 + int(self.rng.random() * 60), max(4, self.whole // 6))
        for number in range(1, stalls + 1):
            if self.left <= 0:
                return
            row = "ABCDEF"[number % 6]
            stall_number = f"{row}-{number:03d}"
            stall = self.ledger.stall(self.rng, market, stall_number, self.rng.choice(names.GOODS))
            if self.rng.random() < 0.04:
                continue  # a gap: a stall that nobody has registered a scale for
            for _ in range(1 if self.rng.random() < 0.8 else 2):
                self._put(goods.PRICE_SCALE, stall, stall_number)

    def _supermarket(self) -> None:
        shop = self._owner(
            "company", "supermarket", f"{self.county.name}{self._brand()}超市有限公司{{street}}店",
            industry="F5212",
        )  # fmt: skip
        for number in range(4 + int(self.rng.random() * 10)):
            self._put(goods.COUNTER_SCALE, shop, f"收银区{number + 1}号")
        self._put(goods.PLATFORM_SCALE, shop, "收货区")

    def _restaurant(self) -> None:
        name = f"{{street}}{self.rng.choice(names.BRANDS)}{self.rng.choice(names.DISHES)}"
        restaurant = self._owner("sole_trader", "restaurant", name, industry="H6210")
        self._put(goods.PRICE_SCALE, restaurant, "后厨收货")
        if self.rng.random() < 0.5:
            self._put(goods.GAS_ALARM, restaurant, "厨房")

    def _station(self) -> None:
        if self.oil_company is None:
            name = f"{self.county.name}蜀通石油销售有限公司"
            self.oil_company = self._owner("company", "filling_station", name, industry="F5265")
        name = f"{self.county.name}{{street}}蜀通第{self._number()}加油站"
        station = self._owner("company", "filling_station", name, industry="F5265", parent=self.oil_company)
        for number in range(1, 3 + int(self.rng.random() * 5)):
            dispenser = self._put(goods.DISPENSER, station, f"{number}号加油机")
            if dispenser is None:
                return
            for nozzle in range(1, self.rng.choice((2, 4, 4, 6)) + 1):
                self._put(goods.NOZZLE, station, f"{number}号机{nozzle}号枪", parent=dispenser)

    def _hospital(self) -> None:
        grade, size = self.rng.choice((("三级甲等", 6), ("二级甲等", 4), ("二级乙等", 3)))
        name = f"{self.county.name}第{self._number()}人民医院"
        hospital = self._owner("institution", "hospital", name, industry="Q8411", grade=grade)
        size = min(size, max(1, self.whole // 40))
        for product in goods.MEDICAL:
            count = size * 2 if product is goods.SPHYGMOMANOMETER else 1 + int(self.rng.random() * size * 0.6)
            for number in range(count):
                self._put(product, hospital, f"{self.rng.choice(DEPARTMENTS)}{number + 1}")

    def _clinic(self) -> None:
        clinic = self._owner("institution", "hospital", "{street}卫生院", industry="Q8423", grade="一级")
        for product in goods.MEDICAL[:4]:
            self._put(product, clinic, "门诊部")

    def _industry(self) -> None:
        name = f"{self.county.name}{self.rng.choice(names.BRANDS)}{self.rng.choice(names.INDUSTRIES)}有限公司"
        works = self._owner("company", "industry", name, industry="C3411", above_scale=True)
        self._put(goods.TRUCK_SCALE, works, "物流门")
        for number in range(6 + int(self.rng.random() * 8)):
            self._put(goods.PRESSURE_GAUGE, works, f"车间{number + 1}号管道")
        for number in range(2):
            self._put(goods.GAS_ALARM, works, f"配气间{number + 1}")


DEPARTMENTS = ("门诊", "急诊科", "内科病区", "外科病区", "体检中心", "影像科", "手术室", "眼科", "耳鼻喉科")
