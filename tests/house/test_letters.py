"""Every notice that rings somebody's bell has a letter of its own, or a line in the common one."""

import re

from app.cases.notices import IN_SHORT
from app.web.notice_words import SENTENCES
from tests.house.source import ROOT, modules

MAILS = ROOT / "app/web/templates/mail"
OF_CASE_MOVED = {"established", "handled", "closed", "replied"}
LITERAL = re.compile(r'NoticeTo\(\s*(?:kind=)?"(\w+)"')


def kinds() -> set[str]:
    written = {kind for module in modules() for kind in LITERAL.findall(module.text)}
    return (set(SENTENCES) - OF_CASE_MOVED) | written


def test_every_kind_of_notice_has_a_letter() -> None:
    assert len(kinds()) > 15
    own = {path.stem for path in MAILS.glob("*.txt")}
    assert kinds() - IN_SHORT <= own


def test_the_common_letter_has_a_line_for_every_kind_it_is_for() -> None:
    text = (MAILS / "staff_news.txt").read_text(encoding="utf-8")
    named = set(re.findall(r'"(\w+)"', text))
    assert IN_SHORT - {"case_moved"} <= named
