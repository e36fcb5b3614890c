"""From what was posted to answers, or to what is wrong with it, field by field.

`cases` calls `read` when a task is completed or a report arrives. The server is the authority: keys
the form does not have, and whatever was sent for hidden, readonly or disabled fields, are dropped;
every submission comes out with all keys of its form.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from app import feel
from app.errors import CaseError
from app.forms import rules, shapes
from app.forms.components import Field, FileField, Form
from app.forms.conditions import Instance, Layout, collect, lay_out, prefilled
from app.forms.messages import ENGLISH, Errors, FieldError, sentence
from app.forms.posted import Files, Posted, arrange
from app.forms.schema import MAX_ROWS
from app.json_types import JsonObject


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """The attachments answered for one field; `photo` is their kind, empty for plain files."""

    name: str
    photo: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """A submission: `values` holds every key of the form, null where nothing was answered."""

    values: JsonObject
    files: tuple[FileAnswer, ...] = ()


class InvalidAnswers(CaseError):
    """Some answers need another look: {count}."""

    code = "invalid_answers"

    def __init__(self, errors: Errors, language: str = ENGLISH) -> None:
        """Keep the errors by input name, in the order of the form."""
        self.errors = errors
        self.language = language
        super().__init__(count=len(errors))

    @property
    def sentences(self) -> dict[str, list[str]]:
        """The errors as sentences, by input name such as `rows[0].key`."""
        return {
            name: [sentence(error, self.language) for error in errors]
            for name, errors in self.errors.items()
        }


def read(
    form: Form,
    posted: Posted,
    *,
    context: Mapping[str, feel.Value],
    now: datetime,
    zone: tzinfo,
    language: str = ENGLISH,
    files: Files | None = None,
) -> Answers:
    """Judge a post (a browser's `name → list of strings`, or a JSON object) and return the answers.

    `context` is what FEEL sees beside the answers (`case`, `answers`, variables); `files` names,
    per input name, the keys of attachments that arrived with this post and are already stored.

    Raises:
        InvalidAnswers: with every error at once.
    """
    arranged = arrange(form, posted, files or {})
    values, errors = shapes.load(form, arranged.values)
    for name in arranged.crowded:
        errors[name] = [FieldError("many_rows", {"limit": str(MAX_ROWS)})]
    trusted, _ = shapes.load(form, prefilled(form, {}, context))
    layout = lay_out(form, values, context=context, now=now, zone=zone, trusted=trusted)
    found = dict(_Judge(errors, now, zone).errors(layout.instances))
    if found:
        raise InvalidAnswers(found, language)
    return _answers(layout)


def _answers(layout: Layout) -> Answers:
    answers: JsonObject = {}
    collect(layout.instances, answers, is_final=True)
    return Answers(answers, tuple(_files(layout.instances)))


@dataclass(frozen=True, slots=True)
class _Judge:
    """Gathers errors in reading order; what a person cannot see or change is not asked about."""

    unreadable: Errors
    now: datetime
    zone: tzinfo

    def errors(self, instances: tuple[Instance, ...]) -> Iterator[tuple[str, list[FieldError]]]:
        """Yield the input name and errors of every part that has some."""
        for instance in instances:
            part = instance.component
            if instance.is_hidden:
                continue
            if isinstance(part, Field):
                wrong = self.field(instance)
                if wrong:
                    yield instance.name, wrong
                continue
            if instance.name in self.unreadable and not instance.is_readonly:
                yield instance.name, self.unreadable[instance.name]
            yield from self.errors(instance.children)
            for row in instance.rows:
                yield from self.errors(row.instances)

    def field(self, instance: Instance) -> list[FieldError]:
        """Return what is wrong with one field."""
        if instance.is_readonly or instance.is_disabled:
            return []
        unreadable = self.unreadable.get(instance.name)
        return unreadable or list(rules.check(instance, now=self.now, zone=self.zone))


def _files(instances: tuple[Instance, ...]) -> Iterator[FileAnswer]:
    for instance in instances:
        part = instance.component
        if instance.is_hidden or instance.is_disabled:
            continue
        if isinstance(part, FileField) and isinstance(instance.value, list):
            keys = tuple(str(key) for key in instance.value)
            if keys:
                yield FileAnswer(instance.name, part.photo, keys)
        yield from _files(instance.children)
        for row in instance.rows:
            yield from _files(row.instances)
