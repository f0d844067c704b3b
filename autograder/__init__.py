"""Grade the submissions of a programming course, and show students why a test fails."""

__version__ = "0.1.0"
