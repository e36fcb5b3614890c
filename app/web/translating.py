"""Finds the sentences of errors for translators: `pybabel extract -F app/web/babel.cfg` calls it.

An error's sentence is the first paragraph of its docstring; the words that fill `why` and `what`
are given where it is raised; what rules about tables say is declared with them. None of these
passes through gettext, so they are read off the syntax tree.
"""

import ast
import re
from collections.abc import Iterator
from typing import IO, Any

from babel.messages.extract import extract_python

Found = tuple[int, str, Any, list[Any]]
_BLANK = re.compile(r"\{\w+\}")
FILLING = ("why", "what")


def sentences(
    source: IO[bytes],
    keywords: Any,  # the shapes of these three are Babel's
    comment_tags: Any,
    options: Any,
) -> Iterator[Found]:
    """Yield line, function, sentence and comments of all that a module says to people."""
    called: Iterator[Any] = extract_python(source, keywords, comment_tags, options)
    for line, function, words, comments in called:
        yield line, str(function), words, list(comments)
    source.seek(0)
    for node in ast.walk(ast.parse(source.read())):
        if isinstance(node, ast.ClassDef) and _has_code(node):
            said = (ast.get_docstring(node, clean=False) or "").strip()
            yield node.lineno, "", said.split("\n\n")[0].replace("\n", " ").strip(), []
        elif isinstance(node, ast.FunctionDef):
            yield from ((node.lineno, "", words, []) for words in _rule_words(node))
        elif isinstance(node, ast.AnnAssign | ast.Assign) and _is_named(node, "SENTENCES"):
            yield from ((node.lineno, "", words, []) for words in _texts(node.value))
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            for keyword in node.exc.keywords:
                if keyword.arg in FILLING and _is_sentence(keyword.value):
                    yield node.lineno, "", str(ast.literal_eval(keyword.value)), []


def _rule_words(node: ast.FunctionDef) -> Iterator[str]:
    """Yield the sentences of a rule about tables: those are told to people in the browser."""
    for call in node.decorator_list:
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "rule":
            given = {each.arg: each.value for each in call.keywords}
            if "on" in given and ast.unparse(given["on"]) == "Subject.TABLE":
                yield from _texts(given["message"])
                yield from _texts(given["mend"])


def _is_named(node: ast.AnnAssign | ast.Assign, ending: str) -> bool:
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    return isinstance(target, ast.Name) and target.id.strip("_") in (ending, ending[:-1])


def _texts(node: ast.AST | None) -> Iterator[str]:
    """Yield every text that says something besides its blanks."""
    for each in ast.walk(node) if node is not None else ():
        text = each.value if isinstance(each, ast.Constant) else None
        if isinstance(text, str) and _BLANK.sub("", text).strip():
            yield text


def _has_code(node: ast.ClassDef) -> bool:
    """Tell whether a class sets `code = "…"`, as every error does and nothing else."""
    return any(
        isinstance(each, ast.Assign | ast.AnnAssign)
        and isinstance(each.value, ast.Constant)
        and ast.unparse(each).split("=")[0].split(":")[0].strip() == "code"
        for each in node.body
    )


def _is_sentence(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str) and " " in value.value
