"""Answers as they were given: a row for each submission, with its form and whose hand it was."""

from typing import Any

from app.cases.deployed import PinnedForm
from app.cases.work import Hand, Work
from app.json_types import JsonObject
from app.store.db import Transaction


def keep(
    work: Work,
    element_id: str,
    answers: JsonObject,
    *,
    form: PinnedForm | None,
    task_key: int | None = None,
    is_synthetic: bool = False,
) -> None:
    """Keep a submission with the step; `is_synthetic` marks answers that no person gave."""
    row = row_of(work.tx, element_id, answers, form=form, hand=work.hand)
    row |= {
        "case_key": work.case_key,
        "instance_key": work.instance_key,
        "task_key": task_key,
        "is_synthetic": is_synthetic,
    }
    work.submissions.append(row)


def row_of(
    tx: Transaction,
    element_id: str,
    answers: JsonObject,
    *,
    form: PinnedForm | None,
    hand: Hand,
) -> dict[str, Any]:
    """Return the row of a submission; the caller adds of which case and instance it is."""
    return {
        "key": tx.next_key(),
        "element_id": element_id,
        "form_id": form.form_id if form else None,
        "form_key": form.key if form else None,
        "form_version": form.version if form else None,
        "answers": answers,
        "person_key": hand.person_key,
        "position_key": hand.position_key,
        "on_behalf_of": hand.on_behalf_of,
        "reporter_key": hand.reporter_key,
        "task_key": None,
        "is_synthetic": False,
        "at": tx.now,
    }
