"""Texts, parties and identifications of a calibration certificate (PTB DCC 3.3, administrativeData)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal


def says(description: str) -> dict[str, str]:
    """Return the metadata of a field: the description that the schema of a case shows."""
    return {"description": description}


class Written:
    """A part of a certificate. Whoever reads one from JSON refuses fields that nobody knows."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Text(Written):
    """A text in one language."""

    content: str = field(metadata=says("文字"))
    language: str | None = field(metadata=says("语言（ISO 639-1，两个小写字母）"), default=None)


Texts = tuple[Text, ...]
Issuer = Literal["manufacturer", "calibrationLaboratory", "customer", "owner", "other"]


@dataclass(frozen=True, slots=True)
class Identification(Written):
    """A number that somebody gave the item, the equipment or the certificate."""

    issuer: Issuer = field(metadata=says("编号方"))
    value: str = field(metadata=says("编号"))
    name: Texts = field(metadata=says("编号名称，如出厂编号"), default=())


@dataclass(frozen=True, slots=True)
class Location(Written):
    """An address."""

    city: str | None = field(metadata=says("城市"), default=None)
    country_code: str | None = field(metadata=says("国家代码（ISO 3166-1，两个大写字母）"), default=None)
    post_code: str | None = field(metadata=says("邮政编码"), default=None)
    post_office_box: str | None = field(metadata=says("邮政信箱"), default=None)
    state: str | None = field(metadata=says("省、自治区、直辖市"), default=None)
    street: str | None = field(metadata=says("街道"), default=None)
    street_number: str | None = field(metadata=says("门牌号"), default=None)
    further: Texts = field(metadata=says("补充说明"), default=())


@dataclass(frozen=True, slots=True)
class Contact(Written):
    """A person or an organisation and how to reach it."""

    name: Texts = field(metadata=says("名称"))
    email: str | None = field(metadata=says("电子邮件"), default=None)
    phone: str | None = field(metadata=says("电话"), default=None)
    fax: str | None = field(metadata=says("传真"), default=None)
    link: str | None = field(metadata=says("网址"), default=None)
    location: Location | None = field(metadata=says("地址"), default=None)


@dataclass(frozen=True, slots=True)
class Laboratory(Written):
    """The laboratory that calibrated."""

    contact: Contact = field(metadata=says("名称与联系方式"))
    code: str | None = field(metadata=says("实验室代码，如认可编号"), default=None)


@dataclass(frozen=True, slots=True)
class ResponsiblePerson(Written):
    """Somebody who answers for the certificate."""

    contact: Contact = field(metadata=says("姓名与联系方式"))
    role: str | None = field(metadata=says("职责，如批准人"), default=None)
    is_main_signer: bool | None = field(metadata=says("是否主要签发人"), default=None)


@dataclass(frozen=True, slots=True)
class Software(Written):
    """The software that wrote the certificate."""

    name: Texts = field(metadata=says("名称"))
    release: str = field(metadata=says("版本"))


@dataclass(frozen=True, slots=True)
class Item(Written):
    """What was calibrated."""

    name: Texts = field(metadata=says("名称"))
    identifications: tuple[Identification, ...] = field(metadata=says("编号"))
    description: Texts = field(metadata=says("说明"), default=())
    manufacturer: Contact | None = field(metadata=says("制造商"), default=None)
    model: str | None = field(metadata=says("型号"), default=None)


@dataclass(frozen=True, slots=True)
class Equipment(Written):
    """A standard or an instrument that was used."""

    name: Texts = field(metadata=says("名称"))
    reference_type: str | None = field(metadata=says("引用类型 refType"), default=None)
    description: Texts = field(metadata=says("说明"), default=())
    manufacturer: Contact | None = field(metadata=says("制造商"), default=None)
    model: str | None = field(metadata=says("型号"), default=None)
    identifications: tuple[Identification, ...] = field(metadata=says("编号"), default=())


@dataclass(frozen=True, slots=True)
class Method(Written):
    """A method that was used."""

    name: Texts = field(metadata=says("名称"))
    reference_type: str | None = field(metadata=says("引用类型 refType"), default=None)
    description: Texts = field(metadata=says("说明"), default=())
    norms: tuple[str, ...] = field(metadata=says("依据的规程、规范或标准，如 JJG 443-2023"), default=())
    references: tuple[str, ...] = field(metadata=says("条款或文件"), default=())
    links: tuple[str, ...] = field(metadata=says("网址"), default=())
