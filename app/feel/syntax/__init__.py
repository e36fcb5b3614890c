"""Text to tree: tokens, names, grammar, and what a text speaks of."""
