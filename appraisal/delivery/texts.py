"""What a message says: HR's template, filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appraisal.delivery.sending import SendingContext
from appraisal.period import Period
from appraisal.publish.templates.engine import prepared_plain
from appraisal.publish.templates.names import MESSAGE_NAMES, empty


def rendered(
    context: SendingContext, template: str, group: str, period: Period, names: Mapping[str, Any]
) -> tuple[str, str]:
    """Subject (the first line) and text. A name that is not given is empty. Raises TemplateError."""
    settings = context.settings
    every = {
        **empty(MESSAGE_NAMES),
        "公司": settings.company,
        "落款": settings.signature,
        "申诉受理人": settings.appeals_to,
        "考核组": group,
        "月份": period.in_words,
        **names,
    }
    whole = prepared_plain(template, context.templates.messages[template]).render(every)
    subject, _, text = whole.strip().partition("\n")
    return subject.strip(), f"{text.strip()}\n"
