"""The page of a case as its reporter sees it, as both doors to it show it: reading and writing."""

import secrets

from flask import request, url_for

from app.cases.resident_forms import SLIP
from app.cases.tracking_page import Sent, read_tracking
from app.web.languages import language
from app.web.pages import show as show_page
from app.web.public.link_code import link_to
from app.web.public.news import has_messages

TEXT_FIELDS = ("answer", "reason", "facts", "comment")


def page_of(
    token: str,
    sent: Sent | None = None,
    *,
    trouble: str = "",
    template: str = "public/tracked.html",
) -> str:
    """Return the page of a token, with the form that came back and what is wrong with it."""
    page = read_tracking(token, language=language(), sent=sent, has_messages=has_messages())
    group = page.sent.group or secrets.token_urlsafe(24)
    return show_page(
        template,
        page,
        token=token,
        link=link_to(token),
        trouble=trouble,
        group=group,
        once=secrets.token_urlsafe(24),
        lost=_lost(page.sent, is_offered=page.sent.form in page.forms),
        by=way(),
        form_thumbnail=lambda row: url_for("report.file", group=group, key=row.key),
    )


def way() -> str:
    """Return what led to the page, where that matters: the slip a colleague showed."""
    return SLIP if request.args.get("by") == SLIP else ""


def _lost(sent: Sent, *, is_offered: bool) -> str:
    """Return what was typed into a form that is not offered any more."""
    if is_offered or sent.typed is None:
        return ""
    typed = (sent.typed.posted.get(name, ()) for name in TEXT_FIELDS)
    return "\n".join(value for values in typed for value in values if value.strip())
