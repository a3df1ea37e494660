"""The role under which everything but migrations runs."""

from __future__ import annotations

import pytest
from django.db import connection


def who() -> tuple[str, bool, bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        row: tuple[str, bool, bool] = cursor.fetchone()
        return row


@pytest.mark.django_db
def test_tests_speak_as_the_application_which_row_level_security_binds() -> None:
    assert who() == ("quanheng_app", False, False)


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_speaks_as_the_application_too() -> None:
    assert who() == ("quanheng_app", False, False)
