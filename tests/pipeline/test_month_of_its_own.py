"""Two months of one scheme in one pass, of which one has bands of its own: each is scored by its own."""

from __future__ import annotations

from pathlib import Path

from appraisal.period import Period
from tests.builders.schemes import SHOP_TEXT
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import Place, workbook

OVERRIDE = """
overrides:
  - name: 大促月
    from: 2026-11
    until: 2026-11
    indicators:
      平均响应时间: {target: 40, bands: ["<=40: 10", "else: 0"]}
"""


def test_each_month_of_a_pass_has_its_own_bands(tmp_path: Path) -> None:
    """KF001 takes 28 seconds: 8 points in October, all 10 in November; the standard says so."""
    root = tmp_path / "工作区"
    (root / "rules").mkdir(parents=True)
    (root / "rules" / "online_shop.yaml").write_text(SHOP_TEXT + OVERRIDE, "utf-8")
    place = Place(root)
    october = NOVEMBER.shifted(-1)
    for period in (october, NOVEMBER):
        place.drop(f"{period}.xlsx", workbook(period=period))

    place.run()

    def points(period: Period) -> str:
        person = next(one for one in place.result(period=period)["staff"] if one["id"] == "KF001")
        told: str = person["indicators"]["平均响应时间"]["points"]["店长"]
        return told

    assert points(october) == "8.00"
    assert points(NOVEMBER) == "10.00"
    page = place.files("旗舰店/2026-11")["旗舰店_2026-11_考核通报.html"].decode("utf-8")
    assert "≤40.0秒" in page
