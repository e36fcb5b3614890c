"""Built-in functions of lists. Source: OMG DMN 1.5, 10.3.4.4 and 10.3.4.9."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import cmp_to_key

from app.feel.calls import invoke
from app.feel.errors import Trouble
from app.feel.library.registry import feel
from app.feel.operators import ARITHMETIC, add, equals, multiply, order
from app.feel.run import Run
from app.feel.values import Function, Value, items_of, kind_of, number_of

Items = Sequence[Value]


@feel("list contains", "list: list, element: any")
def list_contains(run: Run, items: Items, element: Value) -> Value:
    """Say whether a list holds an element, null included."""
    return any(_same(item, element, run) for item in items)


def _same(one: Value, other: Value, run: Run) -> bool:
    run.spend(1)
    return equals(one, other, run) is True


@feel("count", "list: list")
def count(_run: Run, items: Items) -> Value:
    """Count the items."""
    return Decimal(len(items))


@feel("min", "list: list")
def minimum(_run: Run, items: Items) -> Value:
    """Return the least item; of none, null."""
    return _extreme(items, -1)


@feel("min", "c...: any")
def minimum_of(_run: Run, *items: Value) -> Value:
    """Return the least argument."""
    return _extreme(items, -1)


@feel("max", "list: list")
def maximum(_run: Run, items: Items) -> Value:
    """Return the greatest item; of none, null."""
    return _extreme(items, 1)


@feel("max", "c...: any")
def maximum_of(_run: Run, *items: Value) -> Value:
    """Return the greatest argument."""
    return _extreme(items, 1)


def _extreme(items: Items, sign: int) -> Value:
    if not items:
        raise Trouble("an empty list has no least and no greatest item")
    best = items[0]
    for item in items:
        step = order(item, best)
        if step is None:
            raise Trouble(f"{kind_of(item)} and {kind_of(best)} have no order")
        best = item if step * sign > 0 else best
    return best


def _numbers(items: Items) -> list[Decimal]:
    numbers = [number_of(item) for item in items]
    if not numbers:
        raise Trouble("the list is empty")
    if any(number is None for number in numbers):
        raise Trouble("the list holds something else than numbers")
    return [number for number in numbers if number is not None]


def _sum(items: Items, run: Run) -> Value:
    if not items:
        raise Trouble("the list is empty")
    total: Value = items[0]
    for item in items[1:]:
        run.spend(1)
        total = add(total, item, run)
    if isinstance(total, str) or (
        number_of(total) is None and kind_of(total).value[-8:] != "duration"
    ):
        raise Trouble("sum() adds numbers and durations")
    return total


@feel("sum", "list: list")
def total(run: Run, items: Items) -> Value:
    """Add the numbers (or durations) of a list."""
    return _sum(items, run)


@feel("sum", "n...: any")
def total_of(run: Run, *items: Value) -> Value:
    """Add the arguments."""
    return _sum(items, run)


@feel("mean", "list: list")
def mean(run: Run, items: Items) -> Value:
    """Return the average."""
    return ARITHMETIC.divide(_total(items, run), Decimal(len(items)))


@feel("mean", "n...: any")
def mean_of(run: Run, *items: Value) -> Value:
    """Return the average of the arguments."""
    return ARITHMETIC.divide(_total(items, run), Decimal(len(items)))


def _total(items: Items, run: Run) -> Decimal:
    return number_of(_sum(_numbers(items), run)) or Decimal(0)


@feel("product", "list: list")
def product(run: Run, items: Items) -> Value:
    """Multiply the numbers of a list."""
    return _product(items, run)


@feel("product", "n...: any")
def product_of(run: Run, *items: Value) -> Value:
    """Multiply the arguments."""
    return _product(items, run)


def _product(items: Items, run: Run) -> Value:
    result: Value = Decimal(1)
    for number in _numbers(items):
        run.spend(1)
        result = multiply(result, number, run)
    return result


@feel("median", "list: list")
def median(_run: Run, items: Items) -> Value:
    """Return the middle number, or the average of the middle two."""
    return _median(items)


@feel("median", "n...: any")
def median_of(_run: Run, *items: Value) -> Value:
    """Return the middle argument, or the average of the middle two."""
    return _median(items)


def _median(items: Items) -> Value:
    numbers = sorted(_numbers(items))
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return ARITHMETIC.divide(ARITHMETIC.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@feel("stddev", "list: list")
def stddev(run: Run, items: Items) -> Value:
    """Return the standard deviation of a sample."""
    return _stddev(items, run)


@feel("stddev", "n...: any")
def stddev_of(run: Run, *items: Value) -> Value:
    """Return the standard deviation of the arguments."""
    return _stddev(items, run)


def _stddev(items: Items, run: Run) -> Value:
    numbers = _numbers(items)
    if len(numbers) < 2:
        raise Trouble("a deviation needs two numbers")
    average = ARITHMETIC.divide(_total(numbers, run), Decimal(len(numbers)))
    squares = Decimal(0)
    for number in numbers:
        run.spend(1)
        distance = ARITHMETIC.subtract(number, average)
        squares = ARITHMETIC.add(squares, ARITHMETIC.multiply(distance, distance))
    return ARITHMETIC.sqrt(ARITHMETIC.divide(squares, Decimal(len(numbers) - 1)))


@feel("mode", "list: list")
def mode(_run: Run, items: Items) -> Value:
    """Return the most frequent numbers, in ascending order."""
    return _mode(items)


@feel("mode", "n...: any")
def mode_of(_run: Run, *items: Value) -> Value:
    """Return the most frequent arguments, in ascending order."""
    if not items:
        raise Trouble("mode() takes a list or numbers")
    return _mode(items)


def _mode(items: Items) -> Value:
    if not items:
        return []
    counted = Counter(_numbers(items))
    most = max(counted.values())
    return sorted(number for number, times in counted.items() if times == most)


def _verdict(items: Items, decisive: bool) -> bool | None:
    result: bool | None = not decisive
    for item in items:
        if item is decisive:
            return decisive
        if item is not (not decisive):
            result = None
    return result


@feel("all", "list: list")
def every(_run: Run, items: Items) -> Value:
    """Say whether no item is false and all are true."""
    return _verdict(items, decisive=False)


@feel("all", "b...: any")
def every_of(_run: Run, *items: Value) -> Value:
    """Say whether all arguments are true."""
    return _verdict(_some(items), decisive=False)


@feel("any", "list: list")
def some(_run: Run, items: Items) -> Value:
    """Say whether an item is true."""
    return _verdict(items, decisive=True)


@feel("any", "b...: any")
def some_of(_run: Run, *items: Value) -> Value:
    """Say whether an argument is true."""
    return _verdict(_some(items), decisive=True)


def _some(items: Items) -> Items:
    if len(items) < 2:
        raise Trouble("this takes a list of booleans, or several")
    return items


@feel("sublist", "list: list, start position: number, length: number?")
def sublist(_run: Run, items: Items, start: Decimal, length: Decimal | None) -> Value:
    """Return the part from a position on (from the end if negative), to the end or of a length."""
    position = int(start)
    begin = position - 1 if position > 0 else len(items) + position
    if position == 0 or not 0 <= begin < len(items):
        raise Trouble("sublist(): the position lies outside")
    if length is None:
        return list(items[begin:])
    size = int(length)
    if size < 1 or begin + size > len(items):
        raise Trouble("sublist(): the length goes beyond the list")
    return list(items[begin : begin + size])


@feel("append", "list: list, item...: any")
def append(run: Run, items: Items, *more: Value) -> Value:
    """Return the list with items behind it."""
    run.bounded_list(len(items) + len(more))
    return [*items, *more]


@feel("concatenate", "list...: list")
def concatenate(run: Run, *lists: Items) -> Value:
    """Return the items of all lists in a row."""
    run.bounded_list(sum(len(items) for items in lists))
    return [item for items in lists for item in items]


@feel("union", "list...: list")
def union(run: Run, *lists: Items) -> Value:
    """Return the items of all lists, each once."""
    return _distinct([item for items in lists for item in items], run)


@feel("distinct values", "list: list")
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


@feel("duplicate values", "list: list")
def duplicate_values(run: Run, items: Items) -> Value:
    """Return the items that occur more than once (Camunda)."""
    kept: list[Value] = []
    for index, item in enumerate(items):
        is_again = any(_same(item, other, run) for other in items[:index])
        if is_again and not any(_same(item, other, run) for other in kept):
            kept.append(item)
    return kept


@feel("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: Items, position: Decimal, item: Value) -> Value:
    """Return the list with an item before a position, or behind its end."""
    index = len(items) if position == len(items) + 1 else _index(items, position)
    run.bounded_list(len(items) + 1)
    return [*items[:index], item, *items[index:]]


@feel("remove", "list: list, position: number")
def remove(_run: Run, items: Items, position: Decimal) -> Value:
    """Return the list without the item at a position."""
    index = _index(items, position)
    return [*items[:index], *items[index + 1 :]]


@feel("list replace", "list: list, position: number, newItem: any")
def list_replace(run: Run, items: Items, position: Decimal, item: Value) -> Value:
    """Return the list with another item at a position."""
    run.bounded_list(len(items))
    index = _index(items, position)
    return [*items[:index], item, *items[index + 1 :]]


@feel("list replace", "list: list, match: function, newItem: any")
def list_replace_where(run: Run, items: Items, match: Function, item: Value) -> Value:
    """Return the list with another item wherever a function of old and new item says so."""
    run.bounded_list(len(items))
    kept = []
    for old in items:
        verdict = invoke(match, [old, item], run)
        if not isinstance(verdict, bool):
            raise Trouble("list replace(): the function gave no boolean")
        kept.append(item if verdict else old)
    return kept


def _index(items: Items, position: Decimal) -> int:
    place = int(position)
    if place == 0 or abs(place) > len(items):
        raise Trouble(f"there is no position {place} in a list of {len(items)}")
    return place - 1 if place > 0 else len(items) + place


@feel("reverse", "list: list")
def reverse(run: Run, items: Items) -> Value:
    """Return the list backwards."""
    run.bounded_list(len(items))
    return list(reversed(items))


@feel("index of", "list: list, match: any")
def index_of(run: Run, items: Items, match: Value) -> Value:
    """Return the positions at which a value stands."""
    return [Decimal(n) for n, item in enumerate(items, 1) if _same(item, match, run)]


@feel("flatten", "list: list")
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


@feel("sort", "list: list, precedes: function")
def sort(run: Run, items: Items, precedes: Function) -> Value:
    """Return the list in the order that a function of two items describes."""

    def place(one: Value, other: Value) -> int:
        if invoke(precedes, [one, other], run) is True:
            return -1
        return 1 if invoke(precedes, [other, one], run) is True else 0

    run.bounded_list(len(items))
    return sorted(items, key=cmp_to_key(place))


@feel("sort", "list: list")
def sort_plain(run: Run, items: Items) -> Value:
    """Return numbers, texts or moments in ascending order."""

    def place(one: Value, other: Value) -> int:
        run.spend(1)
        sign = order(one, other)
        if sign is None:
            raise Trouble(f"{kind_of(one)} and {kind_of(other)} have no order")
        return sign

    run.bounded_list(len(items))
    return sorted(items, key=cmp_to_key(place))


@feel("partition", "list: list, size: number")
def partition(run: Run, items: Items, size: Decimal) -> Value:
    """Cut the list into lists of a size (Camunda)."""
    if size < 1:
        raise Trouble("partition(): the size is at least 1")
    run.bounded_list(len(items))
    step = int(size)
    return [list(items[at : at + step]) for at in range(0, len(items), step)]


@feel("is empty", "list: list")
def is_empty(_run: Run, items: Items) -> Value:
    """Say whether the list has no items (Camunda)."""
    return not items
