"""Graded tests of the assignment losses."""
