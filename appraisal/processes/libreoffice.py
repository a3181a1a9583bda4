"""LibreOffice, where it is installed: documents become PDF by one process, which ends with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from appraisal.errors import AppraisalError
from appraisal.processes.system import end_with_children

_SECONDS_FOR_ALL = 60
_SECONDS_FOR_EACH = 20
"""A busy machine may need so long; a document takes a second or two."""


class LibreOfficeError(AppraisalError):
    """LibreOffice is not there, or did not do its work: one Chinese sentence."""


def libreoffice_program() -> str | None:
    """The command that starts LibreOffice; None where none is found."""
    roots = [os.environ[name] for name in ("ProgramFiles", "ProgramFiles(x86)") if name in os.environ]
    elsewhere = [
        *(Path(root, "LibreOffice", "program", "soffice.com") for root in roots),
        Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    ]
    return shutil.which("soffice") or next((str(path) for path in elsewhere if path.exists()), None)


def as_pdfs(documents: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """Each document, given with its name's ending (`.docx`), as PDF, in order. Raises LibreOfficeError.

    A profile of its own: a LibreOffice that somebody has open is left alone, and what people set in theirs
    changes nothing here.
    """
    program = libreoffice_program()
    if program is None:
        raise LibreOfficeError(
            "没有找到 LibreOffice，不能合成 PDF。请安装 LibreOffice 后再试，或打开各文件分别打印。"
        )
    with tempfile.TemporaryDirectory(prefix="print-") as folder:
        made, profile = Path(folder, "pdf"), Path(folder, "profile")
        paths = [Path(folder, f"{number:03}{ending}") for number, (ending, _) in enumerate(documents)]
        for path, (_, content) in zip(paths, documents, strict=True):
            path.write_bytes(content)
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "pdf", "--outdir", str(made), *map(str, paths)]
        _run(command, _SECONDS_FOR_ALL + _SECONDS_FOR_EACH * len(paths))
        pages = [made / f"{path.stem}.pdf" for path in paths]
        if not all(page.exists() for page in pages):
            raise LibreOfficeError("LibreOffice 没能转换全部文件。请关闭其他 LibreOffice 窗口，或稍后再试。")
        return [page.read_bytes() for page in pages]


def _run(command: Sequence[str], seconds: int) -> None:
    nothing = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell, and our own names
            command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
    except OSError as error:
        raise LibreOfficeError(f"LibreOffice 启动不了（{error.strerror}）。请检查安装后再试。") from None
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise LibreOfficeError(f"LibreOffice {seconds} 秒没有转换完，已停止。请稍后再试。") from None
    finally:
        if process.poll() is None:
            end_with_children(process)  # the command is only what starts LibreOffice
            process.wait()
