"""The coordinator: everything between a dropped file and the papers in the outbox.

Every step is a function that is given one `RunContext` (context.py) and nothing else that is open. `run.py` is
the list of steps; the files that people drop are taken in workbooks, self_assessments, plans, appeals_and_acknowledgements, hr_acts and
setup_changes.

A month passes through nine records here, each with its reason:

1. `DroppedFile` (dropped_file): the file on its way through a pass; the only record that changes.
2. `PackedPaper` (dropped_file): what was read of it in another process, packed until its turn comes, so that the
   memory of a pass does not grow with the inbox.
3. `Paper` (intake): the packed paper itself. A manager's workbook is a `Reading` with its `Submission`.
4. `MonthSource` (reading): the workbook with the people's own forms put in, now or as they were then.
5. `Decision` (dropped_file): what is to become of it, worked out by a pure function from what the ledger knows.
6. `RevisionRequest` (appraise): what is to be made. HR's acts, recomputed months and verification begin here.
7. `Task` (appraise): the request with all that the ledger and the set-up add to it, so that it can be appraised in
   any process.
8. `Appraised`, or `Failed` (appraise): what was made: the `GroupResult` and the papers, result.json last.
9. `FileReport` (reports): what became of the file, for receipts, the console and the journal.
"""
