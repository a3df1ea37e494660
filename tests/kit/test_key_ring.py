"""Personal data has a ring of keys: the newest encrypts, those before it read, a retired one is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.management import CommandError, call_command
from django.db import connection

from quanheng.apps.accounts.second_factors import decrypted, encrypted
from quanheng.apps.instruments.models import StagedRow
from quanheng.apps.registry.models import Contact
from quanheng.kit.fields import WITHOUT_NUMBER, decrypt, encrypt, key_number
from quanheng.kit.key_ring import KeyNotHeld, key_ring
from quanheng.kit.management.commands import field_keys
from quanheng.kit.rewriting import Column, keys_needed, places
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.architecture.source import imported, modules, name
from tests.factories.ledger import make_contact, make_entity
from tests.factories.people import make_user


@pytest.fixture(autouse=True)
def ring_of_its_own(settings: SimpleNamespace, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def before_there_were_numbers(text: str) -> bytes:
    """Return what the platform wrote until it had a ring."""
    nonce = bytes(12)
    sealed = AESGCM(key_ring().secret(0)).encrypt(nonce, text.encode(), WITHOUT_NUMBER)
    return WITHOUT_NUMBER + nonce + sealed


def test_a_value_names_the_key_that_it_needs(at: datetime) -> None:
    old = encrypt("13812345678")
    key_ring().rotated(at)
    new = encrypt("13812345678")
    assert (key_number(old), key_number(new)) == (0, 1)
    assert decrypt(old) == decrypt(new) == "13812345678"


def test_a_value_from_before_there_were_numbers_is_read_with_key_0(at: datetime) -> None:
    old = before_there_were_numbers("王五")
    key_ring().rotated(at)
    assert (decrypt(old), key_number(old)) == ("王五", 0)


def test_a_value_that_claims_another_key_is_no_value(at: datetime) -> None:
    key_ring().rotated(at)
    value = encrypt("王五")
    with pytest.raises(InvalidTag):
        decrypt(value[:1] + (0).to_bytes(2) + value[3:])


def test_a_retired_key_is_refused_by_name(at: datetime) -> None:
    old = encrypt("王五")
    key_ring().rotated(at)
    key_ring().retire(0, at)
    with pytest.raises(KeyNotHeld, match=f"key 0, retired on {at:%Y-%m-%d}"):
        decrypt(old)


def test_a_key_of_another_installation_is_refused_by_name(at: datetime) -> None:
    key_ring().rotated(at)
    value = encrypt("王五")
    key_ring().file.unlink()
    with pytest.raises(KeyNotHeld, match=r"key 1, which .*fields\.json does not hold"):
        decrypt(value)


def test_a_retired_key_leaves_no_secret_behind(at: datetime) -> None:
    secret = key_ring().rotated(at).secret
    key_ring().rotated(at)
    assert secret is not None
    assert secret.hex() in key_ring().file.read_text()
    key_ring().retire(1, at)
    assert secret.hex() not in key_ring().file.read_text()
    assert key_ring().current.number == 2


def test_the_keys_are_their_owners_alone(at: datetime) -> None:
    key_ring().rotated(at)
    assert key_ring().file.stat().st_mode & 0o077 == 0


def test_rotating_rewrites_every_value_wherever_it_lies(
    everything: None, capsys: pytest.CaptureFixture[str]
) -> None:
    contact = make_contact(make_entity(), name="王五", phone="13812345678")
    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_contact SET phone = %s WHERE id = %s",
            [before_there_were_numbers("13812345678"), contact.pk],
        )
    user = make_user(phone="13900000001")
    factor = Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": encrypted("JBSWY3DP"), "used_mask": 5}
    )
    needed = keys_needed()
    call_command("field_keys", "rotate")
    assert "Key 1 encrypts from now on" in capsys.readouterr().out
    assert keys_needed() == {1: needed[0]}
    found = Contact.objects.unscoped().get(pk=contact.pk)
    assert (found.name, found.phone, found.phone_hash) == ("王五", "13812345678", contact.phone_hash)
    user.refresh_from_db()
    factor.refresh_from_db()
    assert (user.phone, decrypted(factor.data["secret"])) == ("13900000001", "JBSWY3DP")
    assert factor.data["used_mask"] == 5


def test_a_rotation_that_was_stopped_is_gone_on_with(everything: None, at: datetime) -> None:
    make_contact(make_entity())
    key_ring().rotated(at)  # and the power went
    assert keys_needed()[0] > 0
    call_command("field_keys", "rewrite")
    assert keys_needed()[0] == 0


def test_a_key_is_not_retired_while_a_value_needs_it(everything: None, at: datetime) -> None:
    make_contact(make_entity(), name="王五", phone="")
    key_ring().rotated(at - timedelta(days=400))
    with pytest.raises(CommandError, match="1 values still need key 0"):
        call_command("field_keys", "retire", "0")
    call_command("field_keys", "rewrite")
    call_command("field_keys", "retire", "0")
    assert key_ring().keys[0].secret is None
    with pytest.raises(CommandError, match="no key 0 to retire"):
        call_command("field_keys", "retire", "0")


@pytest.mark.django_db
def test_a_key_is_not_retired_within_the_hour_nor_while_it_encrypts(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("field_keys", "rotate")
    with pytest.raises(CommandError, match="Retire it an hour later"):
        call_command("field_keys", "retire", "0")
    with pytest.raises(CommandError, match="Key 1 encrypts"):
        call_command("field_keys", "retire", "1")
    monkeypatch.setattr(field_keys, "LONGEST_ACT", timedelta(0))
    call_command("field_keys", "retire", "0")


@pytest.mark.django_db
def test_what_an_import_has_staged_is_a_place_too() -> None:
    """Encrypted by the code, copied into contacts by SQL: a value of a retired key would arrive lost."""
    found = {(place.table, place.column) for place in places() if isinstance(place, Column)}
    table = StagedRow._meta.db_table
    assert {(table, "holder_name"), (table, "holder_phone"), ("accounts_user", "phone")} <= found


def test_whoever_encrypts_by_hand_is_known_as_a_place() -> None:
    """What is encrypted where no rotation looks is lost with its key: add the place, then the name here."""
    hands = [name(file) for file in modules() if "quanheng.kit.fields.encrypt" in imported(file)]
    assert hands == [
        "src/quanheng/apps/accounts/second_factors.py",  # a place of its own
        "src/quanheng/apps/instruments/services/imports/staging.py",  # StagedRow.encrypted_columns
        "src/quanheng/demo/ledger.py",  # columns of EncryptedTextField, by COPY
        "src/quanheng/kit/rewriting.py",
    ]
