"""What a report was asked because of its category, for those who work on the case.

The matter list says of a category which further questions the form asks: the number on a lamp, the
floor. They are known by their condition, which reads that list. `cases.task_view` and
`cases.case_view` show the answers beside address and place.
"""

from collections.abc import Mapping
from typing import Any

from app.cases.answered import Answer, answers_of
from app.cases.frame import Frame
from app.cases.matters import TABLE
from app.cases.wording import Wording
from app.forms.components import DynamicList, Field
from app.store import case_files
from app.store.db import Connection


def of_case(
    connection: Connection, case: Mapping[str, Any], frame: Frame, wording: Wording
) -> tuple[Answer, ...]:
    """Return the answers to what was asked because of the category, in the order of the form."""
    begun = case_files.instances(connection, case["key"])
    found = wording.of(begun[0].definition_key) if begun else None
    form = found.forms.get(found.start_form_id or "") if found else None
    if found is None or form is None:
        return ()
    answers = (case["answers"] or {}).get(found.start_element_id) or {}
    fields = form.in_language(wording.language).fields
    asked = tuple(part for part in fields if _follows_from_category(part))
    return answers_of(asked, answers, frame, wording)


def _follows_from_category(part: Field | DynamicList) -> bool:
    tests = part.hide.tests
    return tests is not None and any(path[0] == TABLE for path in tests.paths)
