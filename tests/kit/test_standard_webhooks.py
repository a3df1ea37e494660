"""Signatures as Standard Webhooks says, held against the example of its specification."""

from __future__ import annotations

import base64

import pytest

from quanheng.kit.standard_webhooks import headers_of, is_secret, new_secret, signature


def test_the_example_of_the_specification_is_signed_as_it_says() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_secret_signs_the_newest_first() -> None:
    one, other = new_secret(), new_secret()
    headers = headers_of("msg_1", b"{}", 1614265330.9, [one, other])
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"].split(" ") == [
        signature(secret, "msg_1", "1614265330", b"{}") for secret in (one, other)
    ]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (f"whsec_{base64.b64encode(b'x' * 32).decode()}", True),
        (f"whsec_{base64.b64encode(b'x' * 23).decode()}", False),
        (f"whsec_{base64.b64encode(b'x' * 65).decode()}", False),
        ("whsec_?", False),
        ("x", False),
    ],
)
def test_a_secret_is_24_to_64_bytes(text: str, good: bool) -> None:
    assert is_secret(text) == good


def test_a_secret_that_we_make_is_one_and_no_other() -> None:
    assert is_secret(new_secret())
    assert new_secret() != new_secret()
