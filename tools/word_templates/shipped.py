"""The shipped Word templates by file name, always with the same bytes."""

from __future__ import annotations

from tools.word_templates.combined_notice import combined_notice_template
from tools.word_templates.notice import notice_template
from tools.word_templates.slips import slips_template


def shipped_templates() -> dict[str, bytes]:
    """`notice.docx`, `slips.docx` and `combined_notice.docx` as Word files with tags."""
    return {
        "notice.docx": notice_template(),
        "slips.docx": slips_template(),
        "combined_notice.docx": combined_notice_template(),
    }
