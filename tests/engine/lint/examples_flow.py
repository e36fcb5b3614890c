"""Examples of broken flow: structure, cycles, gateways, joins, events, timers and messages."""

from tests.engine.lint.drawing import (
    boundary,
    catch,
    definition,
    diagram,
    end,
    extension,
    flows,
    gateway,
    many,
    message,
    node,
    process,
    root_message,
    script,
    start,
    straight,
    timer,
    user,
    xor,
)
from tests.engine.lint.example import Example

ESCALATION = '<bpmn:escalation id="Escalation_late" name="Late" escalationCode="LATE" />'
ERROR = '<bpmn:error id="Error_failed" name="Failed" errorCode="FAILED" />'


def drawn(*roots: str, element: str, also: tuple[str, ...] = (), text: str = "") -> Example:
    """An example that is one diagram."""
    return Example({".bpmn": diagram(*roots)}, element=element, also=also, text=text)


def within(own_id: str, *parts: str, tag: str = "subProcess", **attributes: str) -> str:
    """A sub-process that is the whole of a process."""
    inner = node(tag, own_id, *parts, **attributes)
    return straight(inner, names=own_id)


def simple(inside: str = "inner") -> tuple[str, ...]:
    """The inside of a sub-process with one user task."""
    path = flows(f"{inside}_start > {inside} > {inside}_end")
    return start(f"{inside}_start"), user(inside), end(f"{inside}_end"), path


def chain(count: int) -> str:
    """A chain of so many steps."""
    names = [f"step_{n}" for n in range(count)]
    steps = [script(name, name, "=1") for name in names]
    return process(start(), *steps, end(), flows(" > ".join(["start", *names, "end"])))


WORK = user()
CONDITION = (
    "<bpmn:conditionalEventDefinition>"
    '<bpmn:condition xsi:type="bpmn:tFormalExpression">=case.severity = "major"</bpmn:condition>'
    "</bpmn:conditionalEventDefinition>"
)
STRUCTURE = {
    "too-many-nodes": drawn(chain(300), element="example", text='<bpmn:process id="example"'),
    "duplicate-process": Example(
        {
            ".first.bpmn": diagram(straight(WORK, names="work")),
            ".bpmn": diagram(straight(WORK, names="work")),
        },
        at=".bpmn",
        element="example",
        text='<bpmn:process id="example"',
    ),
    "no-start-event": drawn(
        process(WORK, end(), flows("work > end")),
        element="example",
        text='<bpmn:process id="example"',
    ),
    "no-end-event": drawn(
        process(start(), WORK, xor("again"), flows("start > work > again\nagain > work default")),
        element="example",
        text='<bpmn:process id="example"',
    ),
    "none-start-beside-message-start": drawn(
        root_message(),
        process(
            start("told", message()),
            start("by_hand"),
            WORK,
            end(),
            flows("told > work > end\nby_hand > work"),
        ),
        element="by_hand",
    ),
    "several-starts": drawn(
        process(start(), start("second"), WORK, end(), flows("start > work > end\nsecond > work")),
        element="second",
    ),
    "sub-process-start": drawn(
        root_message(),
        within(
            "part", start("part_start", message()), end("part_end"), flows("part_start > part_end")
        ),
        element="part",
    ),
    "timer-start": drawn(
        process(
            start("start", timer("timeDuration", "P1D")), WORK, end(), flows("start > work > end")
        ),
        element="start",
    ),
    "event-sub-process": drawn(
        process(
            start(),
            WORK,
            end(),
            node("subProcess", "aside", *simple(), triggeredByEvent="true"),
            flows("start > work > end"),
        ),
        element="aside",
    ),
    "ad-hoc-sub-process": drawn(
        within("anything", user("inner"), tag="adHocSubProcess"), element="anything"
    ),
    "transaction": drawn(
        within("deal", *simple(), tag="transaction"),
        element="deal",
    ),
    "does-not-run": drawn(
        root_message(),
        straight(catch("hear", message().replace('"Message', '"bpmn:Message')), names="hear"),
        element="example",
        text='<bpmn:process id="example"',
    ),
    "complex-gateway": drawn(
        straight(gateway("complex", "anyhow"), names="anyhow"), element="anyhow"
    ),
    "unsupported-element": drawn(
        process(
            start(),
            WORK,
            end(),
            '<bpmn:event id="strange" />',
            flows("start > work > end"),
        ),
        element="strange",
        also=("schema",),
    ),
    "untyped-task": drawn(
        straight(node("task", "something"), names="something"), element="something"
    ),
    "compensation": drawn(
        process(start(), WORK, end("undo", definition("compensate")), flows("start > work > undo")),
        element="undo",
    ),
    "standard-loop": drawn(
        straight(user("work", "<bpmn:standardLoopCharacteristics />"), names="work"),
        element="work",
    ),
    "data-object-across-levels": drawn(
        straight(
            '<bpmn:dataObject id="note" />',
            '<bpmn:dataObjectReference id="note_reference" dataObjectRef="note" />',
            node(
                "subProcess",
                "outer",
                start("outer_start"),
                node(
                    "subProcess",
                    "deeper",
                    start("deeper_start"),
                    user(
                        "reader",
                        '<bpmn:dataInputAssociation id="reads">'
                        "<bpmn:sourceRef>note_reference</bpmn:sourceRef>"
                        "<bpmn:targetRef>reader</bpmn:targetRef>"
                        "</bpmn:dataInputAssociation>",
                    ),
                    end("deeper_end"),
                    flows("deeper_start > reader > deeper_end"),
                ),
                end("outer_end"),
                flows("outer_start > deeper > outer_end"),
            ),
            names="outer",
        ),
        element="reader",
    ),
    "no-executable-process": Example(
        {".bpmn": diagram(process(start(), end(), flows("start > end"), executable="false"))},
        text='id="Definitions_example"',
    ),
    "missing-id": drawn(
        straight(WORK, names="work"),
        '<bpmn:message name="Nameless" />',
        element="",
        text="Nameless",
    ),
    "duplicate-id": drawn(
        straight(WORK, names="work"),
        '<bpmn:message id="work" name="Told" />',
        element="work",
        text='<bpmn:message id="work"',
    ),
    "schema": drawn(
        process(
            start(), WORK, end(), flows("start > work > end"), '<bpmn:surprise id="surprise" />'
        ),
        element="surprise",
    ),
    "no-layout": Example(
        {".bpmn": diagram(straight(WORK, names="work"), hidden=frozenset({"work"}))}, element="work"
    ),
}

FLOW = {
    "orphan": drawn(
        process(start(), WORK, user("lost"), end(), flows("start > work > end\nlost > end")),
        element="lost",
    ),
    "dead-end": drawn(
        process(
            start(),
            xor("which"),
            WORK,
            end(),
            flows('start > which\nwhich > work : =case.severity = "major"\nwhich > end default'),
        ),
        element="work",
    ),
    "no-way-out": drawn(
        process(
            start(),
            xor("which"),
            WORK,
            xor("again"),
            end(),
            flows(
                """start > which
                which > work : =case.severity = "major"
                which > end default
                work > again
                again > work default"""
            ),
        ),
        element="work",
    ),
    "loose-flow": drawn(
        process(
            start(),
            WORK,
            end(),
            flows("start > work > end"),
            '<bpmn:sequenceFlow id="nowhere" sourceRef="work" targetRef="example" />',
        ),
        element="nowhere",
    ),
    "flow-wrong-way": drawn(
        process(start(), WORK, end(), end("other"), flows("start > work > end > other")),
        element="end",
        text='<bpmn:endEvent id="end"',
    ),
    "implicit-split": drawn(
        process(start(), WORK, end(), end("other"), flows("start > work > end\nwork > other")),
        element="work",
    ),
    "condition-ignored": drawn(
        process(
            start(), WORK, end(), flows("start > work\nwork > end : =answers.work.result = null")
        ),
        element="work_to_end",
    ),
    "boundary-unattached": drawn(
        process(
            start(),
            WORK,
            end(),
            boundary("late", "end", timer("timeDuration", "P1D")),
            end("late_end"),
            flows("start > work > end\nlate > late_end"),
        ),
        element="late",
    ),
    "terminate-end": drawn(
        process(start(), WORK, end("stop", definition("terminate")), flows("start > work > stop")),
        element="stop",
    ),
    "withdrawal-misses-tail": drawn(
        root_message(),
        process(
            start(),
            node("subProcess", "life", *simple()),
            boundary("withdrawn", "life", message()),
            end(),
            end("other_end"),
            flows("start > life > end\nwithdrawn > other_end"),
        ),
        element="withdrawn",
    ),
}

LOOPS = {
    "cycle-without-gateway": drawn(
        process(
            start(),
            WORK,
            gateway("parallel", "split"),
            end(),
            flows("start > work > split > work\nsplit > end"),
        ),
        element="work",
        also=("split-on-cycle",),
    ),
    "loop-without-wait": drawn(
        process(
            start(),
            script("count", "passes", "=1"),
            xor("again"),
            end(),
            flows("start > count > again\nagain > count : =passes < 3\nagain > end default"),
        ),
        element="count",
    ),
    "join-on-cycle": drawn(
        process(
            start(),
            gateway("parallel", "split"),
            user("one"),
            user("two"),
            gateway("parallel", "join"),
            xor("again"),
            end(),
            flows(
                """start > split
                split > one > join
                split > two > join
                join > again
                again > split : =answers.one.result = "again"
                again > end default"""
            ),
        ),
        element="join",
        also=("join-on-cycle",),
    ),
    "split-on-cycle": drawn(
        process(
            start(),
            WORK,
            gateway("parallel", "split"),
            user("aside"),
            xor("again"),
            end("aside_end"),
            end(),
            flows(
                """start > work > split
                split > aside > aside_end
                split > again
                again > work : =answers.work.result = "again"
                again > end default"""
            ),
        ),
        element="split",
    ),
    "timeout-to-same-task": drawn(
        process(
            start(),
            WORK,
            boundary("late", "work", timer("timeDuration", "P1D")),
            end(),
            flows("start > work > end\nlate > work"),
        ),
        element="late",
    ),
    "relative-limit-in-loop": drawn(
        root_message(),
        process(
            start(),
            gateway("eventBased", "wait"),
            catch("told", message()),
            catch("over", timer("timeDuration", "P5D")),
            WORK,
            end(),
            flows("start > wait\nwait > told > work > wait\nwait > over > end"),
        ),
        element="over",
    ),
}

GATEWAYS = {
    "exclusive-without-default": drawn(
        process(
            start(),
            node("exclusiveGateway", "which"),
            WORK,
            end(),
            flows(
                """start > which
                which > work : =case.severity = "major"
                which > end : =case.severity = "urgent"
                work > end"""
            ),
        ),
        element="which",
    ),
    "inclusive-without-default": drawn(
        process(
            start(),
            gateway("inclusive", "which"),
            WORK,
            end(),
            flows(
                """start > which
                which > work : =case.severity = "major"
                which > end : =case.severity = "urgent"
                work > end"""
            ),
        ),
        element="which",
    ),
    "default-not-outgoing": drawn(
        process(
            start(),
            xor("which", default="start_to_which"),
            WORK,
            end(),
            flows(
                """start > which
                which > work : =case.severity = "major"
                which > end : =case.severity = "urgent"
                work > end"""
            ),
        ),
        element="which",
    ),
    "flow-without-condition": drawn(
        process(
            start(),
            xor("which"),
            WORK,
            end(),
            flows("start > which > work > end\nwhich > end default"),
        ),
        element="which_to_work",
    ),
    "default-with-condition": drawn(
        process(
            start(),
            xor("which"),
            WORK,
            end(),
            flows(
                """start > which
                which > work : =case.severity = "major"
                which > end default : =case.severity = "urgent"
                work > end"""
            ),
        ),
        element="which_default",
        text='<bpmn:sequenceFlow id="which_default"',
    ),
    "event-gateway-timers": drawn(
        process(
            start(),
            gateway("eventBased", "wait"),
            catch("soon", timer("timeDuration", "P1D")),
            catch("later", timer("timeDuration", "P2D")),
            end(),
            flows("start > wait > soon > end\nwait > later > end"),
        ),
        element="wait",
    ),
    "event-gateway-targets": drawn(
        process(
            start(),
            gateway("eventBased", "wait"),
            catch("soon", timer("timeDuration", "P1D")),
            WORK,
            end(),
            flows("start > wait > soon > end\nwait > work > end"),
        ),
        element="wait",
    ),
    "event-gateway-single": drawn(
        process(
            start(),
            gateway("eventBased", "wait"),
            catch("soon", timer("timeDuration", "P1D")),
            end(),
            flows("start > wait > soon > end"),
        ),
        element="wait",
    ),
}

REPEATED = node(
    "subProcess",
    "departments",
    many("=case.co_units", "department"),
    start("department_start"),
    user("report"),
    node(
        "intermediateThrowEvent",
        "absent",
        definition("escalation", escalationRef="Escalation_late"),
    ),
    end("department_end"),
    flows("department_start > report > absent > department_end"),
)

EVENTS = {
    "link-event": drawn(
        process(
            start(),
            node("intermediateThrowEvent", "away", definition("link", name="there")),
            end(),
            flows("start > away > end"),
        ),
        element="away",
    ),
    "signal-end": drawn(
        '<bpmn:signal id="Signal_all" name="All" />',
        process(
            start(),
            WORK,
            end("call", definition("signal", signalRef="Signal_all")),
            flows("start > work > call"),
        ),
        element="call",
    ),
    "signal-event": drawn(
        '<bpmn:signal id="Signal_all" name="All" />',
        straight(
            node("intermediateThrowEvent", "shout", definition("signal", signalRef="Signal_all")),
            names="shout",
        ),
        element="shout",
    ),
    "conditional-boundary": drawn(
        process(
            start(),
            WORK,
            boundary("changed", "work", CONDITION),
            end(),
            flows("start > work > end\nchanged > end"),
        ),
        element="changed",
    ),
    "conditional-event": drawn(
        straight(catch("changed", CONDITION), names="changed"), element="changed"
    ),
    "cancel-event": drawn(
        within(
            "part",
            start("part_start"),
            user("inner"),
            end("cancelled", definition("cancel")),
            flows("part_start > inner > cancelled"),
        ),
        element="cancelled",
    ),
    "several-event-definitions": drawn(
        root_message(),
        straight(catch("either", message(), timer("timeDuration", "P1D")), names="either"),
        element="either",
    ),
    "event-without-trigger": drawn(straight(catch("what"), names="what"), element="what"),
    "event-in-wrong-place": drawn(
        straight(
            node("intermediateThrowEvent", "later", timer("timeDuration", "P1D")), names="later"
        ),
        element="later",
    ),
    "error-without-code": drawn(
        process(
            start(),
            node(
                "subProcess",
                "part",
                start("part_start"),
                user("inner"),
                end("failed", definition("error")),
                flows("part_start > inner > failed"),
            ),
            boundary("caught", "part", definition("error")),
            end(),
            flows("start > part > end\ncaught > end"),
        ),
        element="failed",
    ),
    "uncaught-error": drawn(
        ERROR,
        process(
            start(),
            WORK,
            end("failed", definition("error", errorRef="Error_failed")),
            flows("start > work > failed"),
        ),
        element="failed",
    ),
    "boundary-catches-once": drawn(
        ESCALATION,
        process(
            start(),
            REPEATED,
            boundary(
                "noticed",
                "departments",
                definition("escalation", escalationRef="Escalation_late"),
                interrupts=False,
            ),
            user("chase"),
            end(),
            end("chased"),
            flows("start > departments > end\nnoticed > chase > chased"),
        ),
        element="noticed",
    ),
}


def waiting(kind: str, text: str) -> str:
    """A process that waits for one timer."""
    return straight(catch("wait", timer(kind, text)), names="wait")


TIMERS = {
    "timer-incomplete": drawn(
        straight(catch("wait", "<bpmn:timerEventDefinition />"), names="wait"), element="wait"
    ),
    "duration-syntax": drawn(waiting("timeDuration", "4 hours"), element="wait"),
    "negative-duration": drawn(waiting("timeDuration", "-PT1H"), element="wait"),
    "date-without-offset": drawn(waiting("timeDate", "2026-03-01T09:00:00"), element="wait"),
    "cycle-timer": drawn(waiting("timeCycle", "R3/PT1H"), element="wait"),
}

MESSAGES = {
    "message-without-name": drawn(
        '<bpmn:message id="Message_Told" />',
        straight(node("receiveTask", "hear", messageRef="Message_Told"), names="hear"),
        element="hear",
    ),
    "message-without-key": drawn(
        root_message(key=""), straight(catch("hear", message()), names="hear"), element="hear"
    ),
    "message-caught-twice": drawn(
        root_message(),
        straight(
            catch("hear", message()), catch("hear_again", message()), names="hear > hear_again"
        ),
        element="hear_again",
    ),
    "message-unheard": drawn(
        root_message(),
        straight(node("intermediateThrowEvent", "tell", message()), names="tell"),
        element="tell",
    ),
    "time-to-live-syntax": drawn(
        root_message(),
        straight(
            node(
                "intermediateThrowEvent",
                "tell",
                extension(
                    "<zeebe:properties>"
                    '<zeebe:property name="timeToLive" value="a day" /></zeebe:properties>'
                ),
                message(),
            ),
            catch("hear", message()),
            names="tell > hear",
        ),
        element="tell",
    ),
}

EXAMPLES = {**STRUCTURE, **FLOW, **LOOPS, **GATEWAYS, **EVENTS, **TIMERS, **MESSAGES}
