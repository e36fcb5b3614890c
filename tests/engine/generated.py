"""Draws processes nobody thought of, and walks through them choice by choice.

Blocks with one way in and one way out are nested at random: gateways, loops, sub-processes two
deep, multi-instance, boundary timers, event gateways, messages, call activities. Whatever is drawn
can be brought to its end by answering `go = 0` everywhere, so an instance that hangs is a fault.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any, TypeVar

from app.engine import definition
from app.engine.definition import Definition
from tests.engine import drawing as draw

_T = TypeVar("_T")
Pick = Callable[[Sequence[Any]], Any]
MAX_NODES = 40
ITEMS = ('=["x","y"]', '=["x","y","z"]', "=[]", "=[1,2]", "=nobody_set_this")


@dataclass
class Painter:
    """Draws blocks into the lists of the scope it is in."""

    pick: Pick
    numbers: Any = field(default_factory=lambda: count(1))
    left: list[int] = field(default_factory=lambda: [MAX_NODES])
    called: list[str] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)

    def process(self, name: str, depth: int) -> str:
        inner = self.inside()
        start, end = f"s_{name}", f"e_{name}"
        entry, leave = inner.blocks(depth)
        inner.flow(start, entry)
        inner.flow(leave, end)
        body = [draw.start(start), *inner.nodes, draw.end(end)]
        return draw.process(name, *body, flows="\n".join(inner.flows))

    def inside(self) -> "Painter":
        return Painter(self.pick, self.numbers, self.left, self.called)

    def name(self, prefix: str) -> str:
        self.left[0] -= 1
        return f"{prefix}{next(self.numbers)}"

    def add(self, node: str) -> None:
        self.nodes.append(node)

    def flow(self, source: str, target: str, condition: str = "") -> None:
        self.flows.append(f"{source} > {target}{condition}")

    def blocks(self, depth: int) -> tuple[str, str]:
        """One to three blocks in a row."""
        ways = [self.block(depth) for _ in range(self.pick((1, 1, 2, 2, 3)))]
        for (_, leave), (entry, _) in pairwise(ways):
            self.flow(leave, entry)
        return ways[0][0], ways[-1][1]

    def block(self, depth: int) -> tuple[str, str]:
        simple = (self.task, self.job, self.note, self.first, self.receive, self.throw)
        nested = (
            self.choice,
            self.both,
            self.some,
            self.loop,
            self.sub,
            self.each_task,
            self.each_sub,
            self.late_task,
            self.late_sub,
            self.called_process,
            self.failing_job,
            self.terminated,
            self.escalating,
        )
        is_simple = depth <= 0 or self.left[0] <= 0
        kind = self.pick(simple if is_simple else (self.task, *nested, *nested))
        return kind(depth - 1)

    def task(self, _depth: int) -> tuple[str, str]:
        name = self.name("task_")
        self.add(
            draw.user(
                name,
                due="=now()",
                outputs={"go": "=go", f"by_{name}": "=actor", "last": f'="{name}"'},
            )
        )
        return name, name

    def job(self, _depth: int) -> tuple[str, str]:
        name = self.name("job_")
        self.add(draw.service(name, inputs={"seen": "=log"}, outputs={f"did_{name}": "=result"}))
        return name, name

    def note(self, _depth: int) -> tuple[str, str]:
        name = self.name("note_")
        log = f'=concatenate(if log = null then [] else log, ["{name}"])'
        self.add(draw.script(name, "log", log))
        return name, name

    def first(self, _depth: int) -> tuple[str, str]:
        name, merge = self.name("first_"), self.name("merge_")
        message, timer = f"{name}_message", f"{name}_timer"
        self.add(draw.first(name))
        self.add(draw.catch(message, draw.message(name), outputs={"go": "=go"}))
        self.add(draw.catch(timer, draw.after(self.pick(("PT1H", "P1D")))))
        self.add(draw.xor(merge, has_default=False))
        for each in (message, timer):
            self.flow(name, each)
            self.flow(each, merge)
        return name, merge

    def receive(self, _depth: int) -> tuple[str, str]:
        name = self.name("receive_")
        self.add(draw.receive(name, name, outputs={f"got_{name}": "=go"}))
        return name, name

    def throw(self, _depth: int) -> tuple[str, str]:
        name = self.name("throw_")
        self.add(draw.throw(name, draw.message(name), inputs={"log": "=log"}))
        return name, name

    def choice(self, depth: int) -> tuple[str, str]:
        name, merge = self.name("choice_"), self.name("merge_")
        self.add(draw.xor(name))
        self.add(draw.xor(merge, has_default=False))
        for condition in (" : =go = 1", " default"):
            entry, leave = self.blocks(depth)
            self.flow(name, entry, condition)
            self.flow(leave, merge)
        return name, merge

    def both(self, depth: int) -> tuple[str, str]:
        name, join = self.name("split_"), self.name("join_")
        self.add(draw.both(name))
        self.add(draw.both(join))
        for _ in range(self.pick((2, 2, 3))):
            entry, leave = self.blocks(depth)
            self.flow(name, entry)
            self.flow(leave, join)
        return name, join

    def some(self, depth: int) -> tuple[str, str]:
        name, join = self.name("some_"), self.name("any_")
        self.add(draw.some(name))
        self.add(draw.element("inclusiveGateway", join))
        for condition in (" : =go = 1", " : =go != 2", " default"):
            entry, leave = self.blocks(depth)
            self.flow(name, entry, condition)
            self.flow(leave, join)
        return name, join

    def loop(self, depth: int) -> tuple[str, str]:
        merge, again = self.name("merge_"), self.name("again_")
        self.add(draw.xor(merge, has_default=False))
        self.add(draw.xor(again))
        entry, leave = self.blocks(depth)
        asked, _ = self.task(depth)
        self.flow(merge, entry)
        self.flow(leave, asked)
        self.flow(asked, again)
        self.flow(again, merge, " : =go = 1")
        way_out = self.name("out_")
        self.add(draw.xor(way_out, has_default=False))
        self.flow(again, way_out, " default")
        return merge, way_out

    def sub(self, depth: int, loop: str = "") -> tuple[str, str]:
        name = self.name("sub_")
        inner = self.inside()
        entry, leave = inner.blocks(depth)
        start, end = f"{name}_start", f"{name}_end"
        inner.flow(start, entry)
        inner.flow(leave, end)
        body = [draw.start(start), *inner.nodes, draw.end(end)]
        self.add(draw.sub(name, *body, flows="\n".join(inner.flows), loop=loop))
        return name, name

    def each_of(self) -> str:
        number = next(self.numbers)
        return draw.each(
            self.pick(ITEMS),
            f"item_{number}",
            self.pick((None, f"results_{number}")),
            self.pick(("=go", "=last")),
            in_order=self.pick((False, True)),
            until=self.pick((None, "=go = 1", "=numberOfCompletedInstances = 2")),
        )

    def each_task(self, _depth: int) -> tuple[str, str]:
        name = self.name("task_")
        self.add(draw.user(name, outputs={"go": "=go", "last": f'="{name}"'}, loop=self.each_of()))
        return name, name

    def each_sub(self, depth: int) -> tuple[str, str]:
        return self.sub(depth, loop=self.each_of())

    def late_task(self, depth: int) -> tuple[str, str]:
        name, _ = self.task(depth)
        return name, self.watched(name, depth)

    def late_sub(self, depth: int) -> tuple[str, str]:
        name, _ = self.pick((self.sub, self.each_sub, self.each_task))(depth)
        return name, self.watched(name, depth)

    def watched(self, activity: str, depth: int) -> str:
        """Boundary events on an activity: those that interrupt lead back to its way out."""
        merge = self.name("merge_")
        self.add(draw.xor(merge, has_default=False))
        self.flow(activity, merge)
        for number in range(self.pick((1, 2))):
            event = f"{activity}_boundary_{number}"
            interrupts = self.pick((True, False))
            cause = self.pick(("PT1H", "P1D", "message", "cycle"))
            if cause == "message":
                inner = draw.message(event)
            elif cause == "cycle" and not interrupts:
                inner = draw.every("R2/PT2H")
            else:
                inner = draw.after("PT3H" if cause == "cycle" else cause)
            self.add(draw.boundary(event, activity, inner, interrupts=interrupts))
            entry, leave = self.note(depth) if interrupts else self.blocks(0)
            self.flow(event, entry)
            if interrupts:
                self.flow(leave, merge)
            else:
                end = self.name("side_")
                self.add(draw.end(end))
                self.flow(leave, end)
        return merge

    def called_process(self, depth: int) -> tuple[str, str]:
        name = self.name("call_")
        process_id = f"process_{name}"
        self.called.append(self.process(process_id, depth))
        loop = self.pick(("", "", self.each_of()))
        self.add(
            draw.call(name, process_id, inputs={"go": "=go"}, outputs={"last": "=last"}, loop=loop)
        )
        return name, name

    def failing_job(self, depth: int) -> tuple[str, str]:
        """A job that may fail, alone or inside a sub-process, with an error boundary around."""
        name, merge = self.name("fail_"), self.name("merge_")
        job = draw.service(name)
        attached = name
        if self.pick((True, False)):
            attached = f"{name}_sub"
            flows = f"{name}_start > {name} > {name}_end"
            job = draw.sub(
                attached, draw.start(f"{name}_start"), job, draw.end(f"{name}_end"), flows=flows
            )
        self.add(job)
        self.add(draw.boundary(f"{name}_error", attached, draw.error(self.pick((None, "E")))))
        self.add(draw.xor(merge, has_default=False))
        entry, leave = self.note(depth)
        self.flow(f"{name}_error", entry)
        self.flow(leave, merge)
        self.flow(attached, merge)
        return attached, merge

    def terminated(self, depth: int) -> tuple[str, str]:
        """Two branches of a sub-process; the end of one ends the other."""
        name = self.name("sub_")
        inner = self.inside()
        start, split = f"{name}_start", f"{name}_split"
        inner.add(draw.both(split))
        inner.flow(start, split)
        for end in (draw.terminate(f"{name}_terminate"), draw.end(f"{name}_end")):
            entry, leave = inner.blocks(depth)
            inner.add(end)
            inner.flow(split, entry)
            target = f"{name}_terminate" if "terminate" in end else f"{name}_end"
            inner.flow(leave, target)
        self.add(draw.sub(name, draw.start(start), *inner.nodes, flows="\n".join(inner.flows)))
        return name, name

    def escalating(self, depth: int) -> tuple[str, str]:
        """A sub-process that ends by telling its surroundings."""
        name, merge = self.name("sub_"), self.name("merge_")
        inner = self.inside()
        entry, leave = inner.blocks(depth)
        start, end = f"{name}_start", f"{name}_end"
        inner.flow(start, entry)
        inner.flow(leave, end)
        inner.add(draw.end(end, draw.escalation("X")))
        self.add(draw.sub(name, draw.start(start), *inner.nodes, flows="\n".join(inner.flows)))
        interrupts = self.pick((True, False))
        event = f"{name}_told"
        self.add(draw.boundary(event, name, draw.escalation("X"), interrupts=interrupts))
        self.add(draw.xor(merge, has_default=False))
        told, done = self.task(depth)
        self.flow(name, merge)
        self.flow(event, told)
        if interrupts:
            self.flow(done, merge)
        else:
            end = self.name("side_")
            self.add(draw.end(end))
            self.flow(done, end)
        return name, merge


def draw_process(pick: Pick, *, depth: int = 3) -> Definition:
    painter = Painter(pick)
    main = painter.process("p", depth)
    data = draw.diagram(main, *painter.called)
    return definition.load({"p": data}, "p")
