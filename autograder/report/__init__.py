"""Pages made of Results: what a class did not understand for its instructor, and what went wrong for a student."""
