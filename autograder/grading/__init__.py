"""From a submission to a Result. `grade` is the whole of it; `run` does it for a class."""
