"""What process designers deploy: diagrams, tables, forms and translations, checked as one set.

`deploy` checks a whole set at once and keeps a new version of each changed resource; what the names
in a process mean (its forms, tables, called processes, translations) is pinned with its version.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.cases import resources
from app.cases.facts import FACTS, FactKind
from app.cases.form_context import NAMES
from app.cases.operations import OPERATIONS
from app.cases.resources import Handed
from app.engine import lint
from app.engine.lint import Bundle, Problem, Severity
from app.errors import CaseError
from app.feel.types import ANY, SIMPLE, FeelType, ListType
from app.forms import labels as form_labels
from app.forms import schema
from app.json_types import JsonObject
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.organisation.roles import Role
from app.store import processes
from app.store.db import Transaction, transaction
from app.store.processes import Resource, ResourceKind

_FACT_TYPES: Mapping[FactKind, FeelType] = {
    FactKind.TEXT: SIMPLE["string"],
    FactKind.FLAG: SIMPLE["boolean"],
    FactKind.NUMBER: SIMPLE["number"],
    FactKind.INSTANT: SIMPLE["date and time"],
    FactKind.DAY: SIMPLE["date"],
    FactKind.UNIT: SIMPLE["string"],
    FactKind.UNITS: ListType(SIMPLE["string"]),
    FactKind.TEXTS: ListType(SIMPLE["string"]),
    FactKind.PERSON: SIMPLE["string"],
}
Latest = dict[ResourceKind, dict[str, Resource]]


class DesignRefused(CaseError):
    """Nothing was deployed: {count} problems have to be mended first."""

    code = "design_refused"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems for the door that shows them."""
        super().__init__(count=sum(each.severity is Severity.ERROR for each in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a deployment kept: new versions and what was there already, and the warnings."""

    key: int
    new: tuple[Resource, ...]
    unchanged: tuple[Resource, ...]
    warnings: tuple[Problem, ...]


def check(files: Mapping[str, bytes], latest: Latest | None = None) -> tuple[Problem, ...]:
    """Return every problem of a set of resources, as if it were deployed over `latest`."""
    return lint.check(_bundle(files, latest or {kind: {} for kind in ResourceKind}))


def deploy(files: Mapping[str, bytes], *, actor: Actor | None) -> Deployment:
    """Check a set of resources and keep a new version of what changed; all of it or nothing.

    `actor` is None for the command line and the set-up, which no permission binds.

    Raises:
        Forbidden: the actor may not deploy. DesignRefused: the set has problems.
    """
    if actor is not None:
        demand(actor, Action.DEPLOY)
    with transaction() as tx:
        return deploy_within(tx, files, actor=actor)


def deploy_within(
    tx: Transaction, files: Mapping[str, bytes], *, actor: Actor | None
) -> Deployment:
    """Check and keep a set in a transaction that holds more; the caller has asked permission.

    Raises:
        DesignRefused: the set has problems.
    """
    handed = resources.read(files)
    latest = {kind: processes.latest(tx.connection, kind) for kind in ResourceKind}
    problems = lint.check(_bundle(files, latest))
    if any(each.severity is Severity.ERROR for each in problems):
        raise DesignRefused(problems)
    return _keep(tx, handed, latest, actor, problems)


def _bundle(files: Mapping[str, bytes], latest: Latest) -> Bundle:
    decisions: dict[str, FeelType] = {}
    for each in latest[ResourceKind.DECISION].values():
        known = lint.result_types(each.content)
        names = _decision_ids(each.bindings)
        decisions |= {name: known.get(name, ANY) for name in names}
    return Bundle(
        resources=dict(files),
        forms={
            resource_id: lint.answer_types(each.content)
            for resource_id, each in latest[ResourceKind.FORM].items()
        },
        decisions=decisions,
        called={
            process_id: each.content for process_id, each in latest[ResourceKind.PROCESS].items()
        },
        operations=frozenset(OPERATIONS),
        choices=NAMES,
        roles=frozenset(role.value for role in Role),
        case_facts={name: _FACT_TYPES[fact.kind] for name, fact in FACTS.items()},
        form_check=schema.check,
        labels_check=form_labels.check_files,
    )


def _decision_ids(bindings: JsonObject) -> list[str]:
    found = bindings.get("decisions")
    return [str(each) for each in found] if isinstance(found, list) else []


def _keep(
    tx: Transaction,
    handed: list[Handed],
    latest: Latest,
    actor: Actor | None,
    problems: tuple[Problem, ...],
) -> Deployment:
    deployment_key = tx.next_key()
    processes.insert_deployment(
        tx.connection,
        key=deployment_key,
        person_key=actor.person_key if actor else None,
        now=tx.now,
    )
    order = [ResourceKind.LABELS, ResourceKind.FORM, ResourceKind.DECISION, ResourceKind.PROCESS]
    new: list[Resource] = []
    unchanged: list[Resource] = []
    for each in sorted(handed, key=lambda item: order.index(item.kind)):
        before = latest[each.kind].get(each.resource_id)
        bindings = _bindings(each, latest)
        if before and (before.digest, before.bindings) == (each.digest, bindings):
            unchanged.append(before)
            continue
        kept = _insert(tx, each, before, bindings, deployment_key=deployment_key)
        latest[each.kind][each.resource_id] = kept
        new.append(kept)
    return Deployment(deployment_key, tuple(new), tuple(unchanged), problems)


def _insert(
    tx: Transaction,
    handed: Handed,
    before: Resource | None,
    bindings: JsonObject,
    *,
    deployment_key: int,
) -> Resource:
    kept = Resource(
        key=tx.next_key(),
        kind=handed.kind,
        resource_id=handed.resource_id,
        version=before.version + 1 if before else 1,
        version_tag=handed.outline.version_tag if handed.outline else None,
        name=handed.name,
        resource_name=handed.resource_name,
        digest=handed.digest,
        content=handed.content,
        bindings=bindings,
    )
    processes.insert_resource(
        tx.connection,
        kept,
        deployment_key=deployment_key,
        start_message=handed.outline.start_message if handed.outline else None,
        has_start_form=bool(handed.outline and handed.outline.start_form_id),
    )
    for decision_id, name in handed.decisions:
        processes.insert_decision(
            tx.connection,
            key=tx.next_key(),
            decision_id=decision_id,
            name=name,
            of=kept,
            deployment_key=deployment_key,
        )
    return kept


def _bindings(handed: Handed, latest: Latest) -> JsonObject:
    """Return what the names in a resource mean from now on: keys of versions, by id."""
    if handed.kind is ResourceKind.DECISION:
        return {
            "labels": _label_keys("decision", handed.resource_name.rsplit(".", 1)[0], latest),
            "decisions": [decision_id for decision_id, _name in handed.decisions],
        }
    if handed.kind is ResourceKind.FORM:
        return {"labels": _label_keys("form", handed.resource_id, latest)}
    if handed.outline is None:
        return {}
    tables = {
        decision_id: resource.key
        for resource in latest[ResourceKind.DECISION].values()
        for decision_id in _decision_ids(resource.bindings)
        if decision_id in handed.outline.decision_ids
    }
    forms = latest[ResourceKind.FORM]
    called = latest[ResourceKind.PROCESS]
    return {
        "labels": _label_keys("process", handed.resource_id, latest),
        "decisions": {name: tables[name] for name in sorted(tables)},
        "forms": {
            name: forms[name].key for name in sorted(handed.outline.form_ids) if name in forms
        },
        "processes": {
            name: called[name].key
            for name in sorted(handed.outline.called_process_ids)
            if name in called
        },
        "start": [handed.outline.start_element_id, handed.outline.start_form_id],
    }


def _label_keys(owner: str, resource_id: str, latest: Latest) -> JsonObject:
    prefix = f"{owner}:{resource_id}:"
    return {
        name.removeprefix(prefix): resource.key
        for name, resource in sorted(latest[ResourceKind.LABELS].items())
        if name.startswith(prefix)
    }
