"""A published revision made once more from the archive, to be put back into the ledger as it was.

Where it comes out with the same figures, the ledger gets all that it had; where not (other rules, the workbook
is gone), it gets what result.json tells, and somebody is told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from html import unescape
from pathlib import Path, PurePosixPath

from appraisal.admin.published_months import PublishedRevision
from appraisal.intake.self_assessment import SelfReading
from appraisal.intake.submission import Reading
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.months import RULE_FILE, RULES_AT_HAND
from appraisal.ledger.records import Provenance, Revision, RevisionKind
from appraisal.pipeline.appraise import Appraised, DecidedOutcomes, Failed, RevisionRequest
from appraisal.pipeline.blanks import NEXT_MONTH_FOLDER
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.reading import archived_file, read_again, read_as_made
from appraisal.pipeline.revisions import make_revision, promised_deadlines, provenance_of
from appraisal.pipeline.self_assessments import form_kept
from appraisal.publish.draft import DRAFT
from appraisal.publish.notice.words import NUMBER, Words, changed_words, read_notice
from appraisal.publish.papers import RESULT_JSON
from appraisal.scheme.forms.personal import APPEALS_FOLDER, PLAN_SHEET
from appraisal.scheme.forms.submission import CORRECTION_REASON
from appraisal.scoring.results import GroupResult
from appraisal.workspace.names import safe_file_name
from appraisal.workspace.outbox import edition_mark
from appraisal.workspace.paths import sha256_of


@dataclass(frozen=True, slots=True)
class MadeAgain:
    """The revision's result, how it came about, and the papers (path → sha256) that are as we write them."""

    published: PublishedRevision
    result: GroupResult
    kind: RevisionKind
    reason: str | None = None
    document_number: str | None = None
    ours: Mapping[str, str] = field(default_factory=dict)
    to_check: tuple[str, ...] = ()
    made: tuple[RevisionRequest, Appraised] | None = None

    def provenance(self, context: RunContext, transaction: Transaction) -> Provenance:
        """As the ledger keeps it; with the set-up only where it gave the same figures."""
        if self.made is None:
            result = self.result
            rules = context.setup.rulebook.texts[result.scheme, result.version]
            documents: Mapping[str, str] = {RULES_AT_HAND: transaction.documents.keep(RULE_FILE, rules)}
        else:
            documents = provenance_of(context, transaction, *self.made).documents
        submission, inputs = self.published.submission, self.published.inputs
        return Provenance(
            kind=self.kind,
            made_on=self.result.issued,
            submission=submission,
            inputs=inputs,
            documents=documents,
            reason=self.reason,
        )


def made_again(
    context: RunContext,
    published: PublishedRevision,
    before: PublishedRevision | None,
    *,
    former: GroupResult | None,
    first_issued: date | None,
    decided: Callable[[GroupResult], DecidedOutcomes | None] | None = None,
) -> MadeAgain:
    """The published revision, made again. `before` is the revision that it follows, `former` the result of that one,
    `first_issued` the day of the month's first notice.

    `decided` says what HR has decided about a result.
    """
    number, kind = published.result.revision, _kind(published, before, first_issued)
    corrects = kind in {RevisionKind.CORRECTION, RevisionKind.RECOMPUTED} and _was_issued(
        before, first_issued
    )
    request = _request(context, published, kind, former if corrects else None)
    if request is not None and before is not None:
        kept = promised_deadlines(published.result)
        taken_over = {
            who: day for who, day in promised_deadlines(before.result).items() if kept.get(who) == day
        }
        request = replace(request, promised_deadlines=taken_over)
    if request is not None and decided is not None and decided(published.result) is not None:
        first = _made(context, request)  # result.json leaves out the clauses by which ties are told apart
        request = replace(request, decided=decided(first.result) if first and first.result else None)
    if request is None:
        sentence = f"第{number}版：存档里的上报表不在或现在读不通，只按 result.json 恢复。"
        return _as_told(published, kind, sentence)
    made, request = _most_alike(context, published, request)
    if made is None or made.result is None or not _has_same_figures(made, published):
        sentence = (
            f"第{number}版：按现在的规则和设置重算不一样，只按 result.json 恢复，请核对规则文件和设置。"
        )
        return _as_told(published, kind, sentence)
    ours, others = _papers(context, published, made)
    sentence = f"第{number}版：{'、'.join(others)} 与重算的不同，当作有人改过，不会覆盖。"
    return MadeAgain(
        published=published,
        result=made.result,
        kind=kind,
        reason=request.reason,
        document_number=request.document_number,
        ours=ours,
        to_check=(sentence,) if others and not published.is_former else (),
        made=(request, made),
    )


def _as_told(published: PublishedRevision, kind: RevisionKind, sentence: str) -> MadeAgain:
    """What result.json tells; the file itself makes room for the next revision's."""
    path = f"{published.folder}/{RESULT_JSON}"
    ours = {path: sha256_of(published.content)}
    return MadeAgain(published, published.result, kind, ours=ours, to_check=(sentence,))


def _kind(
    published: PublishedRevision, before: PublishedRevision | None, first_issued: date | None
) -> RevisionKind:
    """By what it was made from, and whether the one before it was issued."""
    if before is None:
        return RevisionKind.FIRST
    if published.submission == before.submission:
        return RevisionKind.RECOMPUTED
    return RevisionKind.CORRECTION if _was_issued(before, first_issued) else RevisionKind.REPLACEMENT


def _was_issued(before: PublishedRevision | None, first_issued: date | None) -> bool:
    return before is not None and first_issued is not None and before.result.issued >= first_issued


def _request(
    context: RunContext, published: PublishedRevision, kind: RevisionKind, former: GroupResult | None
) -> RevisionRequest | None:
    reading, result = _reading(context, published, kind), published.result
    if reading is None or reading.submission is None:
        return None
    folder = context.workspace.outbox / published.folder
    labels = reading.submission.labels
    reason = labels.get(CORRECTION_REASON) if kind is RevisionKind.CORRECTION else None
    return RevisionRequest(
        reading.submission,
        result.revision,
        result.issued,
        kind,
        is_draft=any(DRAFT in page for page in _pages_in(folder)),
        reason=None if former is None else str(reason or _said_in(folder, _REASON) or ""),
        former=former,
    )


def _reading(context: RunContext, published: PublishedRevision, kind: RevisionKind) -> Reading | None:
    """The archived workbook with the people's own forms that went into it."""
    result, inputs = published.result, published.inputs
    for sha256 in inputs.self_forms:
        _keep_self_form(context, sha256)
    provenance = Provenance(kind, result.issued, published.submission, inputs)
    revision = Revision(
        group=result.group,
        period=result.period,
        number=result.revision,
        scheme=result.scheme,
        version=result.version,
        issued=result.issued,
        provenance=provenance,
    )
    return read_as_made(context, revision)


def _keep_self_form(context: RunContext, sha256: str) -> None:
    path = archived_file(context.workspace, sha256)
    if path is None:
        return
    paper = read_again(context, path, sha256)
    if isinstance(paper, SelfReading) and paper.group and paper.period and paper.staff:
        received_on = datetime.fromtimestamp(path.stat().st_mtime).astimezone().date()
        with context.ledger.writing() as transaction:
            transaction.self_forms.keep(form_kept(paper, sha256, received_on))


def _most_alike(
    context: RunContext, published: PublishedRevision, request: RevisionRequest
) -> tuple[Appraised | None, RevisionRequest]:
    """Made without 文号 and HR's words, then with those that the notice bears, if that is nearer to the papers."""
    made, folder = _made(context, request), context.workspace.outbox / published.folder
    if made is None or not _papers(context, published, made)[1]:
        return made, request
    number = _said_in(folder, _NUMBER)
    worded = replace(request, document_number=number and number.strip(), words=_words_in(folder, made))
    again = None if worded == request else _made(context, worded)
    if again is None or len(_papers(context, published, again)[1]) >= len(
        _papers(context, published, made)[1]
    ):
        return made, request
    return again, worded


def _words_in(folder: Path, made: Appraised) -> Words:
    """What stands in the notice's marked places and not in the same notice as it is `made` without HR."""
    notices = [name for name in made.documents if name.endswith(_NOTICE) and "/" not in name]
    lying = [path for name in notices for path in folder.glob(f"{name.removesuffix('.docx')}*.docx")]
    if not lying:
        return {}
    # One written beside a file that HR had edited is the later of the two.
    hers = read_notice(max(lying, key=lambda path: len(path.name)).read_bytes())
    ours = read_notice(made.documents[notices[0]])
    words = {} if hers is None or ours is None else changed_words(hers.words, ours.words)
    return {place: said for place, said in words.items() if place != NUMBER}


_NOTICE = "_考核通报.docx"


def _made(context: RunContext, request: RevisionRequest) -> Appraised | None:
    made = make_revision(context, request)
    return None if isinstance(made, Failed) else made


_NUMBER = re.compile(r'<p class="number">(.*?)</p>', re.DOTALL)
"""The 文号 in the notice that HR puts on the web, where the template prints it as the shipped one does."""

_REASON = re.compile(r"<p>更正事由：(.*?)(?:；得分和名次没有变化)?。本通报为第", re.DOTALL)
"""Why the notice says that it takes another's place, where the template prints it as the shipped one does."""


def _said_in(folder: Path, pattern: re.Pattern[str]) -> str | None:
    """What the first of the pages that lie there says in its place."""
    found = (pattern.search(page) for page in _pages_in(folder))
    return next((unescape(match[1]) for match in found if match is not None), None)


def _pages_in(folder: Path) -> Iterator[str]:
    return (path.read_text("utf-8", "replace") for path in sorted(folder.glob("*.html")))


def _has_same_figures(made: Appraised, published: PublishedRevision) -> bool:
    """Whether result.json says the same, be it by another version of the program."""
    again, there = json.loads(made.documents[RESULT_JSON]), json.loads(published.content)
    again["inputs"]["program"] = there["inputs"]["program"]
    return bool(again == there)


def _papers(
    context: RunContext, published: PublishedRevision, made: Appraised
) -> tuple[dict[str, str], list[str]]:
    """The papers that lie there as they were made (path → sha256), and the names of those that do not."""
    ours: dict[str, str] = {}
    others = []
    for name, content in made.documents.items():
        places = _places(published, name)
        found = _lying(context, places, content)
        ours |= found
        is_form = name.startswith(
            (f"{PLAN_SHEET}/", f"{APPEALS_FOLDER}/")
        )  # it goes when it comes back filled
        gone = is_form and not any((context.workspace.outbox / path).exists() for path in places)
        others += [] if found or gone else [name]
    blank_folder = f"{safe_file_name(published.result.group)}/{NEXT_MONTH_FOLDER}"
    for name, content in made.next_month_blank.items():
        ours |= _lying(context, [f"{blank_folder}/{name}"], content)
    return ours, others


def _places(published: PublishedRevision, name: str) -> list[str]:
    """Where the paper may lie: by its name, or beside a file that HR had edited."""
    whole = PurePosixPath(published.folder, name)
    marks = (edition_mark(published.result.revision, is_draft=is_draft) for is_draft in (True, False))
    return [str(whole.with_name(f"{whole.stem}{mark}{whole.suffix}")) for mark in ("", *marks)]


def _lying(context: RunContext, paths: list[str], content: bytes) -> dict[str, str]:
    wanted = sha256_of(content)
    for path in paths:
        try:
            there = sha256_of((context.workspace.outbox / path).read_bytes())
        except OSError:
            continue
        if there == wanted:
            return {path: there}
    return {}
