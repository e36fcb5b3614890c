"""The implicit conversions of the standard, made where a value meets a declared type."""

from app.feel.compiling.run import Run
from app.feel.temporal.arithmetic import as_date_time
from app.feel.types import ContextType, FeelType, ListType, SimpleType, conforms, is_any
from app.feel.values import Kind, Value, entries_of, items_of, kind_of


def coerce(value: Value, of: FeelType, run: Run | None = None) -> tuple[Value, bool]:
    """Return the value converted to the type and whether that was possible (else null, False).

    A list of one gives its item, an item a list of one, a date the date and time of its UTC
    midnight. Source: OMG DMN 1.5, 10.3.2.9.4.
    """
    if run is not None:
        pay_for_check(value, of, run)
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


def pay_for_check(value: Value, of: FeelType, run: Run) -> None:
    """Pay for finding out whether a value is of a type, part by part as the type has parts.

    Lists may hold each other many times over, so that there is far more to check than there is.

    Raises:
        FeelBudgetExceeded: it takes more steps than are left.
    """
    if isinstance(of, ListType):
        items = items_of(value)
        run.spend(1 + len(items))
        if isinstance(of.item, ListType | ContextType):
            for item in items:
                pay_for_check(item, of.item, run)
    elif isinstance(of, ContextType):
        entries = entries_of(value)
        run.spend(1 + len(of.entries))
        for name, part in of.entries.items():
            pay_for_check(entries.get(name), part, run)
