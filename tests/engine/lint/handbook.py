"""Writes docs/lint.md from the registered rules: `python -m tests.engine.lint.handbook`."""

import re
from pathlib import Path

from app.engine.lint import RULES, Rule, Severity

PAGE = Path(__file__).parents[3] / "docs" / "lint.md"
_HEAD = """# What the linter checks

`whistle lint FILE…` and every deployment check diagrams, tables, forms and labels together and
report all problems at once: file, line, element, what is wrong and how to mend it. An **error**
keeps the set from being deployed, a *warning* does not. For each rule there is a broken example of
the same name in `tests/bpmn/`. Processes that are not executable are skipped.

This page is written from the rules themselves (`python -m tests.engine.lint.handbook`); a test
holds that it has not drifted.

What a file may be: at most 2 MB, UTF-8, without DOCTYPE, 64 levels and 50,000 nodes. A check ends
after 20 seconds. At most 1,000 problems are shown.
"""
_TITLES = {
    "processes": "The process as a whole",
    "flow": "Flow",
    "gateways": "Gateways",
    "loops": "Loops",
    "events": "Events",
    "messages": "Messages",
    "timers": "Times",
    "elements": "Elements the engine does not run",
    "multi_instance": "Multi-instance",
    "calls": "Call activities",
    "people": "People and their forms",
    "resources": "Jobs, operations and decisions",
    "expressions": "Expressions",
    "names": "Names",
    "types": "Types",
    "forms": "Forms",
    "form_types": "Types in forms",
    "tables": "Decision tables",
    "table_types": "Names and types in decision tables",
    "labels": "Labels",
    "files": "Files",
    "running": "All that is left",
    "checking": "The check itself",
}


def page() -> str:
    """Return the page as it should be."""
    sections = [_HEAD]
    for module, title in _TITLES.items():
        rules = [rule for rule in RULES.values() if rule.check.__module__.endswith(f".{module}")]
        sections.append(f"## {title}\n\n" + "\n".join(map(_entry, rules)) + "\n")
    return "\n".join(sections)


def _entry(rule: Rule) -> str:
    grave = "**error**" if rule.severity is Severity.ERROR else "*warning*"
    return f"- `{rule.code}` ({grave}): {rule.docs} *To mend:* {_mend(rule)}"


def _mend(rule: Rule) -> str:
    """Return the advice without what only a problem can fill in."""
    advice = rule.mend.replace("{guess}", "").replace("{how}", "The problem says how.")
    return re.sub(r"\{\w+\}", "…", advice)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
