"""Who may open a page. Every view says so with one of these, above its first line; a silent view is closed.

    @office(Role.COUNTY_OFFICER, Role.INSPECTOR)   only these roles
    @signed_in                                     whoever has signed in and acts in some role
    @public_page                                   everybody
    @own_sign_in                                   whoever has signed in, be it without role or second factor

They work on functions and on classes alike. What a role may do to *this* row is for the service to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.kit.refusal import RuleBroken

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import User

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a view.

    Args:
        public: nobody needs to sign in.
        roles: the roles that may; None for every role.
        before_second_factor: open before the second factor is enrolled (the pages that enrol it).
        get_writes: a GET of it has to write: the callback of single sign-on, which comes as a GET.
    """

    public: bool = False
    roles: frozenset[Role] | None = None
    before_second_factor: bool = False
    get_writes: bool = False

    def admits(self, actor: Actor | None) -> bool:
        """Say whether this actor may open the view."""
        if self.public:
            return True
        return actor is not None and (self.roles is None or actor.role in self.roles)


PUBLIC = Access(public=True)
SIGNED_IN = Access()
OWN_SIGN_IN = Access(before_second_factor=True)
SINGLE_SIGN_ON = Access(public=True, get_writes=True)

# Views of libraries cannot carry our word; they are named here, by module and name of the view.
LIBRARY_VIEWS = {
    "allauth.account.views.LoginView": PUBLIC,
    "allauth.account.views.LogoutView": PUBLIC,
    "allauth.account.views.PasswordChangeView": OWN_SIGN_IN,
    "allauth.account.views.ReauthenticateView": OWN_SIGN_IN,
    "allauth.mfa.base.views.AuthenticateView": PUBLIC,
    "allauth.mfa.base.views.ReauthenticateView": OWN_SIGN_IN,
    "allauth.mfa.base.views.IndexView": OWN_SIGN_IN,
    "allauth.mfa.totp.views.ActivateTOTPView": OWN_SIGN_IN,
    "allauth.mfa.totp.views.DeactivateTOTPView": OWN_SIGN_IN,
    "allauth.mfa.recovery_codes.views.GenerateRecoveryCodesView": OWN_SIGN_IN,
    "allauth.mfa.recovery_codes.views.DownloadRecoveryCodesView": OWN_SIGN_IN,
    "allauth.mfa.recovery_codes.views.ViewRecoveryCodesView": OWN_SIGN_IN,
    "allauth.socialaccount.providers.openid_connect.views.login": PUBLIC,
    "allauth.socialaccount.providers.openid_connect.views.callback": SINGLE_SIGN_ON,
    "allauth.socialaccount.views.LoginCancelledView": PUBLIC,
    "allauth.socialaccount.views.LoginErrorView": PUBLIC,
    "allauth.account.views.AccountInactiveView": PUBLIC,
    "django.views.i18n.set_language": PUBLIC,
    "django.views.i18n.JavaScriptCatalog": PUBLIC,
}


def public_page(view: V) -> V:
    """Open the view to everybody, signed in or not."""
    return _declare(view, PUBLIC)


def signed_in(view: V) -> V:
    """Open the view to everybody who has signed in."""
    return _declare(view, SIGNED_IN)


def own_sign_in(view: V) -> V:
    """Open the view to whoever has signed in, even before the second factor is enrolled or a role is held."""
    return _declare(view, OWN_SIGN_IN)


def office(*roles: Role) -> Callable[[V], V]:
    """Open the view to these roles alone."""
    if not roles:
        raise TypeError("office() needs at least one role; signed_in opens a view to all of them.")
    return lambda view: _declare(view, Access(roles=frozenset(roles)))


def access_of(view: Callable[..., Any]) -> Access | None:
    """Return what the view declares, or None when it is silent."""
    declared = getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)
    if isinstance(declared, Access):
        return declared
    return LIBRARY_VIEWS.get(view_name(view))


def view_name(view: Callable[..., Any]) -> str:
    """Return module and name of a view, of its class if it has one."""
    target = getattr(view, "view_class", view)
    return f"{target.__module__}.{getattr(target, '__qualname__', type(target).__name__)}"


def _declare(view: V, access: Access) -> V:
    view.access = access  # type: ignore[attr-defined]
    return view


class OfficeRequest(HttpRequest):
    """A request that has passed the door: `actor` is the person who acts, in the role they act in.

    A page of one file says which in `seen`, by its list's key and its id; one of another row in `shows`.
    """

    actor: Actor
    user: User
    seen: tuple[str, int]  # the file that this page shows, for the reader's list of the latest (`kit.seen`)
    shows: (
        tuple[str, int] | tuple[str, int, str]
    )  # the row that this page shows: what its reader was told of it counts as read


def come_back_after(refusal: RuleBroken | None, page: HttpResponse) -> HttpResponse:
    """Say on a page when the same request may pass, where that is known; return the page."""
    if refusal is not None and refusal.seconds is not None:
        page.headers["Retry-After"] = str(refusal.seconds)
    return page


class TakesErrors(Protocol):
    """A form, as far as `refusals_on` needs it."""

    def add_error(self, field: str | None, error: str) -> None: ...


@contextmanager
def refusals_on(form: TakesErrors, *, field: str | None = None) -> Iterator[None]:
    """Run an act; if a rule refuses it, undo it and say so on the form.

    with refusals_on(form):
        services.apply_seal(..., by=request.actor, at=now)
    if form.is_valid(): redirect
    """
    try:
        with transaction.atomic():
            yield
    except RuleBroken as refusal:
        form.add_error(field or field_of(form, refusal), refusal.message)


def field_of(form: TakesErrors, refusal: RuleBroken) -> str | None:
    """Return the field that a refusal is about, where the form has it; else the sentence stands above it."""
    fields = getattr(form, "fields", {})
    return next((name for name in refusal.refusal.fields if name in fields), None)
