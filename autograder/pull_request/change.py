"""What a pull request changes, and whether a student may: only the released modules and notebooks, in their place."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from autograder.course import Assignment

from .objects import FILE, LINK, NOTHING, SUBMODULE, Difference, Repository, TooMuchError

MOST_PATHS = 2000
"""Nobody's homework changes so many files; above that nothing is looked through."""
MOST_SHOWN = 20
_LONGEST_PATH = 200
_TWICE = "stands twice in its folder, which no honest git writes; begin again from the course's repository"

Part = Literal["module", "notebook"]

_PROTECTED = {
    b"tests/": "is a test; tests are the course's: put back what was there",
    b".github/": "decides how you are graded; put back what was there",
    b".gitlab": "decides how you are graded; put back what was there",
    b"assignments/": "is none of the files that are graded; keep others out of the pull request",
    b"": "belongs to the course; put back what was there",
}


class Violation(Struct, frozen=True):
    """One thing that a student may not change."""

    path: str
    """Printable ASCII; what is not is escaped."""
    reason: str


class Handed(Struct, frozen=True):
    """A blob of the head that stands where an assignment's module or notebook belongs."""

    sha: str
    size: int
    changed: bool


class Change(Struct, frozen=True):
    """A pull request, looked at."""

    base: str
    head: str
    violations: tuple[Violation, ...]
    handed: Mapping[str, Mapping[Part, Handed]]
    """What the head holds for each assignment that the change touches."""


def allowed_paths(assignments: Sequence[Assignment]) -> dict[bytes, tuple[Assignment, Part]]:
    """Return the only paths that a student may change, exactly as git has them."""
    paths: dict[bytes, tuple[Assignment, Part]] = {}
    for assignment in assignments:
        paths[f"assignments/{assignment.name}/{assignment.module}".encode()] = (assignment, "module")
        paths[f"assignments/{assignment.name}/{assignment.notebook}".encode()] = (assignment, "notebook")
    return paths


def look_at(repository: Repository, base: str, head: str, assignments: Sequence[Assignment]) -> Change:
    """Compare a head with what it shares with its base, and judge every path that is not the same.

    What the base has gained since the student began is no change of the student's. Where histories have several common
    ancestors, a path counts as changed that differs from any of them. Whatever cannot be told is a violation.
    """
    ancestors = repository.merge_bases(base, head)
    if not ancestors:
        reason = "has no history in common with the base; begin from the course's repository"
        return Change(base, head, (Violation("(history)", reason),), {})
    differences: dict[bytes, Difference] = {}
    twice: set[bytes] = set()
    try:
        for ancestor in ancestors:
            found = repository.differences(ancestor, head, most=MOST_PATHS)
            twice |= {path for path, count in Counter(each.path for each in found).items() if count > 1}
            differences |= {each.path: each for each in found}
    except TooMuchError:
        reason = f"more than {MOST_PATHS} files, or more folders than can be looked through, are changed"
        return Change(base, head, (Violation("(everything)", reason),), {})
    allowed = allowed_paths(assignments)
    came = {each.new_sha for each in differences.values() if each.old_mode == NOTHING}
    violations = []
    touched: dict[str, Assignment] = {}
    changed: set[bytes] = set()
    for path, difference in sorted(differences.items()):
        reason = _TWICE if path in twice else _reason(difference, allowed, came)
        if reason:
            violations.append(Violation(printable(path), reason))
        else:
            assignment, _ = allowed[path]
            touched[assignment.name] = assignment
            changed.add(path)
    if len(violations) > MOST_SHOWN:
        more = len(violations) - MOST_SHOWN
        violations = [*violations[:MOST_SHOWN], Violation("(more)", f"{more} more paths that may not be changed")]
    if violations:
        return Change(base, head, tuple(violations), {})
    handed, refused = _handed(repository, head, touched.values(), changed)
    return Change(base, head, tuple(refused), {} if refused else handed)


def _reason(difference: Difference, allowed: Mapping[bytes, object], came: set[str]) -> str:
    """Say why a path may not be changed like this; nothing where it may."""
    path, mode = difference.path, difference.new_mode
    if path not in allowed:
        return _outside(path, mode, allowed)
    if mode == NOTHING:
        moved = difference.old_sha in came
        return "was renamed; give it its name back" if moved else "was deleted; put it back"
    if mode != FILE:
        return f"is {_kind(mode)}, not a plain file (mode {mode})"
    return ""


def _outside(path: bytes, mode: str, allowed: Mapping[bytes, object]) -> str:
    """Say what a path is that is none of a student's own."""
    if mode in {LINK, SUBMODULE}:
        return f"is {_kind(mode)}; hand in plain files only"
    try:
        path.decode()
    except UnicodeDecodeError:
        return "has a name that is not UTF-8; take it out"
    if near := next((known.decode() for known in allowed if known.lower() == path.lower()), ""):
        return f"is not {near}, though some systems take them for one; take it out"
    return next(reason for prefix, reason in _PROTECTED.items() if path.startswith(prefix))


def _kind(mode: str) -> str:
    return {LINK: "a symbolic link", SUBMODULE: "a submodule", "100755": "an executable"}.get(mode, "something odd")


def _handed(
    repository: Repository, head: str, assignments: Iterable[Assignment], changed: set[bytes]
) -> tuple[dict[str, dict[Part, Handed]], list[Violation]]:
    """Return what the head holds for the assignments, and what of it is not read."""
    handed: dict[str, dict[Part, Handed]] = {}
    refused: list[Violation] = []
    for assignment in assignments:
        paths = allowed_paths([assignment])
        entries = [
            entry for entry in repository.entries(head, [path.decode() for path in paths]) if entry.path in paths
        ]
        sizes = repository.sizes([entry.sha for entry in entries]) if entries else []
        parts: dict[Part, Handed] = {}
        for entry, size in zip(entries, sizes, strict=True):
            _, part = paths[entry.path]
            limit = 1024 * (assignment.limits.source_kb if part == "module" else assignment.limits.notebook_kb)
            if size > limit:
                reason = f"has {size:,} bytes; at most {limit:,} are read"
                refused.append(Violation(printable(entry.path), reason))
            elif part in parts:
                refused.append(Violation(printable(entry.path), _TWICE))
            elif entry.mode == FILE:
                parts[part] = Handed(entry.sha, size, entry.path in changed)
        handed[assignment.name] = parts
    return handed, refused


def printable(path: bytes) -> str:
    """Return a path that anybody may have named in characters that are safe everywhere, bounded."""
    text = path.decode("utf-8", "backslashreplace")
    text = "".join(each if " " <= each <= "~" else each.encode("unicode_escape").decode() for each in text)
    return text if len(text) <= _LONGEST_PATH else text[: _LONGEST_PATH - 3] + "..."
