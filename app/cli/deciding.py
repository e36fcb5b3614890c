"""`whistle decide`: try a table or any other decision at the terminal, and see why it decided so.

Needs a file and nothing else: no database, no settings, nothing deployed.
"""

import difflib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import click

from app import dmn, feel
from app.cli.decision_inputs import (
    NotOfItsType,
    column_types,
    missing,
    need_words,
    needs,
    typed_inputs,
)
from app.cli.decision_report import report
from app.cli.output import as_json, show
from app.clock import utc_now
from app.dmn.model import Model, Result
from app.dmn.parts import Decision, Service
from app.dmn.xml import Element, parse
from app.json_types import Json, JsonObject

Asked = TypeVar("Asked", Decision, Service)
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


class Given(click.ParamType[JsonObject]):
    """The inputs: JSON, `@file.json`, or `-` for standard input."""

    name = "json"

    def convert(
        self, value: str | JsonObject, param: click.Parameter | None, ctx: click.Context | None
    ) -> JsonObject:
        """Return the inputs by name, or say what is wrong with them."""
        if isinstance(value, dict):
            return value
        try:
            found = json.loads(_text_of(value), parse_float=Decimal, parse_constant=_no_number)
        except OSError as error:
            self.fail(f"{value[1:]} cannot be read: {error.strerror}", param, ctx)
        except RecursionError:
            self.fail("this is nested too deep", param, ctx)
        except ValueError as error:
            self.fail(f"this is no JSON: {error}", param, ctx)
        if not isinstance(found, dict):
            self.fail('write the inputs by name, such as {"Amount": 5}', param, ctx)
        return found


class Instant(click.ParamType[datetime]):
    """A moment with its offset, such as 2026-03-01T09:00:00+08:00."""

    name = "iso"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the moment, or say how to write one."""
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.fail("write a moment such as 2026-03-01T09:00:00+08:00", param, ctx)
        return found


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model and the files it and what it imports came from, by namespace."""

    model: Model
    root: Element
    files: Mapping[str, Path]


@click.command()
@click.argument("file", type=EXISTING)
@click.option("--decision", metavar="NAME", help="The decision, by name or id.")
@click.option("--service", metavar="NAME", help="Ask a decision service instead.")
@click.option("--input", "given", type=Given(), help="Inputs as JSON, @FILE, or - for stdin.")
@click.option("--import", "imports", type=EXISTING, multiple=True, help="A model it imports.")
@click.option("--now", type=Instant(), help="The moment of now() and today(). Default: now.")
@as_json
def decide(
    file: Path,
    decision: str | None,
    service: str | None,
    given: JsonObject | None,
    imports: tuple[Path, ...],
    now: datetime | None,
    is_json: bool,
) -> None:
    """Decide a decision of a DMN file; without one named, its only one, or list all there are.

    Prints the value, then for each table what it was given, which rows apply and why. Models it
    imports are looked for beside FILE too. A text becomes a date, time or duration where the model
    says that there is one, or where it is written @"2026-03-01".

    Exit code 1 when the model has problems, which are printed at their lines.
    """
    if decision is not None and service is not None:
        raise click.UsageError("Choose a decision or a service, not both.")
    loaded = _load(file, imports)
    problems = list(_problems(loaded.model, loaded.files))
    _show_problems(problems)
    wanted = _wanted(loaded.model, decision, service)
    if wanted is None:
        _list(loaded.model, is_json=is_json)
        if given is not None:
            raise click.UsageError("There are several: name one with --decision or --service.")
    else:
        _decide(loaded, wanted, given or {}, now=now or utc_now(), is_json=is_json)
    if problems:
        sys.exit(1)


def _decide(
    loaded: _Loaded,
    wanted: Decision | Service,
    given: JsonObject,
    *,
    now: datetime,
    is_json: bool,
) -> None:
    needed = needs(loaded.model, wanted)
    try:
        inputs = typed_inputs(given, needed, column_types(loaded.root))
    except NotOfItsType as error:
        raise click.BadParameter(str(error), param_hint="'--input'") from None
    name = wanted.id or wanted.name
    if isinstance(wanted, Decision):
        result = loaded.model.evaluate(name, inputs, now=now)
    else:
        result = loaded.model.evaluate_service(name, inputs, now=now)
    warnings = [*missing(needed, given), *result.warnings]
    if is_json:
        click.echo(json.dumps(_answer(result, warnings), ensure_ascii=False))
        return
    for line in report(wanted.name, result, warnings):
        click.echo(line)


def _answer(result: Result, warnings: Sequence[str]) -> JsonObject:
    return {
        "value": feel.to_json(result.value),
        "trace": list[Json](result.trace),
        "warnings": list[Json](warnings),
    }


def _text_of(value: str) -> str:
    if value == "-":
        return sys.stdin.read()
    return Path(value[1:]).read_text(encoding="utf-8-sig") if value.startswith("@") else value


def _no_number(word: str) -> Json:
    raise ValueError(f"{word} is no number")


# --- the model ------------------------------------------------------------------------------------


def _load(file: Path, imports: Sequence[Path]) -> _Loaded:
    root = _read(file)
    others = {path: _read(path) for path in imports}
    others |= _beside(file, [root, *others.values()])
    files = {element.get("namespace"): path for path, element in others.items()}
    files[root.get("namespace")] = file
    try:
        model = dmn.load(file.read_bytes(), [path.read_bytes() for path in others])
    except dmn.DmnError as error:
        raise _refused(file, error) from None
    return _Loaded(model, root, files)


def _read(file: Path) -> Element:
    try:
        return parse(file.read_bytes())
    except dmn.DmnError as error:
        raise _refused(file, error) from None


def _beside(file: Path, known: Sequence[Element]) -> dict[Path, Element]:
    """Return the models in the folder of a file that it or one of its imports asks for."""
    found: dict[Path, Element] = {}
    waiting = _asked_for(known) - {element.get("namespace") for element in known}
    if not waiting:
        return found
    candidates = dict(_models_in(file))
    while waiting:
        fitting = {
            path: element
            for path, element in candidates.items()
            if element.get("namespace") in waiting and path not in found
        }
        found |= fitting
        waiting = _asked_for(list(fitting.values())) - {
            element.get("namespace") for element in [*known, *found.values()]
        }
    return found


def _asked_for(models: Iterable[Element]) -> set[str]:
    return {each.get("namespace") for model in models for each in model.children("import")}


def _models_in(file: Path) -> Iterator[tuple[Path, Element]]:
    for path in sorted(file.parent.glob("*.dmn")):
        if path.resolve() == file.resolve() or not path.is_file():
            continue
        try:
            yield path, parse(path.read_bytes())
        except dmn.DmnError:
            continue  # somebody else's broken file is no concern of this one


def _wanted(model: Model, decision: str | None, service: str | None) -> Decision | Service | None:
    if service is not None:
        return _named(model.services, service, option="--service", what="decision service")
    if decision is not None:
        return _named(model.decisions, decision, option="--decision", what="decision")
    only = _parts(model)
    decisions = [part for part in only if isinstance(part, Decision)]
    return decisions[0] if len(decisions) == 1 else None


def _named(known: Mapping[str, Asked], name: str, *, option: str, what: str) -> Asked:
    found = known.get(name)
    if found is not None:
        return found
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    names = ", ".join(dict.fromkeys(_called(part) for part in known.values()))
    there = f"There is: {names}" if names else "There is none."
    raise click.BadParameter(
        f"there is no {what} {name!r}.{hint} {there}", param_hint=f"'{option}'"
    )


def _called(part: Decision | Service) -> str:
    return part.name if part.id in {"", part.name} else f"{part.name} ({part.id})"


def _parts(model: Model) -> list[Decision | Service]:
    return [part for part in model.parts.values() if isinstance(part, Decision | Service)]


def _list(model: Model, *, is_json: bool) -> None:
    """Print every decision and service with what it needs to be given."""
    rows = [
        {
            "kind": "decision" if isinstance(part, Decision) else "service",
            "name": part.name,
            "id": part.id,
            "needs": need_words(needs(model, part)),
        }
        for part in _parts(model)
    ]
    if is_json or not rows:
        show(rows, is_json=is_json, empty="There is no decision in this file.")
        return
    for part, row in zip(_parts(model), rows, strict=True):
        click.echo(f"{row['kind']} {_called(part)}")
        for words in row["needs"]:
            click.echo(f"    needs {words}")


# --- what is wrong with it ------------------------------------------------------------------------


def _problems(model: Model, files: Mapping[str, Path]) -> Iterator[tuple[Path, dmn.DmnError]]:
    """Yield each problem with its file: a model lists those of its imports among its own."""
    theirs = {id(each) for other in model.imports.values() for each in other.problems}
    for problem in model.problems:
        if id(problem) not in theirs:
            yield files.get(model.namespace, Path("?")), problem
    for other in model.imports.values():
        yield from _problems(other, files)


def _show_problems(problems: Iterable[tuple[Path, dmn.DmnError]]) -> None:
    for file, problem in problems:
        click.echo(_problem(file, problem), err=True)


def _problem(file: Path, problem: dmn.DmnError) -> str:
    what = f" {problem.element_id}:" if problem.element_id else ""
    return f"{file}:{problem.line}:{what} {problem.why}"


def _refused(file: Path, error: dmn.DmnError) -> click.ClickException:
    return click.ClickException(_problem(file, error))
