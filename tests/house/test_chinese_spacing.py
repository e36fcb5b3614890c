"""Chinese texts set a space between a number and the words beside it: "4 个工作小时", not "4个".

Dates are the exception: they are written as the calendar writes them, "2026年3月5日".
"""

import json
import re
from collections.abc import Iterator

from babel.messages.pofile import read_po

from tests.house.source import ROOT

CATALOGUE = ROOT / "app/web/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
NUMBERS = ("n", "num", "count", "total", "hours", "text", "early", "late", "left", "due", "at")
HAN = "[\u4e00-\u9fff]"
NUMBER = rf"(?:[0-9]+|%\((?:{'|'.join(NUMBERS)})\)s)"
CRAMPED = re.compile(rf"(?![年月]){HAN}{NUMBER}|{NUMBER}(?![年月日]){HAN}")


def said() -> Iterator[str]:
    """Yield every Chinese text of the pages, and of diagrams, tables and forms."""
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="zh_CN"):
            yield from (message.string,) if isinstance(message.string, str) else message.string
    for folder in ("bpmn", "forms"):
        for path in sorted((ROOT / folder).glob("*.zh-CN.json")):
            yield from _texts(json.loads(path.read_text(encoding="utf-8")))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def test_a_space_stands_between_numbers_and_chinese_words() -> None:
    texts = list(said())
    assert len(texts) > 1000
    assert [text for text in texts if CRAMPED.search(text)] == []


def test_what_is_cramped_is_found() -> None:
    """The negative control, and the exception of dates."""
    assert CRAMPED.search("剩余%(n)s 天")
    assert CRAMPED.search("4个工作小时")
    assert not CRAMPED.search("自 2026年3月5日 起 4 个工作小时")
