"""The comment under a pull request, written by the real command against an API over real HTTP."""

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from autograder.course import load_course
from autograder.pull_request.host import Host as GitHub
from autograder.pull_request.markdown import MARKER
from autograder.pull_request.objects import Repository
from autograder.pull_request.publish import publish
from autograder.pull_request.report import encode_report
from autograder.pull_request.run import grade_change

from .conftest import HALF, MODULE, RIGHT, Host, autograder, git


class Api(ThreadingHTTPServer):
    """GitHub's API as far as the comment asks it, over the host's own repository."""

    host: Host
    archive: bytes
    heads: list[str]
    comments: list[dict]
    seen: list[tuple[str, str, str | None]]


class _Handler(BaseHTTPRequestHandler):
    server: Api
    STATUS: ClassVar = {"M": "modified", "A": "added", "D": "removed", "T": "changed"}

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        api, path = self.server, self.path.partition("?")[0].removeprefix("/repos/school/course")
        api.seen.append(("GET", path, self.headers.get("Authorization")))
        if path == "/pulls" and not api.heads:
            self.send_error(403)
        elif path == "/pulls":
            self.answer([{"number": 7, "head": {"sha": api.heads.pop(0) if len(api.heads) > 1 else api.heads[0]}}])
        elif path == "/pulls/7/files":
            lines = git(api.host.upstream, "diff", "--name-status", "main...refs/pull/1/head").splitlines()
            files = [line.split("\t") for line in lines]
            self.answer([{"filename": name, "status": self.STATUS[status]} for status, name in files])
        elif path == "/actions/runs/5/artifacts":
            self.answer(
                {"artifacts": [{"id": 3, "name": "results", "expired": False, "size_in_bytes": len(api.archive)}]}
            )
        elif path == "/actions/artifacts/3/zip":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{api.server_port}/blob")
            self.end_headers()
        elif path == "/blob":
            self.answer(api.archive)
        elif path == "/issues/7/comments":
            self.answer(api.comments)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        self.server.comments.append({"id": len(self.server.comments), "body": body, "user": {"type": "Bot"}})
        self.answer({})

    def do_PATCH(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        self.server.comments[int(self.path.rpartition("/")[2])]["body"] = body
        self.answer({})

    def answer(self, content: object) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def api(host: Host) -> Iterator[Api]:
    """Serve the API on a free port."""
    server = Api(("127.0.0.1", 0), _Handler)
    server.host, server.comments, server.seen = (
        host,
        [{"id": 0, "body": f"{MARKER} forged", "user": {"type": "User"}}],
        [],
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def packed(data: bytes, name: str = "report.json") -> bytes:
    """Return an artifact's archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def graded(host: Host, api: Api) -> bytes:
    """Grade the pull request honestly and keep the report as its run's artifact."""
    head = host.pull_request()
    report = encode_report(grade_change(Repository(host.upstream), "main", head, student="ada").report)
    api.heads, api.archive = [head], packed(report)
    return report


def commented(host: Host, api: Api, head: str, code: int = 0) -> str:
    """Run the command as the workflow does, from the default branch; return what it printed."""
    clone = host.root / "default-branch"
    if not clone.exists():
        git(host.root, "clone", "--quiet", host.upstream, clone)
    env = {
        "GITHUB_REPOSITORY": "school/course",
        "GITHUB_TOKEN": "t0ken",
        "GITHUB_API_URL": f"http://127.0.0.1:{api.server_port}",
    }
    arguments = ("--run", "5", "--head", head, "--owner", "ada", "--branch", "work")
    done = autograder("comment-pr", *arguments, cwd=clone, env=env, code=code)
    return done.stdout + done.stderr


def test_one_comment_kept_up_to_date(host: Host, api: Api):
    """The first run writes it and the next ones write over it; a student's that looks like it is left alone."""
    host.write(MODULE, HALF)
    host.push()
    graded(host, api)
    assert "comment on #7 written" in commented(host, api, api.heads[0])
    assert "comment on #7 updated" in commented(host, api, api.heads[0])
    assert [comment["body"].startswith(MARKER) for comment in api.comments] == [True, True]
    assert api.comments[0]["body"].endswith("forged")
    assert "1 of 3.5 points" in api.comments[1]["body"]
    assert "trusted" not in api.comments[1]["body"].lower()
    tokens = {path: token for _, path, token in api.seen}
    assert tokens["/pulls"] == "Bearer t0ken"
    assert tokens["/blob"] is None


def test_edited_workflow_and_forged_result(host: Host, api: Api):
    """Full marks from a run that the student rewrote are not shown; what was changed is."""
    host.write(MODULE, RIGHT)
    host.push()
    forged = graded(host, api)
    host.write(".github/workflows/grade.yml", "name: grade\n")
    head = host.push()
    host.pull_request()
    api.heads, api.archive = [head], packed(forged.replace(json.loads(forged)["head"].encode(), head.encode()))
    commented(host, api, head)
    body = api.comments[-1]["body"]
    assert "Not trusted" in body
    assert ".github/workflows/grade.yml (modified)" in body
    assert "points" not in body


def test_forged_in_other_ways(host: Host, api: Api):
    """A report of another commit, of other points, of odd shape or of great size is no result."""
    host.write(MODULE, HALF)
    host.push()
    honest = graded(host, api)
    content = json.loads(honest)
    head = content["head"]

    def bent(**changes: object) -> bytes:
        return json.dumps(content | {"results": [content["results"][0] | changes]}).encode()

    forged = {
        "is about another commit": honest.replace(head.encode(), b"0" * 40),
        "its base is no commit": honest.replace(content["base"].encode(), b"<img src=x>"),
        "is not the sum": bent(score=3.5),
        "is not the course": bent(max_score=100.0),
        "another course": bent(course="other"),
        "the report is none": b"[" * 100_000,
        "holds no report.json": None,
        "at most 4,194,304 are read": b" " * (5 << 20),
    }
    for reason, data in forged.items():
        api.archive = b"PK" if data is None else packed(data)
        server = GitHub("school/course", "t0ken", f"http://127.0.0.1:{api.server_port}")
        publish(server, load_course(host.work), run=5, head=head, owner="ada", branch="work")
        body = api.comments[-1]["body"]
        assert "### No result" in body, reason
        assert reason in body


def test_pushed_meanwhile(host: Host, api: Api):
    """When the head has moved on, before or while it is looked at, nothing is said."""
    host.write(MODULE, HALF)
    host.push()
    graded(host, api)
    head = api.heads[0]
    api.heads = ["1" * 40]
    assert "no open pull request" in commented(host, api, head)
    api.heads = [head, "1" * 40]
    assert "has moved on" in commented(host, api, head)
    assert len(api.comments) == 1


def test_api_refuses(host: Host, api: Api):
    """An API that refuses is infrastructure: exit 3, with what it said."""
    host.write(MODULE, HALF)
    host.push()
    graded(host, api)
    head = api.heads[0]
    api.heads = []
    assert "GET /pulls" in commented(host, api, head, code=3)
