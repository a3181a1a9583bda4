"""Mail to a real server: what it says decides what becomes of a message."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest

from appraisal.delivery.mail import MailServer
from appraisal.delivery.message import Handover
from appraisal.ledger.delivery_records import DeliveryState
from appraisal.workspace.notify_settings import Notify, Security
from tests.delivery.servers import PASSWORD, MailServerHere

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

MAIL = b"From: hr@example.com\r\nTo: zhang@example.com\r\nSubject: x\r\n\r\nx\r\n"
WHO = "zhang@example.com"


def sent(
    here: MailServerHere,
    *,
    security: Security = Security.NONE,
    user: str = "",
    password: str | None = PASSWORD,
    seconds: float = 5.0,
    host: str = "127.0.0.1",
) -> Handover:
    notify = Notify((), "人事部 <hr@example.com>", host, here.port, security, user)
    with MailServer(notify, lambda _name: password, seconds=seconds) as server:
        return server.send(MAIL, WHO)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a server named localhost, with its key beside it."""
    folder = tmp_path_factory.mktemp("certificate")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*command.split(), *names], cwd=folder, check=True, capture_output=True)
    return folder / "cert.pem"


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context


def test_a_mail_that_is_taken_was_sent():
    with MailServerHere() as here:
        assert sent(here) == Handover(DeliveryState.SENT)
        assert here.to == [WHO]


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_over_an_encrypted_connection_with_a_password(
    certificate: Path, security: Security, monkeypatch: pytest.MonkeyPatch
):
    """A certificate that nobody vouches for is refused before the password is given."""
    context = server_side(certificate)
    encrypted = {"tls": context} if security is Security.TLS else {"starttls": context}
    with MailServerHere(asks_password=True, **encrypted) as here:
        unknown = sent(here, security=security, user="hr", host="localhost")
        assert (unknown.state, unknown.ends_channel) == (DeliveryState.MADE, True)
        assert "加密连接没有建立" in unknown.reason
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert sent(here, security=security, user="hr", host="localhost").state is DeliveryState.SENT
        wrong = sent(here, security=security, user="hr", host="localhost", password="x")
        assert (wrong.state, wrong.ends_channel) == (DeliveryState.MADE, True)
        assert "不认账号或密码" in wrong.reason
        missing = sent(here, security=security, user="hr", host="localhost", password=None)
        assert "APPRAISAL_SMTP_PASSWORD" in missing.reason
        assert len(here.received) == 1


@pytest.mark.parametrize(
    ("here", "state", "told"),
    [
        (MailServerHere(refuses={WHO: "550 no such user"}), DeliveryState.REFUSED, "550 no such user"),
        (MailServerHere(refuses={WHO: "450 try later"}), DeliveryState.MADE, "450 try later"),
        (MailServerHere(answers={WHO: "554 spam"}), DeliveryState.REFUSED, "554 spam"),
        (MailServerHere(answers={WHO: "452 full"}), DeliveryState.MADE, "452 full"),
        (MailServerHere(answers={WHO: None}), DeliveryState.UNSURE, "没有答复"),
    ],
)
def test_what_the_server_says_is_what_becomes_of_it(here: MailServerHere, state: DeliveryState, told: str):
    """5xx for good, 4xx for now; an answer that never came after the mail was handed over leaves it open."""
    with here:
        outcome = sent(here)
    assert (outcome.state, told in outcome.reason) == (state, True)


def test_a_server_that_does_not_answer_in_time_leaves_it_open():
    with MailServerHere(slow=0.4) as here:
        assert sent(here, seconds=0.15).state is DeliveryState.UNSURE


def test_a_server_that_is_not_there_took_nothing():
    with MailServerHere() as here:
        port = here.port
    notify = Notify((), "hr@example.com", "127.0.0.1", port, Security.NONE)
    with MailServer(notify, lambda _name: None) as server:
        outcome = server.send(MAIL, WHO)
    assert (outcome.state, outcome.ends_channel) == (DeliveryState.MADE, True)
    assert "连不上邮件服务器" in outcome.reason
