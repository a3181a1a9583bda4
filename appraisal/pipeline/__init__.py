"""The coordinator: everything between a dropped file and the papers in the outbox.

Every step is a function that is given one `RunContext` (context.py) and nothing else that is open. `run.py` is the
list of steps; what people drop is taken in workbooks, self_assessments, plans_and_appeals, acknowledgements, hr_acts
and setup_changes. docs/architecture.md shows the way of one workbook, and the records that it passes through.
"""
