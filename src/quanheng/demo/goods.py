"""What kinds of instruments stand in which kind of place, with makers that do not exist."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """A kind of instrument.

    Args:
        item: slug of the catalogue item it belongs to.
        maximum_g, minimum_g, e_g: weighing instruments only.
        months: period of the verification regulation.
    """

    item: str
    name: str
    models: tuple[str, ...]
    makers: tuple[str, ...]
    serial: str
    approval: str
    months: int
    regulation: str
    use: str
    accuracy: str = ""
    range: str = ""
    maximum_g: int | None = None
    minimum_g: int | None = None
    e_g: int | None = None
    seals: tuple[str, ...] = ()


SCALE_MAKERS = (
    "川衡电子有限公司",
    "蓉秤衡器有限公司",
    "永州称重设备有限公司",
    "金衡科技股份有限公司",
    "凯准电子秤厂",
)
MEDICAL_MAKERS = ("康仪医疗器械有限公司", "华诊医疗科技有限公司", "瑞影医疗设备股份有限公司")
FUEL_MAKERS = ("正泰油品设备有限公司", "三盈加油设备有限公司", "恒流机械有限公司")
GAUGE_MAKERS = ("川仪表业有限公司", "准仪仪表厂")


def _scale(name: str, models: tuple[str, ...], capacity_kg: int, e_g: int) -> Product:
    return Product(
        "digital-indicating-scale", name, models, SCALE_MAKERS, "S", "2019F112-51", 12, "JJG 539-2016",
        "trade", "Ⅲ", f"Max {capacity_kg} kg  Min {20 * e_g} g", capacity_kg * 1000, 20 * e_g, e_g,
        ("scale_case",),
    )  # fmt: skip


def _medical(item: str, name: str, model: str, months: int, regulation: str) -> Product:
    return Product(
        item, name, (model, model + "-B", model + "-Pro"), MEDICAL_MAKERS, "M", "2020C230-51", months,
        regulation, "medical",
    )  # fmt: skip


PRICE_SCALE = _scale("电子计价秤", ("ACS-30", "ACS-30A", "TCS-30E"), 30, 10)
COUNTER_SCALE = _scale("条码打印计价秤", ("TM-15A", "LS-15"), 15, 5)
PLATFORM_SCALE = _scale("电子台秤", ("TCS-150", "TCS-300"), 150, 50)
TRUCK_SCALE = _scale("电子汽车衡", ("SCS-60", "SCS-100"), 60_000, 20_000)
DISPENSER = Product(
    "fuel-dispenser", "燃油加油机", ("DJY-218A", "CS42", "H-2244"), FUEL_MAKERS, "D", "2018F310-51", 6,
    "JJG 443-2023", "trade", "0.3", "(5~50) L/min", seals=("flow_adjuster", "encoder", "mainboard"),
)  # fmt: skip
NOZZLE = Product(
    "fuel-dispenser", "加油枪", ("OPW-11A", "HQ-15"), FUEL_MAKERS, "N", "2018F310-51", 6, "JJG 443-2023",
    "trade", "0.3", "(5~50) L/min",
)  # fmt: skip
SPHYGMOMANOMETER = _medical("sphygmomanometer", "水银血压计", "XJ11D", 6, "JJG 270-2008")
MEDICAL = (
    SPHYGMOMANOMETER,
    _medical("electrocardiograph", "数字心电图机", "ECG-12C", 12, "JJG 1041-2008"),
    _medical("colour-doppler-ultrasound", "彩色多普勒超声诊断仪", "CDU-70", 12, "JJG 639-1998"),
    _medical("automatic-sphygmomanometer", "无创自动血压计", "BP-203", 12, "JJG 692-2010"),
    _medical("patient-monitor", "多参数监护仪", "PM-9000", 12, "JJG 1163-2019"),
    _medical("diagnostic-x-ray", "医用诊断X射线机", "DX-50", 12, "JJG 744-2004"),
    _medical("ct", "X射线计算机体层摄影装置（CT）", "CT-64", 12, "JJG 961-2017"),
    _medical("dr-cr", "数字化摄影系统（DR）", "DR-6000", 12, "JJG 1078-2012"),
    _medical("electroencephalograph", "脑电图机", "EEG-32", 12, "JJG 1043-2008"),
    _medical("tonometer", "眼压计", "NCT-200", 12, "JJG 574-2004"),
    _medical("optometer", "验光仪", "AR-800", 12, "JJG 892-2022"),
    _medical("audiometer", "纯音听力计", "AUD-60", 12, "JJG 388-2012"),
)
GAS_ALARM = Product(
    "combustible-gas-alarm", "可燃气体报警器", ("GT-100", "JB-TB"), GAUGE_MAKERS, "G", "2021S118-51", 12,
    "JJG 693-2011", "safety", "±5% FS", "(0~100) %LEL",
)  # fmt: skip
PRESSURE_GAUGE = Product(
    "pressure-gauge", "弹性元件式一般压力表", ("Y-100", "Y-150"), GAUGE_MAKERS, "P", "2016F220-51", 6,
    "JJG 52-2013", "safety", "1.6", "(0~1.6) MPa",
)  # fmt: skip
PRODUCTS = (
    PRICE_SCALE, COUNTER_SCALE, PLATFORM_SCALE, TRUCK_SCALE, DISPENSER, NOZZLE, *MEDICAL, GAS_ALARM,
    PRESSURE_GAUGE,
)  # fmt: skip
