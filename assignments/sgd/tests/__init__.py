"""The graded tests of the assignment sgd."""
