"""settings.toml: every mistake at once, each with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from appraisal.workspace.settings import MovedStaff, SettingsError, load_settings


def refused(folder: Path, text: str) -> str:
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    return str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = refused(tmp_path, 'trial = "否"\nhandin_day = 40\ncompanny = "某某公司"\nmoved_staff = "both"\n')
    for part in (
        "trial 应为 true 或 false",
        "handin_day 应为 1 到 31 的整数",
        "不认识的设置“companny”，是不是“company”？",
        "moved_staff 只能是 last_day、first_day、most_days",
    ):
        assert part in told


def test_lines_that_cannot_be_read_hide_no_others(tmp_path: Path) -> None:
    """Two of them, an unknown setting and a wrong value: each with its remedy, in one round."""
    text = 'trial = 否\ncompany = 某某公司\ncompanny = "某某"\nhandin_day = "5"\ndocument_number = "{店}〔{年}〕"\n'
    told = refused(tmp_path, text)
    for part in (
        "第1行第9列写法有误。trial 只能写 true（是）或 false（否）",
        "第2行第11列写法有误。文字要加英文双引号",
        "不认识的设置“companny”",
        "handin_day 应为 1 到 31 的整数，现在是 “5”",
        "{店} 不认识",
    ):
        assert part in told


@pytest.mark.parametrize(
    "text",
    [
        'notice_columns = [\n"名次",\n姓名]\ncompany = "甲"\n',
        'company = """甲\n',
        "[公司\n",
        "trial = true\ntrial = 否",
        "=",
    ],
)
def test_whatever_cannot_be_read_is_told_and_never_hangs(tmp_path: Path, text: str) -> None:
    assert "写法有误" in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("trial = 否", "trial 只能写 true（是）或 false（否）"),
        ("handin_day = 五", "handin_day 应为整数，不加引号"),
        ("company = 某某公司", '文字要加英文双引号，例如 company = "某某公司"'),
    ],
)
def test_a_line_that_cannot_be_read_is_told_by_what_it_should_hold(
    tmp_path: Path, line: str, remedy: str
) -> None:
    """Nobody is told to put a switch into quotation marks."""
    told = refused(tmp_path, f'signature = "人事部"\n{line}\n')
    assert "第2行" in told
    assert remedy in told


def test_a_gap_of_the_document_number_that_nothing_fills_is_told(tmp_path: Path) -> None:
    told = refused(tmp_path, 'document_number = "{店}绩通〔{年}〕{月}号"\n')
    assert "{店} 不认识，只能用 {年} {月} {组}" in told


def test_the_choices_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('moved_staff = "first_day"\ndocument_number = "〔{年}〕{月}{组}"\n', "utf-8")
    assert load_settings(path).moved_staff is MovedStaff.FIRST_DAY
