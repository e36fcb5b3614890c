"""Tree to closures: operators, calls, loops, tests, and the run they share."""
