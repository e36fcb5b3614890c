"""A place on the map as it is sent, kept and said: where it is, and how it came.

Where a form asks for the position of the device (`properties.source` = "device"), the page's script
sends `lat,lon;device;12`, the last the accuracy in metres; a tap on the map sends `lat,lon;map`,
and what was typed is bare. The answer keeps which it was. A browser says this of itself: it is a
record of how a person answered, no proof.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from app.forms.messages import words
from app.json_types import Json, JsonObject

DEVICE, MAP, TYPED = "device", "map", "typed"
MOST_METRES = 100_000
_PAIR = re.compile(r"\s*[,，]\s*")


def parts_of(value: Json) -> tuple[Json, Json, tuple[Json, ...]]:
    """Return latitude, longitude and what was told of how it came; nulls for what is no place."""
    if isinstance(value, dict):
        told = tuple(value.get(name) for name in ("source", "accuracy_m") if name in value)
        return value.get("lat"), value.get("lon"), told
    if not isinstance(value, str):
        return None, None, ()
    place, *told_as = value.split(";")
    pair = _PAIR.split(place.strip())
    return (pair[0], pair[1], tuple(told_as)) if len(pair) == 2 else (None, None, ())


def how_it_came(told: tuple[Json, ...], accuracy: Decimal | None) -> JsonObject:
    """Return `source` (device, map or typed) and `accuracy_m`, metres of a device or null."""
    source = told[0] if told and told[0] in (DEVICE, MAP) else TYPED
    metres = None if accuracy is None or source != DEVICE else round(accuracy)
    is_sound = metres is not None and 0 <= metres <= MOST_METRES
    return {"source": source, "accuracy_m": metres if is_sound else None}


def as_sent(answer: Mapping[str, Json]) -> str:
    """Return an answer as the page sends it: what a field starts with."""
    text = f"{_degrees(answer.get('lat'))},{_degrees(answer.get('lon'))}"
    source, accuracy = answer.get("source"), answer.get("accuracy_m")
    if source not in (DEVICE, MAP):
        return text
    return f"{text};{source}" if accuracy is None else f"{text};{source};{accuracy}"


def said(answer: Mapping[str, Json], language: str) -> str:
    """Return an answer in words: the place, and how it came where that was asked."""
    text = f"{answer.get('lat')}, {answer.get('lon')}"
    source, accuracy = answer.get("source"), answer.get("accuracy_m")
    if source is None:
        return text
    if source == DEVICE and accuracy is not None:
        return words("point_of_device", language, point=text, metres=str(accuracy))
    code = {DEVICE: "point_of_device_only", MAP: "point_on_map"}.get(str(source), "point_typed")
    return words(code, language, point=text)


def _degrees(value: Json) -> str:
    return format(Decimal(str(value)), "f") if isinstance(value, int | float) else ""
