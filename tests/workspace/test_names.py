"""Names of files come from people's names and groups, and are safe on every file system."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.workspace.names import LONGEST_NAME, original_name, returned_stem, safe_file_name


@pytest.mark.parametrize(
    "stem",
    ["旗舰店_2026-11_考核上报表", "KF001_张三", "天猫 旗舰店", "A&B店", "007_欧阳 修", "镕_喆_𠮷"],
)
def test_ordinary_names_stay_as_they_are(stem):
    """What people see in the folder is what they typed in the roster."""
    assert safe_file_name(stem, ".xlsx") == f"{stem}.xlsx"


def test_full_width_marks_become_their_plain_form():
    """Two ways of writing one group name lead to one folder."""
    assert safe_file_name("旗舰店（一组）Ａ") == "旗舰店(一组)A"


@pytest.mark.parametrize(
    "stem",
    [
        "../../etc/passwd", "／etc／passwd", "C:\\x", "\\\\server\\share", "a/b", "．．／x", "x\x00y", "x\r\ny",
        "\u202egnp.exe", "零\u200b宽", "\ud800", "CON", "con.x", "COM¹", "LPT9.txt", "CONIN$", "NUL .a", ".",
        "..", "", " ", "name.", "name ", ".hidden", "店" * 200, 'a<b>:"|?*',
    ],
)  # fmt: skip
def test_dangerous_names_become_harmless(stem):
    """No separators, devices, invisible marks, hidden files or names that are too long."""
    name = safe_file_name(stem, ".xlsx")
    assert re.fullmatch(r"[^<>:\"/\\|?*\x00-\x1f\u200b\u202e\ud800]+\.xlsx", name)
    assert not re.match(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)\s*(\.|$)", name)
    assert not name.startswith((".", " "))
    assert len(name.encode()) <= LONGEST_NAME


@given(st.text(alphabet=st.characters(), max_size=80), st.sampled_from(["", ".xlsx", ".html"]))
def test_any_text_becomes_a_name_that_is_already_safe(stem, extension):
    """Making a name safe twice is making it safe once."""
    name = safe_file_name(stem, extension)
    assert 0 < len(name.encode()) <= LONGEST_NAME
    assert safe_file_name(name) == name


def test_names_that_had_to_be_changed_stay_apart():
    """Two groups never share a folder because their names were made safe."""
    assert len({safe_file_name(stem) for stem in ("a/b", "a_b", "a:b", "a\\b")}) == 4
    assert safe_file_name("店" * 200 + "一") != safe_file_name("店" * 200 + "二")


def test_a_returned_file_is_named_after_the_original():
    """The manager finds it by the name that was dropped."""
    assert returned_stem("旗舰店_2026-11_考核上报表.xlsx") == "旗舰店_2026-11_考核上报表_退回"
    assert returned_stem("导出.csv") == "导出.csv_退回"
    assert returned_stem("店" * 80 + ".xlsx").endswith("_退回")


@pytest.mark.parametrize(
    "file",
    [
        "表_退回.xlsx",
        "表_退回(1).xlsx",
        "表_退回 （2）.xlsx",
        "表_退回 - 副本.xlsx",
        "表_退回_退回.xlsx",
        "表.xlsx",
    ],
)
def test_a_returned_file_that_comes_back_bears_its_first_name(file):
    """Returned again and again, it does not grow a tail of marks."""
    assert original_name(file) == "表.xlsx"
    assert returned_stem(file) == "表_退回"


def test_a_name_that_is_nothing_but_the_mark_is_kept():
    """There is no first name to go back to."""
    assert original_name("_退回.xlsx") == "_退回.xlsx"
