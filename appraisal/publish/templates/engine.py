"""Texts with tags that people edit, rendered strictly, in a sandbox and within bounds.

A template prints names and runs `if` and `for`; it computes nothing and calls nothing. Values are
escaped, and they are never read as template text: a name `{{7*7}}` comes out as it is. A name that
does not exist stops the rendering, so nothing is ever silently left out.

A template is tried out with an example before it is used (`loading.try_out`), but what it comes to with real
people is seen only then. So every loop and every text that it puts together is counted, in whatever process it runs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes, pass_eval_context
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.filters import do_join
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from appraisal.errors import AppraisalError, Signal
from appraisal.publish.excel import theme
from appraisal.text import did_you_mean

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, marks that reverse the direction of writing, and what XML cannot hold."""

_PIECES = 2000
"""So many texts between tags are put together before they are written."""

_FILTERS = ("default", "first", "join", "last", "length")

_THEME = {name: Markup(value) for name, value in vars(theme).items() if name.isupper()}  # noqa: S704 - ours
"""Colours and fonts for style sheets: our own constants, which escaping would spoil."""


class TemplateError(AppraisalError):
    """A template that cannot be used: which file, where in it, what is wrong, and what to do."""

    def __init__(self, file: str, place: str, sentence: str, next_step: str) -> None:
        super().__init__(file, place, sentence, next_step)
        self.file = file
        self.place = place
        self.sentence = sentence
        self.next_step = next_step

    def __str__(self) -> str:
        where = f"{self.file}，{self.place}" if self.place else self.file
        return f"模板 {where}：{self.sentence}。{self.next_step}"


@dataclass(frozen=True, slots=True)
class PaperLimits:
    """What one paper may take, and what more for each row of its longest list.

    A slip takes about 3 ms of a processor, and in Word it has about 40,000 characters.
    """

    seconds: float = 20.0
    seconds_each: float = 0.05
    characters: int = 50_000_000
    characters_each: int = 200_000


USUAL_LIMITS = PaperLimits()

_STEPS = 256
"""So many times a loop goes on between two looks at the clock."""


class TooMuch(Signal):
    """A rendering that is over its bounds; a Chinese clause."""


class _Bounds:
    """What is left of what one paper may take."""

    def __init__(self, limits: PaperLimits, rows: int) -> None:
        self._seconds = limits.seconds + limits.seconds_each * rows
        self._until = time.thread_time() + self._seconds
        self._characters = limits.characters + limits.characters_each * rows
        self._steps = 0

    def step(self) -> None:
        """A loop goes on. Raises TooMuch where the time is up."""
        self._steps += 1
        if self._steps % _STEPS == 0 and time.thread_time() > self._until:
            raise TooMuch(f"填写一份材料，计算了 {self._seconds:.0f} 秒还没有完成，已经停下")

    def take(self, characters: int) -> None:
        """Raises TooMuch where the paper has grown beyond what anybody reads."""
        self._characters -= characters
        if self._characters < 0:
            raise TooMuch("填出来的一份材料过长，已经停下")

    def taken(self, pieces: Iterable[str]) -> Iterator[str]:
        """The pieces, their characters counted."""
        for piece in pieces:
            self.take(len(piece))
            yield piece


_BOUNDS: ContextVar[_Bounds] = ContextVar("bounds of what is being rendered")


@contextmanager
def _bounded(limits: PaperLimits, names: Mapping[str, Any]) -> Iterator[_Bounds]:
    """Bounds for the paper that is rendered from `names` in the block."""
    lists = [
        value
        for value in names.values()
        if isinstance(value, Collection) and not isinstance(value, str | Mapping)
    ]
    rows = max(map(len, lists), default=0)
    before = _BOUNDS.set(_Bounds(limits, rows))
    try:
        yield _BOUNDS.get()
    finally:
        _BOUNDS.reset(before)


class _Counted:
    """What a loop goes through, each step counted."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __iter__(self) -> Iterator[Any]:
        bounds = _BOUNDS.get()
        for item in self._value:
            bounds.step()
            yield item

    def __len__(self) -> int:
        return len(self._value)


def _must_be_one(value: Any) -> Any:
    """The value, which is one and not a list of them: nobody reads those, and they can be of any depth."""
    if isinstance(value, list | tuple | dict):
        raise TemplateRuntimeError("这里是一组内容，请用 {% for %} 逐项写出")
    return value


def _printed(value: Any) -> Any:
    """What a tag prints: texts without unprintable characters, everything else as it is.

    Raises TemplateRuntimeError for None: what is missing has words of its own and is never `None`.
    """
    if value is None:
        raise TemplateRuntimeError("这里没有值，请用 {% if %} 判断")
    if not isinstance(value, str):
        return _must_be_one(value)
    return _UNPRINTABLE.sub("", value) if _UNPRINTABLE.search(value) else value


class _Sandbox(SandboxedEnvironment):
    """Jinja for printing: no calls, no arithmetic that could fill the memory, few filters, every loop counted."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_printed)
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.filters |= {"join": _joined, _COUNTED: _Counted}
        self.globals = {"look": _THEME}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The parsed text. What would print a value unescaped is refused, in a branch never taken as well.

        So is what would build texts and lists of any size; loops are counted.
        """
        parsed = super()._parse(source, name, filename)
        for node in parsed.find_all(nodes.Node):
            if message := _not_allowed(node):
                raise TemplateSyntaxError(message, node.lineno)
        for loop in list(parsed.find_all(nodes.For)):
            assert isinstance(loop.iter, nodes.Expr)
            loop.iter = _filtered(loop.iter, _COUNTED)
        return parsed

    def _generate(self, source: nodes.Template, *others: Any, **more: Any) -> str:
        """`a ~ b` is `[a, b]|join`, whose length is counted."""
        for concat in list(source.find_all(nodes.Concat)):
            concat.nodes = [_filtered(nodes.List(concat.nodes, lineno=concat.lineno), "join")]
        text: str = super()._generate(source, *others, **more)
        return text

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`组.月份`: what templates are given are mappings, so the key comes before the attribute.

        Jinja tries the attribute first; raising and catching its absence is most of the time of a slip.
        """
        if obj.__class__ is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def is_safe_callable(self, obj: Any) -> bool:
        del obj
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        del context
        if operator == "+" and not isinstance(left, str | list | tuple):
            return left + right
        raise SecurityError(f"模板里不能做“{operator}”运算")


_COUNTED = "counted"


def _filtered(value: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(value, name, [], [], None, None, lineno=value.lineno)


def _not_allowed(node: nodes.Node) -> str | None:
    """Why people may not write it; None where they may."""
    match node:
        case nodes.EvalContextModifier():
            return "不能用“autoescape”改变转义"
        case nodes.Filter() if node.name not in _FILTERS:
            return f"不能用“|{node.name}”"
        case nodes.AssignBlock():
            return "不能用成段的 {% set %}"
        case nodes.List() | nodes.Dict() | nodes.Tuple(ctx="load") if any(node.find_all(nodes.Name)):
            return "方括号、花括号里只能写文字和数字"
    return None


@pass_eval_context
def _joined(context: nodes.EvalContext, value: Iterable[Any], between: str = "") -> str:
    """Jinja's `join`, once it is certain that the pieces are texts and not too long with what goes between."""
    pieces, bounds = [], _BOUNDS.get()
    for piece in value:
        bounds.step()
        bounds.take(len(str(_must_be_one(piece))) + len(between))
        pieces.append(piece)
    text: str = do_join(context, pieces, between)
    return text


_SANDBOX = _Sandbox()
_TEXT_SANDBOX = _SANDBOX.overlay(autoescape=False)
"""For texts that are no markup: there is nothing in them that a value could break out of."""


class PreparedText:
    """One text with tags, compiled once. `place_of(line)` tells people where a line stands."""

    def __init__(
        self,
        file: str,
        text: str,
        place_of: Callable[[int], str],
        *,
        limits: PaperLimits = USUAL_LIMITS,
        is_text: bool = False,
    ) -> None:
        self._file = file
        self._place_of = place_of
        self._limits = limits
        try:
            self._template = (_TEXT_SANDBOX if is_text else _SANDBOX).from_string(text)
        except TemplateSyntaxError as error:
            raise self._failure(
                error.lineno, f"标签写得不完整、不成对，或用了没有的写法（{error.message}）"
            ) from None
        except Exception as error:  # noqa: BLE001 - the text is anybody's; whatever it breaks is its own fault
            raise self._failure(1, f"标签无法使用（{error}）") from None

    def render(self, names: Mapping[str, Any]) -> str:
        """The text with every tag filled from `names`. Raises TemplateError."""
        with self._told(names) as bounds:
            return "".join(bounds.taken(self._template.generate(names)))

    def write(self, names: Mapping[str, Any], target: IO[bytes]) -> None:
        """Write the filled text piece by piece: the slips of a large group never lie in memory whole."""
        with self._told(names) as bounds:
            pieces = self._template.stream(names)
            pieces.enable_buffering(_PIECES)
            for piece in bounds.taken(pieces):
                target.write(piece.encode())

    @contextmanager
    def _told(self, names: Mapping[str, Any]) -> Iterator[_Bounds]:
        """What goes wrong inside is told to people, as TemplateError; so is what goes beyond all bounds."""
        try:
            with _bounded(self._limits, names) as bounds:
                yield bounds
        except TemplateError:  # of another template, rendered while this one asks for its names
            raise
        except TooMuch as error:
            raise self._failure(_line_of(error, otherwise=0), str(error)) from None
        except UndefinedError as error:
            missing = _last_quoted(str(error))
            suggestion = did_you_mean(missing, known_names(names))
            raise self._failure(_line_of(error), f"没有“{missing}”这个名称{suggestion}") from None
        except SecurityError as error:
            raise self._failure(_line_of(error), f"不允许的写法（{error}）") from None
        except Exception as error:  # noqa: BLE001 - whatever a tag of a stranger raises, the template is to blame
            raise self._failure(_line_of(error), f"标签无法使用（{error}）") from None

    def _failure(self, line: int, sentence: str) -> TemplateError:
        return TemplateError(
            self._file,
            self._place_of(line) if line else "",
            sentence.rstrip("？。"),
            "请对照说明改正，或删去工作区 templates 里的这个文件以改用随附的模板。",
        )


def _line_of(error: BaseException, otherwise: int = 1) -> int:
    """The template's line at which rendering stopped; Jinja puts it into the traceback."""
    line, trace = otherwise, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _last_quoted(message: str) -> str:
    found = re.findall(r"'([^']*)'", message)
    return found[-1] if found else message


def known_names(value: Any) -> Iterator[str]:
    """Every key in nested mappings and lists."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from known_names(inner)
    elif isinstance(value, list | tuple):
        for inner in value[:1]:
            yield from known_names(inner)


@lru_cache(maxsize=16)
def prepared_text(file: str, text: str, limits: PaperLimits = USUAL_LIMITS) -> PreparedText:
    """The compiled page, or message (`.txt.j2`), which is sent as it is; the same object for the same text in a process."""
    return PreparedText(file, text, "第{}行".format, limits=limits, is_text=file.endswith(".txt.j2"))
