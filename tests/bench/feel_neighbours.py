"""Answers for `bkflow-feel` and `pySFeel`, in an environment of their own and a process of its own.

`bench_feel.py` writes a request a line (library, text, context, rounds) and reads an answer a
line: the value in JSON and the median microseconds of each phase the library has. It may be killed
when an expression never returns.
"""

import datetime
import json
import logging
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

warnings.simplefilter("ignore")  # both use what their own dependencies call deprecated
logging.disable(logging.CRITICAL)


def main() -> None:
    """Answer requests until the input ends."""
    import bkflow_feel
    import pySFeel

    libraries = {
        "bkflow-feel": lambda request: bkflow(bkflow_feel, request),
        "pySFeel": lambda request: sfeel(pySFeel.SFeelParser(), request),
    }
    say({"ready": sorted(libraries)})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = libraries[request["library"]](request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        say(answer)


def say(answer: dict[str, Any]) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def bkflow(library: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Take the three steps of `parse_expression` apart; the whole is their sum."""
    text, context, rounds = request["text"], request["context"], request["rounds"]
    read = library.parser.parse(text)
    built = library.transformer.transform(read)
    return {
        "value": plain(built.evaluate(context)),
        "parse": timed(lambda: library.parser.parse(text), rounds),
        "compile": timed(lambda: library.transformer.transform(read), rounds),
        "evaluate": timed(lambda: built.evaluate(context), rounds),
    }


def sfeel(parser: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Parse and evaluate in one: the library knows no compiled form. Context by assignment."""
    for name, value in flat(request["context"]).items():
        parser.sFeelParse(f"{name} <- {json.dumps(value)}")
    status, value = parser.sFeelParse(request["text"])
    if "errors" in status:
        return {"error": str(status["errors"][0])[:200]}
    whole = timed(lambda: parser.sFeelParse(request["text"]), request["rounds"])
    return {"value": plain(value), "whole": whole}


def flat(context: dict[str, Any]) -> dict[str, Any]:
    """Return a context with dotted names, which this library takes for names of their own."""
    found = {}
    for name, value in context.items():
        if isinstance(value, dict):
            found.update({f"{name}.{key}": each for key, each in value.items()})
        else:
            found[name] = value
    return found


def plain(value: Any) -> Any:
    """Return a value in JSON's types."""
    if isinstance(value, datetime.timedelta):
        days, seconds = value.days, value.seconds
        return f"P{days}DT{seconds // 3600}H"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return f"{type(value).__name__}: {value}"


def timed(run: Callable[[], Any], rounds: int) -> float:
    """Return the median microseconds of a call."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


if __name__ == "__main__":
    main()
