"""A limit of a case in one sentence: until when, counted from what, by which row, how it stands.

The case page shows it; days are said in the district's zone, with the year, as on paper.
"""

from datetime import datetime, timedelta

from babel.dates import format_datetime
from flask import Flask, g
from flask_babel import get_locale, gettext

from app.cases.ledger import Action, Limit
from app.cases.limits_view import LimitLine, ShownLimit
from app.organisation.limits import is_working_time
from app.web.terms import term
from app.web.times import limit_words, span

MINUTE = timedelta(minutes=1)


def init(app: Flask) -> None:
    """Make `limit_sentence`, `limit_name` and the filter `dated` known to templates."""
    app.jinja_env.globals.update(limit_sentence=limit_sentence, limit_name=limit_name)
    app.jinja_env.filters["dated"] = dated


def dated(at: datetime) -> str:
    """Say an instant with weekday and year: "Thu 5 Mar 2026 17:30"."""
    pattern = "yyyy年M月d日 EEE HH:mm" if _is_chinese() else "EEE d MMM yyyy HH:mm"
    local = at.astimezone(g.frame.zone)
    return str(format_datetime(local, pattern, tzinfo=g.frame.zone, locale=get_locale()))


def limit_name(shown: ShownLimit) -> str:
    """Return what a limit is called: its step, or its own name."""
    return shown.step or term("limit", shown.limit.name)


def limit_sentence(shown: ShownLimit) -> str:
    """Say how a limit stands and why."""
    limit = shown.limit
    known = {"limit": limit_name(shown), "due": dated(limit.due_at), "at": dated(limit.at)}
    if limit.action is Action.MET:
        early = span(limit.due_at - limit.at)
        return str(gettext("%(limit)s was met on %(at)s, %(early)s early.", early=early, **known))
    if limit.action in (Action.MISSED, Action.LAPSED):
        return _missed(shown, known)
    if limit.action is Action.DROPPED:
        return str(gettext("%(limit)s no longer counts since %(at)s.", **known))
    if limit.is_paused:
        left = _left(limit.left_text or "")
        return str(
            gettext("%(limit)s stands still since %(at)s; %(left)s left.", left=left, **known)
        )
    return _running(shown, known)


def _missed(shown: ShownLimit, known: dict[str, str]) -> str:
    late = max(shown.limit.at - shown.limit.due_at, MINUTE)
    if shown.limit.action is Action.MISSED:
        return str(
            gettext(
                "%(limit)s was missed: due %(due)s, done %(at)s, %(late)s late.",
                late=span(late),
                **known,
            )
        )
    if late == MINUTE:
        return str(gettext("%(limit)s was missed: nothing had been done by %(due)s.", **known))
    return str(gettext("%(limit)s was missed: due %(due)s, and still not done on %(at)s.", **known))


def _running(shown: ShownLimit, known: dict[str, str]) -> str:
    limit = shown.limit
    more = {"basis": _basis(shown), "doubt": _doubt(shown)}
    late = g.frame.now - limit.due_at
    if late >= MINUTE:
        more["doubt"] = str(gettext("; it is %(late)s late", late=span(late)))
    if shown.override is not None:
        return _overridden(shown.override, known, more)
    if limit.limit_text is None or limit.counted_from is None:
        why = gettext("as the report brought it") if shown.is_given else gettext("as it was set")
        sentence = gettext(
            "%(limit)s is due %(due)s, %(why)s%(basis)s%(doubt)s.", why=why, **known, **more
        )
        return str(sentence)
    return _counted(limit, limit.limit_text, known | {"start": dated(limit.counted_from)} | more)


def _counted(limit: Limit, text: str, known: dict[str, str]) -> str:
    """Say a limit that was counted: anew, with what was left, or with nothing left."""
    if limit.left_text is not None:
        sentence = gettext(
            "%(limit)s is due %(due)s: when it began again on %(start)s nothing was left of it"
            "%(basis)s%(doubt)s.",
            **known,
        )
    elif limit.used_seconds:
        sentence = gettext(
            "%(limit)s is due %(due)s: the %(text)s left, from %(start)s%(basis)s%(doubt)s.",
            text=_left(text),
            **known,
        )
    else:
        sentence = gettext(
            "%(limit)s is due %(due)s: %(text)s from %(start)s%(basis)s%(doubt)s.",
            text=_left(text),
            **known,
        )
    return str(sentence)


def _overridden(line: LimitLine, known: dict[str, str], more: dict[str, str]) -> str:
    reason = str(gettext(": %(reason)s", reason=line.reason.rstrip(".。"))) if line.reason else ""
    return str(
        gettext(
            "%(limit)s is due %(due)s, as %(person)s set it on %(at)s%(basis)s%(reason)s%(doubt)s.",
            person=line.person,
            reason=reason,
            **known | {"at": dated(line.at)},
            **more,
        )
    )


def _basis(shown: ShownLimit) -> str:
    return str(gettext(" (%(basis)s)", basis=shown.basis)) if shown.basis else ""


def _doubt(shown: ShownLimit) -> str:
    if not shown.limit.is_provisional:
        return ""
    year = str(shown.limit.due_at.astimezone(g.frame.zone).year)
    words = gettext(
        "; the calendar of %(year)s is not yet published, so the date may change", year=year
    )
    return str(words)


def _left(text: str) -> str:
    """Say a limit, or what is left of one: hours and minutes where they are no whole hours."""
    if not text.endswith("wh") or not is_working_time(text):
        return limit_words(text)
    hours = float(text.removesuffix("wh"))
    minutes = round(hours * 60)
    if minutes % 60 == 0:
        return limit_words(text)
    worked = span(timedelta(minutes=minutes % 60))
    if minutes >= 60:
        whole = gettext("%(n)s h", n=minutes // 60)
        worked = f"{whole} {worked}"
    return str(gettext("%(span)s of working time", span=worked))


def _is_chinese() -> bool:
    return str(get_locale()).startswith("zh")
