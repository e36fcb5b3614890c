"""Every command explains itself; lint, deploy, overdue and case answer people and scripts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click
import pytest
from sqlalchemy import text

from app import ROOT
from app.cli import commands
from app.clock import moved_to, utc_now
from app.store.db import transaction
from tests.cli.conftest import Whistle, parsed
from tests.support import walk
from tests.support.district import District

BROKEN = ROOT / "tests/bpmn/dead-end.bpmn"
SHIPPED = (str(ROOT / "bpmn"), str(ROOT / "forms"))


def every_command() -> Iterator[tuple[str, ...]]:
    """Yield the words of every command and group."""
    waiting: list[tuple[tuple[str, ...], click.Command]] = [((), commands)]
    while waiting:
        words, command = waiting.pop()
        yield words
        if isinstance(command, click.Group):
            waiting += [((*words, name), each) for name, each in command.commands.items()]


@pytest.mark.parametrize("words", sorted(every_command()), ids=" ".join)
def test_every_command_explains_itself_and_its_options(
    whistle: Whistle, words: tuple[str, ...]
) -> None:
    said = whistle(*words, "--help").stdout
    assert said.startswith(f"Usage: whistle {' '.join(words)}".rstrip())
    sentence = said.splitlines()[2].strip()
    assert len(sentence.split()) >= 3
    command: click.Command = commands
    for word in words:
        assert isinstance(command, click.Group)
        command = command.commands[word]
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert all(option.opts[0] in said for option in options)


def test_the_promised_commands_are_there() -> None:
    promised = {"serve", "worker", "deploy", "lint", "replay", "overdue", "case", "user", "unit"}
    assert promised <= set(commands.commands)


def test_an_unknown_command_is_wrong_usage(whistle: Whistle) -> None:
    assert "No such command 'whisper'" in whistle("whisper", code=2).stderr


def test_lint_passes_the_shipped_set_without_a_database(whistle: Whistle) -> None:
    assert "0 errors" in whistle("lint", *SHIPPED).stderr


def test_lint_names_file_line_element_and_mend(whistle: Whistle) -> None:
    found = parsed(whistle("lint", str(BROKEN), "--json", code=1))
    assert all(each["file"] and each["rule"] and each["mend"] for each in found)
    assert {"error"} <= {each["severity"] for each in found}
    said = whistle("lint", str(BROKEN), code=1).stdout
    assert f"{BROKEN}:{found[0]['line']}:" in said


def test_lint_of_a_file_that_is_not_there_is_wrong_usage(whistle: Whistle) -> None:
    assert "does not exist" in whistle("lint", "no-such.bpmn", code=2).stderr
    whistle("lint", code=2)


def test_deploy_makes_versions_once(empty: Path, whistle: Whistle) -> None:
    first = parsed(whistle("deploy", *SHIPPED, "--json"))
    assert first
    assert all(each["is_new"] and each["version"] == 1 for each in first)
    again = parsed(whistle("deploy", *SHIPPED, "--json"))
    assert {each["id"]: each["version"] for each in again} == {each["id"]: 1 for each in first}
    assert not any(each["is_new"] for each in again)


def test_deploy_takes_all_or_nothing(empty: Path, whistle: Whistle) -> None:
    refused = parsed(whistle("deploy", *SHIPPED, str(BROKEN), "--json", code=1))
    assert refused
    assert all(each["is_new"] for each in parsed(whistle("deploy", *SHIPPED, "--json")))


def test_nothing_is_overdue_before_its_limit(district: District, whistle: Whistle) -> None:
    walk.report()
    assert parsed(whistle("overdue", "--json")) == []
    assert "Nothing is overdue" in whistle("overdue").stdout


def test_what_is_overdue_is_listed_the_latest_first(district: District, whistle: Whistle) -> None:
    numbers = []
    for days in (9, 12):
        with moved_to(utc_now() - timedelta(days=days)):
            numbers.append(walk.report().number)
    found = parsed(whistle("overdue", "--json"))
    assert [each["case"] for each in found] == numbers[::-1]
    assert found[0]["late_hours"] > found[1]["late_hours"] > 0
    assert len(parsed(whistle("overdue", "--limit", "1", "--json"))) == 1
    assert numbers[1] in whistle("overdue").stdout
    whistle("overdue", "--limit", "0", code=2)


def test_a_case_is_found_by_number_and_words(district: District, whistle: Whistle) -> None:
    number = walk.report().number
    for words in (number, "门口有垃圾"):
        assert [each["number"] for each in parsed(whistle("case", "find", words, "--json"))] == [
            number
        ]
    assert parsed(whistle("case", "find", "nothing like it", "--json")) == []
    assert "No case fits" in whistle("case", "find", "nothing like it").stdout


def test_a_journal_that_was_altered_is_told_by_exit_code(
    district: District, whistle: Whistle
) -> None:
    number = walk.report().number
    assert parsed(whistle("case", "verify", "--json")) == {"checked": 1, "broken": {}}
    with transaction() as tx:
        tx.connection.execute(
            text("UPDATE journal SET at = '2020-01-01 00:00:00' WHERE number = 1")
        )
    broken = whistle("case", "verify", number, "--json", code=1)
    assert list(parsed(broken)["broken"]) == [number]
    assert number in broken.stderr


def test_an_empty_database_is_a_sentence_not_a_traceback(empty: Path, whistle: Whistle) -> None:
    for words in (("overdue",), ("case", "find", "x"), ("unit", "list"), ("user", "list")):
        assert whistle(*words, code=1).stderr.startswith("whistle: There is no")


def test_replay_of_a_file_with_unknown_columns_is_refused(
    empty: Path, whistle: Whistle, tmp_path: Path
) -> None:
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")
    assert whistle("replay", str(file), code=1).stderr.startswith("whistle: ")
    whistle("replay", str(tmp_path / "none.csv"), code=2)
    whistle("replay", str(file), "--until", "soon", code=2)
