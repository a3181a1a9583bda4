"""HR's folder in the outbox, written anew once a pass for the periods about which something changed."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from appraisal.hr.folder import hr_documents, periods_that_wait, periods_to_renew
from appraisal.ledger.errors import LedgerError
from appraisal.period import Period
from appraisal.pipeline.placing import note_placed
from appraisal.pipeline.revisions import MonthMaker
from appraisal.publish.forms.hr_acts import acts_workbook
from appraisal.scheme.forms.hr_acts import ACTS_SHEET
from appraisal.workspace.files import reason_of
from appraisal.workspace.names import HR_FOLDER
from appraisal.workspace.paths import sha256_of


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
            noted = books.pending_hr_folders.noted()
            is_new_day = books.pending_hr_folders.is_new_day(today)
            periods = periods_to_renew(books, noted)
            if is_new_day:
                waiting = periods_that_wait(books, setup.roster, setup.settings, today=today)
                periods = tuple(sorted({*periods, *waiting}))
        told = [said for period in periods if (said := self._try(partial(self._write, period), period))]
        if periods and (said := self._try(self._lay_out_blank, ACTS_SHEET)):
            told.append(said)
        if not told and (noted or is_new_day):
            with self.maker.ledger.writing() as books:
                books.pending_hr_folders.renewed(noted)
                if is_new_day:
                    books.pending_hr_folders.looked_through(today)
        return told

    def _try(self, step: Callable[[], None], what: object) -> str | None:
        """Take the step; a Chinese sentence if it could not be taken.

        The months are placed by now and the other periods have papers of their own: neither pays for
        a mistake of ours in one of HR's documents.
        """
        try:
            step()
        except OSError as error:
            because = reason_of(error)
        except LedgerError:
            raise
        except Exception:  # noqa: BLE001 - as above
            trace = traceback.format_exc()
            reference = self.maker.keep_trace(sha256_of(trace.encode("utf-8", "backslashreplace")), trace)
            because = f"内部错误，请把编号 {reference} 告诉管理员"
        else:
            return None
        return f"人事文件夹的 {what} 没能更新（{because}），下次自动再试。"

    def _lay_out_blank(self) -> None:
        """The sheet on which HR asks for its acts; one that HR fills in where it lies stays HR's."""
        outbox = self.maker.outboxes.of(HR_FOLDER)
        outbox.place(HR_FOLDER, {f"{ACTS_SHEET}.xlsx": acts_workbook()})
        with self.maker.ledger.writing() as books:
            note_placed(books, outbox)

    def _write(self, period: Period) -> None:
        maker, setup = self.maker, self.maker.setup
        folder = f"{HR_FOLDER}/{period}"
        with maker.ledger.reading() as books:
            documents = hr_documents(
                books,
                setup.roster,
                setup.settings,
                setup.templates,
                period=period,
                today=maker.today,
                executor=maker.executor,
            )
        outbox = maker.outboxes.of(folder)
        paths = outbox.place(folder, documents)
        outbox.drop_others(folder, paths)
        maker.files.sync(maker.workspace.outbox / path for path in outbox.changed if path in outbox.placed)
        with maker.ledger.writing() as books:
            note_placed(books, outbox)
