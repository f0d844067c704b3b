"""What is read of what a student handed in, whatever it is."""

import hashlib
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from autograder import submission
from autograder.course import Course, Limits, load_course
from autograder.errors import UsageError
from autograder.handed_in_twice import filled_in
from autograder.submission import Submission, read_module, read_submission, submissions

RIGHT = b"import numpy as np\n\n\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course with one assignment and no submissions."""
    (tmp_path / "course.toml").write_text(
        '[course]\nid = "x"\ntitle = "X"\n[limits]\nsource_kb = 4\nnotebook_kb = 16\n'
        '[assignments.neuron]\ntitle = "N"\nexercises = [{ name = "sigmoid", points = 1 }]\n'
    )
    (tmp_path / "submitted").mkdir()
    return load_course(tmp_path)


@pytest.fixture
def ada(course: Course) -> Path:
    """Return the empty folder that Ada handed in."""
    folder = course.root / "submitted" / "ada" / "neuron"
    folder.mkdir(parents=True)
    return folder


def read(course: Course, student: str = "ada") -> Submission:
    """Read a student's submission of the only assignment."""
    return read_submission(course, course.assignment("neuron"), student)


def refused(course: Course, student: str = "ada") -> tuple[str, str]:
    """Return kind and message of a submission's problem, which has no source."""
    found = read(course, student)
    assert found.source is None
    assert found.problem is not None
    return found.problem.kind, found.problem.message


class TestModule:
    """A module is read as it is, if it is a file of text within the limits."""

    def test_right(self, course, ada):
        """A right module gives its bytes and their digest."""
        (ada / "neuron.py").write_bytes(RIGHT)
        assert read(course) == Submission(
            student="ada",
            assignment="neuron",
            source=RIGHT,
            filename="neuron.py",
            digest=hashlib.sha256(RIGHT).hexdigest(),
        )

    def test_byte_order_mark(self, course, ada):
        """A byte order mark does no harm."""
        (ada / "neuron.py").write_bytes(b"\xef\xbb\xbf" + RIGHT)
        assert read(course).source == b"\xef\xbb\xbf" + RIGHT

    def test_empty(self, course, ada):
        """An empty module is a module, and not the same as none."""
        missing = read(course)
        (ada / "neuron.py").touch()
        assert read(course).source == b""
        assert read(course).digest != missing.digest

    def test_largest(self, course, ada):
        """A module of just the largest size is read whole."""
        (ada / "neuron.py").write_bytes(b"#" * 4096)
        assert read(course).source == b"#" * 4096

    def test_before_notebook(self, course, ada):
        """Where a module and a notebook were handed in, the module counts."""
        (ada / "neuron.py").write_bytes(RIGHT)
        (ada / "neuron.ipynb").write_text("junk")
        assert read(course).origin == "module"

    def test_missing(self, course, ada):
        """A folder without the module is told as such."""
        assert refused(course) == ("missing", "neither neuron.py nor neuron.ipynb was handed in")

    def test_misnamed(self, course, ada):
        """A file with nearly the right name is pointed at."""
        (ada / "neuron (1).py").write_bytes(RIGHT)
        message = "neither neuron.py nor neuron.ipynb was handed in; there is 'neuron (1).py': rename it"
        assert refused(course) == ("missing", message)

    def test_nothing_handed_in(self, course):
        """A student without a folder for the assignment handed nothing in."""
        (course.root / "submitted" / "ada").mkdir()
        assert refused(course) == ("missing", "neuron is not there")

    def test_too_large(self, course, ada):
        """A module one byte above the limit is not read."""
        (ada / "neuron.py").write_bytes(b"#" * 4097)
        assert refused(course) == ("too-large", "neuron.py has 4,097 bytes; at most 4,096 are read")

    def test_huge(self, course, ada, monkeypatch):
        """Of a module of 50 MB nothing is read."""
        with (ada / "neuron.py").open("wb") as file:
            file.truncate(50 * 2**20)
        monkeypatch.delattr(os, "read")
        assert refused(course) == ("too-large", "neuron.py has 52,428,800 bytes; at most 4,096 are read")

    def test_growing(self, course, ada, monkeypatch):
        """A file that holds more than its size says is read up to the limit and refused."""
        (ada / "neuron.py").write_bytes(RIGHT)
        asked = []

        def endless(_file: int, size: int) -> bytes:
            asked.append(size)
            return b"#" * min(size, 1000)

        monkeypatch.setattr(os, "read", endless)
        kind, _ = refused(course)
        assert kind == "too-large"
        assert sum(min(size, 1000) for size in asked[-5:]) == 4097

    def test_not_utf8(self, course, ada):
        """A module in another encoding is told with its line."""
        (ada / "neuron.py").write_bytes(b"# one\n# caf\xe9\n")
        assert refused(course) == ("not-utf8", "neuron.py is not UTF-8 text (line 2); save it as UTF-8")

    def test_nul_bytes(self, course, ada):
        """A module full of NULs is told with its line."""
        (ada / "neuron.py").write_bytes(b"#\n" + b"\0" * 1000)
        assert refused(course) == ("nul-bytes", "neuron.py holds NUL bytes (line 2) and is no Python; save it again")

    def test_unreadable(self, course, ada, monkeypatch):
        """A disk's error is told and is no crash."""
        (ada / "neuron.py").write_bytes(RIGHT)

        def broken(_file: int, _size: int) -> bytes:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(os, "read", broken)
        assert refused(course) == ("unreadable", "neuron.py cannot be read: Input/output error")

    def test_digest_of_refused(self, course, ada):
        """What was read and refused has the digest of its bytes."""
        (ada / "neuron.py").write_bytes(b"\0")
        assert read(course).digest == hashlib.sha256(b"\0").hexdigest()


class TestNoFile:
    """What is no file is not read, and nothing is waited for."""

    def test_folder(self, course, ada):
        """A folder with the module's name is no module."""
        (ada / "neuron.py").mkdir()
        assert refused(course) == ("not-a-file", "neuron.py is a folder, not a file")

    def test_fifo(self, course, ada):
        """A FIFO does not make the grader wait for a writer."""
        os.mkfifo(ada / "neuron.py")
        assert refused(course) == ("not-a-file", "neuron.py is a FIFO, not a file")

    def test_socket(self, course, ada, monkeypatch):
        """A socket is no module."""
        monkeypatch.chdir(ada)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("neuron.py")
            assert refused(course) == ("not-a-file", "neuron.py is a socket, not a file")

    def test_device(self, course):
        """A device is no module, even by way of a student's own copy that links to it."""
        link = course.root / "neuron.py"
        link.symlink_to("/dev/zero")
        found = read_module(link, course.assignment("neuron")).problem
        assert found == submission.SubmissionProblem("not-a-file", "neuron.py is a device, not a file")

    def test_assignment_is_a_file(self, course):
        """A file in place of the assignment's folder is told."""
        (course.root / "submitted" / "ada").mkdir()
        (course.root / "submitted" / "ada" / "neuron").write_bytes(RIGHT)
        assert refused(course) == ("not-a-file", "neuron is not a folder")


class TestLinks:
    """A link is not followed, wherever it stands and wherever it leads."""

    def test_module_to_another(self, course, ada):
        """A module that links to another student's is refused."""
        other = course.root / "submitted" / "bob" / "neuron"
        other.mkdir(parents=True)
        (other / "neuron.py").write_bytes(RIGHT)
        (ada / "neuron.py").symlink_to(other / "neuron.py")
        expected = ("symlink", "neuron.py is a symbolic link; hand in the file or folder itself")
        assert refused(course) == expected
        assert read(course, "bob").source == RIGHT

    def test_module_out(self, course, ada):
        """A module that links to a file of the system is refused."""
        (ada / "neuron.py").symlink_to("/etc/passwd")
        assert refused(course)[0] == "symlink"

    def test_dangling(self, course, ada):
        """A link to nowhere is a link, and not a missing file."""
        (ada / "neuron.py").symlink_to("nowhere")
        assert refused(course)[0] == "symlink"

    def test_assignment(self, course):
        """An assignment's folder that is a link is refused."""
        other = course.root / "submitted" / "bob" / "neuron"
        other.mkdir(parents=True)
        (other / "neuron.py").write_bytes(RIGHT)
        (course.root / "submitted" / "ada").mkdir()
        (course.root / "submitted" / "ada" / "neuron").symlink_to(other)
        assert refused(course) == ("symlink", "neuron is a symbolic link; hand in the file or folder itself")

    def test_student(self, course):
        """A student's folder that is a link is refused, and the student stays in the class."""
        other = course.root / "submitted" / "bob" / "neuron"
        other.mkdir(parents=True)
        (other / "neuron.py").write_bytes(RIGHT)
        (course.root / "submitted" / "ada").symlink_to(other.parent)
        assert refused(course) == ("symlink", "ada is a symbolic link; hand in the file or folder itself")

    def test_dangling_student(self, course):
        """So does a student whose folder is a link to nowhere."""
        (course.root / "submitted" / "ada").symlink_to("nowhere")
        assert refused(course)[0] == "symlink"

    def test_notebook(self, course, ada):
        """A notebook that is a link is refused."""
        (ada / "neuron.ipynb").symlink_to("/etc/passwd")
        assert refused(course)[0] == "symlink"

    def test_no_descriptor_is_left(self, course, ada):
        """Reading leaves no file open, whether it ends well or not."""
        before = len(list(Path("/proc/self/fd").iterdir()))
        (ada / "neuron.py").symlink_to("/etc/passwd")
        refused(course)
        (ada / "neuron.py").unlink()
        (ada / "neuron.py").write_bytes(RIGHT)
        read(course)
        assert len(list(Path("/proc/self/fd").iterdir())) == before


class TestTimestamp:
    """`timestamp.txt` tells when a submission was handed in."""

    @pytest.mark.parametrize(
        ("text", "hour"),
        [
            ("2027-02-14 12:30:00.000000 UTC", 12),
            ("2027-02-14 12:30:00 Asia/Tokyo\n", 3),
            ("2027-02-14T12:30:00+01:00", 11),
            ("2027-02-14 12:30:00", 12),
        ],
    )
    def test_valid(self, course, ada, text, hour):
        """Nbgrader's way of writing it is read, and ISO 8601; without a zone it is UTC."""
        (ada / "timestamp.txt").write_text(text)
        assert read(course).timestamp == datetime(2027, 2, 14, hour, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "yesterday",
            "2027-02-14 12:30:00 Nowhere/City",
            "2027-02-14 12:30:00 ../../etc",
            "0001-01-01T00:00+14:00",
        ],
    )
    def test_invalid(self, course, ada, text):
        """What is no time is noted, and the module counts."""
        (ada / "timestamp.txt").write_text(text)
        (ada / "neuron.py").write_bytes(RIGHT)
        found = read(course)
        assert (found.timestamp, found.problem) == (None, None)
        assert found.notes == ("timestamp.txt holds no date and time; the time of handing in is not known",)

    def test_link(self, course, ada):
        """A time that is a link is not followed."""
        (ada / "timestamp.txt").symlink_to("/etc/passwd")
        [note] = read(course).notes
        assert note.startswith("timestamp.txt is a symbolic link")


class TestClass:
    """A class is the folders under `submitted/`."""

    def test_sorted(self, course):
        """Students come sorted; hidden folders and plain files are no students."""
        for name in ("zoe", "ada", ".git"):
            (course.root / "submitted" / name).mkdir()
        (course.root / "submitted" / "README.md").touch()
        assert [found.student for found in submissions(course, course.assignment("neuron"))] == ["ada", "zoe"]

    def test_some(self, course):
        """Only the students that were asked for are read, each once."""
        for name in ("zoe", "ada", "bob"):
            (course.root / "submitted" / name).mkdir()
        found = submissions(course, course.assignment("neuron"), ["zoe", "ada", "zoe"])
        assert [each.student for each in found] == ["ada", "zoe"]

    @pytest.mark.parametrize("name", ["aad", "../ada", "ada/neuron", ".", ""])
    def test_unknown(self, course, ada, name):
        """A student who does not exist is told with the nearest, and a path is no student."""
        with pytest.raises(UsageError, match="submitted/ has no student"):
            read(course, name)

    def test_nearest(self, course, ada):
        """The nearest student is named."""
        with pytest.raises(UsageError, match="has no student 'Adda'; did you mean 'ada'"):
            read(course, "Adda")

    def test_empty(self, course):
        """An empty class is an error that says where to put submissions."""
        with pytest.raises(UsageError, match="the class is empty; put what students hand in at submitted/<student>/"):
            submissions(course, course.assignment("neuron"))

    def test_no_folder(self, course):
        """So is a class that is not there."""
        (course.root / "submitted").rmdir()
        with pytest.raises(UsageError, match="No such file or directory; put what students hand in"):
            submissions(course, course.assignment("neuron"))

    @pytest.mark.parametrize("name", [b"\x1b[31mred", b"two\nlines", b"\xff"])
    def test_unprintable(self, course, name):
        """A name that would garble a terminal or a report is refused, and shown harmlessly."""
        (Path(os.fsdecode(os.fsencode(course.root) + b"/submitted/" + name))).mkdir()
        with pytest.raises(UsageError, match="rename what cannot be printed") as caught:
            submissions(course, course.assignment("neuron"))
        assert str(caught.value).isprintable()


class TestOwnCopy:
    """A student's own copy is read by the same rules."""

    def test_right(self, course):
        """The module is read, and nothing is said of a student."""
        path = course.root / "neuron.py"
        path.write_bytes(RIGHT)
        found = read_module(path, course.assignment("neuron"))
        assert (found.source, found.student, found.problem) == (RIGHT, "", None)

    def test_link(self, course):
        """Students may link to files of their own."""
        (course.root / "mine.py").write_bytes(RIGHT)
        (course.root / "neuron.py").symlink_to("mine.py")
        assert read_module(course.root / "neuron.py", course.assignment("neuron")).source == RIGHT

    def test_too_large(self, course):
        """The limit of a module holds."""
        path = course.root / "neuron.py"
        path.write_bytes(b"#" * 4097)
        found = read_module(path, course.assignment("neuron")).problem
        assert found == submission.SubmissionProblem("too-large", "neuron.py has 4,097 bytes; at most 4,096 are read")

    def test_missing(self, course):
        """A module that is not there is a problem and no exception."""
        found = read_module(course.root / "neuron.py", course.assignment("neuron")).problem
        assert found == submission.SubmissionProblem("missing", "neuron.py is not there")


def cell(source: str | list[str], *, solution: bool = True, kind: str = "code") -> dict:
    """Return a notebook's cell."""
    metadata = {"nbgrader": {"schema_version": 3, "grade": False, "locked": False, "solution": solution}}
    return {"cell_type": kind, "metadata": metadata, "source": source, "outputs": [{"data": {"x": [1, {}]}}]}


class TestNotebook:
    """Of a notebook, what its solution cells define makes a module."""

    @pytest.fixture
    def hand_in(self, course, ada):
        """Return a function that hands cells in and reads them."""

        def hand_in(*cells: dict, nbformat: int = 4) -> Submission:
            (ada / "neuron.ipynb").write_text(json.dumps({"nbformat": nbformat, "metadata": {}, "cells": cells}))
            return read(course)

        return hand_in

    def test_definitions(self, hand_in):
        """Imports, functions, classes and constants are taken, with their decorators and comments, in order."""
        text = """import math; from math import exp
EPS: float = 1e-7
LOG2 = math.log(2)  # of two
@decorated
# why
def sigmoid(z):
    # inside é
    return 1 / (1 + exp(-z))

class Neuron:
    x = 1
"""
        found = hand_in(cell("# Title", kind="markdown"), cell(text))
        assert found.problem is None
        assert found.source is not None
        assert found.source.decode() == (
            "# neuron.ipynb, cell 2\nimport math\nfrom math import exp\nEPS: float = 1e-7\nLOG2 = math.log(2)\n"
            "@decorated\n# why\ndef sigmoid(z):\n    # inside é\n    return 1 / (1 + exp(-z))\n"
            "class Neuron:\n    x = 1\n\n"
        )

    def test_origin(self, hand_in, ada):
        """The submission says that it is a notebook, and has the digest of the notebook."""
        found = hand_in(cell("X = 1"))
        assert (found.origin, found.filename) == ("notebook", "neuron.ipynb")
        assert found.digest == hashlib.sha256((ada / "neuron.ipynb").read_bytes()).hexdigest()

    @pytest.mark.parametrize(
        "experiment",
        [
            "print(sigmoid(0))",
            "y = sigmoid(0)",
            "y = x.mean()",
            "x[0] = 1",
            "z = unknown",
            "for i in range(3): pass",
            "x[0], A = 1, 2",
            "x += 1",
        ],
    )
    def test_experiments(self, hand_in, experiment):
        """What a student tries out is not taken, for it could fail and take the module down with it."""
        found = hand_in(cell(f"def sigmoid(z): return z\n{experiment}"))
        assert found.source == b"# neuron.ipynb, cell 1\ndef sigmoid(z): return z\n\n"

    @pytest.mark.parametrize(
        "constant",
        [
            "A, B = 1, 2",
            "f = lambda z: g(z)",
            "T = {'a': sigmoid}",
            "v = np.vectorize(sigmoid)",
            "S = [i for i in (1,)]",
        ],
    )
    def test_constants(self, hand_in, constant):
        """What uses only what was taken is taken."""
        found = hand_in(cell(f"import numpy as np\ndef sigmoid(z): return z\n{constant}"))
        assert found.source is not None
        assert constant in found.source.decode()

    def test_other_cells(self, hand_in):
        """Of cells that are no solutions, imports of NumPy and the standard library are taken and nothing else."""
        other = cell("import numpy as np\nimport autograder\nfrom . import x\nX = 1\ndef f(): pass", solution=False)
        found = hand_in(other, cell("def sigmoid(z): return np.exp(z)"))
        assert found.source == (
            b"# neuron.ipynb, cell 1\nimport numpy as np\n\n"
            b"# neuron.ipynb, cell 2\ndef sigmoid(z): return np.exp(z)\n\n"
        )

    def test_magics(self, hand_in):
        """Lines that are IPython's do not count, and lines of Python that look alike do."""
        found = hand_in(cell("%matplotlib inline\n!ls\ndef f(x):\n    return 'a'"), cell("X = (7\n  % 4)"))
        assert found.source == (
            b"# neuron.ipynb, cell 1\ndef f(x):\n    return 'a'\n\n# neuron.ipynb, cell 2\nX = (7\n  % 4)\n\n"
        )
        assert found.notes == ()

    def test_broken_cell(self, hand_in):
        """A cell that is no Python is noted, and the others count."""
        found = hand_in(cell("def f(:\n  pass"), cell("def g(): pass"))
        assert found.source == b"# neuron.ipynb, cell 2\ndef g(): pass\n\n"
        [note] = found.notes
        assert note.startswith("cell 1 of neuron.ipynb does not count, since it cannot be read (line 1: ")

    def test_future(self, hand_in):
        """Imports from __future__ come first, or the module would not load."""
        found = hand_in(cell("X = 1"), cell("from __future__ import annotations\nY = 2"))
        assert found.source is not None
        assert found.source.startswith(b"from __future__ import annotations\n")
        compile(found.source, "neuron.py", "exec")

    def test_lines(self, hand_in):
        """A cell's source may be a list of lines, with Windows' line ends."""
        found = hand_in(cell(["def f():\r\n", "    return 1\r\n", "Y = 2\rZ = 3"]))
        assert found.source == b"# neuron.ipynb, cell 1\ndef f():\n    return 1\nY = 2\nZ = 3\n\n"

    def test_nothing_is_executed(self, hand_in, tmp_path):
        """Reading a notebook runs none of it."""
        hand_in(cell(f"open({str(tmp_path / 'ran')!r}, 'w')\nX = open({str(tmp_path / 'ran')!r}, 'w')"))
        assert not (tmp_path / "ran").exists()

    @pytest.mark.parametrize(
        "text", ["(" * 1000, "x" + ".a" * 1000, "x = " + "-" * 3000 + "1", "X = 'a\0'", "X = 1" + " + 1" * 900]
    )
    def test_hostile_python(self, hand_in, text):
        """Python that is made to break a parser costs its own cell at most."""
        found = hand_in(cell(text), cell("def g(): pass"))
        assert found.source is not None
        assert found.source.endswith(b"def g(): pass\n\n")

    @pytest.mark.parametrize("text", ["x = " + "-" * 50_000 + "1", "lambda: " * 20_000 + "1", "x" + "()" * 50_000])
    def test_deep_python(self, course, ada, text):
        """So does Python that is nested more deeply than a parser can go, under the limits of a course."""
        cells = [cell(text), cell("def g(): pass")]
        (ada / "neuron.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}))
        roomy = msgspec.structs.replace(course.assignment("neuron"), limits=Limits())
        found = read_submission(course, roomy, "ada")
        assert found.source == b"# neuron.ipynb, cell 2\ndef g(): pass\n\n"
        assert len(found.notes) == 1

    def test_surrogates(self, hand_in):
        """Half a character is no Python."""
        assert hand_in(cell("X = '\ud800'")).problem.kind == "bad-notebook"

    def test_old(self, hand_in):
        """A notebook in an old format is told what to do."""
        found = hand_in(nbformat=3).problem
        assert found == submission.SubmissionProblem(
            "bad-notebook", "neuron.ipynb is in the old format 3; open it in Jupyter and save it again"
        )

    def test_no_solution_cells(self, hand_in):
        """A notebook that lost its solution cells is told so."""
        found = hand_in(cell("X = 1", solution=False)).problem
        assert found.message == "neuron.ipynb has no solution cell; work in the notebook as it was released"

    def test_only_broken_cells(self, hand_in):
        """A notebook of which no solution cell is Python is a problem."""
        found = hand_in(cell("def f(:"), cell("1 +")).problem
        assert found.kind == "bad-notebook"
        assert "cell 1" in found.message
        assert "cell 2" in found.message

    def test_too_much_code(self, hand_in):
        """The limit of a module holds for a notebook's code."""
        found = hand_in(cell("#" * 4097)).problem
        assert found == submission.SubmissionProblem("too-large", "neuron.ipynb has more than 4 KB of code")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "null",
            "[]",
            "{}",
            '{"nbformat": "4"}',
            '{"nbformat": 4, "cells": 1}',
            '{"nbformat": 4, "cells": [1]}',
            '{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}',
            '{"nbformat": 4, "cells": [{"cell_type": "code", "metadata": {"nbgrader": 3}}]}',
            '{"nbformat": 4, "cells": ',
            "[" * 16000,
            '{"nbformat": 4, "cells": [], "x": ' + "[" * 8000 + "]" * 8000 + "}",
            "\xff",
        ],
    )
    def test_junk(self, course, ada, text):
        """What is no notebook is a problem that says so."""
        (ada / "neuron.ipynb").write_text(text, encoding="latin-1")
        kind, message = refused(course)
        assert (kind, message[:13]) == ("bad-notebook", "neuron.ipynb ")

    def test_too_large(self, course, ada):
        """A notebook has a limit of its own."""
        (ada / "neuron.ipynb").write_text(" " * (16 * 1024 + 1))
        assert refused(course) == ("too-large", "neuron.ipynb has 16,385 bytes; at most 16,384 are read")


class TestModuleAndNotebook:
    """Where both were handed in, the notebook fills in what the module leaves unwritten."""

    STUB = "def f(x):\n    '''What f does.'''\n    raise NotImplementedError\n\n\ndef g(x):\n    return 2\n"

    def test_unwritten_is_taken(self):
        """A function that is only a stub in the module is the notebook's."""
        made = filled_in(self.STUB.encode(), b"def f(x):\n    return 1\n")
        names: dict[str, object] = {}
        exec(compile(made, "m", "exec"), names)
        assert (names["f"](0), names["g"](0)) == (1, 2)

    def test_written_stands(self):
        """What the module has written is not overridden."""
        made = filled_in(self.STUB.encode(), b"def f(x):\n    return 1\n\n\ndef g(x):\n    return 3\n")
        names: dict[str, object] = {}
        exec(compile(made, "m", "exec"), names)
        assert names["g"](0) == 2

    @pytest.mark.parametrize("notebook", [b"", b"def g(x):\n    return 3\n", b"def f(:\n"])
    def test_nothing_to_take(self, notebook):
        """The module stays as it is, to the byte."""
        assert filled_in(self.STUB.encode(), notebook) == self.STUB.encode()

    def test_class_of_stubs(self):
        """A class counts as unwritten when all of its methods are stubs."""
        module = b"class A:\n    def a(self):\n        raise NotImplementedError('later')\n"
        made = filled_in(module, b"class A:\n    def a(self):\n        return 1\n")
        names: dict[str, object] = {}
        exec(compile(made, "m", "exec"), names)
        assert names["A"]().a() == 1
