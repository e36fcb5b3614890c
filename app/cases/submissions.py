"""Answers as they were given: a row for each submission, with its form and whose hand it was."""

from app.cases.deployed import PinnedForm
from app.cases.work import Work
from app.json_types import JsonObject


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
    work.submissions.append(
        {
            "key": work.tx.next_key(),
            "case_key": work.case_key,
            "instance_key": work.instance_key,
            "task_key": task_key,
            "element_id": element_id,
            "form_id": form.form_id if form else None,
            "form_key": form.key if form else None,
            "form_version": form.version if form else None,
            "answers": answers,
            "person_key": work.hand.person_key,
            "position_key": work.hand.position_key,
            "on_behalf_of": work.hand.on_behalf_of,
            "reporter_key": work.hand.reporter_key,
            "is_synthetic": is_synthetic,
            "at": work.now,
        }
    )
