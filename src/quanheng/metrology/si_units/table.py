r"""The units and prefixes that D-SI names (SI Brochure, 9th edition, tables 2 to 8).

Each unit states its factor to base units exactly. What has no exact factor (the dalton is measured) or none
at all (neper and bel are logarithms, a bit is a count of its own kind) stands for itself, like a base unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

BASE: Final = ("kilogram", "metre", "second", "ampere", "kelvin", "mole", "candela")
ON_THEIR_OWN: Final = ("dalton", "neper", "bel", "bit")


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit as multiples of base units.

    Args:
        exponents: of the base units, by name.
        factor: how many of the coherent unit it is, without the powers of pi.
        pi: the power of pi in the factor: 1 degree is 1/180 of pi.
        zero: where its zero lies on the scale of the coherent unit; 273.15 for the degree Celsius.
        takes_prefix: whether the SI allows a prefix before it.
    """

    symbol: str
    exponents: Mapping[str, int] = field(default_factory=dict)
    factor: Fraction = Fraction(1)
    pi: int = 0
    zero: Fraction = Fraction(0)
    takes_prefix: bool = True


PREFIXES: Final[Mapping[str, tuple[str, int]]] = {
    "quetta": ("Q", 30), "ronna": ("R", 27), "yotta": ("Y", 24), "zetta": ("Z", 21), "exa": ("E", 18),
    "peta": ("P", 15), "tera": ("T", 12), "giga": ("G", 9), "mega": ("M", 6), "kilo": ("k", 3),
    "hecto": ("h", 2), "deca": ("da", 1), "deci": ("d", -1), "centi": ("c", -2), "milli": ("m", -3),
    "micro": ("µ", -6), "nano": ("n", -9), "pico": ("p", -12), "femto": ("f", -15), "atto": ("a", -18),
    "zepto": ("z", -21), "yocto": ("y", -24), "ronto": ("r", -27), "quecto": ("q", -30),
}  # fmt: skip


def _unit(symbol: str, base: str, factor: str = "1", *, pi: int = 0, prefix: bool = True) -> NamedUnit:
    """Read ``"kg m s-2"`` as exponents of base units."""
    return NamedUnit(symbol, _exponents(base), Fraction(factor), pi, takes_prefix=prefix)


def _exponents(base: str) -> dict[str, int]:
    short = {"kg": "kilogram", "m": "metre", "s": "second", "A": "ampere", "K": "kelvin", "mol": "mole",
             "cd": "candela"}  # fmt: skip
    exponents = {}
    for word in base.split():
        name = word.rstrip("-0123456789")
        exponents[short.get(name, name)] = int(word[len(name) :] or 1)
    return exponents


NAMED: Final[Mapping[str, NamedUnit]] = {
    "one": _unit("1", "", prefix=False),
    "percent": _unit("%", "", "1/100", prefix=False),
    "ppm": _unit("ppm", "", "1/1000000", prefix=False),
    "kilogram": _unit("kg", "kg", prefix=False),
    "gram": _unit("g", "kg", "1/1000"),
    "metre": _unit("m", "m"),
    "second": _unit("s", "s"),
    "ampere": _unit("A", "A"),
    "kelvin": _unit("K", "K"),
    "mole": _unit("mol", "mol"),
    "candela": _unit("cd", "cd"),
    "radian": _unit("rad", ""),
    "steradian": _unit("sr", ""),
    "hertz": _unit("Hz", "s-1"),
    "newton": _unit("N", "kg m s-2"),
    "pascal": _unit("Pa", "kg m-1 s-2"),
    "joule": _unit("J", "kg m2 s-2"),
    "watt": _unit("W", "kg m2 s-3"),
    "coulomb": _unit("C", "A s"),
    "volt": _unit("V", "kg m2 s-3 A-1"),
    "farad": _unit("F", "kg-1 m-2 s4 A2"),
    "ohm": _unit("Ω", "kg m2 s-3 A-2"),
    "siemens": _unit("S", "kg-1 m-2 s3 A2"),
    "weber": _unit("Wb", "kg m2 s-2 A-1"),
    "tesla": _unit("T", "kg s-2 A-1"),
    "henry": _unit("H", "kg m2 s-2 A-2"),
    "degreecelsius": NamedUnit("°C", {"kelvin": 1}, zero=Fraction("273.15"), takes_prefix=False),
    "lumen": _unit("lm", "cd"),
    "lux": _unit("lx", "cd m-2"),
    "becquerel": _unit("Bq", "s-1"),
    "gray": _unit("Gy", "m2 s-2"),
    "sievert": _unit("Sv", "m2 s-2"),
    "katal": _unit("kat", "mol s-1"),
    "minute": _unit("min", "s", "60", prefix=False),
    "hour": _unit("h", "s", "3600", prefix=False),
    "day": _unit("d", "s", "86400", prefix=False),
    "astronomicalunit": _unit("au", "m", "149597870700", prefix=False),
    "degree": _unit("°", "", "1/180", pi=1, prefix=False),
    "arcminute": _unit("′", "", "1/10800", pi=1, prefix=False),
    "arcsecond": _unit("″", "", "1/648000", pi=1),
    "hectare": _unit("ha", "m2", "10000", prefix=False),
    "litre": _unit("L", "m3", "1/1000"),
    "tonne": _unit("t", "kg", "1000"),
    "electronvolt": _unit("eV", "kg m2 s-2", "1.602176634E-19"),
    "bar": _unit("bar", "kg m-1 s-2", "100000"),
    "dalton": _unit("Da", "dalton"),
    "neper": _unit("Np", "neper"),
    "bel": _unit("B", "bel"),
    "decibel": _unit("dB", "bel", "1/10", prefix=False),
    "bit": _unit("bit", "bit"),
    "byte": _unit("B", "bit", "8"),
}
# What D-SI does not name and people write: the legal units of China beside the SI (GB 3100-1993, table 3;
# 1 mmHg = 133.322 Pa as the verification regulations of blood-pressure meters convert it).
BESIDE: Final[Mapping[str, NamedUnit]] = {
    "millimetreofmercury": _unit("mmHg", "kg m-1 s-2", "133.322", prefix=False),
    "revolution": _unit("r", "", prefix=False),
    "var": _unit("var", "kg m2 s-3"),
}
