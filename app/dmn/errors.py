"""What is wrong with a decision model, at its place, and what is asked of one in vain."""

from collections.abc import Iterable

from app.errors import CaseError, NotFound

_NAMED = 12


class DmnError(CaseError):
    """Line {line}, element {element_id}: {why}"""

    code = "dmn_invalid"

    def __init__(self, line: int, element_id: str, why: str) -> None:
        """Keep the line of the file (from 1), the element's id or name, and the reason."""
        super().__init__(line=line, element_id=element_id or "(no id)", why=why)
        self.line = line
        self.element_id = element_id
        self.why = why


class UnknownDecision(NotFound):
    """The model has no decision or service named {name}. It has: {known}."""

    code = "dmn_unknown_decision"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Keep the name asked for, and those there are."""
        names = list(known)
        more = [f"… ({len(names)})"] if len(names) > _NAMED else []
        super().__init__(name=name, known=", ".join([*names[:_NAMED], *more]) or "–")
        self.name = name
