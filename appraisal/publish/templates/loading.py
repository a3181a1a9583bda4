"""The templates that people may edit: loaded as bytes, checked once, used everywhere.

The workspace's own file goes before the shipped one, file by file.

A template has no calls and no arithmetic, but loops within loops are allowed, and a text can double
itself line by line. So what a workspace brings along is checked in a process under a clock and a
memory limit; the shipped templates are checked here, in 50 ms. What was meant as a tag and is none (full-width braces,
a space between two, one missing) would be printed as it is: it is told.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from appraisal import __version__
from appraisal.processes.sandbox import Sandbox, Stopped
from appraisal.publish.draft import marked_template
from appraisal.publish.templates.engine import (
    USUAL_LIMITS,
    PaperLimits,
    PreparedText,
    TemplateError,
    known_names,
    prepared_text,
)
from appraisal.publish.templates.word import PreparedDocument, paragraphs_of, prepared_document
from appraisal.publish.templates.word_safety import refuse_unsafe
from appraisal.workspace.files import reason_of

NOTICE_WORD = "notice.docx"
NOTICE_HTML = "notice.html.j2"
SLIP_HTML = "slip.html.j2"
SLIPS_WORD = "slips.docx"
RETURNED_HTML = "returned.html.j2"
COMBINED_WORD = "combined_notice.docx"
COMBINED_HTML = "combined_notice.html.j2"
HR_PAGE_HTML = "hr_page.html.j2"
GROUP_PAGE_HTML = "hr_group_page.html.j2"
PERSON_PAGE_HTML = "hr_person_page.html.j2"

MESSAGE_NOTICE = "message_notice.txt.j2"
MESSAGE_SLIP = "message_slip.txt.j2"
MESSAGE_PLAN = "message_plan.txt.j2"
MESSAGE_REMINDER = "message_reminder.txt.j2"
MESSAGE_RECEIPT = "message_receipt.txt.j2"
MESSAGE_WITHDRAWAL = "message_withdrawal.txt.j2"
MESSAGE_LETTER = "message_letter.txt.j2"
"""What is sent by mail and robots: the first line is the subject."""

MONTH_TEMPLATES = (NOTICE_WORD, NOTICE_HTML, SLIP_HTML, SLIPS_WORD)
"""Those that a month's papers are made from."""

_LISTS = {
    NOTICE_WORD: "notice",
    NOTICE_HTML: "notice",
    SLIP_HTML: "slip",
    SLIPS_WORD: "slips",
    RETURNED_HTML: "returned",
    COMBINED_WORD: "combined_notice",
    COMBINED_HTML: "combined_notice",
    HR_PAGE_HTML: "hr_page",
    GROUP_PAGE_HTML: "hr_group_page",
    PERSON_PAGE_HTML: "hr_person_page",
    MESSAGE_NOTICE: "message",
    MESSAGE_SLIP: "message",
    MESSAGE_PLAN: "message",
    MESSAGE_REMINDER: "message",
    MESSAGE_RECEIPT: "message",
    MESSAGE_WITHDRAWAL: "message",
    MESSAGE_LETTER: "message",
}
"""Which list of names.yaml has the names that each may print."""

FILES = tuple(_LISTS)
"""Every template that a workspace may bring itself."""


@dataclass(frozen=True, slots=True)
class Templates:
    """Word files as bytes, pages and messages as text, by their files' names; picklable.

    `sha256` is the hash of those that make a month's papers, `limits` what each paper may take.
    """

    word_files: Mapping[str, bytes]
    texts: Mapping[str, str]
    sha256: str
    limits: PaperLimits = USUAL_LIMITS

    def word(self, file: str, *, is_draft: bool) -> PreparedDocument:
        """A Word file compiled, a draft's with its mark. Raises TemplateError."""
        return prepared_document(file, marked_template(self.word_files[file], is_draft=is_draft), self.limits)

    def text(self, file: str) -> PreparedText:
        """A page or message compiled. Raises TemplateError."""
        return prepared_text(file, self.texts[file], self.limits)


def load_templates(own: Path | None, shipped: Path) -> Templates:
    """The files of the folder `own`; where one is absent there, that of `shipped`. Raises TemplateError."""
    contents = {file: _read(file, own, shipped) for file in FILES}
    digest = hashlib.sha256(b"".join(hashlib.sha256(contents[file]).digest() for file in MONTH_TEMPLATES))
    return Templates(
        word_files={file: content for file, content in contents.items() if file.endswith(".docx")},
        texts={
            file: _text(file, content) for file, content in contents.items() if not file.endswith(".docx")
        },
        sha256=digest.hexdigest(),
    )


def _read(name: str, own: Path | None, shipped: Path) -> bytes:
    path = own / name if own is not None and (own / name).is_file() else shipped / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise TemplateError(
            name, "", f"读不出来：{reason_of(error)}", f"请检查 {path.parent} 文件夹。"
        ) from None


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TemplateError(name, "", "不是 UTF-8 编码", "请用记事本另存为 UTF-8 编码。") from None


def own_templates(folder: Path) -> tuple[str, ...]:
    """Which of the templates a workspace has of its own."""
    return tuple(file for file in FILES if (folder / file).is_file())


def check_template(file: str, templates: Templates) -> None:
    """Raises TemplateError where the template is unsafe, broken, or asks for an unknown name.

    It is rendered twice, with an example of everything and with nothing; most of the time is compiling.
    """
    everything = {name: _plenty(example) for name, example in examples(file).items()}
    known = frozenset(known_names(everything))
    if file in templates.word_files:
        content = templates.word_files[file]
        refuse_unsafe(file, content)
        refuse_near_tags(file, paragraphs_of(content), known)
        template = prepared_document(file, content, templates.limits)
        template.try_out(everything)
        template.try_out(empty_example(file))
    else:
        without_styles = _STYLES.sub(lambda match: "\n" * match[0].count("\n"), templates.texts[file])
        lines = enumerate(without_styles.splitlines(), 1)
        refuse_near_tags(file, ((f"第{number}行", line) for number, line in lines), known)
        templates.text(file).render(everything)
        templates.text(file).render(empty_example(file))


def examples(file: str) -> Mapping[str, Any]:
    """An example of everything that the template may print, by name."""
    return _examples()[_LISTS[file]]


def empty_example(file: str) -> dict[str, Any]:
    """Nothing is there: empty texts and lists, no numbers, every yes a no.

    Together with examples of everything this leads a template through both ways of its plain `if`s.
    """
    return {name: type(example)() for name, example in examples(file).items()}


def _plenty(example: Any) -> Any:
    """Of every list two entries: one would hide a loop that is badly closed."""
    if isinstance(example, Mapping):
        return {key: _plenty(inner) for key, inner in example.items()}
    return [_plenty(inner) for inner in example] * 2 if isinstance(example, list) else example


@cache
def _examples() -> dict[str, dict[str, Any]]:
    """By list of names.yaml, and those that are put together from others."""
    import yaml  # noqa: PLC0415 - where a template is new, or a message is sent

    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    lists = yaml.load(_names_text(), Loader=loader)  # noqa: S506 - both are the safe one
    found = {
        list_name: {name: entry["样例"] for name, entry in names.items()}
        for list_name, names in lists.items()
    }
    found["combined_notice"]["各组"][0] |= found["notice"]
    found["slips"] = {"绩效单": [found["slip"]]}
    return found


@cache
def _names_text() -> str:
    return Path(__file__).with_name("names.yaml").read_text("utf-8")


def trial_of(file: str, templates: Templates) -> str:
    """What names the trial of one file: the same for the same bytes, program, and names to try it with."""
    content = templates.word_files[file] if file in templates.word_files else templates.texts[file]
    tried = (__version__, file, content, _names_text())
    return hashlib.sha256(repr(tried).encode("utf-8", "backslashreplace")).hexdigest()


_STYLES = re.compile(r"<style\b.*?</style>", re.DOTALL)
"""Style sheets are full of braces."""


def try_out(
    templates: Templates,
    own: Collection[str],
    *,
    done: Collection[str] = (),
    seconds: float = 20.0,
) -> frozenset[str]:
    """The trials (`trial_of`) that went well; raises TemplateError for the first template that cannot be used.

    `own` names people's files; a trial among `done` is not made again.
    """
    trials = {file: trial_of(file, templates) for file in FILES}
    new = [file for file in FILES if trials[file] not in done]
    for file in new:
        if file not in own:
            check_template(file, templates)
    _try_out_apart([file for file in new if file in own], templates, seconds)
    return frozenset(trials.values())


_TRIAL_MEMORY_MB = 512


def _try_out_apart(files: Sequence[str], templates: Templates, seconds: float) -> None:
    if not files:
        return
    with Sandbox(workers=2, seconds=seconds, memory_mb=_TRIAL_MEMORY_MB) as sandbox:
        started = [(file, sandbox.submit(_problem, file, templates)) for file in files]
        for file, future in started:
            try:
                problem = future.result()
            except Stopped as stopped:
                raise TemplateError(
                    file,
                    "",
                    f"试着填一份样张，{seconds:.0f} 秒内没有完成，或占用内存过多（{stopped.ending}）",
                    "请去掉重复嵌套的 for，或删去工作区 templates 里的这个文件以改用随附的模板。",
                ) from None
            if problem is not None:
                raise problem


def _problem(file: str, templates: Templates) -> TemplateError | None:
    try:
        check_template(file, templates)
    except TemplateError as error:
        return error
    return None


_OPEN, _CLOSE, _PERCENT = "{｛﹛", "}｝﹜", "%％﹪"
_GAP = r"[\s\u200b\u2060\ufeff]*"
_TAG = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#.*?#\}", re.DOTALL)
_IN_BRACES = re.compile(
    rf"(?P<open>(?:[{_OPEN}]{_GAP})+)(?P<inside>[^{_OPEN}{_CLOSE}\0]*)(?P<close>(?:[{_CLOSE}]{_GAP})+)"
    rf"|(?:[{_OPEN}]{_GAP}){{2,}}|(?:[{_CLOSE}]{_GAP}){{2,}}"
)


def refuse_near_tags(file: str, paragraphs: Iterable[tuple[str, str]], names: Collection[str]) -> None:
    """Raises TemplateError for what looks like a tag in the paragraphs, each with its place, and all of it at once.

    Single braces are a tag's only around one of the `names` that templates may print.
    """
    found = dict.fromkeys((place, near) for place, words in paragraphs for near in _near_tags(words, names))
    if not found:
        return
    (first, near), *others = found
    more = "".join(f"；{place}的“{tag}”也是" for place, tag in others)
    raise TemplateError(
        file,
        first,
        f"“{near}”不是标签，会原样印出来{more}",
        "标签用英文半角的花括号，两个花括号之间不留空格，例如 {{ 公司 }}；不是标签的，请换别的括号。",
    )


def _near_tags(words: str, names: Collection[str]) -> Iterator[str]:
    for match in _IN_BRACES.finditer(_TAG.sub("\0", words)):
        inside = match["inside"]
        if inside is None or _is_meant_as_tag(match["open"], inside.strip(), match["close"], names):
            yield match[0].strip()


def _is_meant_as_tag(opening: str, inside: str, closing: str, names: Collection[str]) -> bool:
    is_double = any(len(re.sub(_GAP, "", braces)) > 1 for braces in (opening, closing))
    return is_double or inside.startswith(tuple(_PERCENT)) or re.split(r"[.\s|]", inside)[0] in names
