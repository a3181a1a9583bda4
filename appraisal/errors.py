"""What can go wrong with us, and what one part of the program tells another.

Bad data is no exception: it is a `Finding`. A set-up that cannot be used, or an act that cannot be done, is an
`AppraisalError`: its text is a finished Chinese sentence that says the next step. The command line prints
these as they are. A `Signal` is caught inside; one that reaches the command line is a mistake of ours, and
ends like any other: with a report in `state/errors`.

    AppraisalError              somebody has to put something right
        ActRefused              HR's act does not fit the state of the month
        BlankError              no blank can be made for what was asked
        ChangedRulesError       a rule file is gone or says something else under its version
        CheckError              there is nothing to check at a path
        InitError               what a new workspace is to be for does not fit
        LedgerError             the ledger is locked, damaged or out of reach
            NotOurLedgerError   it is gone, older than the papers, or another workspace's
        LibreOfficeError        LibreOffice is missing or did not do its work
        LimitsError             the system's limits for the program are too low to work with
        NothingToSendError      a month is not issued, so that nothing of it is sent
        NoAnswerError           the watch that holds the workspace did not answer in time
        PersonError             nobody, or several people, may be meant
        PrintError              there is nothing to print of a month
        PurgeRefused            the months are too young to be removed
        RestoreRefused          the ledger to be restored is another workspace's, or rules are missing
        RosterError             the roster has mistakes
        RulesError              rule files have mistakes
        SchedulerError          the Dask cluster cannot be used
        SendingInUseError       another program is sending
        SettingsError           settings.toml has a mistake
        SimulateError           there is nothing to try rules out on
        TemplateError           a template has a mistake
        VerifyError             there is nothing to verify at a path
        WorkspaceError          the folders cannot be used
        WorkspaceInUseError     another pipeline works on them

    Signal                      caught inside
        ActsRefused             several acts do not fit their months: which, and why
        BrokenOff               the ledger can be used no longer, and what was done by then
        DamagedCell             a cell refers to what is not in its file
        FormulaError            a formula cannot be read, and where
        NotComputed             a formula is more than we compute
        NotText                 bytes are no text
        NotYamlError            text is no YAML, and where
        PastSetupError          what a month was made with is not kept any more
        Refused                 a file is not opened: carries the finding
        Stopped                 a task in the sandbox gave no result
        Stuck                   a month cannot be made anew now
        TooMuch                 a template asks for more than one paper may take
        TryAgainLater           a dropped file cannot be taken now
        _TakenBack              a rehearsal ends
        _UnusualError           a rule file is left to the thorough reading
"""

from __future__ import annotations

from typing import ClassVar


class AppraisalError(Exception):
    """Somebody has to put something right. `str` of it is a finished Chinese sentence with the next step.

    A class with more than the sentence hands all its arguments to `super().__init__`: pickled in a worker, it
    arrives as it was.
    """

    exit_code: ClassVar[int] = 2


class Signal(Exception):  # noqa: N818 - nothing is wrong: whoever asked is told, and goes on
    """One part of the program tells another; never shown to people as it is."""
