"""Case 51 for everything that is ever written: what people typed is never run by a spreadsheet program."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.pipeline.blanks import blank_for, self_blanks_for
from appraisal.pipeline.reports import Status
from appraisal.scheme.forms.hr_acts import ActKind
from tests.builders.hazards import DATA, INTERVIEWS, MANAGER, OWN, Month, text, value
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import DECEMBER_7, Place

EVIL = "EVIL"
BEGINNINGS = ("=", "+", "-", "@", "\t=", "\r=", "＝", "\u200b=", " =")
NAMES = ("=EVIL(1)", "+EVIL", "-EVIL", "@EVIL")
GROUP, OTHER = "=EVIL组", "+EVIL组"
SETTINGS = "".join(f'{name} = "=EVIL{name}"\n' for name in ("company", "signature", "policy", "appeals_to"))
ROSTER = "工号,姓名,考核组,考核方案,入职日期,岗位\n" + "".join(
    f"{prefix}{at:03},{name},{group},online-shop,2020-01-01,=EVIL岗位\n"
    for prefix, group in (("KF", GROUP), ("ZM", OTHER))
    for at, name in enumerate(NAMES, start=1)
)


def typed(words: str) -> str:
    """A cell with this text; `@` would stand for its address."""
    return text(words.replace("@", "&#64;"))


def hostile() -> Month:
    """The group's month, every text in it beginning like a formula."""
    month = Month(GROUP)
    texts = iter(range(10_000))

    def evil() -> str:
        mark = BEGINNINGS[next(texts) % len(BEGINNINGS)].replace("\r", "_x000D_")
        return typed(f'{mark}HYPERLINK("http://{EVIL}","{EVIL}")')

    for at, name in enumerate(NAMES, start=1):
        for part in (DATA, OWN, MANAGER):
            month.cell("姓名", f"KF{at:03}", typed(name), part)
        month.cell("情况说明", f"KF{at:03}", evil())
        for column in ("扣分依据", "评语"):
            month.cell(column, f"KF{at:03}", evil(), MANAGER)
    month.label("店长", text(f"={EVIL}店长"))
    content = month.parts[INTERVIEWS].decode()
    month.parts[INTERVIEWS] = re.sub(r"(?<=<t>)[^<]*(?=</t></is></c></row>)", f"={EVIL}()", content).encode()
    return month


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Every workbook and csv of a workspace in which somebody typed such things wherever one can."""
    place = Place(tmp_path_factory.mktemp("formulas"), settings=SETTINGS, roster=ROSTER, hr=True)
    good, faulty = hostile(), hostile().cell("付款人数", "KF002", value("#N/A", "e"))
    assert place.take(faulty.data(), "=EVIL坏.xlsx").status is Status.RETURNED
    files = {f"marked/{name}": content for name, content in place.files(f"{GROUP}/退回").items()}
    report = place.take(good.data(), "=EVIL好.xlsx")
    assert report.status is Status.ACCEPTED, report.findings
    said = {"by": f"={EVIL}经办", "reason": f"={EVIL}原因", "document_number": f"={EVIL}号"}
    place.act(Act(ActKind.ISSUE, NOVEMBER, GROUP, DECEMBER_7, **said))
    blanks = [
        blank_for("online-shop", place.setup, group=GROUP, period=NOVEMBER),
        *self_blanks_for("online-shop", place.setup, group=GROUP, period=NOVEMBER),
    ]
    files |= {f"blank/{one.name}": one.content for one in blanks}
    return {**files, **place.files("")}


def parts(content: bytes, pattern: str) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if re.search(pattern, name):
                yield package.read(name).decode()


def test_everything_that_can_be_written_was_written(written: Mapping[str, bytes]) -> None:
    """Or the tests below would prove nothing."""
    kinds = (
        "考核结果", "整改方案", "下月空白表", "_退回", "奖励与提成调整", "整改跟踪", "汇总", "未报送", "人事办理单",
        "考核上报表", "自评表",
    )  # fmt: skip
    sheets = [name for name in written if name.endswith((".xlsx", ".csv"))]
    assert [kind for kind in kinds if not any(kind in name for name in sheets)] == []
    assert any(name.endswith(".csv") for name in sheets)


def test_case_51_no_formula_holds_what_people_typed(written: Mapping[str, bytes]) -> None:
    """Neither in a cell nor in a rule, a list, a name or a link."""
    formulas = r"<(?:x14:|xm:)?(f|formula|formula1|formula2|definedName)\b[^>]*>(.*?)</"
    with_evil = 0
    for name, content in written.items():
        if name.endswith(".xlsx"):
            for part in parts(content, r"\.xml$"):
                assert not [one for _, one in re.findall(formulas, part, re.DOTALL) if EVIL in one], name
                with_evil += EVIL in part
            for part in parts(content, r"\.rels$"):
                assert EVIL not in part, name
                assert 'TargetMode="External"' not in part, name
    assert with_evil > 10


def test_case_51_in_a_csv_no_cell_begins_as_a_formula(written: Mapping[str, bytes]) -> None:
    for name, content in written.items():
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
            assert any(EVIL in cell for cell in cells), name
            begun = [cell for cell in cells if re.match(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠\t\r]", cell)]
            assert all(re.fullmatch(r"-\d[\d,.]*", cell) for cell in begun), (name, begun)


def test_case_51_such_a_text_stays_text_when_somebody_edits_its_cell(written: Mapping[str, bytes]) -> None:
    """F2 and Enter make a formula of it, unless the cell bears the mark that Excel sets for a leading quote."""
    for name, content in written.items():
        if name.endswith(".xlsx") and not name.startswith("marked/"):
            assert sorted(set(unquoted(content))) == [], name


def test_nothing_circulated_says_who_made_it_or_holds_what_nobody_sees(written: Mapping[str, bytes]) -> None:
    """No author, no machine, no time of saving, no comments; hidden is only what tells our forms apart."""
    for name, content in written.items():
        if name.endswith((".xlsx", ".docx")) and not name.startswith("marked/"):
            (core,) = parts(content, r"^docProps/core\.xml$")
            said = re.findall(r"<(?:dc|cp|dcterms):(\w+)[^>]*>([^<]+)</", core)
            assert {key for key, _ in said} <= {"created", "modified"}, (name, said)
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                inside = package.namelist()
            assert not [
                one for one in inside if re.search("comment|custom|people|thumbnail", one, re.IGNORECASE)
            ], name
        if name.endswith(".xlsx") and not name.startswith("marked/"):
            (outline,) = parts(content, r"^xl/workbook\.xml$")
            hidden = re.findall(r'<sheet [^>]*name="([^"]*)"[^>]*state="\w*[hH]idden"', outline)
            assert set(hidden) <= {"_meta"}, (name, hidden)


def unquoted(content: bytes) -> Iterator[str]:
    """Texts of a workbook that begin like a formula in cells without `quotePrefix`."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        read = {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}
    strings = [
        "".join(re.findall(r"<t[^>]*>(.*?)</t>", one, re.DOTALL))
        for one in re.findall(r"<si>(.*?)</si>", read.get("xl/sharedStrings.xml", ""), re.DOTALL)
    ]
    styles = re.search(r"<cellXfs.*?</cellXfs>", read["xl/styles.xml"], re.DOTALL)
    assert styles is not None
    quoted = ['quotePrefix="1"' in one for one in re.findall(r"<xf [^>]*>", styles[0])]
    for part, xml in read.items():
        if "worksheets/sheet" in part:
            for attributes, inside in re.findall(r"<c ([^>]*[^/])>(.*?)</c>", xml, re.DOTALL):
                if 't="s"' in attributes:
                    typed = strings[int(re.findall(r"<v>(\d+)</v>", inside)[0])]
                else:
                    typed = "".join(re.findall(r"<t[^>]*>(.*?)</t>", inside, re.DOTALL))
                style = int((re.findall(r'\bs="(\d+)"', attributes) or ["0"])[0])
                if (
                    re.match(r"[\s\u200b]*[=+\-@]|[\s\u200b]*&#9;", typed)
                    and len(typed) > 1
                    and not quoted[style]
                ):
                    yield typed
