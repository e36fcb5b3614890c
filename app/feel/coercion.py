"""The implicit conversions of the standard, made where a value meets a declared type."""

from app.feel.temporal import as_date_time
from app.feel.types import FeelType, ListType, SimpleType, conforms, is_any
from app.feel.values import Kind, Value, items_of, kind_of


def coerce(value: Value, of: FeelType) -> tuple[Value, bool]:
    """Return the value converted to the type and whether that was possible (else null, False).

    A list of one gives its item, an item a list of one, a date the date and time of its UTC
    midnight. Source: OMG DMN 1.5, 10.3.2.9.4.
    """
    if is_any(of) or conforms(value, of):
        return value, True
    if kind_of(value) is Kind.LIST and not isinstance(of, ListType):
        items = items_of(value)
        if len(items) == 1 and conforms(items[0], of):
            return items[0], True
    if isinstance(of, ListType) and conforms(value, of.item) and conforms([value], of):
        return [value], True
    if isinstance(of, SimpleType) and of.kind is Kind.DATE_TIME and kind_of(value) is Kind.DATE:
        return as_date_time(value), True
    return None, False
