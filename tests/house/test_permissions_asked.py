"""No permission stands in the table without anybody asking for it."""

from app import ROOT
from app.organisation.permissions import Action


def test_every_action_is_asked_for_by_a_use_case_or_a_route() -> None:
    own = ROOT / "app/organisation/permissions.py"
    sources = [path.read_text() for path in (ROOT / "app").rglob("*.py") if path != own]
    pages = [path.read_text() for path in (ROOT / "app/web/templates").rglob("*.html")]
    asked = {
        action
        for action in Action
        if any(f"Action.{action.name}" in text for text in sources)
        or any(f'may("{action.value}")' in text for text in pages)
    }
    assert set(Action) - asked == set()
