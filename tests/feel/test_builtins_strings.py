"""Functions of strings, row by row. Source: OMG DMN 1.5, 10.3.4.3."""

import pytest

from tests.feel.rows import assert_worth, params

# A length that reaches beyond the end stops there; positions that are no whole number are cut.
SUBSTRING = [
    ('substring("foobar", 3)', '"obar"'),
    ('substring("foobar", 3, 3)', '"oba"'),
    ('substring("foobar", -2, 1)', '"a"'),
    ('substring("foobar", 0)', "null"),
    ('substring("foobar", 7)', "null"),
    ('substring("foobar", -7)', "null"),
    ('substring("foobar", 3, 10)', '"obar"'),
    ('substring("foobar", 3, 0)', "null"),
    ('substring("foobar", 3, -1)', "null"),
    ('substring("foobar", 3.8)', '"obar"'),
    ('substring("foobar", 3.8, 1.5)', '"o"'),
    ('substring("foobar", 3, null)', '"obar"'),
    ('substring("foobar", -1.5)', '"r"'),
    ('substring("foobar", 0.5)', "null"),
    ('substring("foobar", 1, 0.5)', "null"),
    ('substring("", 1)', "null"),
    ("substring(null, 1)", "null"),
    ('substring("foobar", null)', "null"),
    ('substring("foobar", "3")', "null"),
    ('substring(string: "foobar", start position: 3)', '"obar"'),
    ('substring(string: "foobar", start position: 3, length: 2)', '"ob"'),
    ('substring("\\U01F40Eab", 2)', '"ab"'),
]
STRING_LENGTH = [
    ('string length("")', "0"),
    ('string length("\\U01F40Eab")', "3"),
    ("string length(null)", "null"),
    ("string length(5)", "null"),
    ('string length(["abc"])', "3"),
]
UPPER_CASE = [
    ('upper case("aBc4")', '"ABC4"'),
    ("upper case(null)", "null"),
    ('upper case(["a"])', '"A"'),
    ('upper case("ß")', '"SS"'),
]
LOWER_CASE = [
    ('lower case("İ")', '"i̇"'),
    ('lower case("ABC")', '"abc"'),
]
SUBSTRING_BEFORE = [
    ('substring before("foobar", "bar")', '"foo"'),
    ('substring before("foobar", "xyz")', '""'),
    ('substring before("foobar", "")', '""'),
    ('substring before("", "")', '""'),
    ('substring before(null, "a")', "null"),
]
SUBSTRING_AFTER = [
    ('substring after("foobar", "ob")', '"ar"'),
    ('substring after("foobar", "xyz")', '""'),
    ('substring after("foobar", "")', '"foobar"'),
    ('substring after("", "a")', '""'),
    ('substring after("", "")', '""'),
    ('substring after(string: "foobar", match: "o")', '"obar"'),
]
CONTAINS = [
    ('contains("foobar", "of")', "false"),
    ('contains("foobar", "")', "true"),
    ('contains("", "")', "true"),
    ('contains(null, "a")', "null"),
    ('contains("a", null)', "null"),
]
STARTS_WITH = [
    ('starts with("foobar", "fo")', "true"),
    ('starts with("foobar", "")', "true"),
]
ENDS_WITH = [
    ('ends with("foobar", "r")', "true"),
    ('ends with("foobar", "")', "true"),
]
MATCHES = [
    ('matches("foobar", "^fo*b")', "true"),
    ('matches("foobar", "^Fo*bar", "i")', "true"),
    ('matches("foobar", "[")', "null"),
    ('matches("foobar", null)', "null"),
    ('matches("foobar", "f", null)', "true"),
    ('matches("foobar", "f", "")', "true"),
    ('matches("foobar", "f", "p")', "null"),
    ('matches("a\\nb", "a.b", "s")', "true"),
    ('matches("a\\nb", "^b", "m")', "true"),
    ('matches("a b", "a\\sb")', "true"),
    ('matches("hello world", "hello\\ sworld", "x")', "true"),
    ('matches("a.b", "a.b", "q")', "true"),
    ('matches(input: "abc", pattern: "b")', "true"),
    ('matches(input: "abc", pattern: "B", flags: "i")', "true"),
    ('matches("abc", "")', "true"),
]
# XPath refuses a pattern that matches the empty text, and a $ without a digit.
REPLACE = [
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '"[1=ab][2=]cd"'),
    ('replace("banana", "a", "o")', '"bonono"'),
    ('replace("banana", "(an)", "<$1>")', '"b<an><an>a"'),
    ('replace("abc", "B", "x", "i")', '"axc"'),
    ('replace("abc", "b", "")', '"ac"'),
    ('replace("abc", "b", "$0$0")', '"abbc"'),
    ('replace("abc", "b", "\\$")', '"a$c"'),
    ('replace("abc", "b", "$")', "null"),
    ('replace("abc", "(b)", "$12")', '"ab2c"'),
    ('replace("abc", "x*", "-")', "null"),
    ('replace("abc", null, "x")', "null"),
    ('replace("abc", "b", null)', "null"),
    ('replace("abc", "b", "x", null)', '"axc"'),
    ('replace("abc", "b", "x", "")', '"axc"'),
    ('replace(input: "abc", pattern: "b", replacement: "x")', '"axc"'),
    ('replace("a.b", ".", "x", "q")', '"axb"'),
    ('replace(null, "b", "x")', "null"),
]
# The standard does not say what an empty pattern does: here it cuts nowhere.
SPLIT = [
    ('split("John Doe", "\\s")', '["John", "Doe"]'),
    ('split("a;b;c;;", ";")', '["a", "b", "c", "", ""]'),
    ('split("", ";")', '[""]'),
    ('split("abc", "")', '["abc"]'),
    ('split(null, ";")', "null"),
    ('split("abc", null)', "null"),
    ('split("a1b2", "\\d")', '["a", "b", ""]'),
    ('split(string: "a;b", delimiter: ";")', '["a", "b"]'),
    ('split("a.b", ".")', '["", "", "", ""]'),
    ('split("abc", "[")', "null"),
]
# Prefix and suffix are Drools'; the standard has list and delimiter.
STRING_JOIN = [
    ('string join(["a","b","c"], "_and_")', '"a_and_b_and_c"'),
    ('string join(["a","b","c"], "")', '"abc"'),
    ('string join(["a","b","c"], null)', '"abc"'),
    ('string join(["a"], "X")', '"a"'),
    ('string join(["a",null,"c"], "X")', '"aXc"'),
    ('string join([], "X")', '""'),
    ('string join(["a","b","c"])', '"abc"'),
    ("string join([null])", '""'),
    ('string join(null, ",")', "null"),
    ('string join("a", ",")', '"a"'),
    ('string join([1,2], ",")', "null"),
    ('string join(["a"], 1)', "null"),
    ('string join(list: ["a","b"], delimiter: ",")', '"a,b"'),
    ('string join(list: ["a","b"])', '"ab"'),
    ('string join(["a","b"], ",", "<", ">")', '"<a,b>"'),
    ('string join(["a","b"], ",", "<")', "null"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    params(
        SUBSTRING,
        STRING_LENGTH,
        UPPER_CASE,
        LOWER_CASE,
        SUBSTRING_BEFORE,
        SUBSTRING_AFTER,
        CONTAINS,
        STARTS_WITH,
        ENDS_WITH,
        MATCHES,
        REPLACE,
        SPLIT,
        STRING_JOIN,
    ),
)
def test_function_of_strings_is_worth(text: str, expected: str) -> None:
    assert_worth(text, expected)
