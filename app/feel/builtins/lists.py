"""Built-in functions of lists. Source: OMG DMN 1.5, 10.3.4.4 and 10.3.4.9."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cmp_to_key
from itertools import islice

from app.feel.builtins.registry import feel
from app.feel.compiling.operators import equals, order
from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.functions import Builtin, invoke
from app.feel.values import Function, Value, items_of, told

Items = Sequence[Value]


@feel("list contains", "list: list, element: any", returns="boolean")
def list_contains(run: Run, items: Items, element: Value) -> Value:
    """Say whether a list holds an element, null included."""
    return any(_same(item, element, run) for item in items)


def _same(one: Value, other: Value, run: Run) -> bool:
    run.spend(1)
    return equals(one, other, run) is True


@feel("count", "list: list", returns="number")
def count(_run: Run, items: Items) -> Value:
    """Count the items."""
    return Decimal(len(items))


@feel("sublist", "list: list, start position: number, length: number?", returns="like list")
def sublist(run: Run, items: Items, start: Decimal, length: Decimal | None) -> Value:
    """Return the part from a position on (from the end if negative), to the end or of a length."""
    run.bounded_list(len(items))
    position = int(start)
    begin = position - 1 if position > 0 else len(items) + position
    if position == 0 or not 0 <= begin < len(items):
        raise Trouble(f"there is no position {position} in a list of {len(items)} items")
    if length is None:
        return list(items[begin:])
    size = int(length)
    if size < 1 or begin + size > len(items):
        raise Trouble(f"a length of {size} is below 1 or goes beyond the list")
    return list(items[begin : begin + size])


@feel("append", "list: list, item...: any", returns="list of list and item")
def append(run: Run, items: Items, *more: Value) -> Value:
    """Return the list with items behind it."""
    run.bounded_list(len(items) + len(more))
    return [*items, *more]


@feel("concatenate", "list...: list", returns="list of list")
def concatenate(run: Run, *lists: Items) -> Value:
    """Return the items of all lists in a row."""
    run.bounded_list(sum(len(items) for items in lists))
    return [item for items in lists for item in items]


@feel("union", "list...: list", returns="list of list")
def union(run: Run, *lists: Items) -> Value:
    """Return the items of all lists, each once."""
    run.bounded_list(sum(len(items) for items in lists))
    return _distinct([item for items in lists for item in items], run)


@feel("distinct values", "list: list", returns="like list")
def distinct_values(run: Run, items: Items) -> Value:
    """Return the items, each once."""
    return _distinct(items, run)


def _distinct(items: Items, run: Run) -> list[Value]:
    run.bounded_list(len(items))
    kept: list[Value] = []
    for item in items:
        if not any(_same(item, other, run) for other in kept):
            kept.append(item)
    return kept


@feel("duplicate values", "list: list", returns="like list")
def duplicate_values(run: Run, items: Items) -> Value:
    """Return the items that occur more than once (Camunda)."""
    kept: list[Value] = []
    for index, item in enumerate(items):
        is_again = any(_same(item, other, run) for other in islice(items, index))
        if is_again and not any(_same(item, other, run) for other in kept):
            kept.append(item)
    return kept


@feel(
    "insert before",
    "list: list, position: number, newItem: any",
    returns="list of list and newItem",
)
def insert_before(run: Run, items: Items, position: Decimal, item: Value) -> Value:
    """Return the list with an item before a position that there is."""
    index = _index(items, position)
    run.bounded_list(len(items) + 1)
    return [*items[:index], item, *items[index:]]


@feel("remove", "list: list, position: number", returns="like list")
def remove(run: Run, items: Items, position: Decimal) -> Value:
    """Return the list without the item at a position."""
    run.bounded_list(len(items))
    index = _index(items, position)
    return [*items[:index], *items[index + 1 :]]


@feel(
    "list replace", "list: list, position: number, newItem: any", returns="list of list and newItem"
)
def list_replace(run: Run, items: Items, position: Decimal, item: Value) -> Value:
    """Return the list with another item at a position."""
    run.bounded_list(len(items))
    index = _index(items, position)
    return [*items[:index], item, *items[index + 1 :]]


@feel(
    "list replace", "list: list, match: function, newItem: any", returns="list of list and newItem"
)
def list_replace_where(run: Run, items: Items, match: Function, item: Value) -> Value:
    """Return the list with another item wherever a function of old and new item says so."""
    _demand_two(match)
    run.bounded_list(len(items))
    kept = []
    for old in items:
        verdict = invoke(match, [old, item], run)
        if not isinstance(verdict, bool):
            raise Trouble(f"the function gave {told(verdict)}, not a boolean")
        kept.append(item if verdict else old)
    return kept


def _demand_two(function: Function) -> None:
    if len(function.parameters) != 2 and not isinstance(function, Builtin):
        raise Trouble(f"the function has {len(function.parameters)} parameters, not 2")


def _index(items: Items, position: Decimal) -> int:
    place = int(position)
    if place == 0 or abs(place) > len(items):
        raise Trouble(f"there is no position {place} in a list of {len(items)} items")
    return place - 1 if place > 0 else len(items) + place


@feel("reverse", "list: list", returns="like list")
def reverse(run: Run, items: Items) -> Value:
    """Return the list backwards."""
    run.bounded_list(len(items))
    return list(reversed(items))


@feel("index of", "list: list, match: any", returns="list<number>")
def index_of(run: Run, items: Items, match: Value) -> Value:
    """Return the positions at which a value stands."""
    found: list[Value] = []
    for number, item in enumerate(items, 1):
        if _same(item, match, run):
            run.spend(3)
            found.append(Decimal(number))
    return found


@feel("flatten", "list: list", returns="list")
def flatten(run: Run, items: Items) -> Value:
    """Return a list without lists inside."""
    flat: list[Value] = []
    _flatten(items, flat, run)
    return flat


def _flatten(items: Items, flat: list[Value], run: Run) -> None:
    run.bounded_list(len(flat))
    for item in items:
        run.spend(1)
        if isinstance(item, list | tuple):
            _flatten(items_of(item), flat, run)
        else:
            flat.append(item)


@feel("sort", "list: list, precedes: function", returns="like list")
def sort(run: Run, items: Items, precedes: Function) -> Value:
    """Return the list in the order that a function of two items describes."""
    _demand_two(precedes)

    def place(one: Value, other: Value) -> int:
        if invoke(precedes, [one, other], run) is True:
            return -1
        return 1 if invoke(precedes, [other, one], run) is True else 0

    run.bounded_list(len(items))
    return sorted(items, key=cmp_to_key(place))


@feel("sort", "list: list", returns="like list")
def sort_plain(run: Run, items: Items) -> Value:
    """Return numbers, texts or moments in ascending order."""

    def place(one: Value, other: Value) -> int:
        run.spend(2)
        sign = order(one, other, run)
        if sign is None:
            raise Trouble(f"{told(one)} and {told(other)} have no order")
        return sign

    run.bounded_list(len(items))
    return sorted(items, key=cmp_to_key(place))


@feel("partition", "list: list, size: number", returns="list<list>")
def partition(run: Run, items: Items, size: Decimal) -> Value:
    """Cut the list into lists of a size (Camunda)."""
    if size < 1:
        raise Trouble("the size is at least 1")
    run.bounded_list(len(items))
    step = int(size)
    run.spend(3 * (len(items) // step))
    return [list(items[at : at + step]) for at in range(0, len(items), step)]


@feel("is empty", "list: list", returns="boolean")
def is_empty(_run: Run, items: Items) -> Value:
    """Say whether the list has no items (Camunda)."""
    return not items
