"""What is read of each component of a form: the properties, by their names in the file.

docs/forms.md explains each to designers; tests hold that the loader reads these and no others, and
that the document names them all.
"""

from collections.abc import Mapping

from app.forms.components import Kind

EVERY_COMPONENT = ("id", "type", "conditional.hide", "layout.columns", "layout.row")
EVERY_QUESTION = (
    "key",
    "label",
    "description",
    "readonly",
    "disabled",
    "validate.required",
)
_TEXT = (
    "defaultValue",
    "validate.minLength",
    "validate.maxLength",
    "validate.pattern",
    "validate.patternErrorMessage",
    "validate.validationType",
    "appearance.prefixAdorner",
    "appearance.suffixAdorner",
    "properties.autocomplete",
    "properties.placeholder",
)
_CHOICE = ("defaultValue", "values", "valuesKey", "valuesExpression", "properties.withheld")

OF_ITS_OWN: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXTFIELD: (*_TEXT, "properties.input", "properties.source"),
    Kind.TEXTAREA: (*_TEXT, "properties.replies"),
    Kind.NUMBER: (
        "defaultValue",
        "validate.min",
        "validate.max",
        "decimalDigits",
        "increment",
        "serializeToString",
        "appearance.prefixAdorner",
        "appearance.suffixAdorner",
        "properties.placeholder",
    ),
    Kind.DATETIME: (
        "defaultValue",
        "subtype",
        "dateLabel",
        "timeLabel",
        "timeSerializingFormat",
        "disallowPassedDates",
        "properties.earliest",
        "properties.latest",
    ),
    Kind.CHECKBOX: ("defaultValue",),
    Kind.CHECKLIST: _CHOICE,
    Kind.RADIO: (*_CHOICE, "properties.input"),
    Kind.SELECT: (*_CHOICE, "searchable"),
    Kind.TAGLIST: _CHOICE,
    Kind.FILEPICKER: (
        "accept",
        "multiple",
        "properties.input",
        "properties.kind",
        "properties.visibility",
    ),
    Kind.EXPRESSION: ("key", "expression"),
    Kind.TEXT: ("text",),
    Kind.HTML: ("content",),
    Kind.IMAGE: ("source", "alt"),
    Kind.TABLE: ("label", "dataSource", "columns", "columnsExpression"),
    Kind.DOCUMENT_PREVIEW: ("label", "dataSource"),
    Kind.IFRAME: ("label", "url"),
    Kind.SPACER: (),
    Kind.SEPARATOR: (),
    Kind.BUTTON: ("label", "action"),
    Kind.GROUP: ("path", "label", "showOutline", "properties.folded", "components"),
    Kind.DYNAMICLIST: (
        "path",
        "label",
        "readonly",
        "showOutline",
        "allowAddRemove",
        "defaultRepetitions",
        "components",
    ),
}


def properties_of(kind: Kind, *, is_question: bool) -> frozenset[str]:
    """Return every property that is read of a component of that kind."""
    shared = EVERY_QUESTION if is_question else ()
    return frozenset((*EVERY_COMPONENT, *shared, *OF_ITS_OWN[kind]))
