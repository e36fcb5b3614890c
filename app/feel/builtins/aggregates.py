"""Built-in functions that reduce a list to one value. Source: OMG DMN 1.5, 10.3.4.4."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from app.feel.builtins.registry import feel
from app.feel.compiling.decimals import ARITHMETIC
from app.feel.compiling.operators import add, multiply, order
from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.values import Kind, Value, kind_of, number_of, told

Items = Sequence[Value]


@feel("min", "list: list", returns="item of list")
def minimum(run: Run, items: Items) -> Value:
    """Return the least item; of none, null."""
    return _extreme(items, -1, run)


@feel("min", "c...: any", returns="like c")
def minimum_of(run: Run, *items: Value) -> Value:
    """Return the least argument."""
    return _extreme(items, -1, run)


@feel("max", "list: list", returns="item of list")
def maximum(run: Run, items: Items) -> Value:
    """Return the greatest item; of none, null."""
    return _extreme(items, 1, run)


@feel("max", "c...: any", returns="like c")
def maximum_of(run: Run, *items: Value) -> Value:
    """Return the greatest argument."""
    return _extreme(items, 1, run)


def _extreme(items: Items, sign: int, run: Run) -> Value:
    if not items:
        raise Trouble("the list is empty")
    run.spend(2 * len(items))
    best = items[0]
    for item in items:
        step = order(item, best, run)
        if step is None:
            raise Trouble(f"{told(best)} and {told(item)} have no order")
        best = item if step * sign > 0 else best
    return best


def _numbers(items: Items) -> list[Decimal]:
    numbers = [number_of(item) for item in items]
    if not numbers:
        raise Trouble("the list is empty")
    if any(number is None for number in numbers):
        raise Trouble("something in the list is no number")
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
        raise Trouble("only numbers or durations of one kind add up")
    return total


@feel("sum", "list: list", returns="item of list")
def total(run: Run, items: Items) -> Value:
    """Add the numbers (or durations) of a list."""
    return _sum(items, run)


@feel(
    "sum",
    "n...: number|days and time duration|years and months duration",
    returns="like n",
)
def total_of(run: Run, *items: Value) -> Value:
    """Add the arguments."""
    return _sum(items, run)


@feel("mean", "list: list", returns="number")
def mean(run: Run, items: Items) -> Value:
    """Return the average."""
    return ARITHMETIC.divide(_total(items, run), Decimal(len(items)))


@feel("mean", "n...: number", returns="number")
def mean_of(run: Run, *items: Value) -> Value:
    """Return the average of the arguments."""
    return ARITHMETIC.divide(_total(items, run), Decimal(len(items)))


def _total(items: Items, run: Run) -> Decimal:
    return number_of(_sum(_numbers(items), run)) or Decimal(0)


@feel("product", "list: list", returns="number")
def product(run: Run, items: Items) -> Value:
    """Multiply the numbers of a list."""
    return _product(items, run)


@feel("product", "n...: number", returns="number")
def product_of(run: Run, *items: Value) -> Value:
    """Multiply the arguments."""
    return _product(items, run)


def _product(items: Items, run: Run) -> Value:
    result: Value = Decimal(1)
    for number in _numbers(items):
        run.spend(1)
        result = multiply(result, number, run)
    return result


@feel("median", "list: list", returns="number")
def median(run: Run, items: Items) -> Value:
    """Return the middle number, or the average of the middle two."""
    return _median(items, run)


@feel("median", "n...: number", returns="number")
def median_of(run: Run, *items: Value) -> Value:
    """Return the middle argument, or the average of the middle two."""
    return _median(items, run)


def _median(items: Items, run: Run) -> Value:
    run.spend(2 * len(items))
    numbers = sorted(_numbers(items))
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return ARITHMETIC.divide(ARITHMETIC.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@feel("stddev", "list: list", returns="number")
def stddev(run: Run, items: Items) -> Value:
    """Return the standard deviation of a sample."""
    return _stddev(items, run)


@feel("stddev", "n...: number", returns="number")
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


@feel("mode", "list: list", returns="list<number>")
def mode(run: Run, items: Items) -> Value:
    """Return the most frequent numbers, in ascending order."""
    return _mode(items, run)


@feel("mode", "n...: number", returns="list<number>")
def mode_of(run: Run, *items: Value) -> Value:
    """Return the most frequent arguments, in ascending order."""
    if not items:
        raise Trouble("mode() takes a list or numbers")
    return _mode(items, run)


def _mode(items: Items, run: Run) -> Value:
    run.spend(4 * len(items))
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
    if any(kind_of(item) not in {Kind.BOOLEAN, Kind.NULL} for item in items):
        raise Trouble("something in the list is no boolean")
    return result


@feel("all", "list: list", returns="boolean")
def every(_run: Run, items: Items) -> Value:
    """Say whether no item is false and all are true."""
    return _verdict(items, decisive=False)


@feel("all", "b...: any", returns="boolean")
def every_of(_run: Run, *items: Value) -> Value:
    """Say whether all arguments are true."""
    return _verdict(_some(items), decisive=False)


@feel("any", "list: list", returns="boolean")
def some(_run: Run, items: Items) -> Value:
    """Say whether an item is true."""
    return _verdict(items, decisive=True)


@feel("any", "b...: any", returns="boolean")
def some_of(_run: Run, *items: Value) -> Value:
    """Say whether an argument is true."""
    return _verdict(_some(items), decisive=True)


def _some(items: Items) -> Items:
    if not items or (len(items) == 1 and items[0] is None):
        raise Trouble("booleans are wanted, in a list or one by one")
    return items
