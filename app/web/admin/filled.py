"""What was typed into a form of the administration, and what is wrong with it, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flask import request

from app.errors import CaseError
from app.web.sentences import sentence_of

LONGEST = 200
WHOLE_FORM = ""


class WrongDay(CaseError):
    """That is no day. Write it as 2026-11-24."""

    code = "wrong_day"


class TextTooLong(CaseError):
    """This is too long: {longest} characters at most."""

    code = "text_too_long"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in; `errors` has a sentence for each field that must be mended."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what was typed, without what cannot be seen.

        Raises:
            TextTooLong: it is longer than anything an administrator has to say.
        """
        found = plain(self.values.get(name, ""))
        if len(found) > LONGEST:
            raise TextTooLong(longest=LONGEST, field=name)
        return found

    def day(self, name: str) -> date | None:
        """Return the day, None where none was given.

        Raises:
            WrongDay: it is written in another way.
        """
        written = self.text(name)
        if not written:
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            raise WrongDay(field=name) from None

    def refused(self, error: CaseError, at: Mapping[str, str]) -> "Filled":
        """Return the form with the error at its field; `at` names the field by the error's code.

        Raises:
            CaseError: the very error, where no field of this form can mend it.
        """
        place = error.context.get("field", at.get(error.code))
        if place is None:
            raise error
        return replace(self, errors={str(place): sentence_of(error)})


def posted() -> Filled:
    """Return the form of this request."""
    return Filled(request.form.to_dict())


def plain(text: str) -> str:
    """Return a text in one line, without control characters."""
    return "".join(sign for sign in text if sign.isprintable()).strip()
