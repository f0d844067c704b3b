"""Turns values and Results into what people read."""
