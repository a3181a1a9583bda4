"""合并通报: one notice for several groups, under the rules of the single one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from appraisal.ledger.records import RevisionKind
from appraisal.publish.month import Month
from appraisal.publish.notice.notice import (
    chapter_of,
    combined_context,
    combined_page,
    combined_word,
    in_numerals,
)
from appraisal.publish.templates.engine import TemplateError
from appraisal.publish.templates.loading import COMBINED_WORD, examples, try_out
from tests.builders.months import month
from tests.hr.hr_shop import SECOND, Shop, opened
from tests.publish.documents import SHIPPED, edited, html_lines, shipped, with_file, word_lines
from tools.word_templates.shipped import shipped_templates

WORD, PAGE = "合并通报.docx", "合并通报.html"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Two groups of November, one of them with a person on probation."""
    with opened(tmp_path) as one:
        one.month(last="KF012", statuses={"KF005": "试用期"})
        one.month(SECOND, staff=8, last="KF003")
        yield one


def test_one_group_needs_no_combined_notice(tmp_path: Path) -> None:
    with opened(tmp_path) as shop:
        shop.month()
        assert not {WORD, PAGE} & set(shop.documents())


def test_word_and_page_say_the_same(shop: Shop) -> None:
    documents = shop.documents()
    assert word_lines(documents[WORD]) == html_lines(documents[PAGE].decode())


def test_what_is_common_comes_first_then_a_chapter_for_each_group(shop: Shop) -> None:
    lines = html_lines(shop.documents()[PAGE].decode())
    headings = [line for line in lines if line[1:2] == "、" and line[0] in "一二三四五"]
    assert headings == ["一、总体情况", "二、旗舰店", "三、二店", "四、异议与申诉"]
    assert "关于2026年11月绩效考核情况的通报" in lines
    assert any("现将2026年11月旗舰店、二店共2个考核组的绩效考核情况通报如下" in line for line in lines)


def test_the_groups_are_summed_up_in_one_table(shop: Shop) -> None:
    lines = html_lines(shop.documents()[PAGE].decode())
    at = lines.index("最低") + 1
    assert lines[at : at + 4] == ["旗舰店", "12", "11", lines[at + 3]]
    assert lines[at + 4] == "—"
    assert lines[at + 7] == "二店"


def test_deductions_bear_no_name_and_plans_do(shop: Shop) -> None:
    """As in the single notice."""
    page = shop.documents()[PAGE].decode()
    assert page.count("末位人员的提成调整由财务按制度办理，另行通知本人。") == 2
    assert "请马梦瑶、朱志强分析失分原因" in page or "请朱志强、马梦瑶分析失分原因" in page
    assert "提成调整−" not in page


def test_people_without_a_place_are_named_by_group_and_without_their_reason(shop: Shop) -> None:
    page = shop.documents()[PAGE].decode()
    lines = html_lines(page)
    at = lines.index("陈佳琪", lines.index("附件"))
    assert lines[at - 2 : at + 2] == ["1", "旗舰店", "陈佳琪", "按制度不参与本月排名"]
    assert "试用期" not in page


def test_the_latest_date_counts_for_the_appeals_of_all(shop: Shop) -> None:
    """Nobody loses a day to appeal because another group was issued earlier."""
    shop.issue(on=date(2026, 12, 8))
    shop.month(SECOND, staff=8, last="KF003", on=date(2026, 12, 10))
    shop.issue(SECOND, on=date(2026, 12, 10))
    lines = html_lines(shop.documents()[PAGE].decode())
    assert "2026年12月10日" in lines
    assert any("请于2026年12月15日（星期二）前（下发后3个工作日内）" in line for line in lines)


def test_the_number_that_all_groups_bear_stands_above_and_else_each_with_its_group() -> None:
    """As HR issued the notices: no place is left open for what is known."""
    flagship = replace(month(), document_number="绩通〔2026〕11号")
    second = replace(flagship, result=replace(flagship.result, group="二店"))
    own = replace(
        second,
        document_number="绩通〔2026〕12号",
        words={"标题": ("关于二店的通报",), "抄送": ("财务、总经理。",)},
    )

    alike, different = _lines(flagship, second), _lines(flagship, own)

    assert alike[1] == "绩通〔2026〕11号"
    assert not any(line.startswith("本组通报") for line in alike)
    assert "绩通〔2026〕11号" not in different
    assert different[different.index("二、旗舰店") + 1] == "本组通报：绩通〔2026〕11号。"
    assert different[different.index("三、二店") + 1] == "本组通报：《关于二店的通报》，绩通〔2026〕12号。"
    assert "抄送：人事、财务、总经理。" in different


def _lines(*months: Month) -> list[str]:
    """The Word file's, which are the page's."""
    chapters, one = [chapter_of(each) for each in months], months[0]
    options = {"period": one.result.period, "settings": one.settings}
    lines = word_lines(combined_word(chapters, shipped(), **options))
    assert lines == html_lines(combined_page(chapters, shipped(), **options).decode())
    return lines


def test_a_corrected_group_says_what_changed_and_why(shop: Shop) -> None:
    shop.issue()
    shop.month(last="KF011", statuses={"KF005": "试用期"}, kind=RevisionKind.CORRECTION)
    page = shop.documents()[PAGE].decode()
    assert "本组结果为第2版更正，更正事由：补录漏登记的订单。" in page
    assert "原名次" in page


def test_a_replacement_before_issue_is_no_correction(shop: Shop) -> None:
    shop.month(last="KF011", kind=RevisionKind.REPLACEMENT)
    assert "更正" not in shop.documents()[PAGE].decode()


def test_a_trial_is_called_a_trial(tmp_path: Path) -> None:
    with opened(tmp_path, trial=True) as shop:
        shop.month()
        shop.month(SECOND, staff=8)
        page = shop.documents()[PAGE].decode()
    assert "关于2026年11月绩效考核试评情况的通报" in page
    assert "奖励100元" not in page


def test_the_shipped_templates_are_what_the_builder_writes_and_pass_the_check() -> None:
    built = shipped_templates()["combined_notice.docx"]
    assert (SHIPPED / "combined_notice.docx").read_bytes() == built
    try_out(shipped(), ())


def test_the_list_of_names_is_the_whole_truth() -> None:
    """Nothing missing, nothing more, entries with the same names: HR edits templates by this list."""
    one = month(statuses={"KF005": "试用期"})
    both = [chapter_of(one), chapter_of(replace(one, result=replace(one.result, group="二店")))]
    names = combined_context(both, period=one.result.period, settings=one.settings)
    assert names.keys() == examples(COMBINED_WORD).keys()
    for name, example in examples(COMBINED_WORD).items():
        assert isinstance(names[name], type(example)), name
        if isinstance(example, list):
            assert {key for entry in names[name] for key in entry} == set(example[0]), name


def test_an_unknown_name_in_the_template_is_refused_with_its_place() -> None:
    broken = edited(shipped().word_files["combined_notice.docx"], "{{ 组.得分概况 }}", "{{ 组.得分概括 }}")
    with pytest.raises(TemplateError) as error:
        try_out(with_file(shipped(), "combined_notice.docx", broken), ())
    assert error.value.file == "combined_notice.docx"
    assert "得分概括" in str(error.value)


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (23, "二十三"), (99, "九十九")]
)
def test_chapters_are_numbered_as_chinese_counts(number: int, words: str) -> None:
    assert in_numerals(number) == words
