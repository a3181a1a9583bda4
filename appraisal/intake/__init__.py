"""Cells to what they say: submissions, self-assessments, plans, appeals, acts of HR; the roster; exports of shop software."""
