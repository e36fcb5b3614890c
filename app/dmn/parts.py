"""The parts of a decision model: inputs, decisions, knowledge models and services.

Built by `app.dmn.reading`, evaluated by `app.dmn.evaluation`. Source: OMG DMN 1.5, 6.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.feel.compiling.run import Code
from app.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something a decision needs: under `prefix` if it is imported, and by its id there."""

    prefix: str
    id: str


@dataclass(frozen=True, slots=True)
class InputData:
    """A fact the model is given; `variable` is the name its users see, mostly the same."""

    id: str
    name: str
    type: FeelType
    variable: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: what makes its function, and the knowledge it needs itself."""

    id: str
    name: str
    define: Code
    type: FeelType
    requires: tuple[Requirement, ...]
    variable: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its logic and what it requires.

    `inputs` names the input data it reads, its required decisions' included; `variables` the
    names its own logic takes from around it; `kind` is the tag of its boxed expression.
    """

    id: str
    name: str
    variable: str
    logic: Code
    type: FeelType
    requires: tuple[Requirement, ...]
    variables: frozenset[str]
    inputs: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: what it gives out, and what it is given.

    `type` is that of what it gives out.
    """

    id: str
    name: str
    outputs: tuple[Requirement, ...]
    parameters: tuple[Requirement, ...]
    type: FeelType
    variable: str = ""


Part = InputData | Knowledge | Decision | Service


class Parts(Protocol):
    """What an evaluation needs of a model."""

    @property
    def name(self) -> str:
        """The name of the model."""

    @property
    def parts(self) -> Mapping[str, Part]:
        """Every part by its id."""

    @property
    def imports(self) -> Mapping[str, "Parts"]:
        """The imported models by the name of the import."""

    @property
    def unnamed(self) -> frozenset[str]:
        """The imports whose parts are seen without a name before them."""


def names_of(part: Part) -> tuple[str, ...]:
    """Return the names under which a part is seen by what requires it."""
    names = (
        (part.id, part.name, part.variable)
        if isinstance(part, Decision)
        else (
            part.name,
            part.variable,
        )
    )
    return tuple(name for name in dict.fromkeys(names) if name)
