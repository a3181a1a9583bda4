"""Whose row of an export it is: the exact owner's, and nobody's where only a nickname fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from appraisal.intake.exports.merging import MergedFigures, merge_rows
from appraisal.intake.exports.rows import read_export
from appraisal.intake.exports.table import fields_of
from appraisal.intake.roster_file import load_roster
from appraisal.scheme.forms.submission import submission_form
from tests.builders.exports import Rows, csv_export
from tests.builders.submissions import NOVEMBER, online_shop

FORM = submission_form(online_shop())
HEAD = "工号,姓名,考核组,考核方案,入职日期,账号\n"
TWO_SHOPS = (
    ("KF001", "张三", "旗舰店", "旗舰店:小美、jd_xiaomei"),
    ("KF002", "李四", "旗舰店", "旗舰店:阿强"),
    ("KF010", "钱八", "专卖店", "专卖店:小美"),
)


def merged(tmp_path: Path, rows: Rows, people: Rows = TWO_SHOPS) -> MergedFigures:
    lines = (
        f"{one},{name},{group},online-shop,2024-01-01,{accounts}\n" for one, name, group, accounts in people
    )
    (tmp_path / "roster.csv").write_text(HEAD + "".join(lines), "utf-8")
    roster = load_roster(tmp_path)
    assert roster is not None
    read = read_export(csv_export(tmp_path / "x.csv", rows), FORM, NOVEMBER).rows
    return merge_rows(read, fields_of(FORM), roster, "旗舰店", NOVEMBER)


@pytest.mark.parametrize(
    ("account", "whose"),
    [
        ("旗舰店:小美", "KF001"),
        ("旗舰店：小美", "KF001"),
        ("小美", "KF001"),
        ("张三", "KF001"),
        ("旗舰店:张三", "KF001"),
        ("专卖店:小美", "属于考核组“专卖店”"),
        ("专卖店:阿强", "是别的店铺的账号，花名册本组没有这个账号"),
        ("专卖店:张三", "是别的店铺的账号，花名册本组没有这个账号"),
        ("拼多多店:小美", "是别的店铺的账号，花名册本组没有这个账号"),
        ("旗舰店:小明", "不在花名册本组人员的账号、姓名和工号里"),
    ],
)
def test_whose_account_it_is(tmp_path: Path, account: str, whose: str) -> None:
    """A nickname in another shop is another person, whether the roster knows them or not."""
    figures = merged(tmp_path, [("客服昵称", "接待人数"), (account, "900")])
    if figures.by_staff:
        assert figures.by_staff == {whose: {"接待人数": 900}}
    else:
        assert [one.message for one in figures.findings] == [f"没有放进去：“{account}”{whose}。"]


def test_two_shops_in_one_file_are_not_added_up(tmp_path: Path) -> None:
    """旗舰店's 小美 and 专卖店's 小美."""
    rows = [("客服昵称", "接待人数"), ("旗舰店:小美", "1200"), ("专卖店:小美", "900")]
    figures = merged(tmp_path, rows)
    assert figures.by_staff == {"KF001": {"接待人数": 1200}}
    assert [one.code for one in figures.findings] == ["export.unknown_person"]


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (("专卖店:小美", "张三"), "可以是钱八（KF010）、张三（KF001），分不清是谁"),
        (("专卖店:小红", "张三"), "是别的店铺的账号，花名册本组没有这个账号"),
    ],
)
def test_an_account_that_contradicts_the_name_is_told(tmp_path: Path, who: tuple[str, str], why: str) -> None:
    """The name alone would credit the figures of another shop."""
    figures = merged(tmp_path, [("客服昵称", "姓名", "接待人数"), (*who, "900")])
    assert figures.by_staff == {}
    assert [one.message for one in figures.findings] == [f"没有放进去：“{who[0]}”{why}。"]


def test_a_roster_without_shops_knows_the_nickname_in_any_shop(tmp_path: Path) -> None:
    """Whoever wrote the account so meant it so; another group's shop stays another's."""
    people = [("KF001", "张三", "旗舰店", "小美"), ("KF010", "钱八", "专卖店", "专卖店:小丽")]
    own = merged(tmp_path, [("客服昵称", "接待人数"), ("某某旗舰店:小美", "900")], people)
    assert own.by_staff == {"KF001": {"接待人数": 900}}
    assert merged(tmp_path, [("客服昵称", "接待人数"), ("专卖店:小美", "900")], people).by_staff == {}
