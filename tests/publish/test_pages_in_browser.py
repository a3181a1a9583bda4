"""Pages opened and printed by a real Chromium."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from appraisal.publish.notice.notice import notice
from appraisal.publish.slips import slips
from appraisal.publish.templates.loading import load_templates
from appraisal.workspace.paths import PROGRAM_FOLDER
from tests.builders.months import last_month, month
from tests.libreoffice import page_count, text_of

TEMPLATES = load_templates(None, PROGRAM_FOLDER / "templates")
Printer = Callable[[str], bytes]


@pytest.fixture
def printed(tmp_path: Path) -> Printer:
    """The page as the browser prints it; without a browser the test fails, as a skip would hide it."""
    browser = next((one for one in map(shutil.which, ("chromium", "google-chrome", "msedge")) if one), None)
    assert browser is not None, "these tests need Chromium"

    def printed_page(page: str) -> bytes:
        source, target = tmp_path / "page.html", tmp_path / "page.pdf"
        source.write_text(page, "utf-8")
        quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        paper = ["--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri()]
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        subprocess.run([browser, *quiet, profile, *paper], check=True, capture_output=True, timeout=120)
        return target.read_bytes()

    return printed_page


def test_a_slip_prints_on_one_page_to_its_last_line(printed: Printer) -> None:
    """An employee without Word prints the page and signs it."""
    page = slips(month(history=last_month(12)), TEMPLATES).pages["KF001"].decode()

    paper = printed(page)

    assert page_count(paper) == 1
    assert "面谈日期" in text_of(paper)
    assert "78.20" in text_of(paper)


def test_a_notice_keeps_its_attachment_on_a_page_of_its_own(printed: Printer) -> None:
    """The same pages as the Word file: what people read first, then 附件1."""
    paper = printed(notice(month(history=last_month(12)), TEMPLATES).page)

    assert page_count(paper) <= 4
    last = text_of(paper, page_count(paper))
    assert "评分标准简表" in text_of(paper)
    assert "关于2026年11月" not in last
