"""The shipped Word templates by file name, always with the same bytes."""

from __future__ import annotations

from datetime import date

from appraisal.publish.excel.package import normalised
from tools.word_templates.combined_notice import combined_notice_template
from tools.word_templates.notice import notice_template
from tools.word_templates.slips import slips_template

_BUILT = date(2026, 1, 1)


def shipped_templates() -> dict[str, bytes]:
    """`notice.docx`, `slips.docx` and `combined_notice.docx` as Word files with tags."""
    built = {
        "notice.docx": notice_template(),
        "slips.docx": slips_template(),
        "combined_notice.docx": combined_notice_template(),
    }
    return {name: normalised(content, created=_BUILT) for name, content in built.items()}
