"""Graded tests for the neuron assignment."""
