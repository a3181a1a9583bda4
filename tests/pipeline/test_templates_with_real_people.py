"""A template that went well with the example and does not with a group's real people: it is named, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.pipeline.reports import Status
from appraisal.publish.templates.engine import PaperLimits
from appraisal.scheme.forms.hr_acts import ActKind
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import Place, workbook
from tests.publish.documents import with_file

GROUP = "丙组"
LOOPS = 9
ENDLESS = (
    f"{{% if 考核组 == '{GROUP}' %}}{'{% for 甲 in 排名 %}' * LOOPS}{'{% endfor %}' * LOOPS}{{% endif %}}"
)


def with_notice(place: Place, before: str, limits: PaperLimits) -> Place:
    """The workspace with a notice of its own, which has been tried out."""
    templates = place.setup.templates
    changed = with_file(templates, "notice.html.j2", before + templates.texts["notice.html.j2"])
    return Place(place.root, _setup=replace(place.setup, templates=replace(changed, limits=limits)))


def test_the_file_waits_until_the_template_is_put_right(tmp_path: Path) -> None:
    """The manager is not blamed; another group's month goes on, and HR's act is refused in the same words."""
    place = Place(tmp_path)
    broken = with_notice(place, ENDLESS, PaperLimits(seconds=0.2, seconds_each=0))
    place.drop("丙.xlsx", workbook(group=GROUP, staff=12))
    place.drop("甲.xlsx", workbook(group="甲组", staff=4))

    reports = {report.file: report for report in broken.run().files}

    assert reports["甲.xlsx"].status is Status.ACCEPTED
    waits = reports["丙.xlsx"]
    assert waits.status is Status.FAILED
    (told,) = [one for one in waits.findings if one.is_error]
    assert told.code == "submission.template"
    assert "模板 notice.html.j2，第1行：填写一份材料" in told.message
    assert (place.workspace.inbox / "丙.xlsx").exists()
    assert not (place.workspace.outbox / GROUP).exists()

    (report,) = place.run().files
    assert report.status is Status.ACCEPTED
    too_long = with_notice(place, "", PaperLimits(characters=0, characters_each=0))
    with pytest.raises(ActRefused, match=r"模板 notice.*过长.*没有办理"):
        too_long.act(Act(ActKind.ISSUE, NOVEMBER, GROUP, date(2026, 12, 7), "李经理", ""))
