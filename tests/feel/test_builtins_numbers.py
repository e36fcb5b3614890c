"""Functions of numbers, row by row. Source: OMG DMN 1.5, 10.3.4.5; arithmetic 10.3.2.3.1."""

import pytest

from tests.feel.rows import assert_worth, params

# A scale that is no whole number is cut off, as the reference engines do.
DECIMAL = [
    ("decimal(1/3, 2)", "0.33"),
    ("decimal(1.5, 0)", "2"),
    ("decimal(2.5, 0)", "2"),
    ("decimal(-2.5, 0)", "-2"),
    ("decimal(0.515, 2)", "0.52"),
    ("decimal(0.525, 2)", "0.52"),
    ("decimal(1115.1, -1)", "1120"),
    ("decimal(1.25, 1.9)", "1.2"),
    ("decimal(1, 6176)", "1"),
    ("decimal(1, 6177)", "null"),
    ("decimal(1, -6111)", "0"),
    ("decimal(1, -6112)", "null"),
    ("decimal(n: 1.234, scale: 2)", "1.23"),
    ("decimal(scale: 2, n: 1.234)", "1.23"),
    ("decimal(1, null)", "null"),
    ("decimal(null, 1)", "null"),
    ('decimal("1", 1)', "null"),
    ("decimal(1)", "null"),
    ("decimal(1, 2, 3)", "null"),
    ("decimal([1.26], 1)", "1.3"),
    ("decimal(1.256, 1.9)", "1.3"),
    ("decimal(125, -1.9)", "120"),
    ("decimal(1.256, null)", "null"),
]
FLOOR_AND_CEILING = [
    ("floor(1.5)", "1"),
    ("floor(-1.5)", "-2"),
    ("floor(-1.56, 1)", "-1.6"),
    ("floor(155, -1)", "150"),
    ("floor(n: 1.5)", "1"),
    ("floor(n: 1.56, scale: 1)", "1.5"),
    ("floor(1.5, null)", "null"),
    ("floor(1.5, 6177)", "null"),
    ("floor(null)", "null"),
    ('floor("1.5")', "null"),
    ("floor()", "null"),
    ("ceiling(1.5)", "2"),
    ("ceiling(-1.5)", "-1"),
    ("string(ceiling(-0.5))", '"0"'),
    ("ceiling(1.56, 1)", "1.6"),
    ("ceiling(-1.56, 1)", "-1.5"),
    ("ceiling(151, -2)", "200"),
    ("ceiling(null)", "null"),
    ("floor(1e40)", "1e40"),
]
# The standard gives the four roundings two parameters; none has a scale of its own.
ROUNDING = [
    ("round up(5.5, 0)", "6"),
    ("round up(-5.5, 0)", "-6"),
    ("round up(1.121, 2)", "1.13"),
    ("round up(-1.126, 2)", "-1.13"),
    ("round up(1.1)", "null"),
    ("round up(1.1, null)", "null"),
    ("round up(1.1, 7000)", "null"),
    ("round down(5.5, 0)", "5"),
    ("round down(-5.5, 0)", "-5"),
    ("round down(1.126, 2)", "1.12"),
    ("round down(n: 1.126, scale: 2)", "1.12"),
    ("round half up(5.5, 0)", "6"),
    ("round half up(-5.5, 0)", "-6"),
    ("round half up(1.126, 2)", "1.13"),
    ("round half up(2.5, 0)", "3"),
    ("round half down(5.5, 0)", "5"),
    ("round half down(-5.5, 0)", "-5"),
    ("round half down(1.126, 2)", "1.13"),
    ("round half down(1.125, 2)", "1.12"),
    ("round half down(null, 0)", "null"),
]
ABS = [
    ("abs(10)", "10"),
    ("abs(-10)", "10"),
    ("abs(n: -1)", "1"),
    ("abs(-1.234567890123456789012345678901234)", "1.234567890123456789012345678901234"),
    ('abs(@"-PT5H")', '@"PT5H"'),
    ('abs(@"PT5H")', '@"PT5H"'),
    ('abs(@"-P1Y3M")', '@"P1Y3M"'),
    ('abs(@"2026-01-01")', "null"),
    ('abs("-1")', "null"),
    ("abs(null)", "null"),
    ("abs([-1])", "1"),
    ("abs([-1, -2])", "null"),
]
# dividend - divisor * floor(dividend / divisor), calculated exactly.
MODULO = [
    ("modulo(12, 5)", "2"),
    ("modulo(-12, 5)", "3"),
    ("modulo(12, -5)", "-3"),
    ("modulo(-12, -5)", "-2"),
    ("modulo(10.1, 4.5)", "1.1"),
    ("modulo(-10.1, 4.5)", "3.4"),
    ("modulo(10.1, -4.5)", "-3.4"),
    ("modulo(-10.1, -4.5)", "-1.1"),
    ("modulo(0, 5)", "0"),
    ("modulo(1e40, 3)", "1"),
    ("modulo(5, 3e-40)", "2e-40"),
    ("modulo(1, 0)", "null"),
    ("modulo(null, 1)", "null"),
    ("modulo(dividend: 5, divisor: 3)", "2"),
    ('modulo("5", 3)', "null"),
]
ROOTS_AND_POWERS = [
    ("sqrt(16)", "4"),
    ("sqrt(2)", "1.414213562373095048801688724209698"),
    ("sqrt(0)", "0"),
    ("sqrt(-1)", "null"),
    ("sqrt(number: 4)", "2"),
    ("sqrt(null)", "null"),
    ("log(1)", "0"),
    ("log(10)", "2.302585092994045684017991454684364"),
    ("log(0)", "null"),
    ("log(-1)", "null"),
    ("log(number: 1)", "0"),
    ("exp(0)", "1"),
    ("exp(5)", "148.4131591025766034211155800405523"),
    ("exp(20000)", "null"),
    ("exp(-20000)", "0"),
    ("exp(null)", "null"),
]
# What is no whole number is neither odd nor even: the standard says nothing, the engines differ.
ODD_AND_EVEN = [
    ("odd(5)", "true"),
    ("odd(-5)", "true"),
    ("odd(2)", "false"),
    ("odd(0)", "false"),
    ("odd(1.5)", "false"),
    ("odd(number: 3)", "true"),
    ("odd(null)", "null"),
    ('odd("5")', "null"),
    ("even(2)", "true"),
    ("even(-2)", "true"),
    ("even(0)", "true"),
    ("even(5)", "false"),
    ("even(1.5)", "false"),
    ("even(1e40)", "true"),
    ("even(null)", "null"),
]
ARITHMETIC = [
    ("1 / 3", "0.3333333333333333333333333333333333"),
    ("0.1 + 0.2", "0.3"),
    ("string(12345678901234567890123456789012345)", '"12345678901234567890123456789012340"'),
    ("12345678901234567890123456789012345 = 12345678901234567890123456789012344", "true"),
    ("10 ** 6145", "null"),
    ("2 ** -1", "0.5"),
    ("2 ** 0.5", "1.414213562373095048801688724209698"),
    ("(-8) ** (1/3)", "null"),
    ("0 ** 0", "1"),
    ("0 ** -1", "null"),
    ("1 / 0", "null"),
    ("-1 ** 2", "1"),
    ("string(1 - 1.0)", '"0"'),
    ("string(-0)", '"0"'),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    params(DECIMAL, FLOOR_AND_CEILING, ROUNDING, ABS, MODULO, ROOTS_AND_POWERS, ODD_AND_EVEN),
)
def test_function_of_numbers_is_worth(text: str, expected: str) -> None:
    assert_worth(text, expected)


@pytest.mark.parametrize(("text", "expected"), params(ARITHMETIC))
def test_numbers_keep_34_digits(text: str, expected: str) -> None:
    assert_worth(text, expected)
