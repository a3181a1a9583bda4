"""What can be wrong with papers of single persons and HR's own, and with a submission beside others."""

from __future__ import annotations

from appraisal.findings.kind import error, warning

OTHER_FORM_KINDS = (
    # Papers of single persons, and HR's own
    error(
        "self.signed_by_other",
        "“本人签名”应为{name}本人，现在是“{seen}”{odd}。",
        "自评由本人填写和签名，别人不得代填。",
    ),
    error(
        "self.marks_differ",
        "{name}（{id}）的“{column}”：本人自评表填的是 {own}，这里填的是 {typed}。",
        "以本人自评表为准的，请清空这一格；本人要改的，请本人改好自评表重新放入。",
    ),
    warning(
        "self.words_differ",
        "{name}（{id}）的“{column}”：本人自评表写的是“{own}”，这里写的是“{typed}”，已采用本人写的。",
        "请核对。",
    ),
    error(
        "self.not_absent",
        "{name}（{id}）已经交了自评表，这里却选了“逾期未评”。",
        "请改选“本人已评”，或清空这一格。",
    ),
    error(
        "self.form_missing",
        "没有收到{name}（{id}）本人的自评表，这里却填了自评。",
        "请本人补交自评表；不再补交的，请清空自评的分数，并选“逾期未评”。",
    ),
    warning(
        "self.absent",
        "没有收到{name}（{id}）的自评表，按“逾期未评”处理。",
        "本人已经交了的，请核对自评表是否被退回。",
    ),
    warning("self.stranger", "收到了工号“{id}”的自评表，但“{table}”里没有这个人，没有采用。", "请核对名单。"),
    error(
        "plan.signed_by_other",
        "“本人签名”应为{name}本人，现在是“{seen}”{odd}。",
        "整改方案由本人填写和签名，别人不得代填。",
    ),
    error(
        "plan.row_gone",
        "方案里缺少指标“{name}”这一行。",
        "请从原来下发的整改方案里补回这一行并填写。",
    ),
    error(
        "plan.empty",
        "方案里没有写任何一项指标。",
        "请在原来下发的整改方案上填写，不要删除各行。",
    ),
    error(
        "plan.goal_unclear",
        "“下月目标值”要写一个能核对的数，现在是“{seen}”。",
        "请写成“{example}”这样的数值；怎么做到写在“改进措施”里。",
    ),
    error(
        "plan.done_too_early",
        "“完成时限”{date} 没有晚于考核月份 {period}。",
        "请核对年份和月份，填写今后要完成的日期。",
    ),
    error(
        "plan.more_wanted",
        "店长审核退回补充：{opinion}。",
        "请按店长的意见补充；补充后把“店长审核”清空，再放入。",
    ),
    error(
        "plan.not_asked",
        "{group} {period} 没有要求{name}（{id}）提交整改方案。",
        "请核对工号和考核月份；更正后免于提交的，不用再交。",
    ),
    error(
        "plan.withdrawn",
        "{group} {period} 的考核已经撤回。",
        "整改方案不用再交；重新考核后仍需要的，会另发新的方案表。",
    ),
    error(
        "plan.accepted_before",
        "这份整改方案店长已于 {date} 审核同意。",
        "不用再交；确需修改的，请店长在“店长审核”里选“同意”后再放入。",
    ),
    warning(
        "plan.stands",
        "{name}（{id}）{period} 的整改方案已于 {date} 收下，仍然有效，没有被这一份取代。",
        "要用这一份的，请改好标出的格再放入；不用的，不必再交。",
    ),
    warning(
        "plan.late",
        "整改方案应于 {due} 前提交，今天 {today}，逾期{days}天。",
        "逾期不影响收下，会如实列在整改跟踪里。",
    ),
    error(
        "roster.mistake",
        "花名册：{sentence}。",
        "请在花名册里改好，再放进 inbox/人事；现在的花名册没有动。",
    ),
    error(
        "talk.signed_by_other",
        "“本人签名”应为{name}本人，现在是“{seen}”。",
        "面谈记录由谈话的本人签名；本人不愿签的，写明“拒签”和见证人。",
    ),
    error(
        "talk.not_asked",
        "{group} {period} 没有要求{name}（{id}）面谈。",
        "请核对工号和考核月份；更正后免于整改的，面谈记录不用再交。",
    ),
    error(
        "talk.withdrawn",
        "{group} {period} 的考核已经撤回。",
        "面谈记录不用再交；重新考核后仍需要的，会另发新的表。",
    ),
    error(
        "talk.day",
        "“面谈日期”{date} 应在考核月份 {period} 之后，不晚于今天 {today}。",
        "请核对年份和日期。",
    ),
    error(
        "appeal.signed_by_other",
        "“本人签名”应为{name}本人，现在是“{seen}”{odd}。",
        "申诉由本人填写和签名，别人不得代填。",
    ),
    error(
        "appeal.empty",
        "申诉表里没有填写任何一项异议。",
        "请在有异议的那一行填写“本人认为应为”和“理由与依据”。",
    ),
    error(
        "appeal.item_unknown",
        "“申诉事项”里没有“{seen}”这一项。",
        "请在原来下发的申诉表上填写，不要改动“申诉事项”。",
    ),
    error(
        "appeal.not_issued",
        "{group} {period} 没有下发过{name}（{id}）的考核结果。",
        "请核对工号和考核月份；还没有下发的，下发以后再提出。",
    ),
    error(
        "appeal.withdrawn",
        "{group} {period} 的考核已经撤回。",
        "申诉不用再交；重新考核后仍有异议的，请用新发的申诉表提出。",
    ),
    error(
        "appeal.answered_before",
        "{name}（{id}）对第{revision}版的申诉，人事已于 {date} 答复。",
        "对答复仍有异议的，请与人事联系。",
    ),
    warning(
        "appeal.late",
        "申诉截止是 {by}，这份 {came} 收到。",
        "已经收下并登记，是否受理由人事决定。",
    ),
    warning(
        "appeal.replaces",
        "{name}（{id}）的申诉表 {date} 已经收到过一份，内容不同；两份写的事项都已登记，同一事项以这一份为准。",
        "如果那一份不是本人交的，请马上告诉人事。",
    ),
    warning(
        "appeal.former_revision",
        "这份申诉针对第{revision}版，现在是第{current}版。",
        "已经收下；对第{current}版仍有异议的，请另用第{current}版的申诉表提出。",
    ),
    error(
        "ack.empty",
        "签收登记里没有填写任何一行。",
        "请填写“送达日期”“签收情况”等，再放入。",
    ),
    error("ack.twice", "工号“{id}”的同一份材料填了不止一行。", "请只留一行。"),
    error(
        "ack.not_issued",
        "{group} {period} 没有下发过这一版考核结果。",
        "请核对考核组和考核月份；还没有下发的，下发以后再签收。",
    ),
    error("ack.stranger", "{period} 的考核结果里没有工号“{id}”。", "请核对工号。"),
    error(
        "ack.day",
        "“{name}”{date} 应不早于下发日期 {issued}，不晚于今天 {today}。",
        "请核对年份和日期。",
    ),
    warning(
        "ack.changed",
        "工号“{id}”的{paper}以前登记为“{before}”，现在改为“{now}”。",
        "已按这一份登记；填错了的，请改好再放入。",
    ),
    error(
        "scan.not_from_hr",
        "签收的扫描件只收人事放入的。",
        "请交给人事，由人事放入收件夹的“人事”文件夹。",
    ),
    error(
        "scan.unclear",
        "从文件名“{file}”看不出是哪个考核组、哪个月份的签收，或这个月还没有下发。",
        "请把文件名写成“签收_旗舰店_2026-11.pdf”这样，再放入。",
    ),
    error(
        "self.not_used",
        "这里没有启用本人自评表，这份没有采用。",
        "请把自评交给店长，由店长录入上报表的“自评”。",
    ),
    error(
        "self.two_at_once",
        "{name}（{id}）{period} 的自评表同时收到了不止一份，内容不同：{files}。",
        "请只保留正确的一份，重新放入。",
    ),
    warning(
        "self.replaces",
        "{name}（{id}）{period} 的自评表 {date} 已经收到过一份（{file}），内容不同，改以这一份为准。",
        "如果那一份不是本人交的，请马上告诉店长和人事。",
    ),
    warning(
        "self.replaced",
        "{name}（{id}）{period} 又收到一份内容不同的自评表（{other}），改以那一份为准，这一份（{file}）不再采用。",
        "请店长向本人核实；如果那一份不是本人交的，请本人重新填写一份放入，并告诉人事。",
    ),
    warning(
        "self.several",
        "工号“{id}”先后收到 {count} 份不同的自评表，采用的是 {date} 收到的最后一份。",
        "请向本人核实哪一份是本人交的。",
    ),
    error(
        "self.superseded",
        "这份自评表已经被本人后来交的一份取代。",
        "要改回来的，请在后来的一份上改正后重新放入。",
    ),
    error(
        "act.none",
        "办理单里没有填写要办的事项。",
        "请从示例下面的白底行开始填，每行办一件。",
    ),
    error(
        "act.wrong_folder",
        "人事办理单放在了“{folder}”里，没有办理。",
        "请由人事放入收件夹的“人事”文件夹。",
    ),
    error(
        "act.lookalike_folder",
        "人事办理单放在了“{folder}”里，没有办理：这个文件夹只是看起来像“人事”，名称里有别的字符。",
        "请由人事放入收件夹里真正的“人事”文件夹，并请管理员查明这个文件夹是谁建的。",
    ),
    error(
        "act.no_hr_folder",
        "收件夹里没有“人事”文件夹，人事办理单没有办理。",
        "请管理员在收件夹里建“人事”文件夹（只给人事写入的权限），再由人事放入；也可以用命令办理。",
    ),
    error(
        "act.only_to_decide",
        "“{name}”只在{acts}时填写，这一行的事项是“{act}”。",
        "请清空这一格；要办的是{acts}的，请改选“事项”。",
    ),
    error(
        "act.other_decision",
        "“{act}”的“{name}”应为{choices}之一，现在是“{seen}”。",
        "请改选，或核对“事项”。",
    ),
    error("act.one_group", "“{act}”要写明是哪个考核组，不能写“全部”。", "请每个考核组填一行。"),
    error("act.group_unknown", "花名册里没有考核组“{group}”。", "{near}现有考核组：{known}。"),
    error(
        "act.in_future",
        "“日期”{date} 离今天超过{days}个工作日。",
        "请核对年份和日期；确实要这样办的，“仍要办理”选“是”（命令加 --force）。",
    ),
    error(
        "act.month_not_over",
        "考核月份到 {last} 才结束，{date} 还不能{act}。",
        "请核对年份、日期和考核月份；确实要这样办的，“仍要办理”选“是”（命令加 --force）。",
    ),
    error(
        "act.before_month", "“日期”{date} 早于考核月份 {period} 的第一天。", "请核对年份、日期和考核月份。"
    ),
    error("act.refused", "{sentence}", "整张单都没有办理；请改好或删去这一行，再放入收件夹的“人事”。"),
    error(
        "submission.duplicate",
        "这份文件与已被取代的第 {revision} 版完全相同。",
        "如需恢复旧数据，请在现行版本上改正后重新报送。",
    ),
    error(
        "submission.other_rules",
        "{group} {period} 是按考核方案第{version}版下发的，这份更正按那一版读不通（{place}{problem}）。",
        "请不要用新版的空表：在当时报送的那份上报表上改正后，重新报送。",
    ),
    error(
        "period.purged",
        "{period} 的个人数据已经按期清除，不再接收上报。",
        "请核对考核月份；确是这个月的，请联系人事。",
    ),
    error(
        "submission.two_for_one_period",
        "{group} {period} 同时收到了不止一份上报表：{files}。",
        "请只保留一份正确的，重新放入。",
    ),
    error(
        "submission.not_placed",
        "结果没能写入输出文件夹（{reason}）。",
        "请关闭正在打开的结果文件，并检查磁盘空间和文件夹权限；文件仍在收件夹，下次会自动再处理。",
    ),
    error(
        "submission.not_made_again",
        "已经算过的结果没能重算：{reason}。",
        "请把这句话告诉管理员；文件仍在收件夹，下次会自动再处理。",
    ),
    error(
        "submission.not_archived",
        "文件没能存入归档文件夹（{reason}），还没有处理。",
        "请检查工作区 state 文件夹所在磁盘的空间和权限；文件仍在收件夹，下次会自动再处理。",
    ),
    error(
        "submission.template",
        "工作区的{sentence}",
        "这不是上报表的问题，请把这句话告诉管理员；文件仍在收件夹，模板改好后会自动再处理。",
    ),
    error(
        "submission.failed",
        "处理时出现内部错误，文件已完整保留（编号 {reference}）。",
        "请把这个编号告诉管理员。",
    ),
)
