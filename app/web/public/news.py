"""Whether text messages can be sent from here: only where the operator has set a gateway."""

from flask import current_app


def has_messages() -> bool:
    """Tell whether a gateway for text messages is set."""
    return bool(current_app.extensions["settings"].message_gateway)
