"""Functions of lists, row by row. Source: OMG DMN 1.5, 10.3.4.4 and 10.3.4.8."""

import pytest

from tests.feel.rows import assert_worth, params

LIST_CONTAINS = [
    ("list contains([1,2,3], 2)", "true"),
    ("list contains([1,null], null)", "true"),
    ("list contains([], null)", "false"),
    ("list contains(null, 1)", "null"),
    ("list contains(1, 1)", "true"),
    ("list contains([[1]], [1])", "true"),
    ('list contains([1,"a"], "a")', "true"),
    ('list contains(["1"], 1)', "false"),
    ("list contains(list: [1], element: 1)", "true"),
]
COUNT = [
    ("count([1,2,3])", "3"),
    ("count([])", "0"),
    ("count(null)", "null"),
    ("count(1)", "1"),
    ("count([null])", "1"),
    ("count(1,2)", "null"),
]
# Only what has an order has a least item: no booleans, no lists, no nulls.
MIN = [
    ("min([1,2,3])", "1"),
    ("min(1,2,3)", "1"),
    ("min([1])", "1"),
    ("min(1)", "1"),
    ("min([])", "null"),
    ("min()", "null"),
    ("min(null)", "null"),
    ("min([null])", "null"),
    ("min([1,null])", "null"),
    ("min(null, 1)", "null"),
    ('min("a","b")', '"a"'),
    ('min("a",1)', "null"),
    ("min([[1],[2]])", "null"),
    ('min(@"2020-01-01", @"2019-01-01")', '@"2019-01-01"'),
    ('min(@"P1D",@"PT1H")', '@"PT1H"'),
    ('min(@"P1Y",@"P1D")', "null"),
    ("min(true,false)", "null"),
    ('min(@"10:00:00", @"11:00:00Z")', '@"10:00:00"'),
    ("min([true])", "null"),
    ("min([{a:1}])", "null"),
]
MAX = [
    ("max([1,2],[3])", "null"),
    ("max(1,2,null)", "null"),
    ('max([@"2020-01-01",@"2020-01-01T00:00:01Z"])', '@"2020-01-01T00:00:01Z"'),
]
# The standard adds numbers; durations of one kind add up here too.
SUM = [
    ("sum([1,2,3])", "6"),
    ("sum(1,2,3)", "6"),
    ("sum([])", "null"),
    ("sum()", "null"),
    ("sum(1)", "1"),
    ("sum([1,null])", "null"),
    ("sum(null)", "null"),
    ("sum([null])", "null"),
    ('sum(["a","b"])', "null"),
    ('sum("a")', "null"),
    ('sum(["a"])', "null"),
    ('sum([@"P1D",@"PT1H"])', '@"P1DT1H"'),
    ('sum([@"P1Y"])', '@"P1Y"'),
    ('sum([@"2020-01-01"])', "null"),
    ("sum([true])", "null"),
    ("sum([[1]])", "null"),
    ('sum([1, "1"])', "null"),
]
MEAN = [
    ("mean([1,2,3])", "2"),
    ("mean(1,2,3)", "2"),
    ("mean([])", "null"),
    ("mean([1,null])", "null"),
    ('mean(["a"])', "null"),
    ('mean([@"P1D",@"P3D"])', "null"),
]
PRODUCT = [
    ("product([2,3,4])", "24"),
    ("product(2,3,4)", "24"),
    ("product([])", "null"),
    ("product()", "null"),
    ("product([null])", "null"),
    ('product([2,"a"])', "null"),
]
MEDIAN = [
    ("median(8,2,5,3,4)", "4"),
    ("median([6,1,2,3])", "2.5"),
    ("median([])", "null"),
    ("median()", "null"),
    ("median([null])", "null"),
    ("median([1,null])", "null"),
    ("median(1)", "1"),
]
STDDEV = [
    ("stddev(2,4,7,5)", "2.081665999466132735282297706979931"),
    ("stddev([47])", "null"),
    ("stddev([])", "null"),
    ("stddev()", "null"),
    ("stddev([1,null])", "null"),
    ("stddev([4,4])", "0"),
    ("stddev(null)", "null"),
    # A list of one among numbers is its item, as for any parameter (10.3.2.9.4).
    ("stddev([1], 5) = stddev(1, 5)", "true"),
    ("sum([1], 5)", "6"),
    ("mean([1], [2])", "1.5"),
    ("median(3, [1], 5)", "3"),
    ("product([2], 5)", "10"),
    ("mode([1], 1)", "[1]"),
    ("sum([1, 2], 5)", "null"),
    ("min([1], 5)", "null"),
]
MODE = [
    ("mode(6,3,9,6,6)", "[6]"),
    ("mode([6,1,9,6,1])", "[1, 6]"),
    ("mode([])", "[]"),
    ("mode()", "null"),
    ("mode([null])", "null"),
    ("mode([1,null])", "null"),
    ('mode(["a"])', "null"),
    ("mode(null)", "null"),
    ("mode([1,1.0,2])", "[1]"),
]
# Three-valued: null is unknown, anything else that is no boolean makes the result null.
ALL = [
    ("all([true,true])", "true"),
    ("all([])", "true"),
    ("all(true,false)", "false"),
    ("all(true)", "true"),
    ("all(false)", "false"),
    ("all(null)", "null"),
    ("all([null])", "null"),
    ("all([true,null])", "null"),
    ("all([null,false])", "false"),
    ('all([true,"x"])', "null"),
    ('all(["x"])', "null"),
    ('all("x")', "null"),
    ("all()", "null"),
    ("all(0)", "null"),
]
ANY = [
    ("any([true,null])", "true"),
    ("any([])", "false"),
    ("any(true)", "true"),
    ("any(false)", "false"),
    ("any(null)", "null"),
    ("any([null])", "null"),
    ("any([false,null])", "null"),
    ('any([false,"x"])', "null"),
    ('any([true,"x"])', "true"),
    ("any()", "null"),
    ("any(false, null, true)", "true"),
]
# Unlike substring, a length beyond the end is refused, as in the reference engines.
SUBLIST = [
    ("sublist([4,5,6],1,2)", "[4, 5]"),
    ("sublist([4,5,6],2)", "[5, 6]"),
    ("sublist([4,5,6],-1)", "[6]"),
    ("sublist([4,5,6],-2,1)", "[5]"),
    ("sublist([4,5,6],0)", "null"),
    ("sublist([4,5,6],4)", "null"),
    ("sublist([4,5,6],1,4)", "null"),
    ("sublist([4,5,6],1,0)", "null"),
    ("sublist([4,5,6],1,null)", "[4, 5, 6]"),
    ("sublist([],1)", "null"),
    ("sublist(null,1)", "null"),
    ("sublist(5,1)", "[5]"),
    ("sublist([1,2,3], 2.9)", "[2, 3]"),
    ("sublist([1,2,3], -1.5)", "[3]"),
    ("sublist([1,2,3], 0.5)", "null"),
    ("sublist([1,2,3], 1, 1.5)", "[1]"),
    ("sublist([1,2,3], 1, 0.5)", "null"),
    ("sublist([1,2,3], 1, null)", "[1, 2, 3]"),
    ("sublist([1,2,3], null)", "null"),
    ("insert before([1,2], 1.5, 9)", "[9, 1, 2]"),
    ("insert before([1,2], 0.5, 9)", "null"),
    ("insert before([1,2], null, 9)", "null"),
    ("remove([1,2], 1.5)", "[2]"),
    ("remove([1,2], 0.5)", "null"),
    ("remove([1,2], null)", "null"),
    ("sublist(list: [1,2], start position: 2)", "[2]"),
    ("sublist(list: [1,2], start position: 1, length: 1)", "[1]"),
]
APPEND = [
    ("append([1],2,3)", "[1, 2, 3]"),
    ("append([],null)", "[null]"),
    ("append(null,1)", "null"),
    ("append(1,2)", "[1, 2]"),
    ("append([1])", "[1]"),
    ("append([1],[2])", "[1, [2]]"),
    ("append([1],[2],3)", "[1, [2], 3]"),
    ("append(list: [1], item: 2)", "[1, 2]"),
]
CONCATENATE = [
    ("concatenate([1,2],[3])", "[1, 2, 3]"),
    ("concatenate([1],null)", "null"),
    ("concatenate(null)", "null"),
    ("concatenate([1])", "[1]"),
    ("concatenate(1,2)", "[1, 2]"),
    ("concatenate([[1]],[[2]])", "[[1], [2]]"),
    ("concatenate()", "[]"),
    ("concatenate([null],[1])", "[null, 1]"),
]
# A position is in [1..L] or [-L..-1]: there is none behind the end.
INSERT_BEFORE = [
    ("insert before([1,3],1,2)", "[2, 1, 3]"),
    ("insert before([1,3],3,2)", "null"),
    ("insert before([1,3],-1,2)", "[1, 2, 3]"),
    ("insert before([1,3],0,2)", "null"),
    ("insert before([1,3],4,2)", "null"),
    ("insert before([],1,2)", "null"),
    ("insert before([],-1,2)", "null"),
    ("insert before(null,1,2)", "null"),
    ("insert before([1],null,2)", "null"),
    ("insert before([1],1,null)", "[null, 1]"),
    ("insert before(list: [1], position: 1, newItem: 2)", "[2, 1]"),
]
REMOVE = [
    ("remove([1,2,3],2)", "[1, 3]"),
    ("remove([1,2,3],-1)", "[1, 2]"),
    ("remove([1,2,3],0)", "null"),
    ("remove([1,2,3],4)", "null"),
    ("remove([],1)", "null"),
    ("remove(null,1)", "null"),
    ("remove(list:[1], position: 1)", "[]"),
]
REVERSE = [
    ("reverse([1,2,3])", "[3, 2, 1]"),
    ("reverse([])", "[]"),
    ("reverse(null)", "null"),
    ("reverse(1)", "[1]"),
    ("reverse([null,1])", "[1, null]"),
]
INDEX_OF = [
    ("index of([1,2,3,2],2)", "[2, 4]"),
    ("index of([1,2,null],null)", "[3]"),
    ("index of([1],2)", "[]"),
    ("index of([],1)", "[]"),
    ("index of(null,1)", "null"),
    ("index of(1,1)", "[1]"),
    ("index of([[1],[2]],[1])", "[1]"),
    ("index of(list:[1], match: 1)", "[1]"),
]
UNION = [
    ("union([1,2],[2,3])", "[1, 2, 3]"),
    ("union([1,null],[null])", "[1, null]"),
    ("union()", "[]"),
    ("union(1,2)", "[1, 2]"),
    ("union([],[])", "[]"),
    ("union([1],null)", "null"),
    ("union([[1]],[[1],[2]])", "[[1], [2]]"),
]
DISTINCT_VALUES = [
    ("distinct values([1,2,3,2,1])", "[1, 2, 3]"),
    ("distinct values([null,null])", "[null]"),
    ('distinct values([1,1.0,"1"])', '[1, "1"]'),
    ("distinct values([])", "[]"),
    ("distinct values(null)", "null"),
    ("distinct values(1)", "[1]"),
    ("distinct values([{a:1},{a:1}])", "[{a: 1}]"),
]
FLATTEN = [
    ("flatten([[1,2],[[3]],4])", "[1, 2, 3, 4]"),
    ("flatten([])", "[]"),
    ("flatten(null)", "null"),
    ("flatten(1)", "[1]"),
    ("flatten([null,[null]])", "[null, null]"),
    ("flatten([[1..2]])", "[[1..2]]"),
]
# Without a function (Drools, Camunda) numbers, strings and moments ascend.
SORT = [
    ("sort(list: [3,1,4,5,2], precedes: function(x,y) x < y)", "[1, 2, 3, 4, 5]"),
    ("sort([3,1,2], function(x,y) x > y)", "[3, 2, 1]"),
    (
        'sort([{n:1,k:"a"},{n:1,k:"b"},{n:0,k:"c"}], function(x,y) x.n < y.n)',
        '[{n: 0, k: "c"}, {n: 1, k: "a"}, {n: 1, k: "b"}]',
    ),
    ("sort([3,1,2])", "[1, 2, 3]"),
    ('sort(["b","a"])', '["a", "b"]'),
    ("sort([])", "[]"),
    ("sort([], function(x,y) x < y)", "[]"),
    ("sort(null, function(x,y) x < y)", "null"),
    ("sort([1,2], null)", "null"),
    ("sort([1,2], 5)", "null"),
    ("sort([2,1], function(x) true)", "null"),
    ("sort([2,1], function(x,y) null)", "[2, 1]"),
    ('sort([2,1,"a"], function(x,y) x<y)', '[1, 2, "a"]'),
    ("sort(1, function(x,y) x<y)", "[1]"),
]
LIST_REPLACE = [
    ("list replace([2,4,7,8],3,6)", "[2, 4, 6, 8]"),
    ("list replace([2,4,7,8],-1,6)", "[2, 4, 7, 6]"),
    ("list replace([2,4,7,8],0,6)", "null"),
    ("list replace([2,4,7,8],5,6)", "null"),
    ("list replace([2,4,7,8],function(item,newItem) item < newItem, 5)", "[5, 5, 7, 8]"),
    ("list replace([1,2],function(item) true, 5)", "null"),
    ("list replace([1,2],function(item,newItem) null, 5)", "null"),
    ("list replace(null,1,5)", "null"),
    ("list replace([1],null,5)", "null"),
    ("list replace([1],1,null)", "[null]"),
    ("list replace(list:[1], position:1, newItem:2)", "[2]"),
    ("list replace(list:[1], match:function(a,b) true, newItem:2)", "[2]"),
    ('list replace([1], "a", 2)', "null"),
    ("list replace(1,1,2)", "[2]"),
    ("list replace([1,2],1.5,9)", "[9, 2]"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    params(
        LIST_CONTAINS,
        COUNT,
        MIN,
        MAX,
        SUM,
        MEAN,
        PRODUCT,
        MEDIAN,
        STDDEV,
        MODE,
        ALL,
        ANY,
        SUBLIST,
        APPEND,
        CONCATENATE,
        INSERT_BEFORE,
        REMOVE,
        REVERSE,
        INDEX_OF,
        UNION,
        DISTINCT_VALUES,
        FLATTEN,
        SORT,
        LIST_REPLACE,
    ),
)
def test_function_of_lists_is_worth(text: str, expected: str) -> None:
    assert_worth(text, expected)
