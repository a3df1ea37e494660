"""E-mail over SMTP, with Django's own backend."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.mail import EmailMessage, get_connection

from quanheng.apps.outbox.services import NotDelivered

PATIENCE = 20  # seconds
FOR_GOOD = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server.

    Args:
        url: ``smtp://`` (STARTTLS where a user is given) or ``smtps://``, user and password in it.
        sender: the address that mails come from.
    """

    url: str
    sender: str

    def send(self, *, key: str, to: str, text: str, subject: str = "") -> None:
        """Send one mail; its Message-ID is made of the key, so that a second one is known as the same.

        Raises:
            NotDelivered: for good where the server refused the address or the mail with a 5xx.
        """
        host = self.sender.rpartition("@")[2]
        mail = EmailMessage(
            subject, text, self.sender, [to], headers={"Message-ID": f"<quanheng-{key}@{host}>"},
            connection=get_connection("django.core.mail.backends.smtp.EmailBackend", **self._options()),
        )  # fmt: skip
        try:
            mail.send()
        except FOR_GOOD as refusal:
            raise NotDelivered(_words(refusal), for_good=_is_permanent(refusal)) from None
        except (OSError, smtplib.SMTPException) as fault:
            raise NotDelivered(f"邮件服务器出错（{type(fault).__name__}）") from None

    def _options(self) -> dict[str, Any]:
        parts = urlsplit(self.url)
        over_tls = parts.scheme == "smtps"
        return {
            "host": parts.hostname, "port": parts.port or (465 if over_tls else 25),
            "username": unquote(parts.username or ""), "password": unquote(parts.password or ""),
            "use_ssl": over_tls, "use_tls": bool(parts.username) and not over_tls, "timeout": PATIENCE,
        }  # fmt: skip


def _codes(refusal: smtplib.SMTPException) -> list[int]:
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in refusal.recipients.values()]
    return [refusal.smtp_code] if isinstance(refusal, smtplib.SMTPResponseException) else []


def _is_permanent(refusal: smtplib.SMTPException) -> bool:
    codes = _codes(refusal)
    return bool(codes) and all(code >= 500 for code in codes)


def _words(refusal: smtplib.SMTPException) -> str:
    return f"邮件服务器答复 {', '.join(map(str, _codes(refusal)))}"
