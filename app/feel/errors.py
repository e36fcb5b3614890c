"""What evaluating FEEL may raise: wrong syntax, and a budget that ran out.

Everything else that goes wrong while an expression runs becomes null plus a warning. `Trouble` is
how the rooms of this package tell each other; it never leaves `app.feel`.
"""

from app.errors import CaseError


class FeelSyntaxError(CaseError):
    """Line {line}, column {column}: expected {expected}, found {found}."""

    code = "feel_syntax"

    def __init__(self, line: int, column: int, expected: str, found: str) -> None:
        """Keep the place (both from 1), what would have been right, and what stood there."""
        super().__init__(line=line, column=column, expected=expected, found=found)
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found


class FeelBudgetExceeded(CaseError):
    """The expression was stopped: it needed too much {what}."""

    code = "feel_budget"


class Trouble(Exception):
    """An operation has no result; the reason becomes a warning and the value null."""
