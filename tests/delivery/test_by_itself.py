"""What settings let go out by itself after a pass: new things once, the past never."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.pipeline.after_a_pass import finish_pass
from appraisal.pipeline.context import open_context
from appraisal.scheme.forms.hr_acts import ActKind
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import readers, scores, workbook
from tests.delivery.servers import MailServerHere
from tests.delivery.shop import BEST_FIRST, GROUP, ISSUED, Shop

EVERYTHING = 'automatic = ["notice", "slips", "plans", "reminders", "receipts"]'


def automatic(folder: Path, mail: int, what: str = EVERYTHING) -> Shop:
    shop = Shop(folder, mail)
    path = folder / "settings.toml"
    path.write_text(path.read_text("utf-8").replace("[notify]", f"[notify]\n{what}"), "utf-8")
    return shop


def passed(shop: Shop, today: date) -> list[str]:
    place = shop.place
    with open_context(place.workspace, place.setup, today=today, sandbox=readers()) as context:
        return finish_pass(context)


def test_a_month_goes_its_way_by_itself(tmp_path: Path):
    """Reminder, receipt, and when it is issued notice, slips and plan; each once, however many passes there are."""
    with MailServerHere() as mail:
        shop = automatic(tmp_path, mail.port)
        assert passed(shop, date(2026, 12, 2)) == []
        assert mail.to == []  # the day is far
        passed(shop, date(2026, 12, 6))
        passed(shop, date(2026, 12, 6))
        assert [one["Subject"] for one in mail.received] == ["请按时交：2026年11月考核上报表"]

        shop.place.take(workbook(cells=scores(BEST_FIRST)))
        assert mail.received[1]["Subject"].startswith("已受理，第1版。")
        assert len(mail.to) == 2

        shop.issue()
        assert len(mail.to) == 2 + 7 + 6 + 2  # notice to all and the manager, a slip each, two plans
        assert passed(shop, ISSUED) == []
        passed(shop, date(2026, 12, 9))
        assert len(mail.to) == 17

        passed(shop, date(2026, 12, 14))
        passed(shop, date(2026, 12, 17))
        assert [one["Subject"] for one in mail.received[17:]] == [
            *["请按时交：2026年11月整改方案"] * 2,
            *["已过期限，请补交：2026年11月整改方案"] * 2,
        ]

        withdrawn_on = date(2026, 12, 18)
        shop.place.act(Act(ActKind.WITHDRAW, NOVEMBER, GROUP, withdrawn_on, "人事", "报错月份"))
        passed(shop, withdrawn_on)
        passed(shop, withdrawn_on)
        assert [one["Subject"] for one in mail.received[21:]] == ["旗舰店2026年11月绩效考核已撤回"] * 7


def test_what_waited_for_a_server_goes_when_it_is_there(tmp_path: Path):
    """Nothing is lost, and people are told that it waits."""
    with MailServerHere() as mail:
        port = mail.port
    shop = automatic(tmp_path, port, 'automatic = ["slips"]').issued()
    (told,) = passed(shop, ISSUED)
    assert "6条没有发到" in told
    assert "连不上邮件服务器" in told
    with MailServerHere(listens_on=port) as mail:
        assert passed(shop, ISSUED) == []
        assert len(mail.to) == 6


@pytest.mark.parametrize("what", ["automatic = []", 'automatic = ["slips"]'])
def test_whoever_switches_it_on_does_not_circulate_the_past(tmp_path: Path, what: str):
    """And off, which it is unless somebody says so, nothing goes."""
    with MailServerHere() as mail:
        shop = automatic(tmp_path, mail.port, what).issued()
        passed(shop, date(2027, 1, 8))
        assert mail.to == []


def test_nothing_of_a_month_that_is_not_issued(tmp_path: Path):
    """Handed in, or withdrawn: neither slips nor notice."""
    with MailServerHere() as mail:
        shop = automatic(tmp_path, mail.port, 'automatic = ["notice", "slips", "plans"]')
        shop.place.take(workbook(cells=scores(BEST_FIRST)))
        assert mail.to == []
        shop.place.act(Act(ActKind.WITHDRAW, NOVEMBER, GROUP, ISSUED, "人事", "报错月份"))
        passed(shop, ISSUED)
        assert mail.to == []
