"""The door of every page: silent views stay shut, a GET cannot write, a refusal undoes its act."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import include, path

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import OFFICERS, Role
from quanheng.apps.accounts.models import Appointment, User
from quanheng.apps.instruments.models import Instrument
from quanheng.kit import refusals
from quanheng.web.access import OfficeRequest, office, own_sign_in, public_page, refusals_on, signed_in
from tests.factories import make_actor, make_instrument, make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def silent(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@signed_in
def writes(request: OfficeRequest) -> HttpResponse:
    User.objects.filter(pk=request.user.pk).update(name="改名")
    return HttpResponse("written")


@signed_in
def refuses(request: OfficeRequest) -> HttpResponse:
    User.objects.filter(pk=request.user.pk).update(name="改名")
    if request.GET.get("not_yours"):
        raise refusals.NOT_YOURS(role="", act="", beyond="", verb="")
    raise refusals.NO_REASON()


class Form:
    """As much of a form as `refusals_on` needs."""

    errors: list[str]

    def __init__(self) -> None:
        self.errors = []

    def add_error(self, field: str | None, error: str) -> None:
        self.errors.append(error)


def _refuse() -> None:
    raise refusals.NO_REASON()


@signed_in
def shows_refusal(request: OfficeRequest) -> HttpResponse:
    form = Form()
    with refusals_on(form):
        User.objects.filter(pk=request.user.pk).update(name="改名")
        _refuse()
    return HttpResponse("".join(form.errors))


@office(*OFFICERS)
def streams(request: OfficeRequest) -> StreamingHttpResponse:
    def rows() -> Iterator[str]:
        for row in Instrument.objects.visible_to(request.actor):
            yield f"{row.pk} "

    return StreamingHttpResponse(rows())


@public_page
def counts(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Instrument.objects.unscoped().count()))


@own_sign_in
def mine(request: OfficeRequest) -> HttpResponse:
    return HttpResponse(request.actor.name if request.actor else "nobody yet")


urlpatterns = [
    path("silent/", silent),
    path("writes/", writes),
    path("refuses/", refuses),
    path("shows/", shows_refusal),
    path("streams/", streams),
    path("counts/", counts),
    path("mine/", mine),
    path("", include("quanheng.config.urls")),
]


@pytest.fixture
def officer() -> Actor:
    return make_actor(Role.COUNTY_OFFICER)


@pytest.fixture
def page(client: Client, officer: Actor) -> Client:
    return sign_in(client, officer)


def test_a_view_that_does_not_say_who_may_open_it_is_closed_to_everybody(page: Client) -> None:
    assert page.get("/silent/").status_code == 403
    assert Client().get("/silent/").status_code == 403


def test_a_get_cannot_write_whatever_the_view_does(page: Client, officer: Actor) -> None:
    page.raise_request_exception = False
    assert page.get("/writes/").status_code == 500, "PostgreSQL refuses the write"
    assert User.objects.get(pk=officer.user_id or 0).name != "改名"
    assert page.post("/writes/").content == b"written"


@pytest.mark.parametrize(("query", "status"), [("", 422), ("?not_yours=1", 403)])
def test_a_refused_act_leaves_nothing_and_says_why(
    page: Client, officer: Actor, query: str, status: int
) -> None:
    response = page.post(f"/refuses/{query}")
    assert response.status_code == status
    refusal = response.context["refusal"]
    assert refusal.code == ("not_yours" if query else "no_reason")
    assert refusal.message in response.content.decode()
    assert User.objects.get(pk=officer.user_id or 0).name != "改名"


def test_a_refusal_shown_on_a_form_leaves_nothing_either(page: Client, officer: Actor) -> None:
    assert page.post("/shows/").content.decode() == refusals.NO_REASON().message
    assert User.objects.get(pk=officer.user_id or 0).name != "改名"


def test_a_streamed_answer_reads_its_rows_in_the_scope_of_who_asked(page: Client, officer: Actor) -> None:
    own, foreign = make_instrument(), make_instrument()
    with transaction.atomic():
        Appointment.objects.filter(pk=officer.appointment_id or 0).update(area=own.area, agency=None)
    said = page.get("/streams/").getvalue().decode().split()
    assert said == [str(own.pk)]
    assert str(foreign.pk) not in said


def test_a_public_page_has_no_scope_of_its_own(page: Client) -> None:
    make_instrument()
    assert Client().get("/counts/").content == b"0"


def test_who_has_not_signed_in_is_led_to_the_door_and_back(client: Client) -> None:
    response = client.get("/streams/?due=1")
    assert response.url == "/accounts/login/?next=/streams/%3Fdue%3D1"  # type: ignore[attr-defined]
    part = client.get("/streams/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (401, "/accounts/login/?next=%2Fdesk%2F")


def test_a_role_that_is_not_named_is_turned_away(client: Client) -> None:
    assert sign_in(client, make_actor(Role.MARKET_OPERATOR)).get("/streams/").status_code == 403


def test_a_person_without_a_role_reaches_their_own_account_alone(client: Client) -> None:
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/mine/").status_code == 302, "a session that did not begin with a sign-in is over"


def test_a_new_role_acts_with_the_next_request(page: Client, officer: Actor) -> None:
    assert page.get("/streams/").status_code == 200
    Appointment.objects.filter(pk=officer.appointment_id or 0).update(role=Role.DEPARTMENT_USER)
    assert page.get("/streams/").status_code == 403
