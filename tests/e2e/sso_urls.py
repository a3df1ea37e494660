"""The addresses of the platform where single sign-on is configured."""

from __future__ import annotations

from quanheng.config.urls import urlpatterns as all_others
from quanheng.web.accounts.urls import SINGLE_SIGN_ON

urlpatterns = [*SINGLE_SIGN_ON, *all_others]
