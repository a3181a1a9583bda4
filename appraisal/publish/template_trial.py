"""People's own templates tried out at the start, where one that never ends can be stopped.

A template has no calls and no arithmetic, but loops within loops are allowed, and a text can double
itself line by line. So what a workspace brings along is checked in a process under a clock and a
memory limit; the shipped templates are checked here, in 50 ms.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from appraisal.processes.sandbox import Sandbox, Stopped
from appraisal.publish.template_engine import TemplateError
from appraisal.publish.templates import FILES, Templates, check_template, trial_of

TRIAL_SECONDS = 20.0
TRIAL_MEMORY_MB = 512


def try_out(
    templates: Templates,
    own: Collection[str],
    *,
    done: Collection[str] = (),
    seconds: float = TRIAL_SECONDS,
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


def _try_out_apart(files: Sequence[str], templates: Templates, seconds: float) -> None:
    if not files:
        return
    with Sandbox(workers=2, seconds=seconds, memory_mb=TRIAL_MEMORY_MB) as sandbox:
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
