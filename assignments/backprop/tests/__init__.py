"""Graded tests for the backprop assignment."""
