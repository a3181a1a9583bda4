"""Mail by SMTP, one message to one person, so that a refusal is about that one and nobody else.

Written on smtplib's single steps: after the last dot of a message an answer that does not come leaves open whether it
was taken, before it nothing was. Libraries that send in one call do not tell these two apart.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from appraisal.delivery.message import SENT, Handover, later, refused, unsure
from appraisal.workspace.notify_settings import SMTP_PASSWORD, Notify, Security, bare_address, where_to_put

SECONDS = 20.0


class MailServer:
    """The server of the settings; connected to with the first message, and again after a lost connection."""

    def __init__(
        self, notify: Notify, secret: Callable[[str], str | None], *, seconds: float = SECONDS
    ) -> None:
        self._notify = notify
        self._secret = secret
        self._seconds = seconds
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._leave()

    def send(self, content: bytes, address: str) -> Handover:
        """Hand the mail over; what became of it."""
        if self._server is None and (problem := self._connect()) is not None:
            return problem
        try:
            return self._hand_over(content, address)
        except (smtplib.SMTPException, OSError) as error:
            self._leave()
            return later(f"邮件服务器中断了（{_told(error)}）")

    def _hand_over(self, content: bytes, address: str) -> Handover:
        """Raises what breaks before the message itself is handed over."""
        assert self._server is not None
        server, sender = self._server, bare_address(self._notify.mail_from)
        code, answer = server.mail(sender)
        if code == 250:
            code, answer = server.rcpt(address)
        if code not in {250, 251}:
            with suppress(smtplib.SMTPException, OSError):
                server.rset()
            return _answered(code, answer)
        try:
            code, answer = server.data(content)
        except smtplib.SMTPDataError as error:  # it would not even begin to take it
            return _answered(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._leave()
            return unsure(f"信已经交出去，邮件服务器没有答复（{_told(error)}）")
        return SENT if code == 250 else _answered(code, answer)

    def _connect(self) -> Handover | None:
        """None where it went well."""
        notify = self._notify
        if not notify.has_mail:
            return later("settings.toml 的 [notify] 没有写 mail_from 和 smtp_host", ends_channel=True)
        password = self._secret(SMTP_PASSWORD) if notify.smtp_user else None
        if notify.smtp_user and password is None:
            return later(f"没有邮箱密码，{where_to_put(SMTP_PASSWORD)}", ends_channel=True)
        try:
            self._server = self._open()
            self._server.ehlo_or_helo_if_needed()
            if password is not None:
                self._server.login(notify.smtp_user, password)
        except smtplib.SMTPAuthenticationError as error:
            self._leave()
            return later(f"邮件服务器不认账号或密码（{_told(error)}）", ends_channel=True)
        except (smtplib.SMTPException, OSError) as error:
            self._leave()
            where = f"{notify.smtp_host}:{notify.smtp_port}"
            return later(f"连不上邮件服务器 {where}（{_told(error)}）", ends_channel=True)
        return None

    def _open(self) -> smtplib.SMTP:
        host, port = self._notify.smtp_host, self._notify.smtp_port
        if self._notify.smtp_security is Security.TLS:
            return smtplib.SMTP_SSL(host, port, timeout=self._seconds, context=ssl.create_default_context())
        server = smtplib.SMTP(host, port, timeout=self._seconds)
        if self._notify.smtp_security is Security.STARTTLS:
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server

    def _leave(self) -> None:
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()
            self._server = None


def _answered(code: int, answer: bytes | str) -> Handover:
    """4xx is for now, 5xx for good; 421 says that the server is leaving."""
    reason = f"邮件服务器答复：{code} {_line(answer)}"
    return later(reason, ends_channel=code == 421) if 400 <= code < 500 else refused(reason)


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_line(error.smtp_error)}"
    if isinstance(error, TimeoutError):
        return "等不到答复"
    if isinstance(error, ssl.SSLError):
        return f"加密连接没有建立：{error.reason or error}"
    return _line(str(error)) or type(error).__name__


def _line(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:200]
