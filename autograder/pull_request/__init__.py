"""Grades a pull request: tests and grader from its base, the student's files from its head, as data.

    git objects ─► Change ─► Report ─► annotations · summary · comment · JUnit · JSON     each a pure function of Report

Nothing of the head is checked out, imported or run outside the sandbox.
"""
