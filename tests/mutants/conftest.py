"""Fewer drawn examples, the same each time: a mutant is met by many tests, not by one long one."""

from hypothesis import settings

settings.register_profile(
    "mutants", max_examples=30, deadline=None, derandomize=True, database=None
)
