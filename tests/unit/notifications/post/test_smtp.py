"""The mail server's answers, over real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from services.notifications.domain.delivery import AnswerLost, Letter, NotTaken, RefusedForGood
from services.notifications.post.sink import KeptMails, MailSink
from services.notifications.post.smtp import SmtpPostOffice, SmtpServer, smtp_server

LETTER = Letter(
    to_address="numune@example.org",
    content=b"Message-ID: <1@x>\r\nSubject: Salam\r\nTo: numune@example.org\r\n\r\nMetn\r\n.\r\n",
    language_code="az",
    content_sha256="a" * 64,
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_server(script: dict[str, bytes | None]) -> Iterator[int]:
    """A mail server that answers by its script; ``None`` hangs up."""
    answers = {
        "banner": b"220 hello\r\n",
        "EHLO": b"250 hello\r\n",
        "MAIL": b"250 ok\r\n",
        "RCPT": b"250 ok\r\n",
        "DATA": b"354 go\r\n",
        ".": b"250 kept\r\n",
        "QUIT": b"221 bye\r\n",
        **script,
    }
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            if not say(connection, answers["banner"]):
                return
            in_data = False
            for line in lines:
                word = line.strip().decode()[:4].upper()
                if in_data:
                    if line != b".\r\n":
                        continue
                    in_data, word = False, "."
                answer = answers.get(word, b"502 no\r\n")
                if not say(connection, answer):
                    return
                in_data = in_data or (word == "DATA" and answer.startswith(b"354"))

    def say(connection: socket.socket, answer: bytes | None) -> bool:
        if answer is not None:
            connection.sendall(answer)
        return answer is not None

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.close()
    thread.join(5)


def office(port: int) -> SmtpPostOffice:
    server = SmtpServer(host="127.0.0.1", port=port, security="smtp")
    return SmtpPostOffice(server, sender_address="noreply@rtcm.example", timeout_seconds=5)


@pytest.mark.parametrize(
    ("script", "problem", "reason_code"),
    [
        ({"banner": b"554 go away\r\n"}, NotTaken, "smtp.unreachable"),
        ({"banner": None}, NotTaken, "smtp.unreachable"),
        ({"MAIL": b"451 later\r\n"}, NotTaken, "smtp.451"),
        ({"MAIL": b"552 too big\r\n"}, RefusedForGood, "smtp.552"),
        ({"RCPT": b"550 no such user\r\n"}, RefusedForGood, "smtp.550"),
        ({"RCPT": b"450 greylisted\r\n"}, NotTaken, "smtp.450"),
        ({"RCPT": None}, NotTaken, "smtp.disconnected"),
        ({"DATA": b"451 later\r\n"}, NotTaken, "smtp.451"),
        ({"DATA": b"554 no\r\n"}, RefusedForGood, "smtp.554"),
        ({".": b"452 full\r\n"}, NotTaken, "smtp.452"),
        ({".": b"550 spam\r\n"}, RefusedForGood, "smtp.550"),
        ({".": None}, AnswerLost, "smtp.answer_lost"),
    ],
)
def test_answer_tells_what_to_do(script, problem, reason_code):
    with a_server(script) as port, pytest.raises(problem) as raised:
        office(port).deliver(LETTER)
    assert type(raised.value) is problem
    assert raised.value.reason_code == reason_code


def test_taken_mail_raises_nothing():
    with a_server({}) as port:
        office(port).deliver(LETTER)


def test_lost_goodbye_does_not_undo_a_taken_mail():
    with a_server({"QUIT": None}) as port:
        office(port).deliver(LETTER)


def test_server_that_is_not_there_has_not_taken_it():
    with pytest.raises(NotTaken):
        office(free_port()).deliver(LETTER)


def test_address_beyond_ascii_needs_a_server_that_knows_it():
    letter = Letter(**{**vars(LETTER), "to_address": "nümunə@example.org"})
    with a_server({}) as port, pytest.raises(RefusedForGood) as refused:
        office(port).deliver(letter)
    assert refused.value.reason_code == "smtp.address_not_supported"


def test_sink_keeps_mails_that_can_be_read_back(tmp_path):
    port = free_port()
    with MailSink(tmp_path, host="127.0.0.1", port=port):
        for _ in range(3):
            office(port).deliver(LETTER)

    mails = KeptMails(tmp_path)
    first, after = mails.page(after=None, limit=2)
    rest, end = mails.page(after=after, limit=2)
    assert (len(first), len(rest), end) == (2, 1, None)
    assert [m["id"] for m in [*first, *rest]] == sorted(
        (m["id"] for m in [*first, *rest]), reverse=True
    )
    mail = mails.one(first[0]["id"])
    assert (mail["subject"], mail["to"]) == ("Salam", "numune@example.org")
    assert mail["text"] == "Metn\n.\n"  # the lonely dot survives


@pytest.mark.parametrize(
    "mail_id", ["../../etc/passwd", "x", "00000000-0000-4000-8000-000000000001"]
)
def test_sink_shows_only_what_it_kept(tmp_path, mail_id):
    assert KeptMails(tmp_path).one(mail_id) is None


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://127.0.0.1:2525", SmtpServer(host="127.0.0.1", port=2525, security="smtp")),
        (
            "smtps://u%40x:p%3A1@mail.example",
            SmtpServer(host="mail.example", port=465, security="smtps", user="u@x", password="p:1"),
        ),
        (
            "smtp+starttls://mail.example",
            SmtpServer(host="mail.example", port=587, security="smtp+starttls"),
        ),
    ],
)
def test_server_is_read_from_its_address(address, server):
    assert smtp_server(address) == server


@pytest.mark.parametrize("address", ["http://x", "smtp://", "smtp://x:99999", "x", "smtp://x/path"])
def test_address_that_is_no_server_is_refused(address):
    with pytest.raises(ValueError, match="smtp"):
        smtp_server(address)
