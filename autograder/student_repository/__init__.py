"""The repository that students work in: made of the course, without what only the instructor may know.

course ─► files ─► repository: written and committed, a student's own files left as they are
"""
