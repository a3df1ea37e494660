"""Addresses of signing in and of one's own account."""

from __future__ import annotations

from allauth.account import views as sign_in
from allauth.socialaccount import views as single_sign_on
from allauth.socialaccount.app_settings import OPENID_CONNECT_URL_PREFIX
from django.conf import settings
from django.urls import include, path

from quanheng.web.accounts import areas, log, me, people
from quanheng.web.accounts.lists import AccountList, ActList, AgencyList, AreaList
from quanheng.web.accounts.single_sign_on import leave
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("accounts/login/", sign_in.login, name="account_login"),
    path("accounts/logout/", sign_in.logout, name="account_logout"),
    path("accounts/password/change/", sign_in.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("accounts/inactive/", sign_in.account_inactive, name="account_inactive"),
    # allauth names these two; both say whom to ask: accounts are the administrators' to open and to mend.
    path("accounts/help/", me.sign_in_help, name="account_signup"),
    path("accounts/help/no-password/", me.sign_in_help, name="account_set_password"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("me/", me.my_account, name="my_account"),
    path("me/role/", me.choose_appointment, name="choose_appointment"),
    path("me/role/none/", me.no_role, name="no_role"),
    path("me/sessions/end/", me.end_other_sessions, name="end_other_sessions"),
    path("me/elder-mode/", me.set_elder_mode, name="set_elder_mode"),
    path("people/", list_view(AccountList), name="account_list"),
    path("people/new/", people.account_new, name="account_new"),
    path("people/<int:user_id>/", people.account_page, name="account_page"),
    path("people/<int:user_id>/appoint/", people.account_appoint, name="account_appoint"),
    path("people/<int:user_id>/disable/", people.account_disable, name="account_disable"),
    path("people/<int:user_id>/enable/", people.account_enable, name="account_enable"),
    path(
        "people/<int:user_id>/reset-password/",
        people.account_reset_password_by_administrator,
        name="account_reset_password_by_administrator",
    ),
    path(
        "people/<int:user_id>/reset-second-factor/",
        people.account_reset_second_factor,
        name="account_reset_second_factor",
    ),
    path("appointments/<int:appointment_id>/end/", people.appointment_end, name="appointment_end"),
    path("agencies/", list_view(AgencyList), name="agency_list"),
    path("agencies/new/", people.agency_new, name="agency_new"),
    path("areas/", list_view(AreaList), name="area_list"),
    path("areas/<int:area_id>/", areas.area_page, name="area_page"),
    path("areas/<int:area_id>/found/", areas.area_found, name="area_found"),
    path("areas/<int:area_id>/reorganise/", areas.area_reorganise, name="area_reorganise"),
    path("acts/", list_view(ActList), name="act_list"),
    path("acts/<int:pk>/", log.act_page, name="act_page"),
]
SINGLE_SIGN_ON = [
    # Before allauth's own view of this address, which answers a form with a redirect to another host.
    path(f"accounts/sso/{OPENID_CONNECT_URL_PREFIX}/<str:provider_id>/login/", leave, name="single_sign_on"),
    path("accounts/sso/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("accounts/sso/cancelled/", single_sign_on.login_cancelled, name="socialaccount_login_cancelled"),
    path("accounts/sso/error/", single_sign_on.login_error, name="socialaccount_login_error"),
]
if settings.SOCIALACCOUNT_PROVIDERS:
    urlpatterns += SINGLE_SIGN_ON
