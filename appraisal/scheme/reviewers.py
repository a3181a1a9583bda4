"""What a rule file says of who judges: reviewers, and the columns of theirs that are not scored."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from appraisal.scheme.definitions import Definition, FieldName, Percentage, SheetName


class Remark(Definition):
    """评分表上不计分的一栏。"""

    name: FieldName
    type: Literal["text", "grade"] = Field("text", description="类型：text 文字，grade 突出/良好/一般/待提升")
    place: Literal["before", "after"] = Field(
        "after", description="位置：before 在各项评分之前，after 在之后"
    )
    hint: str | None = Field(None, description="提示：选中单元格时显示")


class Reviewer(Definition):
    """考核人：谁评、占多少、评什么。"""

    name: FieldName
    weight: Percentage = Field(
        description="权重：例如 30%，全部考核人合计 100%；0% 的只供参考，不计入综合得分"
    )
    focus: str = Field(description="考核重点：印在表上")
    sheet: SheetName | None = Field(None, description="评分表：工作表的名称，最多31个字；不写则与考核人同名")
    instruction: str | None = Field(None, description="填写说明：印在评分表顶部的一句话")
    if_absent: str | None = Field(None, description="缺评时：逾期未评的，按哪位考核人的评分计")
    remarks: tuple[Remark, ...] = Field((), description="附栏：不计分的栏目")

    @property
    def sheet_name(self) -> str:
        return self.sheet or self.name
