"""Addresses of invitations, of requests for an account, and of a unit's own accounts."""

from __future__ import annotations

from django.urls import path

from quanheng.web.lists.views import list_view
from quanheng.web.people import invitations, join, requests, staff, staff_sheet
from quanheng.web.people.lists import AccountRequestList, InvitationList

urlpatterns = [
    path("join/", join.find, name="join_find"),
    path("join/ask/", join.ask, name="join_ask"),
    path("join/asked/<str:number>/", join.asked, name="join_asked"),
    path("join/<str:number>/", join.take_up, name="join"),
    path("entities/<int:pk>/invite/", invitations.entity_invite, name="entity_invite"),
    path("invitations/", list_view(InvitationList), name="invitation_list"),
    path("invitations/<int:pk>/", invitations.invitation_page, name="invitation_page"),
    path("account-requests/", list_view(AccountRequestList), name="account_request_list"),
    path("account-requests/<int:pk>/", requests.request_page, name="account_request_page"),
    path("staff/", staff.staff_page, name="staff_page"),
    path("staff/invite/", staff.staff_invite, name="staff_invite"),
    path("staff/sheet/", staff_sheet.staff_sheet, name="staff_sheet"),
    path("staff/sheet/template.xlsx", staff_sheet.staff_sheet_template, name="staff_sheet_template"),
    path("staff/<int:appointment_id>/<slug:slug>/", staff.staff_act, name="staff_act"),
]
