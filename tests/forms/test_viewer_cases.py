"""What form-js' own viewer (1.23, in a browser) answered for these forms, and what we answer.

`viewer_cases.json` was recorded from the real viewer. The two may differ only where a case says
why; empty answers are compared as equal, because the viewer leaves a field out, or says "", 0 rows
or null, depending on its type.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.forms import InvalidAnswers, load, read

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
CASES = json.loads(Path(__file__).with_name("viewer_cases.json").read_text())


def ours(case):
    form = load(
        {"type": "default", "id": "Viewer", "schemaVersion": 19, "components": case["components"]}
    )
    try:
        answers = read(form, case["posted"], context=case["context"], now=NOW, zone=ZONE)
    except InvalidAnswers as wrong:
        return sorted(wrong.errors), None
    return [], answers.values


def bare(value):
    """Strip what stands for nothing, and the spelling of instants."""
    if isinstance(value, dict):
        return {key: bare(item) for key, item in value.items() if bare(item)}
    if isinstance(value, list):
        items = [bare(item) for item in value]
        return items if any(items) else []
    if isinstance(value, str) and "T" in value[10:11]:
        return datetime.fromisoformat(value).astimezone(UTC)
    return value.strip() if isinstance(value, str) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_agrees_with_the_viewer_or_says_why_not(case):
    errors, answers = ours(case)
    viewer = case["viewer"]
    agrees = errors == viewer["errors"] and (
        answers is None or bare(answers) == bare(viewer["answers"])
    )
    assert agrees is ("differs" not in case), (errors, answers, viewer)
