"""Where two answers part: from an expression that differs down to the smallest part that does.

Each part is asked about alone on both sides. A part whose own parts all agree, and that differs
with their values written out in their place, is where the difference comes from: one construct, the
values it was given, two answers. Only there is it looked up among the classes of difference. Then
the part is replaced by our value, and what stands around it is compared as well.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app import feel
from tests.feel.differential import values
from tests.feel.differential.expressions import Expr, leaf
from tests.feel.differential.reference import Question, Reference
from tests.feel.differential.values import Answer, agree, literal, of_ours, of_theirs
from tests.feel.differential.variables import VARIABLES

NOW = datetime.fromisoformat("2026-03-02T09:30:00+00:00")
_ROUNDS = 30
_NO_QUESTIONS = frozenset(["function", "iteration"])


@dataclass(frozen=True, slots=True)
class Difference:
    """The smallest construct that differs, with the values of its parts and both answers."""

    expr: Expr
    operands: tuple[Answer, ...]
    ours: Answer
    theirs: Answer

    @property
    def form(self) -> str:
        """What the construct is."""
        return self.expr.form

    def __str__(self) -> str:
        question = self.expr.question
        about = "" if question.input is None else f" of {question.input}"
        return f"[{self.form}] {question.text}{about}: ours {self.ours}, theirs {self.theirs}"


DOUBLES = "doubles"
"""The class of what differs only because numbers of the parts do, within a double's precision."""

Classify = Callable[[Difference], str | None]


@dataclass(slots=True)
class Finding:
    """What came of one expression."""

    expr: Expr
    ours: Answer
    theirs: Answer
    classes: set[str] = field(default_factory=set)
    unexplained: list[Difference] = field(default_factory=list)
    is_followed: bool = True
    """Whether all that stands around the differences could be compared."""

    @property
    def agrees(self) -> bool:
        """Whether both sides gave the same answer."""
        return not self.classes and not self.unexplained


class Comparison:
    """Compares expressions over the shared variables."""

    def __init__(self, reference: Reference, classify: Classify) -> None:
        self._reference = reference
        self._classify = classify
        reference.set_variables(VARIABLES)
        self._variables = {name: feel.evaluate(text) for name, text in VARIABLES.items()}

    def compare(self, expressions: Sequence[Expr]) -> Iterator[Finding]:
        """Yield what comes of each expression."""
        theirs = self._reference.answers([expr.question for expr in expressions])
        for expr, tagged in zip(expressions, theirs, strict=True):
            finding = Finding(expr, self.our_answer(expr.question), of_theirs(tagged))
            if not agree(finding.ours, finding.theirs):
                self._explain(expr, finding)
            yield finding

    def our_answer(self, question: Question) -> Answer:
        """Return what our side says."""
        try:
            if question.input is None:
                return of_ours(feel.evaluate(question.text, self._variables, now=NOW))
            value = feel.evaluate(question.input, self._variables, now=NOW)
            return of_ours(feel.unary_tests(question.text, value, self._variables, now=NOW))
        except feel.FeelSyntaxError as error:
            return ("error", "syntax", error.expected)
        except feel.FeelBudgetExceeded as error:
            return ("error", "budget", str(error))

    def _both(self, expr: Expr) -> tuple[Answer, Answer]:
        tagged = self._reference.answers([expr.question])[0]
        return self.our_answer(expr.question), of_theirs(tagged)

    def _explain(self, expr: Expr, finding: Finding) -> None:
        """Find what makes a closed expression differ, and what explains it."""
        expr = _flat(expr)
        ours, theirs = self._both(expr)
        parts = [self._part(child, finding) for child in expr.children]
        changed = any(part.is_changed for part in parts)
        if changed:
            rewritten = expr.with_children(lambda index, _child: parts[index].expr)
            ours, theirs = self._both(rewritten)
            if agree(ours, theirs):
                if not any(part.is_explained for part in parts):
                    finding.classes.add(DOUBLES)
                return
            expr = rewritten
        if any(part.is_lost for part in parts):
            finding.is_followed = False
            return
        operands = tuple(part.value for part in parts)
        if self._explain_instances(expr, operands, ours, finding):
            return
        difference = Difference(expr, operands, ours, theirs)
        found = self._classify(difference)
        if found is None:
            finding.unexplained.append(difference)
        else:
            finding.classes.add(found)

    def _part(self, child: Expr, finding: Finding) -> "_Part":
        if child.free or child.form in _NO_QUESTIONS or child.form.startswith("test"):
            return _Part(child, ("open",))
        ours, theirs = self._both(child)
        if ours == theirs:
            return _Part(child, ours)
        text = literal(ours)
        written = None if text is None else leaf("written", text)
        if agree(ours, theirs):
            return _Part(child if written is None else written, ours, is_changed=True)
        self._explain(child, finding)
        # Our value stands in for the part, if both sides read it alike.
        if written is None or not agree(*self._both(written)):
            return _Part(child, ours, is_explained=True, is_lost=True)
        return _Part(written, ours, is_changed=True, is_explained=True)

    def _explain_instances(
        self, expr: Expr, operands: tuple[Answer, ...], ours: Answer, finding: Finding
    ) -> bool:
        """Look into parts that depend on bound names, with values in place of the names."""
        found = False
        for instance in instances(expr, operands, ours):
            if instance.free or instance.form in _NO_QUESTIONS or instance.text == expr.text:
                continue
            if instance.form.startswith("test"):
                continue
            one, other = self._both(instance)
            if not agree(one, other):
                found = True
                self._explain(instance, finding)
                finding.is_followed = False
        return found


@dataclass(frozen=True, slots=True)
class _Part:
    expr: Expr
    value: Answer
    is_changed: bool = False
    is_explained: bool = False
    is_lost: bool = False


def instances(expr: Expr, operands: tuple[Answer, ...], ours: Answer) -> Iterator[Expr]:
    """Yield the closed forms of what an expression evaluates under names it binds."""
    if expr.form == "for several":
        yield from _inner_loops(expr, operands)
    elif expr.form in {"for", "some", "every"}:
        yield from _rounds(expr, operands, ours)
    elif expr.form == "filter":
        yield from _selections(expr, operands)
    elif expr.form == "invoke":
        given = dict(zip(expr.children[0].names, map(_written, operands[1:]), strict=False))
        yield expr.children[0].children[0].bind(_known(given))
    elif expr.form == "context":
        yield from _entries(expr, ours)
    elif expr.form.removesuffix(" by name") in {"call sort", "call list replace"}:
        yield from _pairs(expr, operands)
    elif expr.form == "in several" or expr.form.startswith("unary"):
        yield from _tests(expr, operands)


def _tests(expr: Expr, operands: tuple[Answer, ...]) -> Iterator[Expr]:
    _, *tests = expr.children
    if len(tests) > 1:
        yield from _single_tests(expr)
    elif expr.names:
        asked = _known({"?": _written(operands[0])})
        yield from (child.bind(asked) for child in tests[0].children)
    yield from (child for test in tests for child in test.children)


def _flat(expr: Expr) -> Expr:
    """Return a single unary test with the operands of the test as its own."""
    if not expr.form.startswith("unary") or len(expr.children) != 2:
        return expr
    test = expr.children[1]
    if not test.form.startswith("test ") or test.form == "test input":
        return expr
    parts = [piece for part in expr.parts for piece in (test.parts if part is test else (part,))]
    return replace(expr, names=(), form=f"{expr.form} {test.form[5:]}", parts=tuple(parts))


def _written(value: Answer) -> Expr | None:
    text = literal(value)
    return None if text is None else leaf("written", text)


def _known(given: "dict[str, Expr | None]") -> dict[str, Expr]:
    return {name: value for name, value in given.items() if value is not None}


def _rounds(expr: Expr, operands: tuple[Answer, ...], ours: Answer) -> Iterator[Expr]:
    listed = operands[0]
    if expr.children[0].form == "iteration":
        start, end = (int(text) for text in expr.children[0].text.split(".."))
        step = 1 if end >= start else -1
        listed = (
            "list",
            tuple(("number", values.Decimal(n)) for n in range(start, end + step, step)),
        )
    if listed[0] != "list" or not expr.names:
        return
    for index, item in enumerate(listed[1][:_ROUNDS]):  # type: ignore[index]
        known = {expr.names[0]: _written(item)}
        if ours[0] == "list":
            known["partial"] = _written(("list", ours[1][:index]))  # type: ignore[index]
        for child in expr.children[1:]:
            yield child.bind(_known(known))


def _inner_loops(expr: Expr, operands: tuple[Answer, ...]) -> Iterator[Expr]:
    """Yield the inner of two loops for each value of the outer one."""
    first, _, second, body = (*expr.names[:2], *expr.children[1:])
    listed = operands[0][1] if operands[0][0] == "list" else ()
    for item in listed[:_ROUNDS]:  # type: ignore[index]
        known = _known({first: _written(item)})
        inner = (f"for {expr.names[1]} in ", second.bind(known), " return ", body.bind(known))
        yield Expr("for", inner, 0, expr.names[1:])


def _selections(expr: Expr, operands: tuple[Answer, ...]) -> Iterator[Expr]:
    # An entry that an item lacks is null.
    source = operands[0]
    items = source[1] if source[0] == "list" else (source,)
    for item in items[:_ROUNDS]:  # type: ignore[index]
        known = {"item": _written(item)}
        known |= {name: leaf("written", "null") for name in expr.names[1:]}
        if item[0] == "context":
            known |= {name: _written(value) for name, value in item[1]}
        yield expr.children[1].bind(_known(known))


def _entries(expr: Expr, ours: Answer) -> Iterator[Expr]:
    made = dict(ours[1]) if ours[0] == "context" else {}  # type: ignore[call-overload]
    known = _known({name: _written(value) for name, value in made.items()})
    yield from (child.bind(known) for child in expr.children)


def _pairs(expr: Expr, operands: tuple[Answer, ...]) -> Iterator[Expr]:
    function = next((child for child in expr.children if child.form == "function"), None)
    if function is None or not function.children:
        return
    listed = operands[0][1] if operands[0][0] == "list" else operands[:1]
    items = [_written(item) for item in listed[:_ROUNDS]]  # type: ignore[index]
    others = items if "sort" in expr.form else [_written(operands[-1])]
    for item in items:
        for other in others:
            given = dict(zip(function.names, (item, other), strict=False))
            yield function.children[0].bind(_known(given))


def _single_tests(expr: Expr) -> Iterator[Expr]:
    value, *tests = expr.children
    for test in tests:
        if expr.form == "in several":
            yield Expr(f"in {test.form[5:]}", ("(", value, ") in ", *test.parts))
        else:
            yield Expr("unary", (value, test), names=expr.names)
