"""FEEL is the one language that is evaluated, and `app.feel` the one place that does it.

What could become a second evaluator is looked for where it would have to stand: in what Python
and JavaScript of the product call and import, in what a template may do, in what the engine's
library is given, and in what the interpreter compiles while diagrams, tables and forms run.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import dmn, feel
from app.engine.expressions import Expressions
from app.forms import schema
from tests.engine import drawing as draw
from tests.engine.host import Host
from tests.engine.test_user_tasks import one_task
from tests.house.source import ROOT, Module, modules

EVALUATING = {"eval", "exec", "compile", "__import__", "execfile"}
READING_CODE = {"ast", "code", "codeop", "dis", "runpy", "symtable"}
OTHER_LANGUAGES = {
    "bkflow_feel",
    "pySFeel",
    "pyDMNrules",
    "feelin",
    "spiff_feel",
    "RestrictedPython",
    "simpleeval",
    "asteval",
    "numexpr",
    "sympy",
    "mako",
    "lark",
    "sly",
    "pyparsing",
    "antlr4",
    "ply",
    "js2py",
    "quickjs",
    "py_mini_racer",
    "dukpy",
    "jmespath",
    "jsonpath_ng",
    "celpy",
}
SPIFF_WITH_PYTHON = (
    "SpiffWorkflow.bpmn.script_engine",
    "SpiffWorkflow.bpmn.PythonScriptEngine",
    "SpiffWorkflow.camunda",
    "SpiffWorkflow.dmn",
    "SpiffWorkflow.spiff",
    "SpiffWorkflow.operators",
)
SCRIPTS = sorted((ROOT / "app/assets/src").rglob("*.js"))
JS_EVALUATING = {
    "eval": r"\beval\b",
    "Function": r"\bFunction\s*\(|\bnew\s+Function\b",
    "a function's constructor": r"\.constructor\s*\(",
    "a timer that takes code": r"\bset(?:Timeout|Interval)\s*\(\s*[\"'`]",
    "a script made of text": r"createElement\(\s*[\"'`]script",
    "an address that is code": r"javascript:",
    "an expression library": r"feelin|feelers|lezer|jexl|expr-eval|jsep|acorn|esprima",
    "WebAssembly": r"WebAssembly",
}
FEEL_WORDS = re.compile(
    r"\b(?:satisfies|conditionExpression|valuesExpression|tokeniz|parseExpression|unaryTest)", re.I
)


def names_called(module: Module) -> Iterator[tuple[str, int]]:
    """Yield every name that is called or passed on, so that `f = eval` is found too."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in {"builtins", "__builtins__"}
        ):
            yield node.attr, node.lineno


def test_no_module_can_reach_what_evaluates_python() -> None:
    found = [
        f"{module.name}:{line} {name}"
        for module in modules()
        for name, line in names_called(module)
        if name in EVALUATING
    ]
    assert found == []


def test_no_module_reads_text_as_python_but_the_maker_of_translations() -> None:
    found = [
        (module.name, name)
        for module in modules()
        for name in module.imported()
        if name.split(".")[0] in READING_CODE and module.name != "web.translating"
    ]
    assert found == []


@pytest.mark.parametrize("library", sorted(OTHER_LANGUAGES))
def test_no_other_language_or_maker_of_languages_is_imported(library: str) -> None:
    assert [m.name for m in modules() if library in {n.split(".")[0] for n in m.imported()}] == []


def test_nothing_of_the_engines_library_that_runs_python_is_imported() -> None:
    found = [
        (module.name, name)
        for module in modules()
        for name in module.imported()
        if name.startswith(SPIFF_WITH_PYTHON)
    ]
    assert found == []


def test_the_engines_library_is_given_feel_in_place_of_its_script_engine() -> None:
    host = Host(one_task(draw.user("a"))).start()
    instance = host.run._instance
    assert type(instance.script_engine) is Expressions
    assert type(instance.script_engine).__mro__ == (Expressions, object)


def test_only_feel_and_tables_compile_expressions_and_only_lint_reads_their_trees() -> None:
    inner = ("app.feel.syntax.parser", "app.feel.syntax.tree", "app.feel.compiling.nodes")
    found = [
        module.name for module in modules() for name in module.imported() if name.startswith(inner)
    ]
    assert {
        name for name in found if not name.startswith(("feel", "dmn.", "engine.lint."))
    } == set()


def test_templates_of_pages_are_files_never_texts() -> None:
    risky = {"render_template_string", "from_string", "Template", "Environment"}
    found = [
        f"{module.name}:{line} {call}"
        for module in modules()
        for call, line in module.calls()
        if call.rsplit(".", 1)[-1] in risky and not module.is_in(("forms", "cases.replay"))
    ]
    assert found == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_browser_evaluates_nothing(script: Path) -> None:
    text = re.sub(r"^\s*//.*$", "", script.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [what for what, sign in JS_EVALUATING.items() if re.search(sign, text)] == []
    assert FEEL_WORDS.findall(text) == []


def test_the_browsers_packages_hold_no_expression_language() -> None:
    package = json.loads((ROOT / "app/assets/package.json").read_text())
    named = {*package["dependencies"], *package["devDependencies"]}
    assert not [name for name in named if re.search("feel|form-js|expr|jexl|dmn", name)]


def test_pages_carry_no_expression_for_the_browser_to_read() -> None:
    templates = sorted((ROOT / "app/web/templates").rglob("*.html"))
    assert templates
    attribute = re.compile(r"\b(?:on[a-z]+|x-[a-z]+|hx-on\S*|hx-vals|hx-vars|hx-trigger)=")
    filters = re.compile(r"hx-(?:vals|vars)=[\"']js:|hx-trigger=[\"'][^\"']*\[")
    for template in templates:
        text = template.read_text(encoding="utf-8")
        handlers = [each for each in attribute.findall(text) if each.startswith(("on", "x-"))]
        assert handlers == [], template
        assert not filters.search(text), template


# --- while it runs --------------------------------------------------------------------------------

_compiled: list[str] | None = None


def _watch(event: str, details: tuple[object, ...]) -> None:
    if _compiled is not None and event in {"compile", "exec", "code.__new__"}:
        _compiled.append(f"{event} {details!r:.200}")


@pytest.fixture
def compiled() -> Iterator[list[str]]:
    """Yield what the interpreter compiles or executes as code during the test."""
    global _compiled
    if not _hooked:
        sys.addaudithook(_watch)  # it cannot be taken away again, only be left idle
        _hooked.append(True)
    _compiled = []
    yield _compiled
    _compiled = None


_hooked: list[bool] = []
EXPRESSION = (
    "every x in [1, 2] satisfies (if x > 0 then {f: function(n) n * x}.f(2) > 0 else false)"
)


def test_the_watcher_sees_python_that_is_evaluated(compiled: list[str]) -> None:
    assert eval("1 + 1") == 2
    assert any(each.startswith("compile") for each in compiled)


def test_no_python_is_made_while_an_expression_runs(compiled: list[str]) -> None:
    assert feel.compile(EXPRESSION).evaluate({}) is True
    assert feel.unary_tests(f"{EXPRESSION}, > 3", 5) is True
    assert compiled == []


def test_no_python_is_made_while_a_case_runs(compiled: list[str]) -> None:
    definition = one_task(
        draw.user(
            "a",
            f'=if {EXPRESSION} then ["clerk"] else []',
            due='=date and time("2026-03-05T08:00:00+08:00") + duration("P1D")',
            inputs={"x": f"={EXPRESSION}"},
            outputs={"y": f"={EXPRESSION}"},
        ),
        draw.script("s", "z", f"={EXPRESSION}"),
        draw.xor("g"),
        flows=f"start > a > s > g\ng > e : =y and z and {EXPRESSION}\ng > e default",
    )
    compiled.clear()  # reading a diagram builds classes of nobody's writing
    host = Host(definition).start()
    host.do("a", answer="import os")
    assert host.is_completed
    assert compiled == []


def test_no_python_is_made_while_a_table_decides(compiled: list[str]) -> None:
    text = (ROOT / "bpmn/duty_list.dmn").read_bytes()
    result = dmn.load(text).evaluate("duty_list", {"case": {"minor_class": "A05"}})
    assert result.trace
    assert compiled == []


def test_no_python_is_made_while_a_form_is_read(compiled: list[str]) -> None:
    loaded = schema.load((ROOT / "forms/triage.form").read_bytes())
    assert loaded.keys
    assert compiled == []
