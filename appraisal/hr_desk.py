"""HR's folder in the outbox, written anew once a pass for the periods about which something changed."""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.files import reason_of
from appraisal.hr_folder import hr_documents, periods_that_wait, periods_to_renew
from appraisal.month_making import MonthMaker, note_placed
from appraisal.publish.acts_workbook import acts_workbook
from appraisal.scheme.forms_acts import ACTS_SHEET
from appraisal.scheme.period import Period
from appraisal.workspace import HR_FOLDER


@dataclass(frozen=True, slots=True)
class HrDesk:
    """Renews `outbox/人事/<period>/`. What stands there and is not ours, 定稿 above all, is left alone.

    Whatever changes a period notes it in the ledger, in its own transaction; the note goes when the
    folder says what the ledger says. The first pass of a day also renews what is waited for: a plan is
    overdue, a group late, though nothing has come.
    """

    maker: MonthMaker

    def renew(self) -> list[str]:
        """Write what the noted changes and the day reach; Chinese sentences about what could not be written."""
        setup, today = self.maker.setup, self.maker.today
        with self.maker.ledger.reading() as books:
            noted = books.hr_folders.noted()
            is_new_day = books.hr_folders.is_new_day(today)
            periods = periods_to_renew(books, noted)
            if is_new_day:
                waiting = periods_that_wait(books, setup.roster, setup.settings, today=today)
                periods = tuple(sorted({*periods, *waiting}))
        try:
            for period in periods:
                self._write(period)
            if periods:
                self._lay_out_blank()
        except OSError as error:
            return [f"人事文件夹没能更新（{reason_of(error)}），下次自动再试。"]
        if noted or is_new_day:
            with self.maker.ledger.writing() as books:
                books.hr_folders.renewed(noted)
                if is_new_day:
                    books.hr_folders.looked_through(today)
        return []

    def _lay_out_blank(self) -> None:
        """The sheet on which HR asks for its acts; one that HR fills in where it lies stays HR's."""
        outbox = self.maker.outbox(HR_FOLDER)
        outbox.place(HR_FOLDER, {f"{ACTS_SHEET}.xlsx": acts_workbook()})
        with self.maker.ledger.writing() as books:
            note_placed(books, outbox)

    def _write(self, period: Period) -> None:
        maker, setup = self.maker, self.maker.setup
        folder = f"{HR_FOLDER}/{period}"
        with maker.ledger.reading() as books:
            documents = hr_documents(
                books, setup.roster, setup.settings, setup.templates, period=period, today=maker.today
            )
        outbox = maker.outbox(folder)
        paths = outbox.place(folder, documents)
        outbox.drop_others(folder, paths)
        maker.files.sync(maker.workspace.outbox / path for path in outbox.changed if path in outbox.placed)
        with maker.ledger.writing() as books:
            note_placed(books, outbox)
