"""result.json keeps the keys, their order and the spelling of values that programs rely on."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from appraisal.period import Period
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import (
    GroupResult,
    IndicatorResult,
    InputFile,
    Inputs,
    Outcome,
    OutcomeState,
    StaffResult,
    result_as_json,
)
from tests.builders.schemes import EVERYTHING_TEXT, one_mark_scheme, scheme_of

NO_GRADES = one_mark_scheme()
INPUTS = Inputs((InputFile("manager", "a" * 64), InputFile("self", "b" * 64)), "c" * 64, "1.0.0")


def person(**changes: object) -> StaffResult:
    conversion = IndicatorResult(
        Decimal("0.5400"),
        applicable=True,
        reason=None,
        points={"自评": Decimal("12.00"), "店长": Decimal("12.00")},
    )
    fields: dict[str, object] = {
        "id": "KF001",
        "name": "张三",
        "participation": "参评",
        "ranked": True,
        "reason": None,
        "rank": 1,
        "final": Decimal("78.20"),
        "reviewers": {"自评": Decimal("81.00"), "店长": Decimal("77.00")},
        "indicators": {"咨询转化率": conversion},
        "sections": {},
        "stood_in": {},
    }
    return StaffResult(**{**fields, **changes})  # type: ignore[arg-type]


def result(staff: tuple[StaffResult, ...], outcomes: tuple[Outcome, ...] = ()) -> GroupResult:
    return GroupResult(
        "online-shop", 1, "旗舰店", Period(2026, 11), 1, date(2026, 12, 3), staff=staff, outcomes=outcomes
    )


def test_a_month_is_written_as_the_contract_says() -> None:
    """Key by key, in this order, with decimals as strings exactly as printed."""
    reward = Outcome(
        "KF001", OutcomeType.REWARD, Decimal("100.00"), None, OutcomeState.DUE, "综合排名第一名", "第六条"
    )
    plan = Outcome(
        "KF009", OutcomeType.RECTIFICATION, None, date(2026, 12, 10), OutcomeState.DUE, "后2名", None
    )
    written = json.dumps(
        result_as_json(result((person(),), (reward, plan)), INPUTS, NO_GRADES),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    assert written == (
        '{"scheme":"online-shop","version":1,"group":"旗舰店","period":"2026-11","revision":1,"issued":"2026-12-03",'
        '"staff":[{"id":"KF001","name":"张三","ranked":true,"reason":null,"rank":1,"final":"78.20","grade":null,"factor":null,'
        '"reviewers":{"自评":"81.00","店长":"77.00"},'
        '"indicators":{"咨询转化率":{"value":"0.5400","applicable":true,"points":{"自评":"12.00","店长":"12.00"}}}}],'
        '"outcomes":[{"staff":"KF001","type":"reward","amount":"100.00","due":null,"state":"due","reason":"综合排名第一名"},'
        '{"staff":"KF009","type":"rectification","amount":null,"due":"2026-12-10","state":"due","reason":"后2名"}],'
        f'"inputs":{{"files":[{{"role":"manager","sha256":"{"a" * 64}"}},{{"role":"self","sha256":"{"b" * 64}"}}],'
        f'"rules_sha256":"{"c" * 64}","program":"1.0.0"}}}}'
    )


def test_every_key_is_there_where_nothing_was_scored() -> None:
    """Null, never left out."""
    empty = IndicatorResult(None, applicable=False, reason="没有考核数据", points={})
    absent = person(
        ranked=False,
        reason="产假",
        rank=None,
        final=None,
        reviewers={"自评": None, "店长": None},
        indicators={"咨询转化率": empty},
    )
    assert result_as_json(result((absent,)), INPUTS, NO_GRADES)["staff"] == [
        {
            "id": "KF001",
            "name": "张三",
            "ranked": False,
            "reason": "产假",
            "rank": None,
            "final": None,
            "grade": None,
            "factor": None,
            "reviewers": {"自评": None, "店长": None},
            "indicators": {"咨询转化率": {"value": None, "applicable": False, "points": {}}},
        }
    ]


def test_grade_and_factor_stand_beside_the_score_of_who_is_ranked() -> None:
    graded = scheme_of(EVERYTHING_TEXT)
    staff = (person(final=Decimal("92.00")), person(id="KF002", ranked=False, reason="试用期"))
    written = result_as_json(result(staff), INPUTS, graded)["staff"]
    assert [(one["grade"], one["factor"]) for one in written] == [("A", "1.2"), (None, None)]  # type: ignore[index,attr-defined]


def test_no_number_is_written_with_an_exponent() -> None:
    """`1E+2` is a hundred to a decimal and nonsense to a reader."""
    huge = IndicatorResult(Decimal("1E+2"), applicable=True, reason=None, points={})
    (written,) = result_as_json(result((person(indicators={"人数": huge}),)), INPUTS, NO_GRADES)["staff"]  # type: ignore[misc]
    assert written["indicators"]["人数"]["value"] == "100"
