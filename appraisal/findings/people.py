"""What can be wrong with the people whom a submission names: ids and names, the roster, who takes part."""

from __future__ import annotations

from appraisal.findings.kind import error, warning

PEOPLE_KINDS = (
    error(
        "staff.unknown",
        "花名册里没有{whose}“{id}”（{name}）{odd}。",
        "请核对{whose}；新加入的请先由人事列入花名册。",
    ),
    error(
        "staff.missing",
        "花名册中的{name}（{id}）没有出现在“{table}”里。",
        "请补上这一行；不参评的人员也要列出，并填写参评情况和情况说明。",
    ),
    error(
        "staff.duplicate",
        "{whose}“{id}”在本表出现了不止一次（{found}）。",
        "同一个人的请只保留一行；不是同一个人的，请改正{whose}。",
    ),
    error(
        "staff.name_mismatch",
        "{whose}“{id}”对应的{called}应为“{expected}”，表里写的是“{name}”{odd}。",
        "请核对这一行的{whose}和{called}，确认没有错行。",
    ),
    error(
        "staff.id_mismatch",
        "{called}为“{name}”的{whose}应为“{expected}”，这里写的是“{id}”{odd}。",
        "请改正这一格；其他工作表里写的“{expected}”不用改。",
    ),
    error(
        "staff.left",
        "{name}（{id}）已于 {date} 离开本组或离职，不在 {period} 的考核范围内。",
        "请删除这一行；如仍需考核，请人事更正花名册。",
    ),
    error(
        "staff.not_yet",
        "{name}（{id}）{date} 才加入，不在 {period} 的考核范围内。",
        "请删除这一行；日期不对的，请人事更正花名册。",
    ),
    error(
        "staff.two_groups",
        "{name}（{id}）按花名册属于“{group}”。",
        "请删除这一行，由“{group}”上报；花名册不对的，请人事更正。",
    ),
    error(
        "staff.ranked_elsewhere",
        "{name}（{id}）{period} 已经在“{group}”参加排名，同一个月只能在一个组排名。",
        "不在本组排名的，请把“参评情况”改选为“当月调动”等原因；应在本组排名的，请人事先更正“{group}”的上报。",
    ),
    error(
        "staff.appraised_elsewhere",
        "{name}（{id}）按花名册 {told}，{period} 由“{group}”考核，这里的“{column}”却是“参评”。",
        "请改选“{expected}”，并写明“情况说明”；花名册的日期不对的，请人事更正。",
    ),
    warning(
        "staff.part_of_month",
        "{name}（{id}）按花名册 {told}，“{column}”却是“参评”，会参加排名。",
        "不参评的请更正为“{expected}”；按规定照常参评的，可不处理；日期不对的，请人事更正花名册。",
    ),
    error("staff.none", "“{table}”里没有任何人员。", "请填写本组人员后再放入。"),
)
