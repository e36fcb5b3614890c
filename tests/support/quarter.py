"""A quarter in the life of a district on a moved clock: mixed cases, people, residents, at random.

`Quarter` knows no process: it reports cases, fills in whatever task is open as somebody to whom it
is offered, lets residents answer what cases wait for, and fires timers when they are due. Weights
keep the walks from going round for ever. `faults` says what is wrong with the database afterwards.
"""

import heapq
import io
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image
from sqlalchemy import Connection, exists, func, insert, select, text

from app.cases import deadlines, form_context, messages
from app.cases.attachments import Upload, keep_upload
from app.cases.calendar import CalendarContext, extend_calendar
from app.cases.deployed import deployed
from app.cases.handling import AnotherPersonNeeded, complete_task
from app.cases.intake import Report, receive_report
from app.cases.journal import LIVE, first_broken
from app.cases.work import Hand, facts_for
from app.clock import moved_to
from app.engine.errors import NobodyWaits
from app.errors import CaseBusy, Forbidden
from app.forms.components import Form
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.actor import Actor, HeldPosition
from app.organisation.roles import HELD_IN, Role
from app.store import instances, timers
from app.store.db import reading, transaction
from app.store.settings import DIRECTORY_VERSION, renew_version
from app.store.tables import organisation as t
from app.store.tables.cases import cases, journal
from app.store.tables.runtime import (
    incident,
    message,
    message_subscription,
    process_instance,
    task_unit,
    timer,
    user_task,
)
from tests.support.district import LONG_AGO, District
from tests.support.filling import Filler, Weights, may_be_required

BEGIN = datetime(2026, 7, 1, 0, 0, tzinfo=UTC)
DAYS = 92
PEOPLE_EACH = 3
LATEST = BEGIN + timedelta(days=400)
SEVERITIES = {"ordinary": 80.0, "urgent": 14.0, "emergency": 4.0, "major": 2.0}
CLASSES = ("A01", "A05", "B03", "B05", "C02", "D01", "E01", "F01")
CHANNELS = {"web": 40.0, "hotline": 30.0, "patrol": 20.0, "sensor": 10.0}
PREFERRED: Weights = {
    "decision": {"accept": 86, "reject": 5, "need_info": 5, "transfer_up": 2, "transfer_down": 2},
    "sign": {"sign": 90, "return": 10},
    "result": {"resolved": 84, "partly": 8, "needs_coordination": 6, "not_duty": 3, "not_now": 2},
    "verdict": {"pass": 88, "rework": 12, "fail": 12},
    "grade": {1: 40, 2: 30, 3: 20, 4: 6, 5: 4},
    "resolved": {"yes": 85, "partly": 9, "no": 6},
    "close_code": {"resolved": 80, "explained": 14, "unresolvable": 4, "referred": 2},
}
RESIDENTS = {"RatingReceived": 0.5, "QuestionAnswered": 0.7, "RejectionAppealed": 0.4}
"""How likely a resident sends what a case waits for."""
WITHDRAWS, REOPENS = 0.02, 0.04
BEGINNING = {"WithdrawalAsked", "ReopeningAsked"}
"""What a resident may ask that begins a process beside the case."""
AFTER_THE_END = {
    "score_departments",
    "callback_task",
    "verify_bad_rating",
    "appeal_rating",
    "decide_appeal",
    "rectify",
    "second_callback",
}
"""The only steps that may be open once their case has ended."""
COUNTING = {
    "sqlite": (
        "CREATE TABLE thrown_message (name TEXT)",
        "CREATE TRIGGER count_thrown AFTER INSERT ON message"
        " BEGIN INSERT INTO thrown_message VALUES (NEW.message_name); END",
    ),
    "postgresql": (
        "CREATE TABLE thrown_message (name TEXT)",
        "CREATE FUNCTION count_thrown() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO thrown_message VALUES (NEW.message_name); RETURN NULL; END $$",
        "CREATE TRIGGER count_thrown AFTER INSERT ON message"
        " FOR EACH ROW EXECUTE FUNCTION count_thrown()",
    ),
}


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 12), "green").save(out, "PNG")
    return out.getvalue()


PHOTO = _photo()


@dataclass(order=True, slots=True)
class _Event:
    at: datetime
    number: int
    kind: str = field(compare=False)
    key: int = field(compare=False, default=0)
    name: str = field(compare=False, default="")


class Quarter:
    """The simulation; `run` drives it to its end."""

    def __init__(self, district: District, *, count: int, seed: int) -> None:
        self.district, self.count = district, count
        self.chooser = random.Random(seed)
        self.events: list[_Event] = []
        self.planned: set[int] = set()
        self.asked: set[int] = set()
        self.ended: set[int] = set()
        self.steps: Counter[str] = Counter()
        self.crowd = crowd(district)
        self.case_keys: list[int] = []

    def run(self) -> None:
        """Report all cases and go on until nothing is open and no timer waits."""
        with moved_to(BEGIN), transaction() as tx:
            extend_calendar(tx)
        for _ in range(self.count):
            self._plan(BEGIN + timedelta(seconds=self.chooser.randrange(DAYS * 86_400)), "report")
        while True:
            due = next_timer()
            event = self.events[0] if self.events else None
            if due is not None and (event is None or due[1] <= event.at):
                if due[1] > LATEST:
                    return
                self._fire(*due)
            elif event is not None:
                heapq.heappop(self.events)
                with moved_to(event.at):
                    getattr(self, f"_{event.kind}")(event)
            else:
                return

    def _plan(self, at: datetime, kind: str, key: int = 0, name: str = "") -> None:
        heapq.heappush(
            self.events, _Event(at, len(self.planned) + self.steps.total(), kind, key, name)
        )

    def _weighed(self, weights: Mapping[Any, float]) -> Any:
        return self.chooser.choices(list(weights), list(weights.values()))[0]

    def _fire(self, instance_key: int, due_at: datetime) -> None:
        at = due_at + timedelta(seconds=1)
        with reading() as connection:
            due = timers.due_instances(connection, domain=LIVE, now=at, limit=200)
        with moved_to(at):
            fired = deadlines.fire_due()
            if not fired.stepped:
                raise AssertionError(f"nothing fired of {instance_key} at {due_at}: {why_not()}")
            self.steps["timer"] += 1
            messages.deliver_buffered()
        for case_key in {case_of(each.instance_key) for each in due}:
            self._look(case_key, at)

    def _report(self, event: _Event) -> None:
        is_own = self.chooser.random() < 0.08
        receipt = receive_report(
            Report(
                channel="patrol" if is_own else self._weighed(CHANNELS),
                description="Something is wrong 有问题",
                address="中山路 12 号",
                minor_class=self.chooser.choice(CLASSES),
                severity="ordinary" if is_own else self._weighed(SEVERITIES),
                latitude=40.005,
                longitude=self.chooser.choice((116.005, 116.015)),
                is_anonymous=self.chooser.random() < 0.2,
                is_confidential=self.chooser.random() < 0.05,
                self_handled=is_own,
            ),
        )
        self.steps["report"] += 1
        self.case_keys.append(receipt.case_key)
        if self.chooser.random() < WITHDRAWS:
            self._plan(
                event.at + timedelta(hours=self.chooser.randint(1, 60)),
                "withdraw",
                receipt.case_key,
            )
        self._look(receipt.case_key, event.at)

    def _withdraw(self, event: _Event) -> None:
        case = case_row(event.key)
        if case["closed_at"] is not None:
            return
        self._send("WithdrawalAsked", case, event.at)

    def _reopen(self, event: _Event) -> None:
        self._send("ReopeningAsked", case_row(event.key), event.at)
        for key in continued_by(event.key):
            self.case_keys.append(key)
            self._look(key, event.at)

    def _say(self, event: _Event) -> None:
        self._send(event.name, case_row(event.key), event.at)

    def _send(self, name: str, case: Mapping[str, Any], at: datetime) -> None:
        said = {
            "grade": self._weighed(PREFERRED["grade"]),
            "resolved": self._weighed(PREFERRED["resolved"]),
            "tags": [],
            "comment": "",
            "answer": "By the bridge 桥边",
            "reason": "No longer needed 不需要了",
        }
        try:
            with transaction() as tx:
                work = messages.deliver(
                    tx,
                    name,
                    correlation_key=case["number"],
                    variables=said,
                    hand=Hand(),
                    case_key=case["key"] if name in BEGINNING else None,
                )
                work.note("rating_received")
                messages.finish(work)
        except NobodyWaits:
            return
        self.steps[name] += 1
        self._look(case["key"], at)

    def _do(self, event: _Event) -> None:
        row = task_row(event.key)
        if row is None or row["state"] != "CREATED":
            return
        for actor in self._able(row["offered_to"]):
            try:
                complete_task(
                    actor, row["key"], self._answers(row, event.at), seen_version=row["version"]
                )
            except AnotherPersonNeeded:
                continue
            except (CaseBusy, Forbidden):
                return
            self.steps[row["element_id"]] += 1
            self._look(row["case_key"], event.at)
            return
        raise AssertionError(f"nobody can do {row['element_id']}: {row['offered_to']}")

    def _able(self, offered: Sequence[Sequence[Any]]) -> Iterator[Actor]:
        for role, unit_key in offered:
            people = list(self.crowd.get((role, unit_key), ()))
            self.chooser.shuffle(people)
            yield from people

    def _answers(self, row: Mapping[str, Any], at: datetime) -> Any:
        with reading() as connection:
            found = deployed(connection, row["definition_key"])
            versions = instances.versions(connection)
            directory = directories.current(connection, versions.directory)
            current = calendars.current(connection, versions.calendar)
            calendar = CalendarContext(current, directory.chain_of, at)
            case = case_row(row["case_key"])
            context = form_context.of_task(
                facts_for(case, directory, calendar),
                row["inputs"],
                directory,
                "en",
                form=found.forms[row["form_id"]].form,
            )
        return Filler(
            found.forms[row["form_id"]].form,
            self.chooser,
            context=context,
            now=at,
            zone=current.district.zone,
            prefer=PREFERRED,
            point=(case["latitude"], case["longitude"]),
            files=self._files(row["key"], found.forms[row["form_id"]].form),
        ).fill()

    def _files(self, task_key: int, form: Form) -> list[str]:
        """Upload a photo for a task whose form demands one, or may."""
        if not any(may_be_required(part) for part in form.file_fields.values()):
            return []
        upload = Upload(file_name="seen.png", content=PHOTO, kind="evidence")
        blobs = self.district.app.extensions["blobs"]
        return [str(keep_upload(upload, blobs=blobs, task_key=task_key).key)]

    def _look(self, case_key: int, at: datetime) -> None:
        """Plan what people and residents will do about what is open in a case now."""
        with reading() as connection:
            open_now = connection.execute(
                select(user_task.c.key, user_task.c.due_at, user_task.c.element_id).where(
                    user_task.c.case_key == case_key, user_task.c.state == "CREATED"
                )
            ).all()
            waits = connection.execute(
                select(message_subscription.c.key, message_subscription.c.message_name)
                .join(
                    process_instance,
                    process_instance.c.key == message_subscription.c.instance_key,
                )
                .where(
                    process_instance.c.case_key == case_key,
                    message_subscription.c.message_name.in_(RESIDENTS),
                )
            ).all()
        self._look_at_the_end(case_key, at, {row.element_id for row in open_now})
        for key, due_at, _element in open_now:
            if key not in self.planned:
                self.planned.add(key)
                self._plan(self._when(at, due_at), "do", key)
        for key, name in waits:
            if key not in self.asked:
                self.asked.add(key)
                if self.chooser.random() < RESIDENTS[name]:
                    self._plan(
                        at + timedelta(hours=self.chooser.expovariate(1 / 40)),
                        "say",
                        case_key,
                        name,
                    )

    def _look_at_the_end(self, case_key: int, at: datetime, steps: set[str]) -> None:
        """Hold that nobody works on a case that has ended; now and then it is taken up again."""
        if case_row(case_key)["closed_at"] is None:
            return
        if steps - AFTER_THE_END:
            raise AssertionError(f"case {case_key} has ended, and {steps - AFTER_THE_END} is open")
        if case_key not in self.ended:
            self.ended.add(case_key)
            if self.chooser.random() < REOPENS:
                after = timedelta(hours=self.chooser.randint(1, 18 * 24))
                self._plan(at + after, "reopen", case_key)

    def _when(self, at: datetime, due_at: datetime | None) -> datetime:
        """Most are done well before the limit, some after it, a few long after."""
        span = max((due_at - at) if due_at else timedelta(days=1), timedelta(hours=1))
        share = self._weighed({0.1: 30, 0.3: 30, 0.7: 22, 1.2: 12, 2.5: 5, 6.0: 1})
        return at + span * share * (0.5 + self.chooser.random())


def crowd(district: District) -> dict[tuple[str, int], list[Actor]]:
    """Add people for every role in every unit that may have it, and return them as actors."""
    found: dict[tuple[str, int], list[Actor]] = {}
    with transaction() as tx:
        units = tx.connection.execute(select(t.unit.c.key, t.unit.c.kind, t.unit.c.path)).all()
        for unit_key, kind, path in units:
            for role in Role:
                if kind not in HELD_IN[role]:
                    continue
                found[role.value, unit_key] = [
                    _person(tx, role, unit_key, path, kind, number) for number in range(PEOPLE_EACH)
                ]
        renew_version(tx.connection, DIRECTORY_VERSION)
    return found


def _person(tx: Any, role: Role, unit_key: int, path: str, kind: Any, number: int) -> Actor:
    person_key, position_key = tx.next_key(), tx.next_key()
    login = f"{role.value}-{unit_key}-{number}"
    tx.connection.execute(
        insert(t.person).values(key=person_key, login=login, name=login, created_at=tx.now)
    )
    tx.connection.execute(
        insert(t.position).values(
            key=position_key,
            person_key=person_key,
            role=role.value,
            unit_key=unit_key,
            valid_from=LONG_AGO,
        )
    )
    held = HeldPosition(
        position_key=position_key, role=role, unit_key=unit_key, unit_path=path, unit_kind=kind
    )
    return Actor(person_key=person_key, login=login, name=login, positions=(held,))


def next_timer() -> tuple[int, datetime] | None:
    """Return the instance whose timer is due first, and when."""
    query = select(timer.c.instance_key, timer.c.due_at).where(timer.c.state == "waiting")
    with reading() as connection:
        row = connection.execute(query.order_by(timer.c.due_at).limit(1)).first()
    return None if row is None else (row.instance_key, row.due_at)


def why_not() -> list[str]:
    """Return what went wrong with timers, as the rows say."""
    query = select(timer.c.last_error).where(timer.c.last_error.is_not(None)).distinct()
    with reading() as connection:
        return [str(each) for each in connection.execute(query).scalars()]


def case_of(instance_key: int) -> int:
    """Return the case of an instance."""
    query = select(process_instance.c.case_key).where(process_instance.c.key == instance_key)
    with reading() as connection:
        return int(connection.execute(query).scalar_one())


def case_row(case_key: int) -> dict[str, Any]:
    """Return the case's row."""
    with reading() as connection:
        found = connection.execute(select(cases).where(cases.c.key == case_key)).mappings().one()
        return dict(found)


def continued_by(case_key: int) -> list[int]:
    """Return the keys of the cases that go on from a case."""
    query = select(cases.c.key).where(cases.c.reopens_key == case_key)
    with reading() as connection:
        return list(connection.execute(query).scalars())


def task_row(task_key: int) -> dict[str, Any] | None:
    """Return a task's row with its process version."""
    query = (
        select(*user_task.c, process_instance.c.definition_key)
        .join(process_instance, process_instance.c.key == user_task.c.instance_key)
        .where(user_task.c.key == task_key)
    )
    with reading() as connection:
        found = connection.execute(query).mappings().first()
        return None if found is None else dict(found)


def faults(now: datetime) -> list[str]:
    """Return what is wrong with the database, as sentences; nothing for a sound one."""
    ended = exists().where(
        process_instance.c.key == timer.c.instance_key, process_instance.c.state != "ACTIVE"
    )
    counts = {
        "incidents": select(func.count()).select_from(incident),
        "timers of instances that have ended": select(func.count()).select_from(timer).where(ended),
        "timers that are due": select(func.count()).select_from(timer).where(timer.c.due_at < now),
        "messages that are not delivered": select(func.count()).select_from(message),
        "subscriptions of instances that have ended": select(func.count())
        .select_from(message_subscription)
        .join(process_instance, process_instance.c.key == message_subscription.c.instance_key)
        .where(process_instance.c.state != "ACTIVE"),
        "instances that still run": select(func.count())
        .select_from(process_instance)
        .where(process_instance.c.state == "ACTIVE"),
        "rows that list tasks which are done": select(func.count()).select_from(task_unit),
        "cases without an outcome": select(func.count())
        .select_from(cases)
        .where(cases.c.outcome.is_(None)),
    }
    with reading() as connection:
        found = [
            f"{count} {what}"
            for what, query in counts.items()
            if (count := connection.execute(query).scalar_one())
        ]
        found += _unbalanced(connection)
        found += _broken_chains(connection)
    return found


def count_messages() -> None:
    """Let the database itself note each message that is thrown, for `faults` to compare with."""
    with transaction() as tx:
        statements = COUNTING[tx.connection.dialect.name]
        for statement in statements:
            tx.connection.execute(text(statement))


def _unbalanced(connection: Connection) -> Iterator[str]:
    """Yield each name of which more or fewer messages were thrown than received."""
    query = text("SELECT name, count(*) FROM thrown_message GROUP BY name")
    thrown = Counter({str(name): int(number) for name, number in connection.execute(query)})
    lines = connection.execute(
        select(journal.c.data).where(journal.c.kind == "message_received")
    ).scalars()
    received = Counter(line["message"] for line in lines)
    for name in sorted(thrown | received):
        if thrown[name] != received[name]:
            yield f"{thrown[name]} messages {name} were thrown and {received[name]} received"


def _broken_chains(connection: Connection) -> list[str]:
    keys = connection.execute(select(cases.c.key)).scalars().all()
    found = []
    for key in keys:
        rows = connection.execute(
            select(journal).where(journal.c.case_key == key).order_by(journal.c.number)
        ).mappings()
        number = first_broken([dict(row) for row in rows])
        if number is not None:
            found.append(f"the journal of case {key} is broken at line {number}")
    return found
