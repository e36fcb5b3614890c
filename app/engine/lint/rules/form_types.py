"""Rules about types in a form: its expressions fit the answers, the facts and their own place."""

from collections.abc import Iterator, Mapping

from app import feel
from app.engine.lint.form_file import FormFile
from app.engine.lint.mistakes import NAMES, NEVER_TRUE, told
from app.engine.lint.problems import Finding, Severity, Subject, found, rule
from app.engine.lint.types import CALENDAR
from app.feel import Checked, FeelSyntaxError, Mistake, MistakeKind
from app.feel.checking.known import BOOLEAN, LIST, NUMBER, STRING, in_words, join, kinds_of_type
from app.feel.types import ANY, FeelType
from app.json_types import JsonObject

_NUMBERS = join(NUMBER, STRING)
_WANTED: Mapping[str, FeelType] = {
    "conditional.hide": BOOLEAN,
    "readonly": BOOLEAN,
    "disabled": BOOLEAN,
    "multiple": BOOLEAN,
    "validate.required": BOOLEAN,
    "validate.min": _NUMBERS,
    "validate.max": _NUMBERS,
    "validate.minLength": _NUMBERS,
    "validate.maxLength": _NUMBERS,
    "valuesExpression": LIST,
    "properties.withheld": LIST,
    "columnsExpression": LIST,
}
_SENTENCE = "In the {field} of {element}, line {line}, column {column}: {reason}."
_ELSEWHERE = (("case",), ("answers",))
_Row = tuple[JsonObject, str, Mistake]


@rule("form-unknown-function", on=Subject.FORM, message=_SENTENCE, mend="{how}")
def form_unknown_function(form: FormFile) -> Iterator[Finding]:
    """Only FEEL's own functions and those of the calendar are called."""
    for component, field, mistake in _mistakes(form):
        if mistake.kind is MistakeKind.UNKNOWN_FUNCTION:
            yield found(form.spot_of(component), field=field, **told(mistake))


@rule("form-wrong-type", on=Subject.FORM, message=_SENTENCE, mend="{how}")
def form_wrong_type(form: FormFile) -> Iterator[Finding]:
    """What an expression of a form does with answers and facts can come to something."""
    for component, field, mistake in _mistakes(form):
        is_own = mistake.kind is MistakeKind.UNKNOWN_ENTRY and mistake.path[:1] not in _ELSEWHERE
        if is_own or mistake.kind not in NAMES | NEVER_TRUE:
            yield found(form.spot_of(component), field=field, **told(mistake))


@rule(
    "form-never-true",
    on=Subject.FORM,
    severity=Severity.WARNING,
    message=_SENTENCE,
    mend="{how}",
)
def form_never_true(form: FormFile) -> Iterator[Finding]:
    """A comparison can be true: an answer is compared with what its field may answer."""
    for component, field, mistake in _mistakes(form):
        if mistake.kind in NEVER_TRUE:
            yield found(form.spot_of(component), field=field, **told(mistake))


@rule(
    "form-wrong-result",
    on=Subject.FORM,
    message="The {field} of {element} is a {given}, but a {wanted} is needed there.",
    mend="Write an expression that gives a {wanted}.",
)
def form_wrong_result(form: FormFile) -> Iterator[Finding]:
    """A property gives what it needs: conditions true or false, limits a number, options a list."""
    for component, field, text in form.expressions():
        wanted, checked = _WANTED.get(field), _checked(form, text)
        if wanted is None or checked is None:
            continue
        own, asked = kinds_of_type(checked.type), kinds_of_type(wanted)
        if own is not None and asked is not None and own.isdisjoint(asked):
            spot = form.spot_of(component)
            given = in_words(checked.type)
            yield found(spot, field=field, given=given, wanted=in_words(wanted))


def _mistakes(form: FormFile) -> Iterator[_Row]:
    for component, field, text in form.expressions():
        checked = _checked(form, text)
        for mistake in () if checked is None else checked.mistakes:
            yield component, field, mistake


def _checked(form: FormFile, text: str) -> Checked | None:
    """Check an expression; which names there are is told by `form-unknown-name`."""
    given = form.given
    known: dict[str, FeelType] = {
        **form.answer_types,
        **dict.fromkeys(("this", "parent", "i"), ANY),
        "case": given.case_type,
        "answers": given.answers_type if given.processes else ANY,
        "calendar": CALENDAR,
    }
    try:
        return feel.compile(text).check(known)
    except FeelSyntaxError:
        return None
