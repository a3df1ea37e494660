"""统一身份认证: leaving for the government's sign-in, by a page of ours.

Browsers hold a form's answer to our own `form-action`, redirects included, through every host that the other
side passes on to, and nobody can list those. So the form is answered with a page that goes there by itself:
what it leads to is no answer to a form any more, and the policy needs no foreign host.
"""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect import views
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from requests import RequestException

from quanheng.web.access import public_page


@public_page
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the government's sign-in; say so where it does not answer."""
    try:
        answer: HttpResponse = views.login(request, provider_id)
    except (RequestException, ValueError, KeyError):  # not there, or no description of an OpenID server
        messages.error(request, _("统一身份认证暂时无法连接，请稍后再试，或用登录名和密码登录。"))
        return redirect("account_login")
    target = answer.headers.get("Location", "")
    if not target or url_has_allowed_host_and_scheme(target, {request.get_host()}):
        return answer
    return render(request, "accounts/leaving.html", {"target": target})
