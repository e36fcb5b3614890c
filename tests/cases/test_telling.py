"""Whom an event tells: the roles of a table as a diagram hands them on."""

import pytest

from app.cases.job_inputs import WrongOperationInput
from app.cases.telling import tell
from app.engine.progress import PendingJob
from app.json_types import Json


@pytest.mark.parametrize("given", ["supervisor", {"tell": ["supervisor"]}, 1, True])
def test_roles_that_are_no_list_are_named_with_how_they_are_written(given: Json) -> None:
    job = PendingJob(key=1, element_id="record", job_type="record_absence", inputs={"tell": given})
    with pytest.raises(WrongOperationInput) as refused:
        tell(_Unused(), job, "whistle_absent")  # type: ignore[arg-type]
    assert refused.value.context["name"] == "tell"
    assert '["supervisor"]' in str(refused.value.context["needed"])


class _Unused:
    """No work at all: a wrong input is found before anything is asked of it."""
