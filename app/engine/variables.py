"""The routing variables of an instance, as one answer although every token carries its own."""

from app.engine.merge import merge_branches
from app.engine.workflow import Instance
from app.json_types import JsonObject


def routing_variables(instance: Instance) -> JsonObject:
    """Return the top level's variables: those of its tokens, merged in the order they arrived."""
    if instance.completed:
        return dict(instance.data)
    tokens = instance.active_tasks()
    if len(tokens) == 1:
        return dict(tokens[0].data)
    return merge_branches({}, [task.data for task in tokens])
