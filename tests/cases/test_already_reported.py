"""The hint that somebody may have told of it already: what it shows, and to whom nothing."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import text

from app import ROOT
from app.cases import public_report, registering
from app.cases.already_reported import Near
from app.cases.designs import deploy
from app.cases.setup import shipped_files
from app.cases.start_form import StartPage
from app.cases.task_view import Typed
from app.clock import moved_to
from app.store.db import db
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District

HERE = "40.005,116.005"
NORTH_100 = 40.005 + 99.6 / 111_195  # metres on the meridian
NORTH_103 = 40.005 + 103 / 111_195
STAFF, PUBLIC = "dispatcher", None


def form(district: District, login: str | None, **typed: str) -> StartPage:
    """Return the form of the staff, or of everybody, with this typed so far."""
    posted = {name: [value] for name, value in typed.items()}
    if login is None:
        return public_report.read_report_form(
            language="en", upload_group="g", typed=Typed(posted=posted)
        )
    return registering.read_form(
        district[login],
        position_key=None,
        language="en",
        upload_group="g",
        typed=Typed(posted=posted),
    ).start


def near(district: District, login: str | None = STAFF, **typed: str) -> Sequence[Near]:
    """Return the hint for something reported here, of the first category unless said otherwise."""
    return form(district, login, **{"location": HERE, "minor_class": "A01", **typed}).nearby


def numbers(found: Sequence[Near]) -> list[str]:
    return [each.case.number for each in found]


def test_what_lies_within_the_metres_of_the_table_comes_up_the_nearest_first(
    district: District,
) -> None:
    far = walk.report(latitude=NORTH_100)
    walk.report(latitude=NORTH_103)
    here = walk.report()
    found = near(district)
    assert numbers(found) == [here.number, far.number]
    assert [each.metres for each in found] == [0, 100]
    assert found[0].category == "City appearance: exposed garbage"


def test_only_the_days_of_the_table_count(district: District) -> None:
    for days, is_shown in ((13, True), (15, False)):
        with moved_to(TUESDAY_NINE - timedelta(days=days)):
            receipt = walk.report()
        with moved_to(TUESDAY_NINE):
            assert (receipt.number in numbers(near(district))) is is_shown


def test_another_category_is_another_matter_and_none_yet_may_be_the_same(
    district: District,
) -> None:
    same, open_ = walk.report(), walk.report(minor_class=None)
    other = walk.report(minor_class="C03")
    assert numbers(near(district)) == [same.number, open_.number]
    every = numbers(near(district, minor_class=""))
    assert sorted(every) == sorted([same.number, open_.number, other.number])


def test_closed_cases_and_whistles_are_nothing_to_join(district: District) -> None:
    walk.to_end(district, walk.report().case_key)
    walk.report(kind="whistle")
    assert near(district) == ()


def test_without_a_point_the_community_and_the_category_lead_there(district: District) -> None:
    here = walk.report()
    walk.report(minor_class=None)
    place = {"location": "", "community": "S01-C01"}
    (found,) = near(district, **place)
    assert (found.case.number, found.metres) == (here.number, None)
    assert near(district, **place, minor_class="") == ()
    assert near(district, location="", minor_class="A01") == ()


@pytest.mark.parametrize(
    ("login", "is_shown"),
    [("dispatcher", True), ("district", True), ("officer", False), (PUBLIC, False)],
)
def test_a_confidential_case_comes_up_for_those_alone_who_may_see_it(
    district: District, login: str | None, *, is_shown: bool
) -> None:
    confidential = walk.report(is_confidential=True)
    plain = walk.report()
    expected = {plain.number, confidential.number} if is_shown else {plain.number}
    assert set(numbers(near(district, login))) == expected


def test_nobody_reads_of_cases_outside_their_own_units(district: District) -> None:
    walk.report()
    assert len(near(district, "worker")) == 1
    assert near(district, "parks_clerk") == ()


@pytest.mark.parametrize(
    ("minor_class", "is_shown"),
    [("A01", True), ("C03", True), ("E01", True), ("E02", False), ("H01", False), (None, False)],
)
def test_everybody_reads_only_of_what_the_table_opens_to_them(
    district: District, minor_class: str | None, *, is_shown: bool
) -> None:
    walk.report(minor_class=minor_class)
    for asked in ("", minor_class or ""):
        assert bool(near(district, PUBLIC, minor_class=asked)) is is_shown
        assert near(district, STAFF, minor_class=asked)


def _with(old: bytes, new: bytes) -> dict[str, bytes]:
    files = shipped_files(ROOT)
    name = next(each for each in files if each.endswith("duplicate_rules.dmn"))
    assert old in files[name]
    return files | {name: files[name].replace(old, new)}


@pytest.mark.parametrize(
    ("files", "is_shown"),
    [
        (lambda: _with(b"<text>100</text>", b"<text>30</text>"), False),
        (lambda: _with(b"<text>100</text>", b"<text>60</text>"), True),
    ],
)
def test_a_designer_changes_how_near_is_near(
    district: District, files: Callable[[], dict[str, bytes]], *, is_shown: bool
) -> None:
    walk.report(latitude=40.005 + 50 / 111_195)
    deploy(files(), actor=None)
    assert bool(near(district)) is is_shown


def test_a_point_outside_the_district_is_said_and_the_community_asked_for(
    district: District,
) -> None:
    page = form(district, STAFF, location="40.02,116.005")
    assert page.place.outside is not None
    assert page.place.outside.nearest_key == district.units["S01-C01-G01"]
    assert page.place.outside.distance_metres == pytest.approx(1113, abs=3)
    shown = {node.name: node.is_visible for node in page.form.children if hasattr(node, "name")}
    assert shown["community"] is True
    page = form(district, STAFF, location=HERE)
    shown = {node.name: node.is_visible for node in page.form.children if hasattr(node, "name")}
    assert page.place.outside is None
    assert shown["community"] is False


@pytest.mark.parametrize("location", ["", "nowhere", "91,0", "nan,inf", "1,2,3"])
def test_what_is_no_point_says_nothing_of_the_place(district: District, location: str) -> None:
    page = form(district, STAFF, location=location)
    assert (page.place.point, page.place.outside, page.nearby) == (None, None, ())


def test_open_cases_by_place_are_read_from_their_index(district: District) -> None:
    """Among many closed cases, which a plan without the index would read one by one."""
    explain = "EXPLAIN QUERY PLAN " if district.database_url.startswith("sqlite") else "EXPLAIN "
    query = "SELECT key FROM cases WHERE closed_at IS NULL AND latitude BETWEEN 40.0 AND 40.001"
    with db.engine.connect() as connection:
        if district.database_url.startswith("postgresql"):
            connection.execute(text("SET enable_seqscan = off"))
        plan = " ".join(str(row) for row in connection.execute(text(explain + query)))
    assert "ix_cases_open_place" in plan
