"""人事办理单 dropped by HR: carried out whole or not at all, in the order of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.findings.finding import Finding, finding
from appraisal.intake.hr_acts import ActsReading, RequestedAct
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Act
from appraisal.pipeline.acts import ActsRefused, Done, Office
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.placing import note_placed
from appraisal.pipeline.reply import Answers
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.setup import Setup
from appraisal.validation.other_forms import check_acts
from appraisal.workspace.names import HR_FOLDER, RETURNED

_HR_RETURNED = f"{HR_FOLDER}/{RETURNED}"


@dataclass(frozen=True, slots=True)
class ActsDesk:
    """Takes the cases whose paper is HR's sheet."""

    answers: Answers
    office: Office
    setup: Setup
    today: date

    def take(self, case: DroppedFile) -> None:
        """Carry out what the sheet asks for, or give it back with every row marked that cannot be done."""
        assert isinstance(case.paper, ActsReading)
        misplaced = self._misplaced(case)
        found = check_acts(case.paper, roster=self.setup.roster, today=self.today)
        case.findings = (*misplaced, *case.findings, *found)
        if self._was_done(case):
            note = "这张单以前已经办理，没有再办。"
            self.answers.give(case, FileReport(case.name, Status.UNCHANGED, note=note))
        elif case.is_faulty:
            self.answers.give_back(case, RETURNED if misplaced else _HR_RETURNED)
        else:
            self._carry_out(case, case.paper.acts)

    def _misplaced(self, case: DroppedFile) -> tuple[Finding, ...]:
        """HR's word counts where HR alone may drop: in its own folder, where there is one.

        Never from a group's folder, which is the authority of that group's manager.
        """
        if case.folder_group == HR_FOLDER:
            return ()
        has_folder = (self.answers.workspace.inbox / HR_FOLDER).is_dir()
        if case.folder_group is None and not has_folder:
            return ()
        return (finding("act.wrong_folder", folder=case.folder_group or "收件夹"),)

    def _was_done(self, case: DroppedFile) -> bool:
        with self.answers.ledger.reading() as books:
            claims = books.journal.claims_of(case.claimed.sha256)
        done = Status.ACCEPTED.value
        return any(one.id != case.id and one.result and one.result.status == done for one in claims)

    def _carry_out(self, case: DroppedFile, asked: Sequence[RequestedAct]) -> None:
        outbox = self.answers.maker.outboxes.of(_HR_RETURNED, claim=case.id)

        def beside(books: Transaction, done: Sequence[Done]) -> None:
            outbox.clear(_HR_RETURNED)
            note_placed(books, outbox)
            self.answers.note(books, case, self._report(case, done))

        try:
            done = self.office.carry_out([_act(one) for one in asked], claim=case.id, beside=beside)
        except ActsRefused as refused:
            sentences = refused.sentences.items()
            case.findings = (*case.findings, *(_refusal(asked[at], sentence) for at, sentence in sentences))
            self.answers.give_back(case, _HR_RETURNED)
        except OSError as error:
            self.answers.not_placed(case, error)
        else:
            case.report = self._report(case, done)
            self.answers.clear_inbox(case)

    def _report(self, case: DroppedFile, done: Sequence[Done]) -> FileReport:
        outputs = tuple(dict.fromkeys(path for one in done for path in one.outputs))
        note = "".join(one.in_words() for one in done)
        return FileReport(case.name, Status.ACCEPTED, findings=case.findings, outputs=outputs, note=note)


def _act(asked: RequestedAct) -> Act:
    return Act(
        kind=asked.kind,
        period=asked.period,
        group=asked.group,
        on=asked.on,
        by=asked.by,
        reason=asked.reason,
        document_number=asked.document_number,
        staff=asked.staff,
        outcome=asked.outcome,
        decision=asked.decision,
    )


def _refusal(asked: RequestedAct, sentence: str) -> Finding:
    return finding("act.refused", sheet=asked.sheet, cell=asked.cell, sentence=sentence)
