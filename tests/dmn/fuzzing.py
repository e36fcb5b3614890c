"""Mutated decision models: bytes, elements and texts no modeler would write."""

import random
from dataclasses import dataclass
from pathlib import Path

from app import dmn
from app.errors import CaseError
from app.feel import FeelBudgetExceeded, to_json
from tests.dmn.models import HEAD, model
from tests.dmn.tck import FOLDER
from tests.feel.fuzzing import NOW, ODDITIES, Grammar, contexts

ROOT = Path(__file__).parents[2]
_ENTITY = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
_PIECES = (b"<", b">", b"/>", b"&lt;", b"&b;", b"&#0;", b"&#x110000;", b"<![CDATA[", b"]]>",
           b"<!--", b"<?xml?>", _ENTITY, b'xmlns="urn:x"', b'id="d"', b'typeRef="t"', b'href="#d"',
           b"\xff", b"\xef\xbb\xbf", b"<decision>", b"</decision>", b"<context>", b"<text>",
           b'hitPolicy="ANY"',
           b'<xi:include href="file:///etc/passwd"/>', b"<for iteratorVariable='a'>")  # fmt: skip


@dataclass(frozen=True, slots=True)
class DmnInput:
    """One input: its number, its bytes, and the number of its context."""

    number: int
    text: bytes
    context: int


class DmnMaker:
    """Makes inputs by number; knows the models."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        folders = [ROOT / "bpmn", FOLDER] if FOLDER.is_dir() else [ROOT / "bpmn"]
        paths = sorted(path for folder in folders for path in folder.rglob("*.dmn"))
        self._files = [data for path in paths if len(data := path.read_bytes()) < 60_000]

    def make(self, number: int) -> DmnInput:
        """Return the input of a number, the same one every time."""
        any_ = random.Random(f"{self._seed} dmn {number}")
        kind = any_.random()
        if kind < 0.15:
            data = self._hostile(any_)
        else:
            data = any_.choice(self._files)
            for _ in range(any_.choice((0, 1, 1, 2, 5))):
                data = _mutated(data, any_, any_.choice(self._files))
        return DmnInput(number, data, any_.choice((0, 1, 2, 3)))

    def _hostile(self, any_: random.Random) -> bytes:
        times = any_.choice((3, 40, 70, 3000))
        text = Grammar(any_).expression(3).replace("&", "&amp;").replace("<", "&lt;")
        literal = f"<literalExpression><text>{text}</text></literalExpression>"
        bodies = (
            f'<decision id="d" name="d">{literal}</decision>',
            f'<decision id="d" name="d">{"<list>" * 30}{literal}{"</list>" * 30}</decision>',
            f'<decision id="d" name="{"x" * times * 300}">{literal}</decision>',
            "<context>" * times + "</context>" * times,
            f'<itemDefinition name="t">{"<itemComponent name=" + chr(34) + "a" + chr(34) + ">"}'
            "<typeRef>t</typeRef></itemComponent></itemDefinition>"
            f'<decision id="d" name="d"><variable name="d" typeRef="t"/>{literal}</decision>',
            "".join(
                f'<decision id="d{n}" name="d{n}"><informationRequirement><requiredDecision '
                f'href="#d{n + 1}"/></informationRequirement>{literal}</decision>'
                for n in range(min(times, 400))
            ),
            f'<decision id="d" name="d"><for iteratorVariable="i"><in>{literal}</in><return>'
            f"{literal}</return></for></decision>",
            f'<decision id="d" {" ".join(f"a{n}={chr(34)}x{chr(34)}" for n in range(times))}/>',
        )
        return model(any_.choice(bodies), head=HEAD)


def _mutated(data: bytes, any_: random.Random, other: bytes) -> bytes:
    at = any_.randrange(len(data) + 1)
    end = min(len(data), at + any_.choice((1, 10, 100, 1000)))
    kind = any_.randrange(7)
    if kind == 0 and at < len(data):
        return data[:at] + bytes([data[at] ^ (1 << any_.randrange(8))]) + data[at + 1 :]
    if kind == 1:
        return data[:at] + any_.choice(_PIECES) + data[at:]
    if kind == 2:
        return data[:at] + data[end:]
    if kind == 3:
        return data[:end] + data[at:end] * any_.choice((1, 3)) + data[end:]
    if kind == 4:
        begin = any_.randrange(len(other))
        return data[:at] + other[begin : begin + 300] + data[at:]
    if kind == 5:
        oddity = any_.choice(ODDITIES).encode("utf-8", "surrogatepass")
        return data[:at] + oddity + data[at:]
    return _texts_changed(data, any_)


def _texts_changed(data: bytes, any_: random.Random) -> bytes:
    parts = data.split(b"text>")
    index = any_.randrange(len(parts))
    text = Grammar(any_).expression(3).replace("&", "&amp;").replace("<", "&lt;")
    parts[index] = text.encode("utf-8", "replace") + b"</"
    return b"text>".join(parts)


_CONTEXTS = contexts()


def run(given: DmnInput) -> str:
    """Load a model, decide its first decisions, and return what kind of outcome that had.

    Raises:
        Exception: whatever escapes besides the errors decision models may raise.
    """
    try:
        loaded = dmn.load(given.text)
        outcome = "loaded"
        for name in list(loaded.decisions)[:3]:
            answer = loaded.evaluate(name, _CONTEXTS[given.context], now=NOW)
            to_json(answer.value)
            outcome = "null" if answer.value is None else "value"
    except (CaseError, FeelBudgetExceeded) as error:
        return error.code
    return outcome
