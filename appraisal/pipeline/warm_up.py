"""What a worker loads before its first chunk: a module of its own, since naming it must cost the coordinator nothing."""

from __future__ import annotations

import gc
from datetime import date


def warm_up() -> None:
    """Before a process appraises its first chunk: load what every chunk needs, and tell the collector that it stays.

    A month is a hundred thousand small objects that live until its last paper is packed: looked through
    by the collector at its usual pace they cost a tenth of the time, and what is loaded a fifth.
    """
    gc.set_threshold(50_000, 20, 20)
    import docxtpl  # noqa: F401, PLC0415 - where months are appraised only, as all here

    import appraisal.pipeline.appraise  # noqa: PLC0415
    import appraisal.publish.papers  # noqa: F401, PLC0415
    from appraisal.scoring.deadlines import is_arranged  # noqa: PLC0415
    from appraisal.validation import frames  # noqa: PLC0415

    frames.warm_up_pandera()
    is_arranged(date.today())  # noqa: DTZ011 - any day: the calendar is loaded by it
    gc.freeze()
