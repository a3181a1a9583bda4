"""What is typed wrong on the command line is told in Chinese, in one sentence, with exit code 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from appraisal.cli.app import main

PROGRAM = Path(__file__).parents[2] / "pipeline.py"

MISTAKES = [
    (["chekc"], "没有“chekc”这个子命令，是不是“check”？用 --help 查看用法。"),
    (["--nope"], "没有“--nope”这个选项。用 --help 查看用法。"),
    (["run", "--wrkspace", "x"], "没有“--wrkspace”这个选项，是不是“--workspace”？用 --help 查看用法。"),
    (["run", "--workspace"], "“--workspace”后面要写内容。用 --help 查看用法。"),
    (["run", "extra"], "多写了“extra”。用 --help 查看用法。"),
    (["run", "--date", "2026-13-01"], "日期应写成 2026-12-03 这样，现在是“2026-13-01”。用 --help 查看用法。"),
    (
        ["run", "--date", "9999-12-31"],
        "日期要在 2000 年到 2099 年之间，现在是“9999-12-31”。用 --help 查看用法。",
    ),
    (
        ["run", "--date", "0001-01-01"],
        "日期要在 2000 年到 2099 年之间，现在是“0001-01-01”。用 --help 查看用法。",
    ),
    (["status", "9998-12"], "考核月份应写成 2026-11 这样，现在是“9998-12”。用 --help 查看用法。"),
    (["close", "11月", "--date", "2026-12-01"], "请写上年份，例如 2026-11，现在是“11月”。"),
    (["close", "2026-11-03"], "考核月份应写成 2026-11 这样，现在是“2026-11-03”。"),
    (["check"], "还要写上 FILE...。用 --help 查看用法。"),
    (["simulate"], "还要写上 --rules。用 --help 查看用法。"),
    (["rules"], "后面还要写子命令。用 --help 查看用法。"),
    (["template", "no-such"], "没有考核方案“no-such”"),
    (["template", "online-shop", "--out", "十一月.xlsx"], "--out 要写文件夹，里面的文件由程序起名"),
    (["person", "KF001", "--out", "档案.xlsx"], "--out 要写文件夹，里面的文件由程序起名"),
    (["check", "/没有/x.xlsx"], "没有 /没有/x.xlsx 这个文件"),
]


@pytest.mark.parametrize(("typed", "told"), MISTAKES, ids=[" ".join(typed) for typed, _ in MISTAKES])
def test_a_mistake_is_one_chinese_sentence(
    typed: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(told)
    assert len(printed.err.splitlines()) == 1


def test_a_folder_that_is_a_file_is_said_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever a path is asked for."""
    file = tmp_path / "x"
    file.write_text("")
    for typed in (["run", "--workspace", str(file)], ["template", "online-shop", "--out", str(file)]):
        assert main(typed) == 2
        told = capsys.readouterr().err
        assert str(file) in told
        assert not any(english in told for english in ("Errno", "exists", "directory"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('company = "某某', "第1行第14列写法有误"),
        ("x = 1", "不认识的设置“x”。可用的有：company、"),
        ("company = 3", "company 应为文字（加英文双引号），现在是 3。"),
    ],
)
def test_a_broken_setting_is_told_in_chinese(
    tmp_path: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text(f"{text}\n", "utf-8")
    assert main(["run", "--workspace", str(tmp_path)]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_limits_too_low_to_work_with_are_told_before_anything_is_begun(tmp_path: Path) -> None:
    """One sentence and no traceback; a limit that the program may raise itself is raised."""

    def run(limit: str) -> subprocess.CompletedProcess[str]:
        program = f"{sys.executable} {PROGRAM} rules check --workspace {tmp_path}"
        command = ["sh", "-c", f"ulimit {limit}; exec {program}"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    for limit, told in (("-n 9", "打开9个文件"), ("-f 2000", "MB 的文件"), ("-v 900000", "878 MB 内存")):
        refused = run(limit)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert told in refused.stderr
        assert f"（ulimit {limit.partition(' ')[0]}）调高后再试" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
    assert run("-S -n 100").returncode == 0


def test_a_python_without_the_packages_says_which_one_to_take() -> None:
    """As when somebody types `python pipeline.py` outside the virtual environment."""
    done = subprocess.run(
        [sys.executable, "-S", str(PROGRAM), "doctor"],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("这个 Python 里没有程序包 ")
    assert done.stderr.count("\n") == 1
