"""What requires itself: the nodes of a graph that lie on a circle. Called by `app.dmn.reading`."""

from collections.abc import Iterator, Mapping, Sequence


def circular(requires: Mapping[str, Sequence[str]]) -> list[str]:
    """List the nodes that can be reached from themselves, in the order of the mapping."""
    found: set[str] = set()
    for group in _components(requires):
        if len(group) > 1 or group[0] in requires[group[0]]:
            found |= set(group)
    return [node for node in requires if node in found]


def _components(requires: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield the strongly connected components (Tarjan's algorithm, without recursion)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_nodes: dict[str, None] = {}
    for root in requires:
        if root in number:
            continue
        path = [(root, iter(requires[root]))]
        number[root] = lowest[root] = len(number)
        open_nodes[root] = None
        while path:
            node, rest = path[-1]
            following = next((each for each in rest if each in requires), None)
            if following is None:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == number[node]:
                    yield _closed(node, open_nodes)
            elif following not in number:
                number[following] = lowest[following] = len(number)
                open_nodes[following] = None
                path.append((following, iter(requires[following])))
            elif following in open_nodes:
                lowest[node] = min(lowest[node], number[following])


def _closed(node: str, open_nodes: dict[str, None]) -> list[str]:
    group: list[str] = []
    while node not in group:
        group.append(open_nodes.popitem()[0])
    return group
