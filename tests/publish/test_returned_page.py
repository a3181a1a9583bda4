"""The page and the list for machines that lie beside a returned workbook."""

import json
from pathlib import Path

import pytest

from appraisal.findings.finding import finding
from appraisal.publish.returned.page import ReturnedCopy, returned_html, returned_json
from appraisal.publish.templates.engine import TemplateError
from appraisal.publish.templates.loading import Templates, load_templates, try_out
from tests.builders.submissions import FILE, NOVEMBER

SHIPPED = Path(__file__).parents[2] / "templates"
GAP = finding("cell.missing", sheet="考核数据", cell="F9", name="付款人数", hint="请填写。")
DOUBT = finding("data.zero_for_unknown", sheet="考核数据", cell="S9", name="有责投诉数")
NO_SHEET = finding("sheet.missing", name="自评", found="考核数据")


def templates(own: Path | None = None) -> Templates:
    return load_templates(own, SHIPPED)


def page(
    *findings,
    file: str = FILE,
    group: str | None = "旗舰店",
    period=NOVEMBER,
    copy=ReturnedCopy.MARKED,
    own=None,
) -> str:
    known = {"group": group, "period": period, "sha256": "3fa29c01" * 8, "copy": copy}
    return returned_html(file, findings, **known, templates=own or templates())


def test_the_page_says_what_to_fix_first():
    """Sheets before cells, errors before doubts, each with place, problem and remedy."""
    text = page(DOUBT, GAP, NO_SHEET)
    places = [text.index(one) for one in ("整份文件", "考核数据!F9", "考核数据!S9")]
    assert places == sorted(places)
    assert "有 2 处必须改正，另有 1 处请核对" in text
    assert "“付款人数”没有填写。" in text
    assert "请填写。" in text
    assert "旗舰店　2026年11月" in text


@pytest.mark.parametrize(
    ("copy", "told", "untold"),
    [
        (ReturnedCopy.MARKED, "标好颜色的那一份", "存档"),
        (ReturnedCopy.UNMARKED, "里面没有标颜色", "红底"),
        (ReturnedCopy.NONE, "改您自己的原件", "红底"),
    ],
)
def test_the_page_says_what_lies_beside_it(copy, told, untold):
    """Nobody looks for red cells in a file that has none."""
    text = page(GAP, copy=copy)
    assert told in text
    assert untold not in text


def test_group_and_month_are_left_out_where_nobody_knows_them():
    """A file that could not be read at all has a page as well."""
    text = page(finding("workbook.encrypted"), file="x.xlsx", group=None, period=None)
    assert "None" not in text
    assert "整份文件" in text


def test_names_and_messages_are_text_whatever_they_hold():
    """Markup and template tags from a cell are printed, not run."""
    odd = finding("cell.not_a_number", sheet="<b>", cell="F9", name="{{7*7}}", seen="<script>", hint="&")
    text = page(odd, file="<i>.xlsx")
    assert "<script>" not in text
    assert "<i>" not in text
    assert "&lt;script&gt;" in text
    assert "{{7*7}}" in text


def test_hr_may_word_the_page_anew(tmp_path):
    """The workspace's own template goes before the shipped one, and its mistakes are named."""
    (tmp_path / "returned.html.j2").write_text("<p>{{ 文件 }}：{{ 必须改正|length }}</p>", "utf-8")
    own = templates(tmp_path)
    try_out(own, ())
    assert page(GAP, own=own) == f"<p>{FILE}：1</p>"
    (tmp_path / "returned.html.j2").write_text("{{ 文件名 }}", "utf-8")
    with pytest.raises(TemplateError, match="没有“文件名”这个名称，是不是“文件”"):
        try_out(templates(tmp_path), ())


def test_the_page_needs_nothing_from_elsewhere():
    """It opens from a shared folder without a network."""
    text = page(GAP)
    assert "http" not in text
    assert "<script" not in text
    assert "src=" not in text


def test_machines_get_the_keys_of_the_command_line():
    """One object with file, status, group, period and findings in the same order."""
    told = json.loads(returned_json(FILE, [DOUBT, GAP], group="旗舰店", period=NOVEMBER))
    assert [told[key] for key in ("file", "status", "group", "period")] == [
        FILE,
        "returned",
        "旗舰店",
        "2026-11",
    ]
    assert [one["cell"] for one in told["findings"]] == ["F9", "S9"]
    assert set(told["findings"][0]) == {"code", "severity", "sheet", "cell", "message"}
    told = json.loads(returned_json(FILE, [], group=None, period=None))
    assert (told["group"], told["period"], told["findings"]) == (None, None, [])
