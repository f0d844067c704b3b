"""The few questions that the comment asks of GitHub's API; each answer is bounded and none is believed to be safe."""

import io
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from typing import Any
from zlib import error as ZlibError  # noqa: N812 - an error, named as one

from autograder.errors import GraderError, UsageError

_SECONDS = 30
_LARGEST_ANSWER = 16 << 20
_PER_PAGE = 100
MOST_FILES = 300
"""GitHub lists at most 3,000 files of a pull request; nobody's homework has so many."""


class _NoToken(urllib.request.HTTPRedirectHandler):
    """Follows a redirect without the token, which is for the API alone."""

    def redirect_request(self, *arguments: Any) -> urllib.request.Request | None:
        request = super().redirect_request(*arguments)
        if request is not None:
            request.remove_header("Authorization")
        return request


class Host:
    """A repository at GitHub, or at whatever answers like it at `GITHUB_API_URL`."""

    def __init__(self, repository: str, token: str, api: str = "https://api.github.com") -> None:
        """Name the repository as `owner/name`; raises `UsageError` where it is not one."""
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
            raise UsageError(f"GITHUB_REPOSITORY: must be owner/name, is {repository!r}")
        self._root = f"{api.rstrip('/')}/repos/{repository}"
        self._token = token
        self._open = urllib.request.build_opener(_NoToken).open

    @classmethod
    def from_environment(cls) -> "Host":
        """Take the repository and the token that GitHub Actions gives; raises `UsageError` outside of it."""
        try:
            repository, token = os.environ["GITHUB_REPOSITORY"], os.environ["GITHUB_TOKEN"]
        except KeyError as error:
            raise UsageError(f"{error.args[0]} is not set; this command is for a workflow of GitHub Actions") from None
        return cls(repository, token, os.environ.get("GITHUB_API_URL", "https://api.github.com"))

    def pull_request(self, owner: str, branch: str, head: str) -> dict[str, Any] | None:
        """Return the open pull request from that branch whose head is that commit; None where there is none."""
        query = urllib.parse.urlencode({"state": "open", "head": f"{owner}:{branch}", "per_page": _PER_PAGE})
        found = [each for each in self._json(f"/pulls?{query}") if each["head"]["sha"] == head]
        return found[0] if len(found) == 1 else None

    def files(self, number: int) -> list[dict[str, Any]]:
        """Return the files that a pull request changes, at most one more than `MOST_FILES`."""
        found: list[dict[str, Any]] = []
        for page in range(1, MOST_FILES // _PER_PAGE + 2):
            more = self._json(f"/pulls/{number}/files?per_page={_PER_PAGE}&page={page}")
            found += more
            if len(more) < _PER_PAGE:
                break
        return found[: MOST_FILES + 1]

    def artifact(self, run: int, name: str, member: str, *, largest: int) -> bytes:
        """Return one file of a run's artifact, read from memory and bounded; raises `UsageError` where it is not so."""
        listed = self._json(f"/actions/runs/{run}/artifacts?per_page={_PER_PAGE}")["artifacts"]
        found = [each for each in listed if each["name"] == name and not each["expired"]]
        if len(found) != 1:
            raise UsageError(f"the run left {len(found)} artifacts called {name!r}, not one; see its log")
        if found[0]["size_in_bytes"] > _LARGEST_ANSWER:
            raise UsageError(f"the artifact has {found[0]['size_in_bytes']:,} bytes, which none of ours has")
        data = self._ask(f"/actions/artifacts/{int(found[0]['id'])}/zip")
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                info = archive.getinfo(member)
                if info.file_size > largest:
                    raise UsageError(f"{member} has {info.file_size:,} bytes; at most {largest:,} are read")
                with archive.open(info) as file:
                    content = file.read(largest + 1)
        except (zipfile.BadZipFile, KeyError, ZlibError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise UsageError(f"the artifact holds no {member} that can be read: {error}") from None
        if len(content) > largest:
            raise UsageError(f"{member} has more than {largest:,} bytes")
        return content

    def comment(self, number: int, marker: str, text: str) -> str:
        """Write a comment, or over the one of ours that begins with `marker`; return which."""
        for page in range(1, 11):
            comments = self._json(f"/issues/{number}/comments?per_page={_PER_PAGE}&page={page}")
            for each in comments:
                if (each.get("body") or "").startswith(marker) and each["user"]["type"] == "Bot":
                    self._ask(f"/issues/comments/{int(each['id'])}", {"body": text}, "PATCH")
                    return "updated"
            if len(comments) < _PER_PAGE:
                break
        self._ask(f"/issues/{number}/comments", {"body": text}, "POST")
        return "written"

    def _json(self, path: str) -> Any:
        try:
            return json.loads(self._ask(path))
        except ValueError as error:
            raise GraderError(f"GitHub's answer to {path} is no JSON: {error}") from None

    def _ask(self, path: str, content: dict[str, str] | None = None, method: str = "GET") -> bytes:
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self._root + path, data, method=method)  # noqa: S310 - the API's address is ours
        request.add_header("Authorization", f"Bearer {self._token}")
        request.add_header("Accept", "application/vnd.github+json")
        request.add_header("X-GitHub-Api-Version", "2022-11-28")
        try:
            with self._open(request, timeout=_SECONDS) as answer:
                read: bytes = answer.read(_LARGEST_ANSWER + 1)
        except urllib.error.HTTPError as error:
            raise GraderError(f"GitHub: {method} {path}: {error.code} {error.reason}") from None
        except OSError as error:
            raise GraderError(f"GitHub: {method} {path}: {error}") from None
        if len(read) > _LARGEST_ANSWER:
            raise GraderError(f"GitHub: {method} {path}: the answer is larger than {_LARGEST_ANSWER >> 20} MB")
        return read
