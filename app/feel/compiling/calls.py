"""Compiling function definitions and calls."""

from app.feel.builtins import BUILTINS
from app.feel.compiling.nodes import Names, compile_node, rule
from app.feel.compiling.run import Bindings, Code, Run
from app.feel.errors import Trouble
from app.feel.functions import Builtin, UserFunction, call_builtin, direct_call, invoke
from app.feel.syntax import tree
from app.feel.syntax.survey import weight
from app.feel.values import Function, Value, told


@rule(tree.FunctionOf)
def _function(node: tree.FunctionOf, names: Names) -> Code:
    parameters = tuple(parameter.name for parameter in node.parameters)
    types = tuple(parameter.type for parameter in node.parameters)
    body = _external if node.is_external else compile_node(node.body, names | set(parameters))
    cost = 3 + 2 * weight(node.body)

    def define(scope: Bindings, _run: Run) -> Value:
        return UserFunction("function", parameters, types, body, scope, cost)

    return define


def _external(_scope: Bindings, _run: Run) -> Value:
    raise Trouble("functions outside FEEL are never run")


@rule(tree.Call)
def _call(node: tree.Call, names: Names) -> Code:
    arguments = [compile_node(argument, names) for argument in node.arguments]
    if isinstance(node.function, tree.Name) and node.function.name not in names:
        builtin = BUILTINS.get(node.function.name)
        if builtin is not None:
            return _builtin_call(builtin, arguments, node)
    function = compile_node(node.function, names)
    label = _label(node.function)
    shadowed = BUILTINS.get(node.function.name) if isinstance(node.function, tree.Name) else None

    def call(scope: Bindings, run: Run) -> Value:
        target = function(scope, run)
        # date("…") stays a literal (rule 60) where a variable is called date, and so do the others:
        # what would be null by the letter of 10.3.2.11 is what its author means.
        if not isinstance(target, Function) and shadowed is not None:
            target = shadowed
        if not isinstance(target, Function):
            return run.warn(node.at, f"{label} is {told(target)}, not a function")
        try:
            given = [argument(scope, run) for argument in arguments]
            return invoke(target, given, run, names=node.names)
        except Trouble as trouble:
            return run.warn(node.at, str(trouble))

    return call


def _builtin_call(builtin: Builtin, arguments: list[Code], node: tree.Call) -> Code:
    names, at = node.names, node.at
    direct = direct_call(builtin, len(arguments))

    def call(scope: Bindings, run: Run) -> Value:
        try:
            given = [argument(scope, run) for argument in arguments]
            return call_builtin(builtin, given, run, names=names) if names else direct(given, run)
        except Trouble as trouble:
            return run.warn(at, str(trouble))

    return call


def _label(node: tree.Node) -> str:
    if isinstance(node, tree.Name):
        return repr(node.name)
    return repr(node.name) if isinstance(node, tree.Path) else "this"
