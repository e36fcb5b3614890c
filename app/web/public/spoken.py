"""The language of pages that a token opens: the reporter's, until a reader chooses another."""

from flask import request

from app.cases import tracking
from app.web import languages


def speak_as_told() -> None:
    """Let the page of a case be in the language its reporter is written to in."""
    token = (request.view_args or {}).get("token")
    if token and not languages.is_chosen():
        languages.speak(tracking.language_of(token))
