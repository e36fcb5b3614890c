"""Use cases: what the doors may ask for. Each opens one transaction and does one thing whole."""
