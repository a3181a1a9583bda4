"""All papers of one group and month, by their names inside the month's folder."""

from __future__ import annotations

from appraisal.publish.forms.for_hr import handover_of, register_workbook, signature_list
from appraisal.publish.forms.personal import appeal_workbook, interview_form, plan_workbook
from appraisal.publish.month import Month
from appraisal.publish.notice.notice import notice
from appraisal.publish.result.workbook import result_workbook
from appraisal.publish.slips import slips
from appraisal.publish.templates.loading import NOTICE_HTML, NOTICE_WORD, SLIP_HTML, SLIPS_WORD, Templates
from appraisal.scheme.forms import acknowledgement
from appraisal.scheme.forms.personal import APPEAL_SHEET, INTERVIEW_SHEET, PLAN_SHEET, paper_name
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import GroupResult, Inputs, indented, result_as_json
from appraisal.workspace.names import safe_file_name

RESULT_JSON = "result.json"
SLIPS = "绩效单/绩效单_打印合集"


def compile_templates(templates: Templates) -> None:
    """What a process does with its first month, done before there is one."""
    for is_draft in (True, False):
        templates.word(NOTICE_WORD, is_draft=is_draft)
        templates.word(SLIPS_WORD, is_draft=is_draft)
    templates.text(NOTICE_HTML)
    templates.text(SLIP_HTML)


def papers(
    month: Month, templates: Templates, inputs: Inputs, *, issued: GroupResult | None = None
) -> dict[str, bytes]:
    """Names with `/` inside the month's folder, to bytes; result.json comes last: it tells the result as at issue."""
    result = month.result
    stem = f"{result.group}_{result.period}"
    published = notice(month, templates)
    documents = {
        safe_file_name(f"{stem}_考核结果", ".xlsx"): result_workbook(month),
        safe_file_name(f"{stem}_考核通报", ".docx"): published.word,
        safe_file_name(f"{stem}_考核通报", ".html"): published.page.encode(),
    }
    handed_out = slips(month, templates)
    for person in result.staff:
        documents[f"绩效单/{safe_file_name(f'{person.id}_{person.name}', '.html')}"] = handed_out.pages[
            person.id
        ]
    documents[f"{SLIPS}.docx"] = handed_out.collection
    for outcome in result.outcomes:
        if outcome.type is OutcomeType.RECTIFICATION:
            person = result.person(outcome.staff)
            for sheet, form in ((PLAN_SHEET, plan_workbook), (INTERVIEW_SHEET, interview_form)):
                documents[paper_name(person.id, person.name, sheet)] = form(month, person.id)
    if not month.is_draft:  # there is nothing to object to before
        documents |= {
            paper_name(person.id, person.name, APPEAL_SHEET): appeal_workbook(month, person.id)
            for person in result.staff
        }
        folder, handover = acknowledgement.FOLDER, handover_of(month)
        documents[f"{folder}/{acknowledgement.LIST}.docx"] = signature_list(handover)
        documents[f"{folder}/{acknowledgement.REGISTER}.xlsx"] = register_workbook(handover)
    documents[RESULT_JSON] = f"{indented(result_as_json(issued or result, inputs, month.scheme))}\n".encode()
    return documents
