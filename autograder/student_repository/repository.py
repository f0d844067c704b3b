"""Writes a student repository: fresh with one commit, or in place with one more, and never over a student's work."""

import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from autograder.errors import GraderError, UsageError
from autograder.grading.store import write_atomically

from .files import GRADER_FOLDER, File

MANIFEST = f"{GRADER_FOLDER}/released.json"
_SCHEMA = "autograder/released/v1"


class Manifest(Struct, frozen=True):
    """What the last release wrote: each path with the SHA-256 of its content, and which of them are students' own."""

    schema: str
    files: dict[str, str]
    theirs: list[str]


class Update(Struct, frozen=True):
    """What a release did."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Files of a student's that have changed since they were released, and for which there is something newer."""
    put_back: tuple[str, ...]
    """Files of the course that somebody had changed."""
    commit: str
    """Empty when nothing was to be committed."""


def released_assignments(folder: Path) -> set[str]:
    """Return the names of the assignments that a student repository holds already."""
    manifest = _manifest(folder)
    return {PurePosixPath(path).parts[1] for path in manifest.theirs} if manifest else set()


def update(folder: Path, files: Sequence[File], message: str) -> Update:
    """Bring a student repository up to date and commit that; where `folder` is new, make it.

    Raises `UsageError` for a folder that holds anything else, and for links where files should be.
    """
    manifest = _manifest(folder)
    fresh = manifest is None
    if fresh and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: holds something that `autograder release` did not make; name a new folder")
    if not fresh and not (folder / ".git").exists():
        raise UsageError(f"{folder}: is no git repository any more; name a new folder")
    old = manifest or Manifest(_SCHEMA, {}, [])
    for path in {*old.files, *(file.path for file in files), MANIFEST}:
        _refuse_links(folder, path)
    written, kept, put_back = [], [], []
    for file in files:
        now, before = _digest(folder / file.path), old.files.get(file.path)
        if now == file.digest:
            continue
        if now != before and file.theirs and (now is not None or before is not None):
            # A student's own: changed, or taken away. What is not newer than what they began with is no news.
            if file.digest != before:
                kept.append(file.path)
            continue
        if now not in (None, before):
            put_back.append(file.path)
        write_atomically(folder / file.path, file.data)
        written.append(file.path)
    gone = sorted({*old.files} - {file.path for file in files} - {*old.theirs})
    removed = [path for path in gone if _remove(folder / path)]
    digests = {file.path: old.files[file.path] if file.path in kept else file.digest for file in files}
    theirs = [file.path for file in files if file.theirs]
    manifest = Manifest(_SCHEMA, dict(sorted(digests.items())), sorted(theirs))
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    if _digest(folder / MANIFEST) != hashlib.sha256(data).hexdigest():
        write_atomically(folder / MANIFEST, data)
        written.append(MANIFEST)
    commit = _commit(folder, [*written, *removed], message, fresh=fresh)
    return Update(tuple(written), tuple(removed), tuple(kept), tuple(put_back), commit)


def _manifest(folder: Path) -> Manifest | None:
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise UsageError(f"{path}: cannot be read ({error}); restore it with git") from None
    for name in {*manifest.files, *manifest.theirs}:
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or {"..", ".git"} & {*parts}:
            raise UsageError(f"{path}: names {name!r}, which is nowhere in the repository; restore it with git")
    return manifest


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; there should be a file") from None


def _refuse_links(folder: Path, path: str) -> None:
    """Raise where a link stands on the way to a file: writing through it would write somewhere else."""
    at = folder
    for part in PurePosixPath(path).parts:
        at = at / part
        if at.is_symlink():
            raise UsageError(f"{at}: is a symbolic link, and nothing is written through one; take it out")


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def _commit(folder: Path, paths: Sequence[str], message: str, *, fresh: bool) -> str:
    """Commit these paths and nothing else; a student's changes stay as they are, in the index too."""
    if fresh:
        _git(folder, "init", "--quiet", "--initial-branch=main", "--template=", ".")
    if not paths:
        return ""
    _git(folder, "add", "--all", "--force", "--", *paths)
    if not _git(folder, "status", "--porcelain", "--untracked-files=no", "--", *paths).strip():
        return ""
    identity = []
    if not _git(folder, "config", "--get", "user.email", missing=True).strip():
        identity = ["-c", "user.name=autograder", "-c", "user.email=autograder@localhost"]
    _git(folder, *identity, "commit", "--quiet", "--no-verify", "--only", "-m", message, "--", *paths)
    return _git(folder, "rev-parse", "HEAD").strip()


def _git(folder: Path, *arguments: str, missing: bool = False) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    kept = ("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM")
    environment |= {name: value for name, value in os.environ.items() if name.startswith(kept)}
    command = [
        "git",
        "-C",
        str(folder),
        "--literal-pathspecs",
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "core.fsmonitor=false",
    ]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise UsageError("git is not installed") from None
    if done.returncode and not missing:
        raise GraderError(f"git {arguments[0]} failed in {folder}: {done.stderr.strip()}")
    return done.stdout
