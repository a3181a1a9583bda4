"""What the command line shows: Chinese for people, one JSON object per file for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from appraisal.text import printable, terminal_width

if TYPE_CHECKING:  # `--help` is not to wait for what only results need
    from appraisal.findings.finding import Finding
    from appraisal.pipeline.reports import FileReport, PassReport
    from appraisal.pipeline.workbooks import Progress
    from appraisal.scoring.results import GroupResult


def speak_utf8() -> None:
    """Make the streams take any text: a lone surrogate or a Windows code page must not crash us."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def say(text: str = "") -> None:
    """On the screen. Where that is gone (a closed pipe, a full disk) what was done is done all the same."""
    if sys.stdout is None:  # started without one
        return
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):  # the rest goes nowhere, also on the way out
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # whoever closed the pipe knows
            warn("结果没能显示出来（输出写不进去）。处理不受影响，结果在 outbox 里。")


def say_json(value: object) -> None:
    """One line for programs."""
    say(json.dumps(value, ensure_ascii=False))


def warn(text: str) -> None:
    with suppress(OSError, ValueError, AttributeError):  # nobody is there to be told
        sys.stderr.write(f"{text}\n")


def aligned_rows(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows as lines of columns that stand below each other, Chinese characters two wide."""
    clean = [[printable(cell) for cell in row] for row in rows]
    widths = [max(terminal_width(row[column]) for row in clean) for column in range(len(clean[0]))]
    for row in clean:
        padded = (
            cell + " " * (width - terminal_width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress]:
    """A bar on a terminal's stderr, a plain line per step otherwise, nothing when `quiet`."""
    if quiet:
        yield lambda _done, _of, _what: None
        return
    if not sys.stderr.isatty():
        yield _line_progress()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("准备", total=None)
        yield lambda done, of, what: bar.update(task, completed=done, total=of, description=printable(what))


def _line_progress() -> Progress:
    last = ""

    def show(done: int, of: int, what: str) -> None:
        nonlocal last
        if what != last:
            warn(f"{what}（{done}/{of}）" if of else what)
            last = what

    return show


def show_pass(report: PassReport, *, as_json: bool) -> None:
    """The table of what became of each file, or the JSON lines."""
    from appraisal.pipeline.reports import STATUS_WORDS

    for sentence in report.warnings:
        warn(f"提示：{sentence}")
    if report.broken_off:
        warn(f"没有处理完：{report.broken_off}")
    if as_json:
        for file in (*report.files, *report.waiting):
            say_json(file.as_json())
        return
    for file in (*report.files, *report.waiting):
        _show_file(file)
    if not (report.files or report.waiting):
        say("收件夹里没有新的上报表。")
    elif report.files:
        counts = {
            word: sum(file.status is status for file in report.files) for status, word in STATUS_WORDS.items()
        }
        text = "，".join(f"{word}{count}份" for word, count in counts.items() if count)
        say(f"共{len(report.files)}份：{text}。")


def show_import(report: PassReport, sentences: Sequence[str], *, as_json: bool) -> None:
    """What an import placed and what it could not place; nothing is shortened."""
    if as_json:
        for file in report.files:
            say_json(file.as_json())
        return
    for file in report.files:
        say(printable(file.file))
        for finding in file.findings:
            say(f"  - {_finding(finding)}")
    for sentence in sentences:
        say(printable(sentence))


_SHOWN_FINDINGS = 8


def _show_file(report: FileReport) -> None:
    say(f"{printable(report.file)}")
    say(f"  {printable(report.in_words())}")
    for finding in report.findings[:_SHOWN_FINDINGS]:
        say(f"  - {_finding(finding)}")
    if len(report.findings) > _SHOWN_FINDINGS:
        where = "退回说明" if report.needs_attention else "回执"
        say(f"  - ……另有{len(report.findings) - _SHOWN_FINDINGS}条，见{where}")
    for output in report.outputs[:3]:
        say(f"  → {printable(output)}")
    if len(report.outputs) > 3:
        say(f"  → ……共{len(report.outputs)}个文件")


def _finding(finding: Finding) -> str:
    place = f"[{finding.place}] " if finding.place else ""
    return printable(f"{place}{finding.message}{finding.remedy}")


def show_scores(result: GroupResult) -> None:
    """The ranking that a checked workbook would have."""
    say(f"  {result.group} {result.period} 试算：")
    for person in (*result.ranked, *result.not_ranked):
        place = f"第{person.rank}名" if person.rank else f"不参与排名（{person.reason}）"
        say(
            f"    {printable(result.name_of(person.id))}  {person.final if person.final is not None else '—'}  {place}"
        )
