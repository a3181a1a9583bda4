"""What follows when files have been taken: next month's blanks, HR's folder, what goes out by itself.

Nobody at the inbox waits for it.
"""

from __future__ import annotations

from appraisal.pipeline.context import RunContext
from appraisal.pipeline.hr_folder import renew_hr_folder
from appraisal.pipeline.next_blanks import renew_next_blanks
from appraisal.publish.templates.engine import TemplateError
from appraisal.workspace.files import reason_of


def follow_up(context: RunContext) -> list[str]:
    """Do it; Chinese sentences about what was made anew, and what could not be done."""
    return [*renew_next_blanks(context), *renew_hr_folder(context), *circulate_by_itself(context)]


def circulate_by_itself(context: RunContext) -> list[str]:
    """Send what settings want sent. Without such a setting it costs nothing."""
    setup = context.setup
    if not setup.settings.notify.does_anything_by_itself:
        return []
    # Mail and HTTP take a while to load.
    from appraisal.delivery.automatic import send_by_itself  # noqa: PLC0415
    from appraisal.delivery.sending import SendingContext  # noqa: PLC0415

    sending = SendingContext(
        context.workspace,
        setup.settings,
        setup.roster,
        setup.templates,
        context.ledger,
        context.files,
        context.today,
    )
    try:
        return send_by_itself(sending)
    except OSError as error:
        why = reason_of(error)
    except TemplateError as error:
        why = str(error).rstrip("。")
    return [f"自动发送没有做完（{why}），下次接着发。"]
