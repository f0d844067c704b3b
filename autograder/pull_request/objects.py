"""Reads objects of a git repository, and lets nothing in the repository decide how.

No work tree is written, no hook, filter, attribute, external diff, pager, replacement or graft has an effect, nothing
is fetched, and everything that is read is bounded in size and time before it is read.
"""

import os
import re
import selectors
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from autograder.errors import GraderError, UsageError

SECONDS = 30.0
"""The longest that one question to git may take: a tree can be small and yet unfold to more than anybody could walk."""

FILE, EXECUTABLE, LINK, SUBMODULE, NOTHING = "100644", "100755", "120000", "160000", "000000"

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.fsmonitor=false",
    "core.commitGraph=false",
    "core.useReplaceRefs=false",
    "diff.external=",
    "protocol.allow=never",
    "safe.directory=*",
)


class TooMuchError(Exception):
    """Git had more to say, or needed more time, than is listened to."""


class Entry(Struct, frozen=True):
    """A file in one tree."""

    mode: str
    sha: str
    path: bytes


class Difference(Struct, frozen=True):
    """A path that is not the same in two trees. A mode is `NOTHING` where the path is not there."""

    path: bytes
    old_mode: str
    new_mode: str
    old_sha: str
    new_sha: str


class Repository:
    """A git repository that is only read."""

    def __init__(self, folder: Path) -> None:
        """Find the repository that `folder` belongs to, or is; raises `UsageError`."""
        self._command = ["git", "--no-pager", "--literal-pathspecs"]
        for setting in _SETTINGS:
            self._command += ["-c", setting]
        self._environment = _environment()
        try:
            found = subprocess.run(
                [*self._command, "-C", str(folder), "rev-parse", "--absolute-git-dir"],
                env=self._environment,
                capture_output=True,
                check=False,
                timeout=SECONDS,
            )
        except FileNotFoundError:
            raise UsageError("git is not installed") from None
        if found.returncode:
            raise UsageError(f"{folder}: is in no git repository; go to one or name it with --repo")
        self._command.append("--git-dir=" + os.fsdecode(found.stdout.removesuffix(b"\n")))

    def resolve(self, revision: str) -> str:
        """Return the full name of the commit that a revision names now; raises `UsageError`."""
        out = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", missing=True)
        sha = out.decode(errors="replace").strip()
        if not _SHA.fullmatch(sha):
            raise UsageError(f"{revision!r}: there is no such commit in the repository; fetch it first")
        return sha

    def merge_bases(self, one: str, other: str) -> list[str]:
        """Return the best common ancestors of two commits; none where their histories are apart."""
        return self._ask("merge-base", "--all", one, other, missing=True).decode().split()

    def differences(self, old: str, new: str, *, most: int) -> list[Difference]:
        """Return what is not the same in two commits; raises `TooMuchError` above `most` paths.

        A rename is a path that went and a path that came.
        """
        options = (
            "-r",
            "-z",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules=none",
        )
        out = self._ask("diff-tree", *options, old, new, limit=most * 300)
        fields = out.split(b"\0")[:-1]
        found = []
        for head, path in zip(fields[::2], fields[1::2], strict=True):
            old_mode, new_mode, old_sha, new_sha, _ = head.decode("ascii").removeprefix(":").split(" ")
            found.append(Difference(path, old_mode, new_mode, old_sha, new_sha))
        if len(found) > most:
            raise TooMuchError
        return found

    def entries(self, commit: str, paths: Sequence[str]) -> list[Entry]:
        """Return the files at and under these paths of a commit."""
        out = self._ask("ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths)
        found = []
        for line in out.split(b"\0")[:-1]:
            head, _, path = line.partition(b"\t")
            mode, _, sha = head.decode("ascii").split(" ")
            found.append(Entry(mode, sha, path))
        return found

    def sizes(self, names: Sequence[str]) -> list[int]:
        """Return the sizes of blobs in bytes, without reading them."""
        out = self._ask("cat-file", "--batch-check=%(objecttype) %(objectsize)", given="\n".join(names) + "\n")
        sizes = []
        for name, line in zip(names, out.decode("ascii", "replace").splitlines(), strict=True):
            kind, _, size = line.partition(" ")
            if kind != "blob":
                raise GraderError(f"git: {name} is no blob that is here ({line}); fetch the whole history")
            sizes.append(int(size))
        return sizes

    def blobs(self, names: Sequence[str], *, most_bytes: int) -> list[bytes]:
        """Return the contents of blobs; raises `TooMuchError` before reading more than `most_bytes` in all."""
        if not names:
            return []
        sizes = self.sizes(names)
        if sum(sizes) > most_bytes:
            raise TooMuchError
        out = self._ask("cat-file", "--batch", given="\n".join(names) + "\n", limit=most_bytes + 200 * len(names))
        blobs, at = [], 0
        for size in sizes:
            at = out.index(b"\n", at) + 1
            blobs.append(out[at : at + size])
            at += size + 1
        return blobs

    def _ask(self, *arguments: str, given: str = "", limit: int = 64 << 20, missing: bool = False) -> bytes:
        """Return what git prints, at most `limit` bytes of it, within `SECONDS`."""
        with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as asked:
            asked.write(given.encode())
            asked.seek(0)
            process = subprocess.Popen(
                [*self._command, *arguments], env=self._environment, stdin=asked, stdout=subprocess.PIPE, stderr=errors
            )
            try:
                out = b"".join(_bounded(process, limit))
            finally:
                process.kill()
                process.communicate()
            if process.returncode and not (missing and process.returncode in {1, 128}):
                errors.seek(0)
                said = errors.read(500).decode(errors="replace").strip()
                raise GraderError(f"git {arguments[0]} failed: {said or process.returncode}")
            return b"" if process.returncode else out


def _bounded(process: "subprocess.Popen[bytes]", limit: int) -> Iterator[bytes]:
    """Yield what a process prints until it ends; raises `TooMuchError` when that is too much or takes too long."""
    stdout = process.stdout
    if stdout is None:
        return
    end, read = time.monotonic() + SECONDS, 0
    with selectors.DefaultSelector() as ready:
        ready.register(stdout, selectors.EVENT_READ)
        while ready.select(max(0.0, end - time.monotonic())):
            piece = os.read(stdout.fileno(), 1 << 20)
            if not piece:
                try:
                    process.wait(max(1.0, end - time.monotonic()))
                except subprocess.TimeoutExpired:
                    raise TooMuchError from None
                return
            read += len(piece)
            if read > limit:
                raise TooMuchError
            yield piece
    raise TooMuchError


def _environment() -> dict[str, str]:
    """Return an environment in which nobody's settings reach git."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "LC_ALL": "C",
        "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
    }
