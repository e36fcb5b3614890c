"""Lines of the bell in plain words: a sentence for each kind, in the language of the page."""

from datetime import date

from flask import Flask
from flask_babel import format_date, gettext, lazy_gettext

from app.cases.bell import Rung

SENTENCES = {
    "task_given": lazy_gettext("%(who)s gave you “%(step)s”"),
    "task_taken_away": lazy_gettext("%(who)s gave “%(step)s” to somebody else"),
    "task_taken_back": lazy_gettext("%(who)s took “%(step)s” back"),
    "task_taken_over": lazy_gettext("%(who)s stands in for you and took over “%(step)s”"),
    "tasks_given": lazy_gettext("%(who)s gave you tasks: %(count)s"),
    "tasks_taken_away": lazy_gettext("%(who)s gave tasks of yours to somebody else: %(count)s"),
    "tasks_taken_back": lazy_gettext("%(who)s undid it; tasks not yours any more: %(count)s"),
    "task_canceled": lazy_gettext("“%(step)s” is no longer needed: the case went on without it"),
    "unrectified": lazy_gettext("A bad rating was not put right"),
    "reworked_often": lazy_gettext("A result was sent back again and again"),
    "reopened_often": lazy_gettext("A case had to be reopened again"),
    "facts_added": lazy_gettext("A reporter added facts or photos"),
    "files_added": lazy_gettext("%(who)s added files to the case"),
    "urged": lazy_gettext("A reporter urges (%(count)s)"),
    "limit_near": lazy_gettext("The handling limit is near: yellow card"),
    "limit_passed": lazy_gettext("The handling limit has passed: red card"),
    "reminded": lazy_gettext("“%(step)s” still waits: a reminder"),
    "mentioned": lazy_gettext("%(who)s mentioned you in a comment"),
    "deputy_appointed": lazy_gettext("%(who)s is away from %(first)s to %(last)s; you stand in"),
    "deputy_ended": lazy_gettext("%(who)s is back; you no longer stand in"),
    "established": lazy_gettext("A case you follow was established"),
    "handled": lazy_gettext("A case you follow was handled"),
    "closed": lazy_gettext("A case you follow was closed"),
    "replied": lazy_gettext("A case you follow has a new reply to the public"),
}


def init(app: Flask) -> None:
    """Make `rung(item)` known to templates."""
    app.jinja_env.globals["rung"] = rung


def rung(item: Rung) -> str:
    """Return what happened as a sentence; nothing for a kind whose task says it all."""
    params = item.line.params
    kind = item.line.kind
    sentence = SENTENCES.get(str(params.get("step")) if kind == "case_moved" else kind)
    if sentence is None:
        return ""
    return str(sentence) % {
        "who": item.by or gettext("Somebody"),
        "step": item.step,
        "count": params.get("count", ""),
        "first": _day(params.get("first")),
        "last": _day(params.get("last")),
    }


def _day(text: object) -> str:
    try:
        return str(format_date(date.fromisoformat(str(text)), "medium"))
    except ValueError:
        return ""
