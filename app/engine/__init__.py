"""The engine room: runs any diagram of the Camunda 8 dialect, and performs no effect itself.

Definitions, state and facts come in as values; `progress.Progress` goes out. SpiffWorkflow is
imported nowhere else.
"""
