"""Which addresses are called: what everybody reaches, and what the office named as its own."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from quanheng.kit.outside import NotOutside, is_outside, resolve

PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_near_is_not_outside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1946", "64:ff9b::808:808"])
def test_what_everybody_reaches_is_outside(address: str) -> None:
    assert is_outside(address)


def named(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def answer(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def test_the_call_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, "93.184.216.34")
    assert resolve("https://example.cn/hook", ()) == "93.184.216.34"


def test_one_private_address_among_several_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, "93.184.216.34", "10.0.0.5")
    with pytest.raises(NotOutside, match="private"):
        resolve("https://example.cn/hook", ())
    assert resolve("https://example.cn/hook", ("10.0.0.0/8",)) == "10.0.0.5"


def test_without_tls_only_the_offices_own_networks_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, "93.184.216.34")
    with pytest.raises(NotOutside, match="https"):
        resolve("http://example.cn/hook", ())
    named(monkeypatch, "10.0.0.5")
    assert resolve("http://gateway/hook", ("10.0.0.5",)) == "10.0.0.5"


def test_a_name_that_nobody_knows_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotOutside, match="unknown"):
        resolve("https://nowhere.example/", ())
