"""Servers to send to: a real SMTP server, and HTTP ends that answer as the services of group robots do.

with MailServerHere(refuses={"x@example.com": "550 no such user"}) as mail: … mail.received
with RobotHere([(200, {"errcode": 0}), (200, {"errcode": 93000, "errmsg": "invalid key"})]) as robot: … robot.told
"""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "secret-of-the-mailbox"


@dataclass
class MailServerHere:
    """`refuses` answers the addressee, `answers` the mail itself (`None`: hangs up instead of answering)."""

    refuses: Mapping[str, str] = field(default_factory=dict)
    answers: dict[str, str | None] = field(default_factory=dict)
    slow: float = 0.0
    listens_on: int = 0
    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    asks_password: bool = False
    on_mail: dict[str, Callable[[], object]] = field(default_factory=dict)
    received: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        await asyncio.sleep(self.slow)
        answer = self.answers.get(address, "250 OK")
        if answer is None or answer.startswith("250"):
            self.received.append(
                BytesParser(_class=EmailMessage, policy=default).parsebytes(envelope.content)
            )
            self.to.append(address)
        self.on_mail.get(address, lambda: None)()
        if answer is None:
            server.transport.abort()
            return "421 gone"
        return answer

    def _login(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any
    ) -> AuthResult:
        is_right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
        return AuthResult(success=is_right, handled=False)

    @property
    def port(self) -> int:
        return self._server.sockets[0].getsockname()[1]

    def _protocol(self) -> SMTP:
        return SMTP(
            self,
            hostname="127.0.0.1",
            loop=self._loop,
            tls_context=self.starttls,
            require_starttls=self.starttls is not None,
            authenticator=self._login,
            auth_required=self.asks_password,
            auth_require_tls=False,
        )

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        served = self._loop.create_server(self._protocol, "127.0.0.1", self.listens_on, ssl=self.tls)
        self._server = self._loop.run_until_complete(served)
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for _ in range(5):  # connections that are being closed get their turns
            await asyncio.sleep(0)


@dataclass
class RobotHere:
    """Answers one request after the other, the last answer again and again; `None` hangs up.

    Or as a function says of the path and what was told.
    """

    answers: Sequence[tuple[int, Any] | None] | Callable[[str, Any], tuple[int, Any] | None] = (
        (200, {"errcode": 0, "errmsg": "ok"}),
    )
    slow: float = 0.0
    told: list[tuple[str, Any]] = field(default_factory=list)

    def __enter__(self) -> Self:
        here = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                is_json = "json" in self.headers["Content-Type"] and body
                said = json.loads(body) if is_json else body
                if callable(here.answers):
                    answer = here.answers(self.path, said)
                else:
                    answer = here.answers[min(len(here.told), len(here.answers) - 1)]
                here.told.append((self.path, said))
                here.pause.wait(here.slow)
                if answer is None:
                    self.close_connection = True
                    return
                status, content = answer
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()
                self.wfile.write(content if isinstance(content, bytes) else json.dumps(content).encode())

            def log_message(self, *_arguments: object) -> None:
                """Nobody wants to know."""

        self.pause = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_about: None  # a client that did not wait
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/cgi-bin/webhook/send?key=0f1e"

    def __exit__(self, *_raised: object) -> None:
        self.pause.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
