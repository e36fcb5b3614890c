"""Reports from people outside the staff, by the deployed start form (`cases.start_form`).

The public page calls it. How many reports come from one address within an hour is limited; what
only the staff is asked, such as the severity, is not taken from here.
"""

from datetime import timedelta

from app.cases import start_form
from app.cases.intake import Receipt
from app.cases.sessions import limit_rate
from app.cases.start_form import Known, Sending, StartPage
from app.cases.task_view import Typed

CHANNEL = "web"
MOST_REPORTS = 30
MOST_POSTS = 300
WINDOW = timedelta(hours=1)


def read_report_form(
    *,
    language: str,
    upload_group: str,
    typed: Typed | None = None,
    has_messages: bool = False,
) -> StartPage:
    """Return the form that people report with; with `typed`, as it was sent.

    `has_messages` says that text messages can be sent.

    Raises:
        NothingDeployed: no deployed process takes reports with a form.
    """
    return start_form.read_page(
        _known(has_messages=has_messages), language=language, upload_group=upload_group, typed=typed
    )


def count_post(address: str) -> None:
    """Count a post of the form from `address`, sent or refused.

    Raises:
        TooManyAttempts: there were too many of them within the hour.
    """
    limit_rate(f"report form {address}", at_most=MOST_POSTS, window=WINDOW)


def send_report(sending: Sending, *, address: str) -> Receipt:
    """Judge the answers, open the case and return the receipt; a repeated post gets the first one.

    `address` is where the post came from.

    Raises:
        InvalidAnswers: the form comes back with every error at once.
        TooManyAttempts: too many reports came from this address within the hour.
        NothingDeployed: see `cases.intake`.
    """
    known = _known(has_messages=sending.has_messages)
    found = start_form.judged(sending, known, channel=CHANNEL)
    limit_rate(f"report {address}", at_most=MOST_REPORTS, window=WINDOW)
    return start_form.send(found, client_key=sending.client_key)


def _known(*, has_messages: bool) -> Known:
    return {
        "is_staff": False,
        "channel": CHANNEL,
        "for_resident": True,
        "has_messages": has_messages,
    }
