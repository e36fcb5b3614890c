"""Sentences of errors and of the journal in the language of the page."""

from flask_babel import gettext

from app.errors import CaseError


def sentence_of(error: CaseError) -> str:
    """Return the error's sentence in the language of the page, its placeholders filled."""
    return str(gettext(error.sentence())).format_map(_Filled(error.context))


def error_words(error: object) -> str:
    """Return the sentence of an error, or of one that was kept (`sentence` and `context`)."""
    if isinstance(error, CaseError):
        return sentence_of(error)
    sentence = getattr(error, "sentence", "")
    return str(gettext(sentence)).format_map(_Filled(getattr(error, "context", {})))


class _Filled(dict[str, object]):
    """Words that fill a sentence are translated where they are sentences themselves."""

    def __missing__(self, key: str) -> str:
        return f"[{key}]"

    def __getitem__(self, key: str) -> object:
        value = super().__getitem__(key)
        return gettext(value) if isinstance(value, str) and value else value
