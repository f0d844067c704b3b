"""Says why: which typical mistake a failing exercise looks like or, where none fits, how its answers differ."""
