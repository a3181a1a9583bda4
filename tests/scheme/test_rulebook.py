"""All schemes of a workspace: which version scores which month, and what must not coincide."""

from __future__ import annotations

from pathlib import Path

import pytest

from appraisal.period import Period
from appraisal.scheme.rulebook import Rulebook, RulesError, load_rule_files, load_rulebook
from tests.builders.schemes import SHOP_TEXT, changed


def rulebook(folder: Path, **files: str) -> Rulebook:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return load_rulebook(folder)


def version(number: int, since: str) -> str:
    return changed(("version: 1", f"version: {number}"), ("2020-06-07", since))


def test_a_month_is_scored_by_the_version_in_force_then(tmp_path: Path) -> None:
    """Also when it is handed in years later."""
    book = rulebook(tmp_path, first=version(1, "2020-06-07"), second=version(2, "2026-10-01"))
    in_force = {
        month: scheme and scheme.version
        for month in ("2020-06", "2020-07", "2026-09", "2026-10", "2030-01")
        for scheme in [book.in_force("online-shop", Period.parse(month))]
    }
    assert in_force == {"2020-06": None, "2020-07": 1, "2026-09": 1, "2026-10": 2, "2030-01": 2}


def test_the_latest_version_is_handed_out(tmp_path: Path) -> None:
    """Whatever the order of the files."""
    book = rulebook(tmp_path, b=version(1, "2020-06-07"), a=version(2, "2026-10-01"))
    latest = book.latest("online-shop")
    assert latest is not None
    assert latest.version == 2
    assert book.ids == ("online-shop",)
    assert book.latest("no-such-scheme") is None


def test_each_version_keeps_its_own_text(tmp_path: Path) -> None:
    """For the ledger: the bytes that a month was scored by."""
    text = version(2, "2026-10-01")
    book = rulebook(tmp_path, first=version(1, "2020-06-07"), second=text)
    assert book.text_of(book.versions[1]) == text.encode()


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        (
            (1, "2020-06-07"),
            (1, "2026-10-01"),
            "a.yaml 和 b.yaml 的版本号与生效日期的先后不一致：生效较晚的 version 应当更大",
        ),
        (
            (3, "2020-06-07"),
            (2, "2026-10-01"),
            "a.yaml 和 b.yaml 的版本号与生效日期的先后不一致：生效较晚的 version 应当更大",
        ),
        (
            (1, "2020-06-07"),
            (3, "2026-10-01"),
            "a.yaml 和 b.yaml 之间缺少第2版：旧版的文件要留着，以前的月份按它计算；没有这一版的，请把 version 改成连续的",
        ),
        (
            (1, "2026-09-15"),
            (2, "2026-10-01"),
            "a.yaml 和 b.yaml 都从 2026-10 起考核，请错开 effective_from",
        ),
    ],
)
def test_versions_that_clash_are_told_with_both_files(
    tmp_path: Path, one: tuple[int, str], other: tuple[int, str], sentence: str
) -> None:
    """Equal numbers, falling numbers, one that is not there, the same first month; at the key of the later file."""
    with pytest.raises(RulesError) as caught:
        rulebook(tmp_path, a=version(*one), b=version(*other))
    key = "effective_from" if "都从" in sentence else "version"
    lines = enumerate(version(*other).splitlines(), 1)
    line = next(at for at, text in lines if text.startswith(key))
    assert str(caught.value) == f"b.yaml:{line}:1: {key}: {sentence}"


def test_the_mistakes_of_all_files_are_told_together(tmp_path: Path) -> None:
    """One look at the whole folder."""
    with pytest.raises(RulesError) as caught:
        rulebook(tmp_path, a=changed(("weight: 30%", "weight: 25%")), b=changed(("scope: 网店客服组\n", "")))
    assert [one.file for one in caught.value.mistakes] == ["a.yaml", "b.yaml"]


def test_a_folder_without_rules_is_told(tmp_path: Path) -> None:
    """Not an empty rulebook."""
    with pytest.raises(RulesError, match="里面没有规则文件"):
        load_rulebook(tmp_path)


def test_the_shipped_rules_load() -> None:
    """What stands beside the program."""
    book = load_rulebook(Path(__file__).parents[2] / "rules")
    assert "online-shop" in book.ids


# ------------------------------------------------------------- a workspace's own files beside the shipped


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """What the program ships: two versions of one scheme, and another scheme; and an empty folder of one's own."""
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    shipped.mkdir()
    own.mkdir()
    _put(shipped, "shop.yaml")
    _put(shipped, "shop_2.yaml", ("version: 1", "version: 2"), ("2020-06-07", "2026-01-01"))
    _put(shipped, "other.yaml", ("scheme: online-shop", "scheme: other"))
    return shipped, own


def _put(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    (folder / name).write_text(changed(*changes) if changes else SHOP_TEXT, "utf-8")


def _versions(*folders: Path) -> list[tuple[str, int, str]]:
    return [
        (one.scheme.scheme, one.scheme.version, one.path.parent.name) for one in load_rule_files(*folders)
    ]


def test_own_rules_add_to_the_shipped_ones_file_by_file(folders: tuple[Path, Path]) -> None:
    """A scheme of one's own stands beside them; nothing else has to be copied."""
    _put(folders[1], "mine.yaml", ("scheme: online-shop", "scheme: mine"))
    assert _versions(*folders) == [
        ("mine", 1, "own"),
        ("online-shop", 1, "shipped"),
        ("online-shop", 2, "shipped"),
        ("other", 1, "shipped"),
    ]


def test_a_next_version_of_ones_own_follows_the_shipped_ones(folders: tuple[Path, Path]) -> None:
    """Whatever its file is called; months of before are scored as before."""
    _put(folders[1], "shop.yaml", ("version: 1", "version: 3"), ("2020-06-07", "2026-10-01"))
    assert _versions(*folders)[:3] == [
        ("online-shop", 1, "shipped"),
        ("online-shop", 2, "shipped"),
        ("online-shop", 3, "own"),
    ]


def test_a_version_of_ones_own_takes_the_place_of_the_shipped_one_and_of_those_after_it(
    folders: tuple[Path, Path],
) -> None:
    """A newer program changes nothing for who has rules of his own."""
    _put(folders[1], "mine.yaml", ("amount: 100", "amount: 200"))
    assert _versions(*folders) == [("online-shop", 1, "own"), ("other", 1, "shipped")]


def test_shipped_versions_that_do_not_lead_up_to_ones_own_are_left_out(folders: tuple[Path, Path]) -> None:
    """One's own begins earlier, or a version is missing between: it counts alone, as it did."""
    _put(folders[1], "mine.yaml", ("version: 1", "version: 5"), ("2020-06-07", "2026-10-01"))
    assert _versions(*folders) == [("online-shop", 5, "own"), ("other", 1, "shipped")]
    _put(folders[1], "mine.yaml", ("version: 1", "version: 3"))
    assert _versions(*folders) == [("online-shop", 3, "own"), ("other", 1, "shipped")]


def test_a_mistake_in_ones_own_file_is_told_with_its_place(folders: tuple[Path, Path]) -> None:
    (folders[1] / "mine.yaml").write_text("scheme: [", "utf-8")
    with pytest.raises(RulesError, match=r"mine\.yaml:1:10"):
        load_rule_files(*folders)
