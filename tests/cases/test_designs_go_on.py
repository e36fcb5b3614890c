"""A case that began on the first, short process ends on it, whatever is deployed meanwhile."""

from pathlib import Path

from app import ROOT
from app.cases.designs import deploy
from app.cases.setup import shipped_files
from tests.engine.first_road import BPMN as FIRST_ROAD
from tests.support import walk
from tests.support.district import running

FIRST = {path.name: path.read_bytes() for path in sorted(FIRST_ROAD.iterdir())}


def test_a_case_of_the_first_process_ends_on_it(database_url: str, tmp_path: Path) -> None:
    with running(database_url, tmp_path, files=FIRST) as district:
        waits_for_triage = walk.report()
        waits_for_review = walk.report()
        key = waits_for_review.case_key
        walk.do(district["officer"], key, "triage", walk.TRIAGED)
        walk.do(district["clerk"], key, "sign_for", walk.SIGNED)
        walk.do(district["handler"], key, "handle", walk.HANDLED)
        deploy(shipped_files(ROOT), actor=None)

        other = waits_for_triage.case_key
        walk.do(district["officer"], other, "triage", walk.TRIAGED)
        walk.do(district["clerk"], other, "sign_for", walk.SIGNED)
        walk.do(district["handler"], other, "handle", walk.HANDLED)
        for receipt in (waits_for_triage, waits_for_review):
            key = receipt.case_key
            walk.do(district["leader"], key, "review_result", walk.PASSED)
            walk.do(district["dispatcher"], key, "close", walk.CLOSED)
            assert walk.open_tasks(key) == {}
            walk.rate(key)
            row = walk.case_row(key)
            assert (row["outcome"], row["grade"]) == ("closed", 1)
            assert row["handled_at"] is not None
