"""Numbers about many cases, read only: each demands a scope, none changes a case."""
