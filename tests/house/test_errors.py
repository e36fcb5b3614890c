"""Every error has a stable code, a sentence for the person, and that sentence in Chinese."""

import importlib
import pkgutil
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages import pofile
from babel.messages.catalog import Catalog

import app
from app.errors import CaseError
from tests.house.source import ROOT

CHINESE = ROOT / "app/web/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"\{(\w+)[^}]*\}|%\((\w+)\)s")


def errors() -> list[type[CaseError]]:
    """Return every child of CaseError in the product."""
    for found in pkgutil.walk_packages(app.__path__, "app."):
        if not found.name.startswith("app.assets"):
            importlib.import_module(found.name)
    known: list[type[CaseError]] = []
    waiting: list[type[CaseError]] = [CaseError]
    while waiting:
        error = waiting.pop()
        known.append(error)
        waiting.extend(error.__subclasses__())
    return [error for error in known if error.__module__.startswith("app.")]


def chinese(path: Path = CHINESE) -> Catalog:
    if not path.is_file():
        pytest.skip("the Chinese translations are not written yet")
    with path.open("rb") as file:
        return pofile.read_po(file, locale="zh_CN")


def placeholders(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def test_codes_are_stable_names_and_none_is_used_twice() -> None:
    codes = Counter(error.code for error in errors() if "code" in vars(error))
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z0-9_]*", code)] == []
    assert [code for code, count in codes.items() if count > 1] == []


def test_each_error_says_something_to_a_person() -> None:
    silent = [error.__name__ for error in errors() if not vars(error).get("__doc__")]
    assert silent == []


def test_each_error_speaks_chinese_with_the_same_blanks() -> None:
    catalog = chinese()
    untranslated, uneven = [], []
    for error in errors():
        message = catalog.get(error.sentence())
        if message is None or not message.string or message.fuzzy:
            untranslated.append(error.sentence())
        elif placeholders(str(message.string)) != placeholders(error.sentence()):
            uneven.append(error.sentence())
    assert untranslated == []
    assert uneven == []


def test_no_translation_is_missing_doubtful_or_uneven() -> None:
    messages = [message for message in chinese() if message.id]
    assert [m.id for m in messages if m.fuzzy or not m.string] == []
    uneven = [
        m.id
        for m in messages
        if isinstance(m.id, str) and placeholders(m.id) != placeholders(str(m.string))
    ]
    assert uneven == []
