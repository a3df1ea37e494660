"""What is kept of one's forms, dropping it, and the page of a form whose token is not right."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quanheng.apps.accounts.services.keep_form import forget_form
from quanheng.web.access import OfficeRequest, own_sign_in
from quanheng.web.kept_forms.answers import turned_away
from quanheng.web.kept_forms.browser import browser_of
from quanheng.web.kept_forms.reading import page_of_form


@own_sign_in
@require_POST
def kept_form_drop(request: OfficeRequest, form_id: int) -> HttpResponse:
    """Forget what was kept, and show the page as it is without."""
    forget_form(user_id=request.user.pk, browser=browser_of(request).number, form_id=form_id)
    messages.success(request, _("已清除保留的填写内容。"))
    return redirect(page_of_form(request))


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django passes it
    """Say that a form's token is missing or old: opened before the last sign-in, or sent from elsewhere."""
    return turned_away(render(request, "403_csrf.html", status=403))
