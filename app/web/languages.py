"""The language of a page: chosen in its header, else the person's, else the browser's.

The page of a case comes in its reporter's (`web.public.spoken`) rather than the browser's.

Templates and views translate with Flask-Babel; names that the data carry in both languages are
picked with `language()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Flask, abort, g, redirect, request
from flask_babel import Babel, force_locale, get_locale, refresh
from werkzeug.wrappers import Response

from app.web import cookies
from app.web.access import public
from app.web.addresses import safe_next

LANGUAGES = {"zh-CN": "中文", "en": "English"}
LOCALES = {"zh-CN": "zh_Hans_CN", "en": "en"}
LANGUAGE_LASTS = timedelta(days=365)
TRANSLATIONS = Path(__file__).parent / "translations"
blueprint = Blueprint("languages", __name__)


def init(app: Flask) -> None:
    """Hang Flask-Babel into the application."""
    Babel(
        app,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=lambda: LOCALES[language()],
    )
    app.jinja_env.globals.update(language=language, languages=LANGUAGES, get_locale=get_locale)
    app.register_blueprint(blueprint)


def language() -> str:
    """Return the language of this answer: "zh-CN" or "en"."""
    if "language" not in g:
        g.language = _chosen()
    found: str = g.language
    return found


def is_chosen() -> bool:
    """Tell whether whoever reads has said which language they want."""
    return cookies.read(cookies.LANGUAGE) in LANGUAGES or g.get("actor") is not None


def speak(code: str | None) -> None:
    """Let this answer be in a language, where it is one of ours."""
    if code in LANGUAGES:
        g.language = code
        refresh()


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Let what is rendered in the block be in another language than the page around it."""
    chosen = language()
    g.language = code if code in LANGUAGES else chosen
    try:
        with force_locale(LOCALES[g.language]):
            yield
    finally:
        g.language = chosen


@blueprint.get("/language/<code>")
@public
def choose(code: str) -> Response:
    """Keep the chosen language and go back to the page one came from."""
    if code not in LANGUAGES:
        abort(404)
    response = redirect(safe_next(request.args.get("next")), 303)
    cookies.write(response, cookies.LANGUAGE, code, lasts=LANGUAGE_LASTS)
    return response


def _chosen() -> str:
    cookie = cookies.read(cookies.LANGUAGE)
    if cookie in LANGUAGES:
        return cookie
    actor = g.get("actor")
    if actor is not None:
        return actor.language if actor.language in LANGUAGES else "zh-CN"
    return _of_browser()


def _of_browser() -> str:
    found = request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh-CN")
    return "en" if found == "en" else "zh-CN"
