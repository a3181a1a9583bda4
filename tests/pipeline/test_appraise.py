"""A month of which nobody asked the ledger what came before is not made: it would be scored as a group's first."""

from __future__ import annotations

from datetime import date

from appraisal.ledger.records import RevisionKind
from appraisal.pipeline.appraise import ChunkSetup, Failed, RevisionRequest, appraise
from appraisal.publish.templates.loading import load_templates
from appraisal.workspace.paths import PROGRAM_FOLDER
from appraisal.workspace.settings import Settings
from tests.builders.submissions import online_shop, submission


def test_nothing_is_scored_without_its_history() -> None:
    """A mistake of ours, which the administrator gets to see."""
    templates = load_templates(None, PROGRAM_FOLDER / "templates")
    shared = ChunkSetup(online_shop(), "0" * 64, Settings(), templates)
    request = RevisionRequest(submission(), 1, date(2026, 12, 3), RevisionKind.FIRST, is_draft=True)
    (made,) = appraise([request], shared)
    assert isinstance(made, Failed)
    assert "request.history is not None" in made.trace
