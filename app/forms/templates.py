"""The templates form-js allows in labels and texts: `{{expression}}`, `{{#if}}`, `{{#loop}}`.

`schema` compiles each text once; a text without braces stays a plain string and costs nothing.
A text that begins with `=` is one expression. Source: form-js "feelers".
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import orjson

from app import feel
from app.forms.expressions import Scope, as_json, evaluate
from app.json_types import Json

_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_MAX_TURNS = 200
_MAX_CHARACTERS = 50_000

Escape = Callable[[str], str]


class TemplateBroken(Exception):
    """A template cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class _Print:
    expression: feel.Expression


@dataclass(frozen=True, slots=True)
class _Block:
    """`#if` or `#loop` with what stands inside."""

    word: str
    expression: feel.Expression
    parts: tuple["_Part", ...]


_Part = str | _Print | _Block


@dataclass(frozen=True, slots=True)
class Template:
    """A text with holes; `source` is what the designer wrote."""

    source: str = ""
    parts: tuple[_Part, ...] = ()

    def render(self, scope: Scope, *, escape: Escape | None = None) -> str:
        """Return the text with its holes filled; values pass `escape`, the designer's text not."""
        if not self.parts:
            return self.source
        return "".join(_pieces(self.parts, scope, escape or str))[:_MAX_CHARACTERS]

    def expressions(self) -> Iterator[feel.Expression]:
        """Yield the expressions inside, for the lint of names."""
        yield from _expressions(self.parts)


def compile_template(source: str) -> Template:
    """Compile a text of a form.

    Raises:
        FeelSyntaxError: an expression in it cannot be read.
        TemplateBroken: a block is not closed, or closed without having been opened.
    """
    if source.startswith("="):
        return Template(source, (_Print(feel.compile(source[1:])),))
    if "{{" not in source:
        return Template(source)
    pieces = _TAG.split(source)
    parts, rest = _parse(pieces, 0, "")
    if rest < len(pieces):
        raise TemplateBroken(f"{{{{{pieces[rest]}}}}} closes nothing")
    return Template(source, parts)


def _parse(pieces: list[str], at: int, until: str) -> tuple[tuple[_Part, ...], int]:
    """Read pieces (text, tag, text, tag …) from `at`; stop at the closing tag `until`."""
    parts: list[_Part] = []
    while at < len(pieces):
        if at % 2 == 0:
            if pieces[at]:
                parts.append(pieces[at])
            at += 1
            continue
        tag = pieces[at].strip()
        if tag.startswith("/"):
            if tag != until:
                return tuple(parts), at
            return tuple(parts), at + 1
        part, at = _parse_tag(tag, pieces, at)
        parts.append(part)
    if until:
        raise TemplateBroken(f"{{{{#{until[1:]}}}}} is not closed")
    return tuple(parts), at


def _parse_tag(tag: str, pieces: list[str], at: int) -> tuple[_Part, int]:
    for word in ("if", "loop"):
        if tag.startswith(f"#{word} "):
            condition = feel.compile(tag[len(word) + 2 :])
            inside, after = _parse(pieces, at + 1, f"/{word}")
            if after <= len(pieces) and pieces[after - 1].strip() != f"/{word}":
                raise TemplateBroken(f"{{{{#{word}}}}} is not closed")
            return _Block(word, condition, inside), after
    if tag.startswith("#"):
        raise TemplateBroken(f"{{{{{tag}}}}} is not a known block")
    return _Print(feel.compile(tag)), at + 1


def _pieces(parts: tuple[_Part, ...], scope: Scope, escape: Escape) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, _Print):
            yield escape(shown(evaluate(part.expression, scope)))
        elif part.word == "if":
            if evaluate(part.expression, scope) is True:
                yield from _pieces(part.parts, scope, escape)
        else:
            yield from _loop(part, scope, escape)


def _loop(block: _Block, scope: Scope, escape: Escape) -> Iterator[str]:
    items = evaluate(block.expression, scope)
    if not isinstance(items, list):
        return
    for item in items[:_MAX_TURNS]:
        inner: dict[str, feel.Value] = {**scope.context, "this": item, "parent": scope.context}
        if isinstance(item, Mapping):
            inner.update(item)
        yield from _pieces(block.parts, Scope(inner, scope.now, scope.zone), escape)


def _expressions(parts: tuple[_Part, ...]) -> Iterator[feel.Expression]:
    for part in parts:
        if isinstance(part, _Print):
            yield part.expression
        elif isinstance(part, _Block):
            yield part.expression
            # inside a loop, names may be entries of its items: not for the lint to know
            yield from _expressions(part.parts if part.word == "if" else ())


def shown(value: feel.Value) -> str:
    """Return a value as a person reads it: null as nothing, a list with commas."""
    return _words(as_json(value))


def _words(plain: Json) -> str:
    if plain is None:
        return ""
    if isinstance(plain, str):
        return plain
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, list):
        return ", ".join(_words(item) for item in plain)
    if isinstance(plain, dict):
        return orjson.dumps(plain).decode()
    return str(plain)
