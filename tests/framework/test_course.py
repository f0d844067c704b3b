"""What `course.toml` may say, and how it is told what is wrong with it."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from autograder.course import Course, Exercise, Extension, load_course
from autograder.errors import CourseError, UsageError

SHIPPED = Path(__file__).parents[2] / "course.toml"

GOOD = """\
[course]
id = "nnf"
title = "Networks"

[assignments.neuron]
title = "A neuron"
exercises = [
    { name = "sigmoid", points = 2 },
    { name = "written", points = 5, written = true },
]
"""

CONTRACT = {
    "neuron": "weighted-sum 2, sigmoid 2, tanh 1, relu 1, leaky-relu 1, sigmoid-backward 2, tanh-backward 1, "
    "relu-backward 1, leaky-relu-backward 1, neuron-forward 3, neuron-backward 5",
    "initializers": "zeros 1, constant 1, random-normal 1, random-uniform 1, compute-fans 2, lecun-normal 2, "
    "lecun-uniform 2, glorot-normal 2, glorot-uniform 2, he-normal 2, he-uniform 2, variance-scaling 2",
    "losses": "mse 2, mse-backward 2, bce 2, bce-backward 2, bce-with-logits 2, bce-with-logits-backward 2, softmax 1, "
    "log-softmax 2, cce 1, cce-backward 2, scce 1, scce-backward 1",
    "backprop": "node-backward 1, numerical-gradient 3, affine-forward 1, affine-backward 4, mlp-forward 2, "
    "mlp-backward 4, value-forward 1, value-backward 4",
    "sgd": "sgd-step 2, minibatches 4, sgd-momentum 4, step-decay 1, exponential-decay 1, fit 5, digits 3",
}


@pytest.fixture(autouse=True)
def _no_seed_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_SEED", raising=False)


@pytest.fixture
def write(tmp_path: Path):
    """Return a function that writes course.toml and gives its folder."""

    def write(text: str | bytes) -> Path:
        (tmp_path / "course.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


def problems(root: Path) -> list[tuple[int | None, str, str]]:
    """Return line, key and reason of everything that is wrong with the course at `root`."""
    with pytest.raises(CourseError) as caught:
        load_course(root)
    return [(problem.line, problem.key, problem.reason) for problem in caught.value.problems]


class TestRight:
    """A right file becomes frozen data."""

    def test_shipped_exercises(self):
        """The shipped course has the contract's exercises and points, in order."""
        course = load_course(SHIPPED)
        found = {
            assignment.name: ", ".join(f"{e.name} {e.points:g}" for e in assignment.exercises if not e.written)
            for assignment in course.assignments
        }
        assert list(found.items()) == list(CONTRACT.items())

    def test_shipped_points(self):
        """Every shipped assignment has 20 automatic and 5 written points, and a due date in order."""
        course = load_course(SHIPPED)
        assert [(a.points, a.written_points) for a in course.assignments] == [(20, 5)] * 5
        due = [a.due for a in course.assignments if a.due]
        assert due == sorted(due)
        assert len(due) == 5

    def test_defaults(self, write):
        """What the file leaves out has a default."""
        course = load_course(write(GOOD))
        neuron = course.assignment("neuron")
        assert (neuron.module, neuron.notebook, neuron.due, neuron.weight) == ("neuron.py", "neuron.ipynb", None, 1)
        assert (course.gradebook, course.late.kind, course.limits.call_seconds) == ("sqlite:///gradebook.db", "none", 5)
        assert neuron.exercises[0] == Exercise(name="sigmoid", points=2.0)

    def test_frozen(self, write):
        """A course cannot be changed once it is read."""
        course: Course = load_course(write(GOOD))
        with pytest.raises(AttributeError):
            course.title = "Another"  # type: ignore[misc]

    def test_found_from_below(self, write):
        """Any folder of the course will do, and so will the file."""
        root = write(GOOD)
        below = root / "solutions" / "neuron"
        below.mkdir(parents=True)
        assert load_course(below).root == load_course(root / "course.toml").root == root

    def test_limits_of_an_assignment(self, write):
        """An assignment's own limits are put over the course's."""
        text = GOOD + "[assignments.neuron.limits]\nmemory_mb = 99\n[limits]\ncall_seconds = 2\nmemory_mb = 7\n"
        course = load_course(write(text))
        limits = course.assignment("neuron").limits
        assert (limits.memory_mb, limits.call_seconds) == (99, 2)
        assert course.limits.memory_mb == 7

    def test_due(self, write):
        """A due date knows its offset."""
        text = GOOD.replace('"A neuron"', '"A neuron"\ndue = 2027-02-15T00:59:00+01:00')
        expected = datetime(2027, 2, 14, 23, 59, tzinfo=UTC)
        assert load_course(write(text)).assignment("neuron").due == expected

    def test_extensions(self, write):
        """Extensions are told by student and assignment."""
        text = GOOD + '[late]\nkind = "per-day"\npercent_per_day = 10\n[late.extensions]\n"Ada L." = { neuron = 3 }\n'
        assert load_course(write(text)).late.extensions == (Extension("Ada L.", "neuron", 3.0),)

    @pytest.mark.parametrize(("line", "expected"), [("seed = 7", "7"), ('seed = "x y"', "x y"), ("", "nnf")])
    def test_seed(self, write, line, expected):
        """The seed is a number or a text, or else the course's id."""
        assert load_course(write(GOOD.replace('id = "nnf"', f'id = "nnf"\n{line}'))).seed == expected

    def test_seed_from_environment(self, write, monkeypatch):
        """AUTOGRADER_SEED goes before the file's seed."""
        monkeypatch.setenv("AUTOGRADER_SEED", "secret")
        assert load_course(write(GOOD.replace('id = "nnf"', 'id = "nnf"\nseed = 7'))).seed == "secret"

    def test_windows_text(self, write):
        """A byte order mark and carriage returns do not matter."""
        assert load_course(write(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())).id == "nnf"


class TestWrong:
    """A wrong file gives its problems, with line and key."""

    def test_missing_file(self, tmp_path):
        """Where there is no course, the error says where it was looked for and what to do."""
        with pytest.raises(CourseError, match=r"course\.toml: is not there, nor in any folder above; go to the course"):
            load_course(tmp_path)

    def test_no_toml(self, write):
        """A text that is no TOML is told with its line."""
        [(line, _, reason)] = problems(write('[course]\nid = "nnf"\ntitle = oops\n'))
        assert line == 3
        assert reason.startswith("is not TOML")

    def test_no_utf8(self, write):
        """A text that is not UTF-8 is told with its line."""
        assert problems(write(b'[course]\nid = "n\xfcnf"\n')) == [(2, "", "is not UTF-8 text; save it as UTF-8")]

    def test_a_folder(self, tmp_path):
        """A folder named course.toml is told as what cannot be read."""
        (tmp_path / "course.toml").mkdir()
        assert problems(tmp_path) == [(None, "", "cannot be read: Is a directory")]

    def test_all_at_once(self, write):
        """No problem hides another, and they come in the order of the file."""
        text = """\
[course]
id = "n n"
[limits]
memory_mb = 1.5
[assignments.neuron]
title = "A neuron"
exercises = [
    { name = "sigmoid", points = 2 },
    { name = "relu", points = -1 },
]
"""
        assert problems(write(text)) == [
            (1, "course.title", "is missing; it must be a text that is not empty"),
            (2, "course.id", "must be a name of letters, digits, - and _, is 'n n'"),
            (4, "limits.memory_mb", "must be a positive whole number, is 1.5"),
            (9, "assignments.neuron.exercises[1].points", "must be a positive number, is -1"),
        ]

    def test_message(self, write):
        """The message has a line for every problem, which begins with file and line."""
        root = write(GOOD.replace("points = 2", "points = 0").replace('"A neuron"', '" "'))
        with pytest.raises(CourseError) as caught:
            load_course(root)
        assert str(caught.value).splitlines() == [
            f"{root / 'course.toml'}:6: assignments.neuron.title: must be a text that is not empty, is ' '",
            f"{root / 'course.toml'}:8: assignments.neuron.exercises[0].points: must be a positive number, is 0",
        ]

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("points = 2", "points = nan", (8, "exercises[0].points", "must be a positive number, is nan")),
            ("points = 2", 'points = "2"', (8, "exercises[0].points", "must be a positive number, is '2'")),
            ("points = 2", "points = true", (8, "exercises[0].points", "must be a positive number, is true")),
            (
                "points = 2",
                "point = 2, points = 2",
                (8, "exercises[0].point", "is not known here; did you mean 'points'?"),
            ),
            (", points = 2", "", (8, "exercises[0].points", "is missing; it must be a positive number")),
            ('"sigmoid"', '"a b"', (8, "exercises[0].name", "must be a name of letters, digits, - and _, is 'a b'")),
            ('"sigmoid"', '"a\\n"', (8, "exercises[0].name", "must be a name of letters, digits, - and _, is 'a\\n'")),
            (
                '"written"',
                '"sigmoid"',
                (9, "exercises[1].name", "'sigmoid' stands in this assignment already; names are unique"),
            ),
            ("written = true", 'written = "yes"', (9, "exercises[1].written", "must be true or false, is 'yes'")),
            ("points = 2", "points = 2, seconds = 90", (8, "exercises[0].seconds", "is above submission_seconds, 60")),
            ('{ name = "sigmoid", points = 2 }', '"sigmoid"', (8, "exercises[0]", "must be a table, is 'sigmoid'")),
            (
                "written = true",
                "written = true, hidden = true",
                (9, "exercises[1]", "is written, so all_or_nothing, hidden and seconds have no meaning; take them out"),
            ),
            (
                '"A neuron"',
                '"A neuron"\ndue = 2027-02-15T00:59:00',
                (
                    7,
                    "due",
                    "must be a date and time with its offset, such as 2027-02-14T23:59:00+01:00, is 2027-02-15 00:59",
                ),
            ),
            (
                '"A neuron"',
                '"A neuron"\nmodule = "../neuron.py"',
                (7, "module", "must be a module's file name, such as neuron.py, is '../neuron.py'"),
            ),
            (
                '"A neuron"',
                '"A neuron"\nnotebook = "../x.ipynb"',
                (7, "notebook", "must be a notebook's file name, such as neuron.ipynb, is '../x.ipynb'"),
            ),
            ('"A neuron"', '"A neuron"\nweight = -1', (7, "weight", "must be a number that is not negative, is -1")),
            (
                '"A neuron"',
                '"A neuron"\nname = "x"',
                (7, "name", "is not known here; known: title, due, weight, module, notebook"),
            ),
            (
                '"A neuron"',
                '"A neuron"\nlimits = { call_seconds = 61 }',
                (7, "limits", "call_seconds is above submission_seconds, so that no call could use it"),
            ),
            (
                '"A neuron"',
                '"A neuron"\nlimits = { memory = 61 }',
                (7, "limits.memory", "is not known here; did you mean 'memory_mb'?"),
            ),
        ],
    )
    def test_in_an_assignment(self, write, old, new, expected):
        """Every rule of an assignment is kept, and its breach told with key, reason and line."""
        assert GOOD.count(old) == 1
        line, key, reason = expected
        [found] = problems(write(GOOD.replace(old, new)))
        assert (found[0], found[1]) == (line, f"assignments.neuron.{key}")
        assert found[2].startswith(reason)

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ("[assignment.x]", (11, "assignment", "is not known here; did you mean 'assignments'?")),
            ("[late]\nkind = 3", (12, "late.kind", 'must be "none" or "per-day", is 3')),
            ('[late]\nkind = "per-day"', (11, "late.percent_per_day", 'must be above 0 with kind = "per-day"')),
            (
                "[late]\npercent_per_day = 5",
                (12, "late.percent_per_day", 'has no effect with kind = "none"; set "per-day" or take it out'),
            ),
            ("[late]\ngrace_hours = -1", (12, "late.grace_hours", "must be a number that is not negative, is -1")),
            ("[late]\nmax_percent = 101", (12, "late.max_percent", "must be a number from 0 to 100, is 101")),
            (
                "[late.extensions]\nada = { nueron = 2 }",
                (12, "late.extensions.ada.nueron", "is not known here; did you mean 'neuron'?"),
            ),
            (
                "[late.extensions]\nada = { neuron = 0 }",
                (12, "late.extensions.ada.neuron", "must be a positive number, is 0"),
            ),
            (
                "[limits]\ncall_seconds = 100",
                (11, "limits", "call_seconds is above submission_seconds, so that no call could use it"),
            ),
            (
                '[assignments.x]\ntitle = "X"\nexercises = []',
                (
                    13,
                    "assignments.x.exercises",
                    'must be a list such as [{ name = "sigmoid", points = 2 }] and not empty',
                ),
            ),
            (
                '[assignments."a b"]\ntitle = "X"\nmodule = "x.py"\nexercises = [{ name = "x", points = 1 }]',
                (11, "assignments.'a b'", "must be a name of letters, digits, - and _, is 'a b'"),
            ),
        ],
    )
    def test_elsewhere(self, write, more, expected):
        """Every rule of the other tables is kept, and its breach told with key, reason and line."""
        assert expected in problems(write(GOOD + more + "\n"))

    def test_gradebook(self, write):
        """The gradebook is a URL."""
        [(_, key, reason)] = problems(write(GOOD.replace('id = "nnf"', 'id = "nnf"\ngradebook = "gradebook.db"')))
        assert (key, reason) == (
            "course.gradebook",
            "must be a database URL such as sqlite:///gradebook.db, is 'gradebook.db'",
        )

    def test_no_assignment(self, write):
        """A course without an assignment is refused."""
        expected = (None, "assignments", "there is none; write a table [assignments.<name>] for each")
        assert problems(write('[course]\nid = "x"\ntitle = "X"\n')) == [expected]

    def test_weights(self, write):
        """A course whose every weight is 0 has no grade."""
        [(_, key, reason)] = problems(write(GOOD.replace('"A neuron"', '"A neuron"\nweight = 0')))
        assert (key, reason) == ("assignments", "every weight is 0; give at least one assignment a weight above 0")

    def test_twice(self, write):
        """An assignment that stands there twice is told with its line."""
        [(line, _, reason)] = problems(write(GOOD + '[assignments.neuron]\ntitle = "Again"\n'))
        assert line == 11
        assert "neuron" in reason

    def test_empty(self, write):
        """An empty file gives what it lacks."""
        assert [key for _, key, _ in problems(write(""))] == ["course.id", "course.title", "assignments"]

    def test_arrays_of_tables(self, write):
        """The line is found where exercises are tables of their own."""
        text = (
            GOOD.split("exercises", maxsplit=1)[0]
            + """\
[[assignments.neuron.exercises]] # first
name = '''a
b'''
points = 1
[[assignments.neuron.exercises]]
name = "b" # ] = [
points = 'x'
"""
        )
        found = problems(write(text))
        assert [(line, key.rpartition(".")[2]) for line, key, _ in found] == [(8, "name"), (13, "points")]


class TestNames:
    """Asking for what does not exist gives the nearest name."""

    @pytest.mark.parametrize(
        ("name", "advice"), [("Nueron", "did you mean 'neuron'?"), ("zzz", "known: neuron, initializers")]
    )
    def test_assignment(self, name, advice):
        """An unknown assignment is told with the nearest, or with all."""
        with pytest.raises(UsageError) as caught:
            load_course(SHIPPED).assignment(name)
        assert str(caught.value).startswith(f"course.toml has no assignment {name!r}; {advice}")

    def test_exercise(self):
        """An unknown exercise is told with the nearest."""
        with pytest.raises(UsageError, match="neuron has no exercise 'sigmiod'; did you mean 'sigmoid'"):
            load_course(SHIPPED).assignment("neuron").exercise("sigmiod")

    def test_known(self):
        """A known name gives what it names."""
        course = load_course(SHIPPED)
        assert course.assignment("sgd").exercise("digits").seconds == 20

    def test_encodes(self):
        """An assignment can be written as JSON, for a record of what was graded."""
        assert msgspec.json.decode(msgspec.json.encode(load_course(SHIPPED).assignments[0]))["name"] == "neuron"
