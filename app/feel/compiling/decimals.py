"""The arithmetic of numbers: 34 digits, ties to even, as IEEE 754 decimal128 has it.

Everything that computes with numbers goes through `ARITHMETIC`, never through Python's own
operators, which would round to another precision. Source: OMG DMN 1.5, 10.3.2.3.1.
"""

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

MAX_EXPONENT = 6144
"""The greatest power of ten a number reaches."""

ARITHMETIC = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=1 - MAX_EXPONENT,
    Emax=MAX_EXPONENT,
    traps=[Overflow, InvalidOperation, DivisionByZero],
)

_EXACT = Context(prec=12_400, Emin=-20_000, Emax=20_000, traps=[InvalidOperation])


def remainder(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return what is left of a division that rounds down, exactly, with the sign of the divisor."""
    rest = _EXACT.remainder(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = _EXACT.add(rest, divisor)
    return ARITHMETIC.plus(rest)
