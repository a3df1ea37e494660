"""The channels of messages: one contract for the folder, for a gateway and for a mail server that are ours.

The two servers are those of `providers.py`; the adapters talk to them over a socket.
"""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from pytest_django import Settings

from quanheng.adapters.messages import Channel, e_mail, text_messages
from quanheng.adapters.messages.folder import MessageFolder
from quanheng.adapters.messages.gateway import TextGateway
from quanheng.adapters.messages.mail import MailServer
from quanheng.apps.outbox.services import NotDelivered
from tests.adapters.providers import SECRET, Fake, gateway_of, mail_server_of, serving

TEXT = "【权衡】一号市场：强检计量器具 3 台 7 天内到期。"


@pytest.fixture
def fake() -> Fake:
    return Fake()


@pytest.fixture(params=["folder", "gateway", "mail"])
def channel(request: pytest.FixtureRequest, fake: Fake, tmp_path: Path) -> Iterator[Channel]:
    if request.param == "folder":
        yield MessageFolder(tmp_path)
    elif request.param == "gateway":
        with serving(ThreadingHTTPServer(("127.0.0.1", 0), gateway_of(fake))) as port:
            yield TextGateway(f"http://127.0.0.1:{port}/", SECRET)
    else:
        with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), mail_server_of(fake))) as port:
            yield MailServer(f"smtp://127.0.0.1:{port}", "no-reply@example.cn")


def taken_by(channel: Channel, fake: Fake) -> list[tuple[str, str]]:
    if isinstance(channel, MessageFolder):
        parts = [file.read_text().partition("\n\n") for file in sorted(channel.home.glob("*.txt"))]
        return [(head.split("\n")[0].removeprefix("To: "), text.strip()) for head, _, text in parts]
    return list(fake.taken.values())


def test_a_message_arrives_as_it_was_written(channel: Channel, fake: Fake) -> None:
    channel.send(key="41", to="13812345678@example.cn", text=TEXT, subject="到期提醒")
    assert taken_by(channel, fake) == [("13812345678@example.cn", TEXT)]


def test_the_same_key_twice_is_one_message(channel: Channel, fake: Fake) -> None:
    for _ in range(2):
        channel.send(key="41", to="a@example.cn", text=TEXT)
    channel.send(key="42", to="a@example.cn", text="另一条")
    assert sorted(taken_by(channel, fake)) == sorted([("a@example.cn", TEXT), ("a@example.cn", "另一条")])


@pytest.mark.parametrize("channel", ["gateway"], indirect=True)
@pytest.mark.parametrize(
    ("status", "for_good"),
    [(429, False), (500, False), (503, False), (400, True), (404, True), (302, True), (307, True)],
)
def test_the_gateways_no_says_whether_to_try_again(
    channel: Channel, fake: Fake, status: int, for_good: bool
) -> None:
    fake.answers = [status]
    with pytest.raises(NotDelivered, match=str(status)) as refusal:
        channel.send(key="41", to="13812345678", text=TEXT)
    assert refusal.value.for_good is for_good
    assert "138" not in str(refusal.value)


@pytest.mark.parametrize("channel", ["mail"], indirect=True)
@pytest.mark.parametrize(("status", "for_good"), [(450, False), (550, True)])
def test_the_mail_servers_no_says_whether_to_try_again(
    channel: Channel, fake: Fake, status: int, for_good: bool
) -> None:
    fake.answers = [status]
    with pytest.raises(NotDelivered, match=str(status)) as refusal:
        channel.send(key="41", to="a@example.cn", text=TEXT)
    assert refusal.value.for_good is for_good


def test_a_wrong_secret_is_no_matter_of_time(fake: Fake) -> None:
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), gateway_of(fake))) as port:
        stranger = TextGateway(f"http://127.0.0.1:{port}/", "another secret")
        with pytest.raises(NotDelivered, match="401"):
            stranger.send(key="1", to="13812345678", text=TEXT)
    assert fake.taken == {}


@pytest.mark.parametrize(
    "channel",
    [TextGateway("http://127.0.0.1:9/", SECRET), MailServer("smtp://127.0.0.1:9", "a@example.cn")],
    ids=["gateway", "mail"],
)
def test_nobody_there_means_later(channel: Channel) -> None:
    with pytest.raises(NotDelivered) as refusal:
        channel.send(key="1", to="a@example.cn", text=TEXT)
    assert not refusal.value.for_good


def test_only_the_owner_reads_the_files_and_no_key_leads_out_of_the_folder(tmp_path: Path) -> None:
    folder = MessageFolder(tmp_path / "sms")
    folder.send(key="41", to="13812345678", text=TEXT)
    assert (tmp_path / "sms" / "41.txt").stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="letters, digits and dashes"):
        folder.send(key="../41", to="13812345678", text=TEXT)


def test_what_is_configured_is_used_and_files_where_nothing_is(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.SMS_URL, settings.MAIL_URL = tmp_path, "", ""
    assert isinstance(text_messages(), MessageFolder)
    assert isinstance(e_mail(), MessageFolder)
    settings.SMS_URL, settings.SMS_SECRET = "https://sms.example.cn/", SECRET
    settings.MAIL_URL, settings.MAIL_FROM = "smtps://mail.example.cn", "a@example.cn"
    assert isinstance(text_messages(), TextGateway)
    assert isinstance(e_mail(), MailServer)
