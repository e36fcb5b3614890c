"""Random walks: the same choices on an engine kept in memory and on one saved at every step.

`walk` plays them side by side and compares everything an outsider can see, keys included, after
each; then it brings both to their end, because an instance that hangs is a fault as well.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.engine import codec
from app.engine.errors import NobodyWaits
from tests.engine.first_road import CaseHost, grid_case
from tests.engine.generated import MAX_NODES, Pick, draw_process
from tests.engine.host import Host, View

Action = tuple[Any, ...]
MORE_STEPS_TO_THE_END = 40 * MAX_NODES
_SPLIT_OF = {"join": "split", "any": "some"}


@dataclass
class Walk:
    """What became of one walk; `fault` says in words what went wrong, if anything did."""

    steps: int = 0
    largest_state: int = 0
    fault: str | None = None
    did: Counter[str] = field(default_factory=Counter)


def walk_generated(
    pick: Pick, *, steps: int = 20, encode: Callable[[Any], bytes] = codec.encode
) -> Walk:
    """Draw a process and walk through it."""
    definition = draw_process(pick, depth=pick((1, 2, 3)))
    kept = Host(definition, saves=False, does_jobs=False)
    saved = Host(definition, does_jobs=False, encode=encode)
    go = pick((0, 1))
    return _walk(pick, kept, saved, start={"go": go}, actions=generated_actions, steps=steps)


def walk_grid_case(pick: Pick, *, steps: int = 25) -> Walk:
    """Walk through the shipped main process."""
    definition = grid_case(is_duty_clear=pick((True, False)))
    kept, saved = CaseHost(definition, saves=False), CaseHost(definition)
    start = {"message": "CaseReported"}
    return _walk(pick, kept, saved, start=start, actions=grid_case_actions, steps=steps)


def generated_actions(view: View) -> list[Action]:
    """What a host could do next; the first of them leads towards the end."""
    actions: list[Action] = []
    for task in view["open"]:
        actions += [("complete", task.key, {"go": go}) for go in (0, 1, 2)]
    for job in view["jobs"]:
        actions.append(("finish", job.key))
        if job.element_id.startswith("fail_"):
            actions.append(("fail", job.key))
    for each in view["subscriptions"]:
        actions += [("send", each.message_name, each.key, {"go": go}) for go in (0, 1)]
    return [*actions, *(("tick", hours) for hours in (30, 1, 3))]


def grid_case_actions(view: View) -> list[Action]:
    """The same for the main process: what its gateways ask for, and time."""
    options: dict[str, Sequence[dict[str, Any]]] = {
        "triage": [{"decision": "accept"}, {"decision": "accept"}, {"decision": "reject"}],
        "sign_for": [{"sign": "sign"}, {"sign": "return"}],
        "review_result": [{"verdict": "pass"}, {"verdict": "rework"}],
        "dispatch": [{"lead_unit": "roads", "co_units": ["gas"]}],
    }
    actions: list[Action] = []
    for task in view["open"]:
        answers = options.get(task.element_id, [{}])
        actions += [("do", task.element_id, each) for each in answers]
    for each in view["subscriptions"]:
        actions.append(("send", each.message_name, each.key, {"grade": 5}))
    return [*actions, *(("tick", hours) for hours in (100, 1, 5))]


def act(host: Host, action: Action) -> None:
    """Play one action on one host."""
    match action:
        case ("complete", key, answers):
            host.complete(key, answers, actor=str(key))
        case ("do", element_id, answers):
            host.do(element_id, actor="7", **answers)
        case ("finish", key):
            host.run_with(lambda run: run.finish_job(key, {"result": key}))
        case ("fail", key):
            host.run_with(lambda run: run.throw_error(key, "E", "broken", {"why": key}))
        case ("send", name, key, variables):
            host.run_with(lambda run: _send(run, name, key, variables))
        case ("tick", hours):
            host.tick(hours=hours)


def _send(run: Any, name: str, key: int, variables: dict[str, Any]) -> None:
    """A timer may have been quicker than the message: then nobody waits, and that is right."""
    try:
        run.send(name, to=key, variables=variables)
    except NobodyWaits:
        return


def _walk(
    pick: Pick,
    kept: Host,
    saved: Host,
    *,
    start: dict[str, Any],
    actions: Callable[[View], list[Action]],
    steps: int,
) -> Walk:
    walk = Walk()
    for host in (kept, saved):
        host.start(**start)
    for number in range(steps + MORE_STEPS_TO_THE_END):
        view = kept.view()
        walk.fault = _difference(view, saved.view())
        if walk.fault or view["completed"]:
            break
        action = pick(actions(view)) if number < steps else actions(view)[0]
        walk.did[action[0]] += 1
        for host in (kept, saved):
            act(host, action)
        walk.steps += 1
    else:
        walk.fault = f"it never came to its end: {kept.view()}"
    walk.fault = walk.fault or _tokens_out_of_nothing(saved)
    walk.largest_state = saved.largest_state
    return walk


def _difference(kept: View, saved: View) -> str | None:
    found = [name for name in kept if kept[name] != saved[name]]
    return "; ".join(f"{name}: {kept[name]} != {saved[name]}" for name in found) or None


def _tokens_out_of_nothing(host: Host) -> str | None:
    """A join that passed more often than its split was entered has doubled a token."""
    for join, times in host.passed.items():
        kind, _, number = join.partition("_")
        if kind in _SPLIT_OF and number.isdigit():
            split = f"{_SPLIT_OF[kind]}_{int(number) - 1}"
            if times > host.passed[split]:
                return f"{join} passed {times} times after {host.passed[split]} of {split}"
    return None
