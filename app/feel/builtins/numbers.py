"""Built-in functions of numbers. Source: OMG DMN 1.5, 10.3.4.5."""

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

from app.feel.builtins.registry import feel
from app.feel.compiling.decimals import ARITHMETIC, remainder
from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.temporal import arithmetic as temporal
from app.feel.temporal.moments import YearsMonths, nanos_of
from app.feel.values import Value

_MIN_SCALE, _MAX_SCALE = -6111, 6176


def _scaled(number: Decimal, scale: Decimal, rounding: str) -> Decimal:
    places = int(scale)
    if not _MIN_SCALE <= places <= _MAX_SCALE:
        raise Trouble(f"the scale lies between {_MIN_SCALE} and {_MAX_SCALE}")
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
        return ARITHMETIC.abs(value)
    is_negative = (
        value.total_months < 0 if isinstance(value, YearsMonths) else nanos_of(value) < 0  # type: ignore[arg-type]
    )
    return temporal.multiply(value, Decimal(-1)) if is_negative else value


@feel("modulo", "dividend: number, divisor: number", returns="number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    """Return the remainder, which has the sign of the divisor."""
    if divisor == 0:
        raise Trouble("the divisor is zero")
    run.spend(20)
    return remainder(dividend, divisor)


@feel("sqrt", "number: number", returns="number")
def sqrt(run: Run, number: Decimal) -> Value:
    """Return the square root."""
    run.spend(60)
    if number < 0:
        raise Trouble("a negative number has no square root")
    return ARITHMETIC.sqrt(number)


@feel("log", "number: number", returns="number")
def log(run: Run, number: Decimal) -> Value:
    """Return the natural logarithm."""
    run.spend(60)
    if number <= 0:
        raise Trouble("only positive numbers have a logarithm")
    return ARITHMETIC.ln(number)


@feel("exp", "number: number", returns="number")
def exp(run: Run, number: Decimal) -> Value:
    """Return e to the power of a number."""
    run.spend(60)
    try:
        return ARITHMETIC.exp(number)
    except DecimalException:
        raise Trouble("the result is out of bounds") from None


@feel("odd", "number: number", returns="boolean")
def odd(_run: Run, number: Decimal) -> Value:
    """Say whether a whole number is odd."""
    return remainder(number, Decimal(2)) == 1


@feel("even", "number: number", returns="boolean")
def even(_run: Run, number: Decimal) -> Value:
    """Say whether a whole number is even."""
    return remainder(number, Decimal(2)) == 0
