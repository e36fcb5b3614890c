"""What is wrong with a form's file or its labels, told to the designer who can mend it.

`schema` and `labels` collect problems; the lint of a deployment shows all of them at once.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.errors import CaseError


class Severity(StrEnum):
    """Errors keep a form from being deployed; warnings do not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One thing wrong at one place; `path` is a JSON path such as `components[2].validate.min`."""

    code: str
    path: str
    component_id: str
    message: str
    mend: str
    severity: Severity = Severity.ERROR


class FormRefused(CaseError):
    """The form cannot be used: {why}"""

    code = "form_refused"

    def __init__(self, problems: tuple[FormProblem, ...]) -> None:
        """Keep every problem; the sentence tells the first and how many there are."""
        self.problems = problems
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(why=f"{first.path or 'file'}: {first.message} {first.mend}{more}")
