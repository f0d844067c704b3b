"""Graded tests of the assignment initializers."""
