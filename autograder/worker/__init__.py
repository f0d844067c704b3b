"""The untrusted side: what runs where student code runs.

Self-contained on purpose. The zygote loads this folder as a package called `worker` in an interpreter that has the
standard library and NumPy and nothing else, so nothing here may import from the rest of `autograder`.
"""
