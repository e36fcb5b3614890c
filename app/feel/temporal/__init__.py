"""Moments and durations beyond Python's types, their arithmetic and their texts."""
