"""Reads the test cases of the DMN TCK and runs them; a case passes when every result is right.

The kit is the public one (dmn-tck/tck), as far as it lies beside the repository.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from lxml import etree

from app import dmn
from app.errors import CaseError
from app.feel.compiling.operators import equals
from app.feel.compiling.run import Run
from app.feel.temporal.text import (
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
    temporal_text,
)
from app.feel.values import Value, kind_of

NS = "{http://www.omg.org/spec/DMN/20160719/testcase}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
SHARED = Path(os.environ.get("WHISTLE_SHARED", Path(__file__).parents[3] / "shared"))
FOLDER = SHARED / "conformance" / "dmn-tck"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one test case went: its id is folder, file and case; `wrong` holds what differed."""

    level: int
    id: str
    wrong: tuple[str, ...]


def outcomes() -> Iterator[Outcome]:
    """Run every case of the kit."""
    for level in (2, 3):
        for folder in sorted((FOLDER / f"compliance-level-{level}").iterdir()):
            for tests in sorted(folder.glob("*test*.xml")):
                yield from _run_file(level, folder, tests)


def _run_file(level: int, folder: Path, tests: Path) -> Iterator[Outcome]:
    root = etree.parse(tests).getroot()
    main = folder / (root.findtext(f"{NS}modelName") or "").strip()
    others = [path.read_bytes() for path in folder.glob("*.dmn") if path != main]
    model = dmn.load(main.read_bytes(), others)
    number = tests.stem.rpartition("-")[2]
    for case in root.iter(f"{NS}testCase"):
        inputs = {node.get("name", ""): _value(node) for node in case.iter(f"{NS}inputNode")}
        judged = (_judge(model, case, node, inputs) for node in case.iter(f"{NS}resultNode"))
        name = f"{folder.name}/{number}/{case.get('id')}"
        yield Outcome(level, name, tuple(wrong for wrong in judged if wrong))


def _judge(
    model: dmn.Model, case: etree._Element, result: etree._Element, inputs: dict[str, Value]
) -> str:
    """Return what is wrong with one result, nothing where it is right."""
    expected = result.find(f"{NS}expected")
    wanted = None if expected is None else _value(expected)
    name = result.get("name", "")
    try:
        if case.get("type") == "decisionService":
            answer = model.evaluate_service(case.get("invocableName", ""), inputs, now=NOW)
        else:
            answer = model.evaluate(name, inputs, now=NOW)
    except CaseError as error:
        return f"{name}: {error}"
    if _same(answer.value, wanted):
        return ""
    return f"{name}: {_shown(answer.value)}, not {_shown(wanted)} {answer.warnings[:3]}"


def _shown(value: Value) -> str:
    return temporal_text(value) or repr(value)


def _same(found: Value, wanted: Value) -> bool:
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) <= Decimal("1e-8") * max(1, abs(wanted))
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(_same, found, wanted))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(_same(found[k], wanted[k]) for k in found)
    if found is None or wanted is None:
        return found is wanted
    same_text = temporal_text(found) == temporal_text(wanted)
    return (
        kind_of(found) is kind_of(wanted)
        and same_text
        and equals(found, wanted, Run(None, is_traced=False)) is True
    )


def _value(node: etree._Element) -> Value:
    listed = node.find(f"{NS}list")
    if listed is not None:
        if listed.get(NIL) == "true":
            return None
        return [_value(item) for item in listed.findall(f"{NS}item")]
    components = node.findall(f"{NS}component")
    if components:
        return {part.get("name", ""): _value(part) for part in components}
    value = node.find(f"{NS}value")
    if value is None or value.get(NIL) == "true":
        return None
    return _simple(value.get(TYPE, "").rpartition(":")[2], value.text or "")


def _simple(kind: str, text: str) -> Value:
    if kind == "boolean":
        return text.strip() == "true"
    if kind in {"decimal", "double", "integer", "int", "float", "long"}:
        return Decimal(text.strip())
    readers = {
        "date": parse_date,
        "time": parse_time,
        "dateTime": parse_date_time,
        "duration": parse_duration,
        "dayTimeDuration": parse_duration,
        "yearMonthDuration": parse_duration,
    }
    if kind in readers:
        return readers[kind](text.strip())
    return text
