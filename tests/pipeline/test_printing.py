"""A month on paper: one PDF in the order in which it is handed out."""

from __future__ import annotations

import io
import shutil
from datetime import date
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from appraisal.cli.app import main
from appraisal.ledger.records import RevisionKind
from appraisal.pipeline.printing import usual_place
from appraisal.processes import libreoffice
from appraisal.workspace.paths import Workspace
from tests.builders.submissions import NOVEMBER, staff_id, staff_name
from tests.builders.workspaces import Place, scores, workbook
from tests.hr.hr_shop import FLAGSHIP, opened

ISSUING = ("issue", "旗舰店", "2026-11", "--date", "2026-12-08", "--by", "李经理")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path, hr=True)
    assert place.take(workbook(staff=4, cells=scores([1, 2, 3, 4], staff=4))).status.value == "accepted"
    return place


@pytest.mark.libreoffice
def test_notice_slips_plans_and_the_list_to_sign_in_one_file(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """As they lie in the outbox: what HR has changed in the notice is printed."""
    assert main([*ISSUING, "--workspace", str(place.root)]) == 0
    notice = place.workspace.outbox / "旗舰店/2026-11/旗舰店_2026-11_考核通报.docx"
    document = docx.Document(io.BytesIO(notice.read_bytes()))
    document.add_paragraph("人事补充的一段。")
    document.save(str(notice))
    capsys.readouterr()

    assert main(["print", "旗舰店", "2026-11", "--workspace", str(place.root)]) == 0

    path = place.workspace.outbox / "人事/2026-11/旗舰店_2026-11_第1版_2026-12-08下发_打印.pdf"
    assert capsys.readouterr().out == f"旗舰店 2026-11 第1版，共5份文件：{path}\n"
    printed = PdfReader(path)
    pages = ["".join(page.extract_text().split()) for page in printed.pages]
    marks = [(str(one["/Title"]), printed.get_destination_page_number(one)) for one in printed.outline]  # type: ignore[arg-type, call-overload]
    assert [name for name, _ in marks] == [
        "考核通报",
        "绩效单",
        *(f"{staff_id(at)}_{staff_name(at)}_整改方案" for at in (3, 4)),
        "签收表",
    ]
    first = dict(marks)
    assert "人事补充的一段" in "".join(pages[: first["绩效单"]])
    slips = pages[first["绩效单"] : first[marks[2][0]]]
    assert [staff_id(at) in slip for at, slip in enumerate(slips, 1)] == [True] * 4
    assert len(pages) - first["签收表"] == 1
    assert not any("草稿" in page for page in pages)


def test_without_libreoffice_a_sentence_says_what_to_do(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert libreoffice.libreoffice_program() is None
    assert main(["print", "旗舰店", "2026-11", "--workspace", str(place.root)]) == 2
    assert "请安装 LibreOffice 后再试，或打开各文件分别打印。" in capsys.readouterr().err
    assert not list(place.workspace.outbox.rglob("*打印.pdf"))


def test_a_month_that_is_not_there_is_not_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["print", "旗舰店", "2026-11", "--workspace", str(tmp_path)]) == 2
    assert "没有可以打印的" in capsys.readouterr().err


def test_a_corrected_months_pdf_bears_the_day_of_its_own_notice(tmp_path: Path) -> None:
    with opened(tmp_path) as shop:
        shop.month()
        shop.issue()
        shop.month(kind=RevisionKind.CORRECTION, on=date(2026, 12, 16))
        with shop.ledger.reading() as books:
            month = books.months.get(FLAGSHIP, NOVEMBER)
            assert month is not None
            path = usual_place(Workspace(tmp_path), books, month)
    assert path.name == "旗舰店_2026-11_第2版_2026-12-16下发_打印.pdf"
