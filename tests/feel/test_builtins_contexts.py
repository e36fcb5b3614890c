"""Functions of contexts, and how any function is called, row by row.

Source: OMG DMN 1.5, 10.3.4.10; calls 10.3.2.9.4 and 10.3.2.13.6.
"""

import pytest

from tests.feel.rows import assert_worth, params

# A list of keys is Camunda's.
GET_VALUE = [
    ('get value({key1: "value1"}, "key1")', '"value1"'),
    ('get value({key1: "value1"}, "x")', "null"),
    ('get value({a: {b: 5}}, ["a","b"])', "5"),
    ('get value({a: {b: 5}}, ["a"])', "{b: 5}"),
    ("get value({a: 1}, null)", "null"),
    ("get value({a: 1}, [])", "null"),
    ('get value(null, "a")', "null"),
    ("get value({a:1}, 5)", "null"),
    ('get value(m: {a:1}, key: "a")', "1"),
    ('get value(context: {a:1}, key: "a")', "null"),
    ('get value([{a:1}], "a")', "1"),
]
GET_ENTRIES = [
    ("get entries({a: 1, b: 2})", '[{key: "a", value: 1}, {key: "b", value: 2}]'),
    ("get entries({})", "[]"),
    ("get entries(null)", "null"),
    ("get entries(m: {a:1})", '[{key: "a", value: 1}]'),
]
CONTEXT = [
    ('context([{key:"a", value:1}, {key:"b", value:2}])', "{a: 1, b: 2}"),
    ('context([{key:"a", value:1}, {key:"a", value:2}])', "null"),
    ('context([{key:"a", value:1, foo: 1}])', "{a: 1}"),
    ('context([{key:"a"}])', "null"),
    ("context([{value:1}])", "null"),
    ("context([{key:1, value:1}])", "null"),
    ("context([{key:null, value:1}])", "null"),
    ('context([{key:"a", value:null}])', "{a: null}"),
    ("context([])", "{}"),
    ("context(null)", "null"),
    ('context({key:"a", value:1})', "{a: 1}"),
    ("context([null])", "null"),
    ("context([1])", "null"),
    ('context(entries: [{key:"a", value:1}])', "{a: 1}"),
]
CONTEXT_PUT = [
    ('context put({x:1}, "y", 2)', "{x: 1, y: 2}"),
    ('context put({x:1, y:0}, "y", 2)', "{x: 1, y: 2}"),
    ('context put({x:1, y: {a: 0}}, ["y","a"], 2)', "{x: 1, y: {a: 2}}"),
    ('context put({x:1}, ["y","a"], 2)', "null"),
    ('context put({x:1}, ["y"], 2)', "{x: 1, y: 2}"),
    ("context put({x:1}, [], 2)", "null"),
    ("context put({x:1}, null, 2)", "null"),
    ("context put({x:1}, [null], 2)", "null"),
    ('context put({x:1}, ["x", 1], 2)', "null"),
    ('context put({x:1}, ["x","y"], 2)', "null"),
    ('context put(null, "x", 1)', "null"),
    ('context put({x:1}, "x", null)', "{x: null}"),
    ('context put({}, "x", 1)', "{x: 1}"),
    ("context put({x:1}, 5, 1)", "null"),
    ('context put({x:1}, "", 1)', '{x: 1, "": 1}'),
    ('context put(context: {x:1}, key: "y", value: 2)', "{x: 1, y: 2}"),
    ('context put(context: {x:1}, keys: ["y"], value: 2)', "{x: 1, y: 2}"),
    ('context put([{x:1}], "y", 2)', "{x: 1, y: 2}"),
    ('context put({x:1}, "y")', "null"),
]
CONTEXT_MERGE = [
    ("context merge([{x:1}, {y:2}])", "{x: 1, y: 2}"),
    ("context merge([{x:1,y:0}, {y:2}])", "{x: 1, y: 2}"),
    ("context merge([{x:{a:1}}, {x:{b:2}}])", "{x: {b: 2}}"),
    ("context merge([])", "{}"),
    ("context merge({x:1})", "{x: 1}"),
    ("context merge(null)", "null"),
    ("context merge([{x:1}, null])", "null"),
    ("context merge([{x:1}, 1])", "null"),
    ("context merge(contexts: [{x:1}])", "{x: 1}"),
    ("context merge([{x:1}],[{y:2}])", "null"),
]
LIST_CONTAINS = [
    ("list contains(list: [1], foo: 1)", "null"),
    ("list contains(list: [1], element: 1, foo: 2)", "null"),
]
STRING_LENGTH = [
    ('string length(str: "a")', "null"),
    ('string length("a", "b")', "null"),
    ("string length()", "null"),
    ("string length([null])", "null"),
]
MAX = [
    ("max(list: [1,2])", "2"),
    ("max(c1: 1)", "null"),
]
# Only what has an order has a least item: no booleans, no lists, no nulls.
MIN = [
    ("min(c: 1)", "1"),
    ("min(c1: 1, c2: 2)", "null"),
]
# The standard adds numbers; durations of one kind add up here too.
SUM = [
    ("sum(n1: 1, n2: 2)", "null"),
    ("sum(list: [1,2])", "3"),
]
MODE = [
    ("mode(list: [1,2])", "[1, 2]"),
]
# Three-valued: null is unknown, anything else that is no boolean makes the result null.
ALL = [
    ("all(list: [true])", "true"),
]
ANY = [
    ("any(b: true)", "true"),
]
CONCATENATE = [
    ("concatenate(list: [1])", "[1]"),
    ("concatenate(list1: [1], list2: [2])", "null"),
]
APPEND = [
    ("append(list: [1], item: 1, item: 2)", "null"),
]
OPERATORS = [
    ('(function(x: number) x)("a")', "null"),
    ("(function(x: number) x)(x: [5])", "5"),
    ("(function(x: list<number>) x)(5)", "[5]"),
    ('(function(x: date and time) x)(@"2020-01-01")', '@"2020-01-01T00:00:00Z"'),
    ("(function(x, y) x + y)(1)", "null"),
    ("(function(x) x)(y: 1)", "null"),
    ("(function(x) x)(1, 2)", "null"),
]
ABS = [
    ("abs(n: 1, n: 2)", "null"),
    ("abs([[-1]])", "null"),
]
CONTAINS = [
    ('contains(["a"], "a")', "true"),
]
# Offsets, week dates and day numbers are no dates of XML Schema; a part that is no whole
# number is refused, where some engines cut it off.
DATE = [
    ('date([@"2020-01-01"])', '@"2020-01-01"'),
]
DAY_OF_WEEK = [
    ('day of week(["2020-01-01"])', "null"),
]
# A date alone becomes its UTC midnight (10.3.2.9.4); a text that is a date its local one.
DATE_AND_TIME = [
    ('date and time(["2020-01-01T00:00:00"])', '@"2020-01-01T00:00:00"'),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    params(
        GET_VALUE,
        GET_ENTRIES,
        CONTEXT,
        CONTEXT_PUT,
        CONTEXT_MERGE,
        LIST_CONTAINS,
        STRING_LENGTH,
        MAX,
        MIN,
        SUM,
        MODE,
        ALL,
        ANY,
        CONCATENATE,
        APPEND,
        OPERATORS,
        ABS,
        CONTAINS,
        DATE,
        DAY_OF_WEEK,
        DATE_AND_TIME,
    ),
)
def test_call_is_worth(text: str, expected: str) -> None:
    assert_worth(text, expected)
