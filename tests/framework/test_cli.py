"""The command as people meet it: help, errors, exit codes, tables, and a first failure that can be pasted."""

import ast
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import click
import msgspec
import pytest

from autograder.cli import COMMANDS, main, main_group
from autograder.feedback.text import show
from autograder.grading.result import Result

DOCS = Path(__file__).parents[2]
ESCAPE = "\x1b"
MAIN = "import sys; from autograder.cli import main; main(sys.argv[1:])"


@pytest.fixture
def command(capsys, monkeypatch, course_root):
    """Run the command on a small course; gives its exit code and what it printed."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str, course: Path | None = None) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exited:
            main(["-C", str(course or course_root), *arguments])
        captured = capsys.readouterr()
        return exited.value.code, captured.out, captured.err

    return run


@pytest.fixture
def own_copy(course_root):
    """Write the student's own copy of the module."""

    def write(source: str) -> Path:
        path = course_root / "assignments" / "areas" / "areas.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        return path

    return write


class TestHelp:
    """Every command says what it does."""

    @pytest.mark.parametrize("name", COMMANDS)
    def test_help(self, command, name):
        """Each has help, for itself and for each of its options, within 80 columns."""
        code, out, _ = command(name, "--help")
        assert code == 0
        assert out.startswith("Usage:")
        assert max(map(len, out.splitlines())) <= 80
        made = main_group.get_command(click.Context(main_group), name)
        assert made.help
        assert [option.name for option in made.params if isinstance(option, click.Option) and not option.help] == []

    @pytest.mark.parametrize("name", COMMANDS)
    def test_documented(self, name):
        """Each is shown in the README or in a page of docs/."""
        pages = [DOCS / "README.md", *(DOCS / "docs").glob("*.md")]
        assert any(f"autograder {name}" in page.read_text() for page in pages)

    def test_list(self, command):
        """The list names all of them."""
        code, out, _ = command("--help")
        assert code == 0
        assert all(re.search(rf"^  {name} ", out, re.MULTILINE) for name in COMMANDS)

    def test_start(self):
        """The installed command and its version, in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-c", MAIN, "--version"], capture_output=True, text=True, timeout=60, check=True
        )
        assert re.search(r"\d+\.\d+", done.stdout)


class TestErrors:
    """An error is a line that says what is wrong, where, and what to do; a traceback never is."""

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["grad"], "did you mean 'grade'?"),
            (["check", "aeras"], "did you mean 'areas'?"),
            (["grade", "aeras"], "did you mean 'areas'?"),
            (["validate", "area"], "did you mean 'areas'?"),
            (["release", "x"], "known: areas"),
            (["check", "areas", "scalde"], "did you mean 'scaled'?"),
            (["check", "areas", "essay"], "written question"),
            (["grade", "areas", "--student", "emy"], "did you mean 'emmy'?"),
            (["grade", "--jobs", "0"], "--jobs"),
            (["check"], "ASSIGNMENT"),
            (["grade", "--no-such-option"], "no-such-option"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, list) else "",
    )
    def test_unknown_names(self, command, write_module, right, arguments, says):
        """An unknown command, assignment, exercise, student or option: exit code 2 and the nearest name."""
        write_module("emmy", right)
        code, out, err = command(*arguments)
        assert code == 2
        assert says in err
        assert not out
        assert "Traceback" not in err

    def test_empty_class(self, command, course_root):
        """An empty class: where submissions belong."""
        (course_root / "submitted").mkdir()
        code, _, err = command("grade", "areas")
        assert code == 2
        assert "submitted/<student>/<assignment>/" in err

    def test_nobody(self, command):
        """No folder of submissions at all."""
        code, _, err = command("grade", "areas")
        assert code == 2
        assert "submitted" in err

    def test_no_course(self, command, tmp_path):
        """No `course.toml` anywhere above."""
        code, _, err = command("grade", course=tmp_path)
        assert code == 2
        assert "course.toml" in err

    def test_contradictory_course(self, command, course_root):
        """Several contradictions: all of them, each with file, line and key."""
        path = course_root / "course.toml"
        toml = path.read_text().replace("call_seconds = 0.5", "call_seconds = 50").replace('"mean"', '"area"')
        path.write_text(toml.replace('points = 3 },\n    { name = "essay"', 'points = -3 },\n    { name = "essay"'))
        code, _, err = command("grade")
        assert code == 2
        assert len(re.findall(r"course\.toml:\d+: [\w.\[\]]+: ", err)) == 3
        for reason in ("call_seconds is above submission_seconds", "names are unique", "positive number"):
            assert reason in err

    def test_below_the_root(self, command, write_module, right, course_root):
        """The course is found from any folder below its root."""
        folder = write_module("ada", right).parent
        assert command("grade", "areas", course=folder)[0] == 0

    def test_nothing_to_check(self, command):
        """A student's copy that is not there."""
        code, out, err = command("check", "areas")
        assert code == 1
        assert "areas.py is not there" in out + err

    def test_unsound_reference(self, command, write_module, right, course_root):
        """A failure of the grader has its own exit code."""
        write_module("ada", right)
        (course_root / "solutions" / "areas" / "areas.py").write_text("1 / 0\n")
        code, _, err = command("grade", "areas")
        assert code == 3
        assert "nothing was graded" in err

    def test_closed_pipe(self, course_root, write_module, right):
        """A reader that goes away, as `head` does, is no traceback."""
        write_module("ada", right)
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN, "-C", str(course_root), "grade", "areas", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        process.stdout.close()
        errors = process.stderr.read().decode()
        process.wait(timeout=60)
        assert "Traceback" not in errors


class TestGrade:
    """A table for people, JSON for machines."""

    @pytest.fixture
    def handed_in(self, write_module, right):
        """A class with every kind of state."""
        write_module("ada", right)
        write_module("emmy-with-a-name-that-is-too-long-for-any-table", f"{right}\n\ndef area(a, b): return a + b\n")
        write_module("loop", f"{right}\n\ndef area(a, b):\n    while True: pass\n")
        write_module("syntax", "def area(:\n")
        write_module("zeno", "")

    @pytest.mark.usefixtures("handed_in")
    def test_table(self, command):
        """Scores and states, in 80 columns, without escape codes where there is no terminal; exit code 0."""
        code, out, _ = command("grade", "areas", "--jobs", "1")
        assert code == 0
        assert max(map(len, out.splitlines())) <= 80
        assert ESCAPE not in out
        rows = {line.split()[0]: line for line in out.splitlines() if line.strip()}
        assert "all right" in rows["ada"]
        assert "timeout" in rows["loop"]
        assert "syntax error" in rows["syntax"]
        assert re.search(r"\b10\b", rows["ada"])
        for name in ("area", "mean", "scaled", "counter"):
            assert name in out
        assert "isolation:" in out

    @pytest.mark.usefixtures("handed_in")
    def test_json(self, command):
        """One array of results, in order of student, of the documented type; nothing else on stdout."""
        code, out, _ = command("grade", "areas", "--json")
        assert code == 0
        results = msgspec.json.decode(out, type=list[Result], strict=True)
        assert [result.student for result in results] == sorted(result.student for result in results)
        assert [result.score for result in results] == [10, 7, 7, 0, 0]

    def test_again(self, command, write_module, right):
        """A second run says that nothing had changed."""
        write_module("ada", right)
        command("grade", "areas")
        _, out, _ = command("grade", "areas")
        assert "1 unchanged since the last run" in out

    def test_everything(self, command, write_module, right):
        """Without an assignment, all that anybody handed in is graded."""
        write_module("ada", right)
        code, out, _ = command("grade")
        assert code == 0
        assert "Areas (areas), 10 points" in out

    def test_wide_course(self, command, course_root, write_module):
        """Twelve exercises still fit 80 columns."""
        names = [f"exercise-number-{number}" for number in range(12)]
        rows = "".join(f'    {{ name = "{name}", points = 12.5 }},\n' for name in names)
        (course_root / "course.toml").write_text(
            f'[course]\nid = "w"\ntitle = "W"\n[assignments.areas]\ntitle = "W"\nexercises = [\n{rows}]\n'
        )
        tests = course_root / "tests" / "areas" / "test_areas.py"
        tests.write_text(
            "from autograder.kit import *\n"
            + "".join(
                f"@exercise('{name}')\ndef test_{index}(submission):\n    'One.'\n    check_close(submission.f(), 1)\n"
                for index, name in enumerate(names)
            )
        )
        (course_root / "solutions" / "areas" / "areas.py").write_text("def f():\n    return 1\n")
        write_module("ada", "def f(): return 1\n")
        write_module("zeno-of-elea-the-younger", "def f(): return 2\n")
        code, out, err = command("grade", "areas")
        assert code == 0, err
        assert max(map(len, out.splitlines())) <= 80
        assert "150" in out


class TestCleaning:
    """What a student controls is printed as text and nothing else."""

    NASTY = "\x1b[2J\x1b]0;owned\x07\u202eevil\u2066\u200b\x9b31m\rline\x08\x00"

    def clean(self, text: str) -> bool:
        """Whether nothing of it could move a cursor, change a colour or turn the direction of text."""
        return not set(text) & set("\x1b\x07\u202e\u2066\u200b\x9b\r\x08\x00")

    @pytest.mark.parametrize("command_name", ["check", "grade"])
    @pytest.mark.parametrize(
        "code",
        [
            "def area(a, b): raise ValueError({nasty!r})",
            "def area(a, b): return {nasty!r}",
            "def area(a, b): return {{{nasty!r}: 1.0}}",
            "def area(a, b): return type({nasty!r}.replace('\\0', ''), (), {{}})()",
            "def area(a, b): raise type({nasty!r}.replace('\\0', ''), (Exception,), {{}})('x')",
            "raise ValueError({nasty!r})",
            "raise ImportError({nasty!r})",
            "area = eval(compile('lambda a, b: 1 / 0', 'x', 'eval').replace(co_name={nasty!r}))",
        ],
        ids=["message", "text", "key", "type", "exception-type", "import", "import-error", "function-name"],
    )
    def test_clean(self, command, own_copy, write_module, right, code, command_name):
        """Messages, values, keys and the names of types and functions."""
        source = f"{right}\n\n{code.format(nasty=self.NASTY)}\n"
        own_copy(source)
        write_module("ada", source)
        status, out, err = command(command_name, "areas", *(["--json"] if command_name == "grade" else []))
        assert status in (0, 1)
        assert self.clean(out)
        assert self.clean(err)
        assert not [part for part in ("[2J", "owned", "\\u001b") if part in out]
        assert max(map(len, out.splitlines())) <= 80 or command_name == "grade"

    def test_markup(self, command, own_copy, right):
        """Square brackets of a student's are no markup."""
        own_copy(f"{right}\n\ndef area(a, b): raise ValueError('[bold red]x[/bold red] [/] [link=http://x]y[/link]')\n")
        _, out, _ = command("check", "areas")
        assert "[bold red]x[/bold red] [/]" in out

    def test_name_of_a_student(self, command, course_root, write_module, right):
        """The name of a folder that cannot be printed safely is refused; one with markup is text."""
        write_module("[red]ada", right)
        _, out, _ = command("grade", "areas")
        assert "[red]ada" in out
        (course_root / "submitted" / "e\x1b[31mvil").mkdir()
        code, _, err = command("grade", "areas")
        assert code == 2
        assert self.clean(err)


def pasted(out: str) -> str:
    """Return the code in what `check` printed, as a student would copy it."""
    lines = out.splitlines()
    start = next(number for number, line in enumerate(lines) if re.match(r" {4}(import|from) ", line))
    ends = [number for number, line in enumerate(lines) if re.match(r" +(expected|got)  |\S|  \S", line)]
    end = next((number for number in ends if number > start), len(lines))
    return textwrap.dedent("\n".join(lines[start:end])).strip()


class TestCheck:
    """A student's own look."""

    def test_right(self, command, own_copy, right):
        """All right: exit code 0 and no failure."""
        own_copy(right)
        code, out, _ = command("check", "areas")
        assert code == 0
        assert "10/10" in out
        assert out.count("✓") == 4
        assert "expected" not in out

    def test_first_failure(self, command, own_copy, right):
        """The property in words, the counterexample, expected, got, and how many more there are."""
        own_copy(f"{right}\n\ndef area(a, b): return a + b\ndef mean(x): return 0.0\n")
        code, out, _ = command("check", "areas")
        assert code == 1
        assert "✗ area: Each entry is the product of the two sides." in out
        assert "from areas import area" in out
        assert "expected" in out
        assert "got" in out
        assert "1 more to look at afterwards" in out
        assert ESCAPE not in out
        assert max(map(len, out.splitlines())) <= 80

    def test_one_exercise(self, command, own_copy, right):
        """One exercise alone."""
        own_copy(f"{right}\n\ndef area(a, b): return a + b\ndef mean(x): return 0.0\n")
        _, out, _ = command("check", "areas", "mean")
        assert "mean: It is the sum over the count." in out
        assert "area" not in out.replace("areas", "")

    def test_line(self, command, own_copy, right):
        """An exception is shown with the student's own line."""
        path = own_copy(f"{right}\n\ndef area(a, b):\n    return a.no_such_thing\n")
        line = path.read_text().splitlines().index("    return a.no_such_thing") + 1
        _, out, _ = command("check", "areas")
        assert f"areas.py, line {line} in area" in out
        assert "AttributeError" in out

    def test_does_not_load(self, command, own_copy):
        """A file that is no Python: which line."""
        own_copy("x = 1\ndef area(:\n")
        code, out, _ = command("check", "areas")
        assert code == 1
        assert "line 2" in out

    def test_other_file(self, command, tmp_path, right):
        """Any file can be checked."""
        path = tmp_path / "mine.py"
        path.write_text(right)
        assert command("check", "areas", "--file", str(path))[0] == 0

    def test_printing(self, command, own_copy, right):
        """What the student prints appears."""
        own_copy(right.replace("    return a * b", "    print('hello from area')\n    return a * b"))
        assert "hello from area" in command("check", "areas")[1]

    def test_hidden_details(self, command, own_copy, course_root, right):
        """Where details are hidden, neither the input nor the values are shown."""
        toml = (course_root / "course.toml").read_text()
        toml = toml.replace('"area", points = 3', '"area", points = 3, hidden = true')
        (course_root / "course.toml").write_text(toml)
        own_copy(f"{right}\n\ndef area(a, b): return a + b\n")
        _, out, _ = command("check", "areas")
        assert "details of this exercise are not shown" in out
        assert "expected" not in out
        assert "np.array" not in out

    @pytest.mark.parametrize(
        "code",
        [
            "def area(a, b): return a + b",
            "def area(a, b): return a * b if a.size < 5 else a + b",
            "def area(a, b): return a * b if a.flags.c_contiguous else a + b",
            "def area(a, b): return a * b if a.flags.c_contiguous or a.strides[0] < 0 else a + b",
            "def area(a, b): return (a * b).astype(a.dtype)",
            "def area(a, b): return np.round(a * b, 3)",
            "def area(a, b): return a * b if a.size < 20 else a + b",
            "def mean(x): return x.sum() / len(x)",
            "def mean(x): return float(x[0, 0])",
            "def scaled(x, factor=2.0): return factor * np.median(x)",
            "class Counter:\n    def __init__(self, s=0): self.count = s\n    def add(self, x): return self.count + x",
            "def area(a, b): return None",
            "def area(a, b): a *= b; return a",
        ],
    )
    def test_counterexample_can_be_pasted(self, command, own_copy, right, monkeypatch, code):
        """What is printed, pasted and executed, gives exactly the answer that was not right."""
        path = own_copy(f"{right}\n\n{code}\n")
        _, out, _ = command("check", "areas")
        source = pasted(out)
        monkeypatch.syspath_prepend(str(path.parent))
        monkeypatch.delitem(sys.modules, "areas", raising=False)
        *before, last = ast.parse(source).body
        names: dict = {}
        exec(compile(ast.Module(before, []), "pasted", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "pasted", "eval"), names)  # noqa: S307
        if "*= b" in code:
            assert "was modified" in out
            return
        got = re.search(r"^ +got  (.*?)(?=^  \S|^\S|^$|\Z)", out, re.MULTILINE | re.DOTALL)[1]
        assert "".join(got.split()) == "".join(show(value).split())

    def test_exception_can_be_pasted(self, command, own_copy, right, monkeypatch):
        """And raises the exception that was told."""
        path = own_copy(f"{right}\n\ndef area(a, b):\n    return a * b if a.shape[0] < 3 else a[99]\n")
        _, out, _ = command("check", "areas")
        monkeypatch.syspath_prepend(str(path.parent))
        monkeypatch.delitem(sys.modules, "areas", raising=False)
        with pytest.raises(IndexError):
            exec(pasted(out), {})

    def test_watch(self, course_root, own_copy, right):
        """`--watch` answers again after each save, also when the file is broken in between, until Ctrl-C."""
        own_copy(right + "\n\ndef area(a, b): return a + b\n")
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", MAIN, "-C", str(course_root), "check", "areas", "--watch"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": "80"},
        )  # fmt: skip

        killer = threading.Timer(60, process.kill)
        killer.start()

        def until(words: str) -> str:
            seen = ""
            while words not in seen:
                line = process.stdout.readline()
                assert line, seen + process.stderr.read()
                seen += line
            return seen

        try:
            assert ESCAPE not in until("total")
            own_copy("def area(:\n")
            until("not valid Python")
            began = time.monotonic()
            own_copy(right)
            until("10/10")
            assert time.monotonic() - began < 10
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 130
            assert "Traceback" not in process.stderr.read()
        finally:
            killer.cancel()
            process.kill()
            process.wait()
