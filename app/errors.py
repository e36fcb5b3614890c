"""What can go wrong, each with a stable code and a sentence for the person it happened to.

Every room raises children of `CaseError`; the doors (web, api, command line) catch them and turn
them into a page, a problem document or an exit code. HTTP statuses are chosen in the doors.
"""

from typing import ClassVar


class CaseError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "case_error"

    def __init__(self, **context: object) -> None:
        """Keep `context`: it fills the placeholders of the sentence and is logged by key."""
        self.context = context
        super().__init__(self.sentence().format_map(_Lenient(context)))

    @classmethod
    def sentence(cls) -> str:
        """Return the English sentence with its `{placeholders}`, the key of its translations."""
        return (cls.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ").strip()


class _Lenient(dict[str, object]):
    """A missing placeholder must not hide the error it belongs to."""

    def __missing__(self, key: str) -> str:
        return f"[{key}]"


class NotFound(CaseError):
    """There is nothing here under that address, or it is not yours to see."""

    code = "not_found"


class Forbidden(CaseError):
    """Your role does not allow this. Ask your administrator if you think it should."""

    code = "forbidden"


class CaseBusy(CaseError):
    """A colleague was faster: this changed after you opened it. Your text is kept."""

    code = "case_busy"


class InvalidInput(CaseError):
    """{what} cannot be taken as it is: {why}"""

    code = "invalid_input"
