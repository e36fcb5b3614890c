"""An example of a broken rule, how it is written down in tests/bpmn/, and where it is expected.

`python -m tests.engine.lint.example` writes the committed files anew; a test holds that they
have not drifted. The line expected is found by plain search for the element's id in the text, not
by the linter.
"""

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "bpmn"
EXPECTED = "expected.json"


@dataclass(frozen=True, slots=True)
class Example:
    """Files by the end of their name, and the place of the problem in the first of them.

    `text` is what stands in the expected line (by default the element's id in quotes), `also` are
    rules that cannot but be broken with this one.
    """

    files: dict[str, str | bytes]
    element: str = ""
    text: str = ""
    also: tuple[str, ...] = ()
    at: str = ""

    def expectation(self, rule: str) -> dict[str, object]:
        """Return the row of the file of expectations."""
        names = {ending: f"{rule}{ending}" for ending in self.files}
        at = self.at or next(iter(self.files))
        return {
            "files": list(names.values()),
            "file": names[at],
            "element": self.element,
            "line": self._line(self.files[at]),
            "also": sorted(self.also),
        }

    def _line(self, content: str | bytes) -> int:
        sought = self.text or (f'"{self.element}"' if self.element else "")
        text = content if isinstance(content, str) else content.decode("utf-8", "replace")
        if not sought:
            return 1
        return next(n for n, line in enumerate(text.splitlines(), 1) if sought in line)


def all_examples() -> dict[str, Example]:
    """Return every example by its rule."""
    from tests.engine.lint import examples_flow as flow
    from tests.engine.lint import examples_other as other
    from tests.engine.lint import examples_steps as steps

    return {**flow.EXAMPLES, **steps.EXAMPLES, **other.EXAMPLES}


def good_files() -> dict[str, str]:
    """Return the files of a set without problems."""
    from tests.engine.lint.examples_good import FILES

    return FILES


def written() -> dict[str, bytes]:
    """Return the committed files as they should be: name to content."""
    files: dict[str, bytes] = {}
    expected = {}
    for rule, example in sorted(all_examples().items()):
        expected[rule] = example.expectation(rule)
        for ending, content in example.files.items():
            files[f"{rule}{ending}"] = content.encode() if isinstance(content, str) else content
    files |= {name: content.encode() for name, content in good_files().items()}
    files[EXPECTED] = (json.dumps(expected, indent=1, sort_keys=True) + "\n").encode()
    return files


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in written().items():
        (FOLDER / name).write_bytes(content)
