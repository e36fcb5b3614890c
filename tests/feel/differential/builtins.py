"""How generated expressions call the built-in functions that both sides know.

Each row: the function, the kind of its result, and its parameters by name and kind; `?` behind a
kind makes the parameter one that may be left out, `*` lets it come several times.
"""

from dataclasses import dataclass

ROWS = """
number|number|from:numeral
number|number|from:grouped,grouping separator:comma,decimal separator:point
string|string|from:anything
not|boolean|negand:boolean
substring|string|string:string,start position:position,length:count?
string length|number|string:string
upper case|string|string:string
lower case|string|string:string
substring before|string|string:string,match:fragment
substring after|string|string:string,match:fragment
replace|string|input:string,pattern:pattern,replacement:replacement,flags:flags?
contains|boolean|string:string,match:fragment
matches|boolean|input:string,pattern:pattern,flags:flags?
starts with|boolean|string:string,match:fragment
ends with|boolean|string:string,match:fragment
split|strings|string:string,delimiter:delimiter
string join|string|list:strings,delimiter:fragment?
list contains|boolean|list:numbers,element:number
list contains|boolean|list:strings,element:string
list contains|boolean|list:list,element:anything
list replace|numbers|list:numbers,position:position,newItem:number
list replace|numbers|list:numbers,match:matcher,newItem:number
count|number|list:list
min|number|list:numbers
min|number|c:number*
min|string|list:strings
min|date|list:dates
max|number|list:numbers
max|number|c:number*
max|date|list:dates
sum|number|list:numbers
sum|number|n:number*
mean|number|list:numbers
mean|number|n:number*
all|boolean|list:booleans
all|boolean|b:boolean*
any|boolean|list:booleans
any|boolean|b:boolean*
sublist|numbers|list:numbers,start position:position,length:count?
append|numbers|list:numbers,item:number*
append|strings|list:strings,item:string
concatenate|numbers|list:numbers,list:numbers
concatenate|list|list:list*
insert before|numbers|list:numbers,position:position,newItem:number
remove|numbers|list:numbers,position:position
reverse|numbers|list:numbers
reverse|strings|list:strings
index of|numbers|list:numbers,match:number
index of|numbers|list:strings,match:string
union|numbers|list:numbers*
union|strings|list:strings*
distinct values|numbers|list:numbers
distinct values|strings|list:strings
distinct values|list|list:list
flatten|list|list:nested
product|number|list:numbers
product|number|n:number*
median|number|list:numbers
median|number|n:number*
stddev|number|list:numbers
stddev|number|n:number*
mode|numbers|list:numbers
mode|numbers|n:number*
decimal|number|n:number,scale:scale
floor|number|n:number,scale:scale?
ceiling|number|n:number,scale:scale?
abs|number|n:number
abs|days|n:days
abs|months|n:months
round up|number|n:number,scale:scale
round down|number|n:number,scale:scale
round half up|number|n:number,scale:scale
round half down|number|n:number,scale:scale
modulo|number|dividend:number,divisor:number
sqrt|number|number:number
log|number|number:number
exp|number|number:small
odd|boolean|number:whole
even|boolean|number:whole
is|boolean|value1:number,value2:number
is|boolean|value1:date,value2:date
is|boolean|value1:time,value2:time
is|boolean|value1:date and time,value2:date and time
is|boolean|value1:days,value2:days
is|boolean|value1:anything,value2:anything
before|boolean|point1:number,point2:number
before|boolean|point1:date,point2:date
before|boolean|point:number,range:range
before|boolean|range:range,point:number
before|boolean|range1:range,range2:range
after|boolean|point1:number,point2:number
after|boolean|point1:date and time,point2:date and time
after|boolean|point:number,range:range
after|boolean|range:range,point:number
after|boolean|range1:range,range2:range
meets|boolean|range1:range,range2:range
meets|boolean|range1:touching,range2:touched
met by|boolean|range1:range,range2:range
met by|boolean|range1:touched,range2:touching
overlaps|boolean|range1:range,range2:range
includes|boolean|range:range,point:number
includes|boolean|range:range,range:range
includes|boolean|range:date range,point:date
day of year|number|date:date
day of year|number|date:date and time
day of week|string|date:date
day of week|string|date:date and time
month of year|string|date:date
month of year|string|date:date and time
week of year|number|date:date
week of year|number|date:date and time
sort|numbers|list:numbers,precedes:number order
sort|strings|list:strings,precedes:string order
get value|anything|m:context,key:key
get value|number|m:case,key:case key
get entries|contexts|m:context
context|context|entries:entries
context merge|context|contexts:contexts
context put|context|context:context,key:key,value:anything
context put|context|context:context,keys:keys,value:anything
date|date|from:date text
date|date|from:date and time
date|date|from:date
date|date|year:year,month:month,day:day
time|time|from:time text
time|time|from:date and time
time|time|hour:hour,minute:sixty,second:sixty
date and time|date and time|from:date and time text
date and time|date and time|date:date,time:time
date and time|date and time|date:date and time,time:time
duration|days|from:days text
duration|months|from:months text
years and months duration|months|from:date,to:date
years and months duration|months|from:date and time,to:date and time
"""

OF_THE_CLOCK = frozenset(["now", "today"])
"""Functions of the clock: both sides know them, and no two clocks agree."""

NOT_YET_THERE = (
    "during|boolean|point:number,range:range",
    "starts|boolean|point:number,range:range",
    "started by|boolean|range:range,point:number",
    "finishes|boolean|point:number,range:range",
    "finished by|boolean|range:range,point:number",
    "overlaps before|boolean|range1:range,range2:range",
    "overlaps after|boolean|range1:range,range2:range",
    "coincides|boolean|range1:range,range2:range",
)
"""What the reference knows by name and refuses to run: called, but seldom."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a way to call a function."""

    name: str
    kind: str
    is_optional: bool
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One way to call a function."""

    function: str
    result: str
    parameters: tuple[Parameter, ...]


def _parameter(text: str) -> Parameter:
    name, _, kind = text.partition(":")
    return Parameter(name, kind.rstrip("?*"), kind.endswith("?"), kind.endswith("*"))


def _way(row: str) -> Way:
    function, result, parameters = row.split("|")
    return Way(function, result, tuple(map(_parameter, parameters.split(","))))


WAYS = tuple(_way(row) for row in ROWS.split("\n") if row)
SELDOM = tuple(map(_way, NOT_YET_THERE))
FUNCTIONS = tuple(dict.fromkeys(way.function for way in WAYS))
"""The built-in functions that both sides know and run."""
