"""Text messages and e-mail. Without a provider they become files, one for each message.

    text_messages().send(key="41", to="13812345678", text="…")

`key` stays the same when a message is sent again; the provider shall take it once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from django.conf import settings

from quanheng.adapters.messages.folder import MessageFolder
from quanheng.adapters.messages.gateway import TextGateway
from quanheng.adapters.messages.mail import MailServer

__all__ = ["Channel", "e_mail", "text_messages"]


class Channel(Protocol):
    """A way to reach somebody."""

    def send(self, *, key: str, to: str, text: str, subject: str = "") -> None:
        """Hand a message over.

        Raises:
            NotDelivered: the provider did not take it.
        """


def text_messages() -> Channel:
    """Return the provider of text messages that is configured, or the folder."""
    if settings.SMS_URL:
        return TextGateway(settings.SMS_URL, settings.SMS_SECRET)
    return MessageFolder(Path(settings.DATA_DIR) / "outbox" / "sms")


def e_mail() -> Channel:
    """Return the mail server that is configured, or the folder."""
    if settings.MAIL_URL:
        return MailServer(settings.MAIL_URL, settings.MAIL_FROM)
    return MessageFolder(Path(settings.DATA_DIR) / "outbox" / "mail")
