"""FEEL and tables: a condition, every phase beside two other libraries, a table of 500 rows.

The others run in this run, expression by expression in turns with ours, in a process of their own:
one of them has hung on plain input before. `make bench` installs them (group `bench`) into
`.venv/bench`, so that what they pin never reaches the product; without them the bench says so and
measures ours alone. Two figures are compared: all of it (from text to value), and where the other
library can keep a compiled expression, evaluating that.
"""

import json
import math
import select
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from app import ROOT, dmn, feel
from app.feel.builtins import BUILTINS
from app.feel.syntax.names import NameTable
from app.feel.syntax.parser import parse_expression
from tests.bench.feel_cases import CASES, CONDITION, CONTEXT

ROUNDS = 200
OTHERS = ("bkflow-feel", "pySFeel")
PATIENCE_SECONDS = 10.0
ROWS = 500
KNOWN = NameTable(BUILTINS.keys())
NEIGHBOURS = ROOT / ".venv/bench/bin/python"


def main() -> int:
    """Print one line of JSON per measure; 1 where a target is missed."""
    lines = [*condition(), *beside_others(), *many_expressions(), *tables()]
    for each in lines:
        sys.stdout.write(json.dumps(each) + "\n")
    return 0 if all(each["met"] for each in lines) else 1


def line(
    name: str, value: float | None, unit: str, *, target: float | None = None, note: str = ""
) -> dict[str, Any]:
    """One measure as `make bench` prints it; a target is the most it may be."""
    met = target is None or (value is not None and value <= target)
    shown = None if value is None else round(value, 2)
    found = {"name": name, "value": shown, "unit": unit, "target": target, "met": met}
    return found | ({"note": note} if note else {})


def timed(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median microseconds of a call."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


def condition() -> Iterator[dict[str, Any]]:
    """The simple condition of the issue: compiled, and through the cache from its text."""
    compiled = feel.compile(CONDITION)
    if compiled.evaluate(CONTEXT) is not True:
        raise AssertionError("the condition should hold")
    rounds = 20_000
    once = timed(lambda: compiled.evaluate(CONTEXT), rounds)
    yield line("feel.condition_microseconds", once, "us", target=5)
    hit = timed(lambda: feel.compile(CONDITION), rounds)
    yield line("feel.cache_hit_microseconds", hit, "us")
    text = timed(lambda: feel.evaluate(CONDITION, CONTEXT), rounds)
    yield line("feel.condition_from_text_microseconds", text, "us")


# --- beside the others ----------------------------------------------------------------------------


class Neighbours:
    """The process in which the others answer; started again where one did not come back."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer, or an error where none came in time."""
        if self.process is None:
            self.process = self._started()
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self._read(PATIENCE_SECONDS)
        if answer is not None:
            return answer
        self.close()
        return {"error": f"no answer within {PATIENCE_SECONDS:.0f} s"}

    def _started(self) -> "subprocess.Popen[str]":
        script = Path(__file__).with_name("feel_neighbours.py")
        self.process = subprocess.Popen(
            [str(NEIGHBOURS), str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if self._read(60.0) is None:
            raise RuntimeError("the other libraries do not start")
        return self.process

    def _read(self, seconds: float) -> dict[str, Any] | None:
        assert self.process is not None
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        text = self.process.stdout.readline() if ready else ""
        return json.loads(text) if text else None

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def beside_others() -> Iterator[dict[str, Any]]:
    """The same expressions by all three: how many are right, and how long those took."""
    if not NEIGHBOURS.exists():
        note = "not installed: `make bench` installs bkflow-feel and pySFeel into .venv/bench"
        yield line("feel.others", None, "", note=note)
    neighbours = Neighbours()
    answers: dict[str, dict[str, dict[str, Any]]] = {"ours": {}, **{name: {} for name in OTHERS}}
    for text, _expected in CASES:
        answers["ours"][text] = ours(text)
        for name in OTHERS if NEIGHBOURS.exists() else ():
            request = {"library": name, "text": text, "context": CONTEXT, "rounds": ROUNDS}
            answers[name][text] = neighbours.ask(request)
    neighbours.close()
    expected = dict(CASES)
    right = {
        name: {text for text, each in found.items() if is_right(each, expected[text])}
        for name, found in answers.items()
    }
    for name, texts in right.items():
        if answers[name]:
            wrong = [text for text in expected if text not in texts]
            yield line(
                f"feel.right_answers_{name}", len(texts), f"of {len(CASES)}", note="; ".join(wrong)
            )
    for phase in ("parse", "compile", "evaluate"):
        times = [answers["ours"][text][phase] for text in expected]
        yield line(f"feel.{phase}_microseconds", statistics.median(times), "us")
    yield from compared(answers, right)


def ours(text: str) -> dict[str, Any]:
    """Our phases: the cache is left out, because the others have none."""
    compiled = feel.compile(text)
    read = timed(lambda: parse_expression(text, names=KNOWN))
    both = timed(lambda: feel.compile(text, bound=frozenset()))
    return {
        "value": feel.to_json(compiled.evaluate(CONTEXT)),
        "parse": read,
        "compile": max(both - read, 0.0),
        "evaluate": timed(lambda: compiled.evaluate(CONTEXT)),
    }


def is_right(answer: dict[str, Any], expected: Any) -> bool:
    """Say whether an answer is what the standard says; numbers up to the error of a float."""
    return "error" not in answer and same(answer["value"], expected)


def same(value: Any, expected: Any) -> bool:
    """Compare JSON values; a float may be off by its last digits."""
    if isinstance(value, bool) or isinstance(expected, bool) or value is None:
        return value is expected
    if isinstance(value, int | float) and isinstance(expected, int | float):
        return math.isclose(value, expected, rel_tol=1e-12)
    if isinstance(value, list) and isinstance(expected, list):
        return len(value) == len(expected) and all(map(same, value, expected))
    return bool(value == expected)


def whole(answer: dict[str, Any]) -> float:
    """Return the time from text to value."""
    if "whole" in answer:
        return float(answer["whole"])
    return float(answer["parse"] + answer["compile"] + answer["evaluate"])


def compared(
    answers: dict[str, dict[str, dict[str, Any]]], right: dict[str, set[str]]
) -> Iterator[dict[str, Any]]:
    """How many times longer the others take, over what both answer rightly."""
    for name in OTHERS:
        both = sorted(right["ours"] & right[name])
        if not both:
            continue
        mine = [answers["ours"][text] for text in both]
        theirs = [answers[name][text] for text in both]
        unit = f"x, over {len(both)} expressions"
        yield line(f"feel.text_to_value_microseconds_{name}", mean(map(whole, theirs)), "us")
        yield line(f"feel.text_to_value_microseconds_beside_{name}", mean(map(whole, mine)), "us")
        ratio = statistics.median(whole(b) / whole(a) for a, b in zip(mine, theirs, strict=True))
        yield line(f"feel.text_to_value_times_faster_than_{name}", ratio, unit)
        for phase in ("parse", "compile", "evaluate"):
            if all(phase in each for each in theirs):
                times = [(a[phase], b[phase]) for a, b in zip(mine, theirs, strict=True)]
                ratio = statistics.median(b / a for a, b in times if a > 0)
                yield line(f"feel.{phase}_times_faster_than_{name}", ratio, unit)
        if not all("evaluate" in each for each in theirs):
            # It keeps no compiled form: what it does again costs as much as at first.
            again = statistics.median(
                whole(b) / a["evaluate"] for a, b in zip(mine, theirs, strict=True)
            )
            yield line(f"feel.again_times_faster_than_{name}", again, unit)


def mean(values: Any) -> float:
    """Return the mean of an iterable."""
    return statistics.fmean(values)


def many_expressions() -> Iterator[dict[str, Any]]:
    """What a lint of many designs does: a thousand texts nobody has compiled before."""
    texts = [f"{CONDITION} and case.days < {number}" for number in range(1_000)]
    began = time.perf_counter()
    for text in texts:
        feel.compile(text)
    took = (time.perf_counter() - began) * 1e3
    yield line("feel.compile_1000_new_expressions_milliseconds", took, "ms")


# --- tables ---------------------------------------------------------------------------------------

POLICIES = ("UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "COLLECT SUM", "RULE ORDER")
FIRST_DAY = date(2026, 1, 1)


def tables() -> Iterator[dict[str, Any]]:
    """A table of 500 rows whose last row applies: text, number and date columns, each policy."""
    for policy in POLICIES:
        xml = table_of(policy)
        began = time.perf_counter()
        model = dmn.load(xml)
        loaded = (time.perf_counter() - began) * 1e3
        inputs: dict[str, Any] = {
            "category": "north",
            "level": ROWS,
            "seen": FIRST_DAY + timedelta(days=ROWS - 1),
        }
        result = model.evaluate("d", inputs)
        last = [rule["number"] for rule in result.trace[-1]["rules"]]  # type: ignore[index,union-attr,call-overload]
        if last != [ROWS]:
            raise AssertionError(f"row {ROWS} should apply under {policy}, but {last} do")
        took = timed(lambda model=model, inputs=inputs: model.evaluate("d", inputs)) / 1e3  # type: ignore[misc]
        name = policy.lower().replace(" ", "_")
        yield line(f"dmn.table_500_rows_{name}_milliseconds", took, "ms", target=1)
        if policy == "FIRST":
            yield line("dmn.load_500_rows_milliseconds", loaded, "ms")


def table_of(policy: str) -> bytes:
    """Draw the table; only the last column tells the rows apart, so every cell is asked."""
    kind, _, aggregation = (
        policy.partition(" ") if policy.startswith("COLLECT") else (policy, "", "")
    )
    columns = "".join(
        f'<input id="i{number}" label="{text}"><inputExpression typeRef="{of}"><text>{text}</text>'
        "</inputExpression></input>"
        for number, (text, of) in enumerate(
            (("category", "string"), ("level", "number"), ("seen", "date"))
        )
    )
    listed = f"<outputValues><text>{', '.join(map(str, range(ROWS)))}</text></outputValues>"
    values = listed if policy == "PRIORITY" else ""
    rows = "".join(row_of(number) for number in range(ROWS))
    extra = f' aggregation="{aggregation}"' if aggregation else ""
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m"'
        ' namespace="urn:bench"><decision id="d" name="d">'
        f'<decisionTable id="t" hitPolicy="{kind}"{extra}>{columns}'
        f'<output id="o" name="out" typeRef="number">{values}</output>{rows}'
        "</decisionTable></decision></definitions>"
    ).encode()


def row_of(number: int) -> str:
    """Draw a row: two texts, a least number, a range of dates."""
    day = FIRST_DAY + timedelta(days=number)
    cells = (
        f'"K{number}", "north"',
        f">= {number}",
        f'[date("{day}")..date("{day + timedelta(days=1)}"))',
    )
    entries = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells)
    return f'<rule id="r{number}">{entries}<outputEntry><text>{number}</text></outputEntry></rule>'


if __name__ == "__main__":
    sys.exit(main())
