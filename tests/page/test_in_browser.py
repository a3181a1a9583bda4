"""HR's page in a real Chromium: opened from a folder, searched, sorted, printed, at three widths, dark and light."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from appraisal.hr.facts import PeriodFacts
from appraisal.page.month_page import month_page
from appraisal.page.pages import INDEX, group_page_name, hr_pages
from appraisal.period import Period
from tests.builders.submissions import NOVEMBER
from tests.hr.hr_shop import FLAGSHIP, opened, roster
from tests.libreoffice import page_count, text_of
from tests.publish.documents import shipped

pytestmark = pytest.mark.libreoffice


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of two months of one shop, and of a second that handed nothing in."""
    folder = tmp_path_factory.mktemp("pages")
    with opened(folder) as shop:
        shop.roster = roster(旗舰店=12, 二店=4)
        shop.month(FLAGSHIP, Period(2026, 10), last="KF012")
        shop.issue(FLAGSHIP, Period(2026, 10))
        shop.month(FLAGSHIP, last="KF012")
        with shop.ledger.reading() as books:
            page = month_page(PeriodFacts(books, NOVEMBER, date(2026, 12, 9), shop.roster, shop.settings))
        for name, content in hr_pages(page, shop.settings, shipped(), is_current=lambda *_: False):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next((one for one in map(shutil.which, ("chromium", "google-chrome", "msedge")) if one), None)
    assert found is not None, "these tests need Chromium"
    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=found, args=["--no-sandbox"])


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    """The index, opened; whatever it says to the console or asks for besides itself is a failure."""
    opened_page = browser.new_page(viewport={"width": 1280, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    opened_page.on("console", lambda message: said.append(message.text))
    opened_page.on("pageerror", lambda error: said.append(str(error)))
    opened_page.on("request", lambda request: asked.append(request.url))
    opened_page.goto((folder / INDEX).as_uri())
    yield opened_page
    opened_page.close()
    assert said == []
    assert {url for url in asked if not url.startswith("file:")} == set()


def shown(page: Page, table: str) -> list[str]:
    return page.locator(f"#{table} tbody tr:visible").all_inner_texts()


def test_a_search_leaves_the_rows_that_have_all_its_words(page: Page) -> None:
    page.fill("form[data-table=people-t] input", "旗舰店 kf01")

    rows = shown(page, "people-t")
    assert [row.split("\t")[1] for row in rows] == ["KF010", "KF011", "KF012"]
    assert page.locator("form[data-table=people-t] output").inner_text() == "显示 3 / 12 行"


def test_what_needs_attention_is_chosen_by_kind(page: Page) -> None:
    page.select_option("form[data-table=attention-t] select", "未报送")

    assert [row.split("\t")[1] for row in shown(page, "attention-t")] == ["二店"]


def test_a_column_is_sorted_by_keyboard_and_back(page: Page) -> None:
    head = page.locator("#people-t th", has_text="综合得分")
    head.locator("button").focus()
    page.keyboard.press("Enter")

    scores = [float(row.split("\t")[5]) for row in shown(page, "people-t")]
    assert scores == sorted(scores)
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert [float(row.split("\t")[5]) for row in shown(page, "people-t")] == sorted(scores, reverse=True)


@pytest.mark.parametrize("width", [375, 1280, 3840])
@pytest.mark.parametrize("name", [INDEX, group_page_name(FLAGSHIP)])
def test_no_width_makes_the_page_scroll_sideways(page: Page, folder: Path, name: str, width: int) -> None:
    """Nor any part of it: on a phone a row is a card."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((folder / name).as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(_WIDER_THAN_THEIR_BOX) == []
    assert page.locator("h1").is_visible()


def test_on_a_phone_a_table_is_heard_sorted_and_labelled_as_on_a_desk(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 9000})
    heard = Counter(_roles(page))
    page.set_viewport_size({"width": 375, "height": 9000})

    assert Counter(_roles(page)) == heard
    page.locator("#people-t th button", has_text="综合得分").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    best = page.locator("#people-t tbody tr").first
    value = best.locator("td").nth(4)
    assert value.evaluate("cell => getComputedStyle(cell, '::before').content").startswith('"综合得分"')
    assert value.inner_text() == page.locator("#groups-t tbody tr td").nth(4).inner_text()


def _roles(page: Page) -> list[str]:
    """What of the tables a reader program hears."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    wanted = {"table", "row", "cell", "columnheader", "rowheader", "caption"}
    return [role for one in nodes if (role := one["role"]["value"]) in wanted]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(page: Page, scheme: str) -> None:
    """WCAG AA: 4.5 to 1 between a text and what is behind it."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    assert page.evaluate(_LOWEST_CONTRAST) >= 4.5


def test_a_screen_reader_is_told_what_each_thing_is(page: Page) -> None:
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert table.locator("thead th:not([scope=col])").count() == 0
    for figure in page.locator("figure").all():
        assert figure.get_attribute("aria-label")
    names = [one.get_attribute("id") for one in page.locator("h2").all()]
    labelled = [one.get_attribute("aria-labelledby") for one in page.locator("section").all()]
    assert sorted(labelled) == sorted(names)  # type: ignore[type-var]


def test_links_lead_to_the_groups_page_and_back(page: Page) -> None:
    page.locator("#groups-t a", has_text=FLAGSHIP).first.click()
    assert page.locator("h1").inner_text().startswith(FLAGSHIP)
    page.locator("nav a").click()
    assert "人事总览" in page.title()


def test_a_long_table_shows_its_first_rows_until_it_is_searched_or_asked_for_all(
    page: Page, folder: Path
) -> None:
    """Six thousand rows would take a second to lay out; the search looks through all of them."""
    before, people_table, after = (folder / INDEX).read_text("utf-8").partition('id="people-t"')
    head, rows, foot = re.split(
        r"(?<=<tbody>)(<tr><th scope=row>.*?)(?=</tbody>)", after, maxsplit=1, flags=re.DOTALL
    )
    many = "".join(rows.replace("<th scope=row>", f"<th scope=row>第{at}批") for at in range(30))
    (folder / "many.html").write_text(before + people_table + head + many + foot, "utf-8")
    page.goto((folder / "many.html").as_uri())
    people, form = page.locator("#people-t tbody tr"), page.locator("form[data-table=people-t]")
    everybody = people.count()
    assert everybody > 300
    assert len(shown(page, "people-t")) == 200
    form.locator("input").fill("第29批 KF012")
    assert len(shown(page, "people-t")) == 1
    form.locator("input").fill("")
    form.get_by_role("button").click()
    assert len(shown(page, "people-t")) == everybody
    assert "第29批" in text_of(page.pdf(prefer_css_page_size=True)).replace(" ", "")


def test_it_prints_as_a_report_with_every_table(page: Page) -> None:
    """What is folded away on the screen is on paper; what only a screen can use is not."""
    printed = page.pdf(prefer_css_page_size=True)

    text = text_of(printed).replace(" ", "")
    assert page_count(printed) <= 5
    assert "2026-10" in text
    assert "查找" not in text


_WIDER_THAN_THEIR_BOX = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
  .filter(one => one.clientWidth > 1 && !one.closest("svg"))
  .map(one => `${one.tagName} ${one.className} ${one.textContent.slice(0, 20)} ${one.scrollWidth} ${one.clientWidth}`)"""


_LOWEST_CONTRAST = """() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
  const behind = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  let lowest = 21;
  for (const node of document.querySelectorAll("h1, h2, p, th, td, a, dt, dd, caption, label, summary, output, .mark")) {
    const [a, b] = [light(parts(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    lowest = Math.min(lowest, (a + .05) / (b + .05));
  }
  return lowest;
}"""
