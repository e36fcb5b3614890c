"""Whistle: a district's case handling, run by the diagrams in `bpmn/`."""
