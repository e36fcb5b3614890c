"""What is wrong with a decision model, at its place."""

from app.errors import CaseError


class DmnError(CaseError):
    """Line {line}, element {element_id}: {why}"""

    code = "dmn_invalid"

    def __init__(self, line: int, element_id: str, why: str) -> None:
        """Keep the line of the file (from 1), the element's id or name, and the reason."""
        super().__init__(line=line, element_id=element_id or "(no id)", why=why)
        self.line = line
        self.element_id = element_id
        self.why = why
