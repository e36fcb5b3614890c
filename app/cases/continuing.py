"""A new case that goes on where one was closed without a result.

The operation `open_linked_case` calls it. The new case is one of its own: it begins with the newest
process, and only its `reopens_key` leads back.
"""

from app.cases import intake, messages
from app.cases.intake import Report
from app.cases.work import Work
from app.store.projection import Projection

STAFF = "staff"
CARRIED_ON = (
    "description",
    "major_class",
    "minor_class",
    "business_line",
    "address",
    "latitude",
    "longitude",
    "grid_key",
    "community_key",
    "street_key",
    "severity",
    "occurred_at",
    "is_confidential",
)


def open_behind(work: Work) -> str:
    """Open a case with the matter of this one in the same transaction and return its number.

    It has no reporter: whoever reported the first follows that one.
    """
    carried = {name: work.case[name] for name in CARRIED_ON}
    behind = intake.started(
        work.tx, Report(channel=STAFF, **carried), work.hand, domain=work.clock_domain
    )
    behind.case["reopens_key"] = work.case_key
    behind.note("reported", {"channel": STAFF, "synthetic": []})
    messages.finish(behind, new_rows=Projection(search=[intake.search_row(behind.case)]))
    number: str = behind.case["number"]
    return number
