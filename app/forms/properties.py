"""What is read of each component of a form: the properties, by their names in the file.

docs/forms.md explains each to designers; a test holds that it names these and no others.
"""

from collections.abc import Mapping

from app.forms.components import Kind

_COMMON = ("id", "type", "conditional.hide", "layout.columns", "layout.row")
_FIELD = (*_COMMON, "key", "label", "description", "readonly", "disabled", "validate.required")
_FIELD_DEFAULT = (*_FIELD, "defaultValue")
_TEXT = (
    *_FIELD_DEFAULT,
    "validate.minLength",
    "validate.maxLength",
    "validate.pattern",
    "validate.patternErrorMessage",
    "validate.validationType",
    "properties.autocomplete",
    "properties.placeholder",
)
_ADORNERS = ("appearance.prefixAdorner", "appearance.suffixAdorner")
_CHOICE = (*_FIELD_DEFAULT, "values", "valuesKey", "valuesExpression")

PROPERTIES: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXTFIELD: (*_TEXT, *_ADORNERS, "properties.input"),
    Kind.TEXTAREA: _TEXT,
    Kind.NUMBER: (
        *_FIELD_DEFAULT,
        *_ADORNERS,
        "validate.min",
        "validate.max",
        "decimalDigits",
        "increment",
        "serializeToString",
        "properties.placeholder",
    ),
    Kind.DATETIME: (
        *_FIELD_DEFAULT,
        "subtype",
        "dateLabel",
        "timeLabel",
        "timeSerializingFormat",
        "disallowPassedDates",
    ),
    Kind.EXPRESSION: (*_COMMON, "key", "expression"),
    Kind.FILEPICKER: (*_FIELD, "accept", "multiple", "properties.input", "properties.kind"),
    Kind.CHECKBOX: _FIELD_DEFAULT,
    Kind.CHECKLIST: _CHOICE,
    Kind.RADIO: (*_CHOICE, "properties.input"),
    Kind.SELECT: (*_CHOICE, "searchable"),
    Kind.TAGLIST: _CHOICE,
    Kind.TEXT: (*_COMMON, "text"),
    Kind.HTML: (*_COMMON, "content"),
    Kind.IMAGE: (*_COMMON, "source", "alt"),
    Kind.TABLE: (*_COMMON, "label", "dataSource", "columns", "columnsExpression"),
    Kind.DOCUMENT_PREVIEW: (*_COMMON, "label", "dataSource"),
    Kind.IFRAME: (*_COMMON, "label", "url"),
    Kind.SPACER: _COMMON,
    Kind.SEPARATOR: _COMMON,
    Kind.BUTTON: (*_COMMON, "label", "action"),
    Kind.GROUP: (*_COMMON, "path", "label", "showOutline", "components"),
    Kind.DYNAMICLIST: (
        *_COMMON,
        "path",
        "label",
        "readonly",
        "showOutline",
        "allowAddRemove",
        "defaultRepetitions",
        "components",
    ),
}
