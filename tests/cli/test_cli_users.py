"""`whistle user`: the first administrator on an empty database, accounts and positions."""

from pathlib import Path

import pytest

from app.cases.sessions import WrongCredentials, sign_in
from app.organisation.roles import Role
from tests.cli.conftest import Whistle, parsed
from tests.support.district import District

PASSWORD = "correct horse battery"


def positions_of(whistle: Whistle, login: str) -> list[str]:
    (found,) = parsed(whistle("user", "list", "--search", login, "--json"))
    held: list[str] = found["positions"]
    return held


def one_time(output: str) -> str:
    return output.split("One-time password: ")[1].split()[0]


def test_the_first_administrator_needs_nothing_but_a_migrated_database(
    empty: Path, whistle: Whistle
) -> None:
    made = whistle("user", "create", "--administrator", "--name", "李雷")
    assert "DISTRICT is made" in made.stdout
    assert len(one_time(made.stdout)) >= 10
    assert "shown this once" in made.stderr
    assert parsed(whistle("user", "list", "--json")) == [
        {
            "login": "admin",
            "name": "李雷",
            "is_active": True,
            "language": "zh-CN",
            "positions": ["administrator@DISTRICT"],
        }
    ]
    assert [unit["code"] for unit in parsed(whistle("unit", "list", "--json"))] == ["DISTRICT"]


def test_a_second_administrator_is_made_beside_the_first(empty: Path, whistle: Whistle) -> None:
    whistle("user", "create", "--administrator")
    second = whistle("user", "create", "wang", "--administrator", "--language", "en")
    assert "DISTRICT is made" not in second.stdout
    assert positions_of(whistle, "wang") == ["administrator@DISTRICT"]
    assert "taken" in whistle("user", "create", "--administrator", code=1).stderr


def test_an_empty_database_says_how_to_begin(empty: Path, whistle: Whistle) -> None:
    assert "whistle user create --administrator" in whistle("user", "list", code=1).stderr
    assert "whistle user create --administrator" in whistle("user", "create", "x1", code=1).stderr


def test_an_account_without_login_is_wrong_usage(empty: Path, whistle: Whistle) -> None:
    assert "LOGIN" in whistle("user", "create", code=2).stderr


def test_a_password_comes_from_standard_input_and_is_not_told_back(
    district: District, whistle: Whistle
) -> None:
    made = whistle("user", "create", "wang", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert "password" not in made.output.lower()
    assert sign_in("wang", PASSWORD, address="a")
    short = whistle("user", "create", "mei", "--password-stdin", stdin="short\n", code=1)
    assert "at least 10" in short.stderr
    assert parsed(whistle("user", "list", "--search", "mei", "--json")) == []


def test_a_new_password_replaces_the_old_one(district: District, whistle: Whistle) -> None:
    whistle("user", "create", "wang", "--password-stdin", stdin=f"{PASSWORD}\n")
    new = one_time(whistle("user", "reset-password", "WANG").stdout)
    with pytest.raises(WrongCredentials):
        sign_in("wang", PASSWORD, address="a")
    assert sign_in("wang", new, address="a")


def test_a_closed_account_stays_out_until_it_is_opened(
    district: District, whistle: Whistle
) -> None:
    whistle("user", "create", "wang", "--password-stdin", stdin=f"{PASSWORD}\n")
    whistle("user", "disable", "wang")
    assert [
        p["is_active"] for p in parsed(whistle("user", "list", "--search", "wang", "--json"))
    ] == [False]
    with pytest.raises(WrongCredentials):
        sign_in("wang", PASSWORD, address="a")
    whistle("user", "enable", "wang")
    assert sign_in("wang", PASSWORD, address="a")


def test_the_last_administrator_stays(district: District, whistle: Whistle) -> None:
    assert "only administrator" in whistle("user", "disable", "admin", code=1).stderr
    assert parsed(whistle("user", "list", "--search", "admin", "--json"))[0]["is_active"]


def test_a_position_is_granted_once_and_ended(district: District, whistle: Whistle) -> None:
    whistle("user", "create", "wang")
    whistle("user", "grant", "wang", "unit_clerk", "D-PARKS")
    assert positions_of(whistle, "wang") == ["unit_clerk@D-PARKS"]
    again = whistle("user", "grant", "wang", "unit_clerk", "D-PARKS", code=1)
    assert "already" in again.stderr
    whistle("user", "end-position", "wang", "unit_clerk", "D-PARKS")
    assert positions_of(whistle, "wang") == []
    gone = whistle("user", "end-position", "wang", "unit_clerk", "D-PARKS", code=1)
    assert "does not hold" in gone.stderr


def test_a_coming_position_is_not_held_yet(district: District, whistle: Whistle) -> None:
    whistle("user", "create", "wang")
    whistle("user", "grant", "wang", "unit_clerk", "D-PARKS", "--from", "2999-01-01")
    assert positions_of(whistle, "wang") == []


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("grant", "nobody", "unit_clerk", "D-PARKS"), 1, "nobody with the login"),
        (("grant", "clerk", "unit_clerk", "D-NONE"), 1, "no unit 'D-NONE'"),
        (("grant", "clerk", "grid_worker", "D-PARKS"), 1, "Grid worker cannot be held"),
        (("grant", "clerk", "king", "D-PARKS"), 2, Role.UNIT_CLERK.value),
        (("grant", "clerk", "unit_clerk", "D-PARKS", "--from", "soon"), 2, "2026-11-24"),
        (("disable", "nobody"), 1, "nobody with the login"),
        (("list", "--unit", "D-NONE"), 1, "no unit 'D-NONE'"),
        (("create", "with space"), 1, "no spaces"),
        (("create", "wang", "--language", "fr"), 2, "zh-CN"),
    ],
)
def test_what_is_wrong_is_said_with_its_exit_code(
    district: District, whistle: Whistle, words: tuple[str, ...], code: int, says: str
) -> None:
    assert says in whistle("user", *words, code=code).stderr


def test_a_list_is_narrowed_by_unit_and_read_by_people(
    district: District, whistle: Whistle
) -> None:
    found = parsed(whistle("user", "list", "--unit", "S01", "--json"))
    assert [person["login"] for person in found] == ["dispatcher", "officer", "worker"]
    lines = whistle("user", "list", "--unit", "S01").stdout.splitlines()
    assert lines[0].split() == ["login", "name", "is_active", "language", "positions"]
    assert "street_dispatcher@S01" in lines[1]


def test_a_list_longer_than_a_page_is_whole(district: District, whistle: Whistle) -> None:
    from app.cases import staff

    for number in range(45):
        staff.create_person(
            district["admin"], login=f"extra{number:02}", name="Extra", password=PASSWORD
        )
    assert len(parsed(whistle("user", "list", "--json"))) == 45 + len(district.actors)
