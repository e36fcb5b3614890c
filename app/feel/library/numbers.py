"""Built-in functions of numbers. Source: OMG DMN 1.5, 10.3.4.5."""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
)

from app.feel import temporal
from app.feel.errors import Trouble
from app.feel.library.registry import feel
from app.feel.moments import YearsMonths, nanos_of
from app.feel.operators import ARITHMETIC
from app.feel.run import Run
from app.feel.values import Value

_MAX_SCALE = 6176


def _scaled(number: Decimal, scale: Decimal, rounding: str) -> Decimal:
    places = int(scale)
    if not -6111 <= places <= _MAX_SCALE:
        raise Trouble("the scale is out of bounds")
    if -number.as_tuple().exponent <= places:  # type: ignore[operator]
        return number
    wide = Context(prec=7000, rounding=rounding, Emin=-9999, Emax=9999)
    result = number.quantize(Decimal(1).scaleb(-places, context=wide), context=wide)
    return ARITHMETIC.plus(result)


def _rounding(name: str, mode: str, *, is_scale_optional: bool) -> None:
    def rounded(_run: Run, number: Decimal, scale: Decimal | None) -> Value:
        return _scaled(number, scale or Decimal(0), mode)

    feel(name, f"n: number, scale: number{'?' if is_scale_optional else ''}", returns="number")(
        rounded
    )


_rounding("decimal", ROUND_HALF_EVEN, is_scale_optional=False)
_rounding("round up", ROUND_UP, is_scale_optional=False)
_rounding("round down", ROUND_DOWN, is_scale_optional=False)
_rounding("round half up", ROUND_HALF_UP, is_scale_optional=False)
_rounding("round half down", ROUND_HALF_DOWN, is_scale_optional=False)


@feel("floor", "n: number", returns="number")
def floor(_run: Run, number: Decimal) -> Value:
    """Round down to a whole number."""
    return _scaled(number, Decimal(0), ROUND_FLOOR)


@feel("floor", "n: number, scale: number", returns="number")
def floor_to(_run: Run, number: Decimal, scale: Decimal) -> Value:
    """Round down to decimal places."""
    return _scaled(number, scale, ROUND_FLOOR)


@feel("ceiling", "n: number", returns="number")
def ceiling(_run: Run, number: Decimal) -> Value:
    """Round up to a whole number."""
    return _scaled(number, Decimal(0), ROUND_CEILING)


@feel("ceiling", "n: number, scale: number", returns="number")
def ceiling_to(_run: Run, number: Decimal, scale: Decimal) -> Value:
    """Round up to decimal places."""
    return _scaled(number, scale, ROUND_CEILING)


@feel("abs", "n: number|days and time duration|years and months duration", returns="like n")
def absolute(_run: Run, value: Value) -> Value:
    """Return a number or a duration without its sign."""
    if isinstance(value, Decimal):
        return abs(value)
    is_negative = (
        value.total_months < 0 if isinstance(value, YearsMonths) else nanos_of(value) < 0  # type: ignore[arg-type]
    )
    return temporal.multiply(value, Decimal(-1)) if is_negative else value


@feel("modulo", "dividend: number, divisor: number", returns="number")
def modulo(_run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    """Return the remainder, which has the sign of the divisor."""
    if divisor == 0:
        raise Trouble("division by zero")
    return _finite(lambda: _modulo(dividend, divisor))


def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    rest = ARITHMETIC.remainder(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = ARITHMETIC.add(rest, divisor)
    return rest


@feel("sqrt", "number: number", returns="number")
def sqrt(_run: Run, number: Decimal) -> Value:
    """Return the square root."""
    return _finite(lambda: ARITHMETIC.sqrt(number))


@feel("log", "number: number", returns="number")
def log(_run: Run, number: Decimal) -> Value:
    """Return the natural logarithm."""
    if number <= 0:
        raise Trouble("only positive numbers have a logarithm")
    return _finite(lambda: ARITHMETIC.ln(number))


@feel("exp", "number: number", returns="number")
def exp(_run: Run, number: Decimal) -> Value:
    """Return e to the power of a number."""
    return _finite(lambda: ARITHMETIC.exp(number))


def _finite(calculate: Callable[[], Decimal]) -> Decimal:
    try:
        return calculate()
    except DecimalException:
        raise Trouble("the number has no such result") from None


def _remainder_of_two(number: Decimal) -> Decimal:
    return abs(_finite(lambda: ARITHMETIC.remainder(number, Decimal(2))))


@feel("odd", "number: number", returns="boolean")
def odd(_run: Run, number: Decimal) -> Value:
    """Say whether a whole number is odd."""
    return _remainder_of_two(number) == 1


@feel("even", "number: number", returns="boolean")
def even(_run: Run, number: Decimal) -> Value:
    """Say whether a whole number is even."""
    return _remainder_of_two(number) == 0
