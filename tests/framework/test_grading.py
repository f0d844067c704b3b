"""One submission graded: whatever a student hands in has a result, and nothing but right answers earns points."""

import textwrap
from random import Random

import msgspec
import pytest

from autograder.grading.result import decode_result, encode_result
from autograder.kit import arrays, exercise, given
from autograder.suite.draw import draw_examples
from autograder.suite.shrink import shrink

COUNTER = """
class Counter:
    def __init__(self, start=0):
        self.count = start

    def add(self, amount):
        self.count = self.count + amount
        return self.count
"""


def with_area(right: str, body: str) -> str:
    """Return the right module with another `area`."""
    return f"{right}\n\n\ndef area(a, b):\n{textwrap.indent(body, '    ')}\n"


@pytest.fixture(params=["in process", "sandboxed"])
def everywhere(request, grade_small):
    """Grade in process, and in the sandbox."""
    if request.param == "in process":
        return grade_small
    sandboxed = request.getfixturevalue("sandboxed")
    return lambda source, **options: grade_small(source, sandboxed, **options)


@pytest.fixture
def grade_boxed(grade_small, sandboxed):
    """Grade in the sandbox."""
    return lambda source, **options: grade_small(source, sandboxed, **options)


def scores(result) -> dict[str, float]:
    """Return points by exercise."""
    return {exercise.name: exercise.points for exercise in result.exercises}


FULL = {"area": 3, "mean": 2, "scaled": 2, "counter": 3}


class TestStates:
    """Each kind of submission has its state and its points."""

    def test_right(self, everywhere, right):
        """All right: every point, and nothing said."""
        result = everywhere(right)
        assert (result.state, result.score, result.max_score) == ("graded", 10, 10)
        assert scores(result) == FULL
        assert {exercise.state for exercise in result.exercises} == {"passed"}
        assert not result.problem
        assert all(test.failure is None for exercise in result.exercises for test in exercise.tests)

    def test_wrong(self, everywhere, right, exercise_of):
        """One mistake costs the points of that exercise's tests and no other's."""
        result = everywhere(with_area(right, "return a + b"))
        assert scores(result) == FULL | {"area": 0}
        failed = exercise_of(result, "area")
        assert failed.state == "failed"
        assert failed.tests[0].failure.kind == "value"
        assert "from areas import area" in failed.tests[0].failure.code

    def test_partly(self, everywhere, right, exercise_of):
        """Points are shared by weight: one of two tests, which weighs 2 of 3."""
        result = everywhere(with_area(right, "return a * b if a.ndim > 1 else None"))
        assert scores(result) == FULL | {"area": 2}
        assert exercise_of(result, "area").state == "partly"

    def test_all_or_nothing(self, everywhere, right, exercise_of):
        """An exercise that is all or nothing has no part."""
        source = right.replace("factor=2.0", "factor=3.0")
        result = everywhere(source)
        assert scores(result) == FULL | {"scaled": 0}
        assert [test.state for test in exercise_of(result, "scaled").tests] == ["passed", "failed"]

    def test_stub(self, everywhere):
        """Stubs earn nothing and are called not started, not wrong."""
        stub = "\n".join(
            f"def {name}(*args, **keywords):\n    raise NotImplementedError" for name in ("area", "mean", "scaled")
        )
        counter = "\nclass Counter:\n    def __init__(self, start=0):\n        raise NotImplementedError\n"
        result = everywhere(stub + counter)
        assert (result.score, result.state) == (0, "graded")
        assert {exercise.state for exercise in result.exercises} == {"not-started"}

    def test_empty(self, everywhere):
        """An empty file is read and earns nothing."""
        result = everywhere("")
        assert (result.state, result.score) == ("graded", 0)
        assert {exercise.state for exercise in result.exercises} == {"not-started"}

    @pytest.mark.parametrize(
        ("source", "says"),
        [
            ("def area(:\n    pass", "not valid Python"),
            ("x = 1\nimport nowhere_to_be_found", "only NumPy and the standard library"),
            ("from areas_helper import x", "cannot be imported"),
            ("raise ValueError('at once')", "ValueError: at once"),
            ("import sys; sys.exit(0)", "ends Python"),
            ("1 / 0", "ZeroDivisionError"),
            ("x = " + "(" * 500 + ")" * 500, "areas.py"),
        ],
        ids=["syntax", "missing-package", "missing-file", "raises", "exits", "arithmetic", "nested"],
    )
    def test_does_not_load(self, everywhere, source, says):
        """A module that cannot be loaded: state, reason, and line."""
        result = everywhere(source)
        assert (result.state, result.score) == ("does-not-load", 0)
        assert says in result.problem
        assert len(result.exercises) == 4
        assert result.max_score == 10

    def test_line_of_what_does_not_load(self, everywhere):
        """The line is the student's own."""
        result = everywhere("x = 1\n\ny = x / 0\n")
        assert result.problem_lines[-1].number == 3
        assert "in line 3" in result.problem

    def test_some_exercises(self, grade_small, right):
        """Some exercises alone can be graded; the others are not in the result."""
        result = grade_small(right, exercises=["mean", "scaled"])
        assert scores(result) == {"mean": 2, "scaled": 2}
        assert result.max_score == 4


JUNK = """import os
for descriptor in range(3, 60):
    try:
        os.write(descriptor, b"junk" * 100)
    except OSError:
        pass
"""


class TestStopped:
    """What ends the worker costs the exercise in question, and the others go on."""

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ("while True: pass", "timeout"),
            ("import time\ntime.sleep(60)", "timeout"),
            ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", "timeout"),
            ("import os\nos._exit(0)", "exit"),
            ("import ctypes\nctypes.string_at(0)", "crash"),
            ("x = [bytes(1 << 26) for _ in range(64)]", "raised|memory"),
            ("import sys\nfor _ in range(70): sys.stdout.write('x' * (1 << 20))", "output"),
            (JUNK, "protocol|output|value|raised|type"),
            ("raise SystemExit(0)", "raised"),
            ("raise KeyboardInterrupt", "raised"),
            ("def f(): return f() + 1\nreturn f()", "raised"),
        ],
        ids=["loop", "sleep", "stubborn-loop", "exit-0", "crash", "memory", "flood", "junk", "SystemExit",
             "KeyboardInterrupt", "recursion"],
    )  # fmt: skip
    def test_only_there(self, grade_boxed, right, exercise_of, body, kind):
        """An endless loop, a crash, an exit, a flood in one function: the other exercises keep their points."""
        result = grade_boxed(with_area(right, body))
        assert scores(result) == FULL | {"area": 0}
        failure = exercise_of(result, "area").tests[0].failure
        assert failure.kind in kind.split("|")
        assert failure.says

    def test_second_test_is_not_waited_for(self, grade_boxed, right, exercise_of):
        """After one test of an exercise timed out, its others are not run."""
        first, second = exercise_of(grade_boxed(with_area(right, "while True: pass")), "area").tests
        assert first.state == second.state == "stopped"
        assert "not run" in second.note

    def test_others_that_call_it(self, grade_boxed, right):
        """Others that call what never comes back are judged with the definition in its place."""
        result = grade_boxed(f"{right}\n\ndef mean(x):\n    while True: pass\n")
        assert scores(result) == FULL | {"mean": 0}

    def test_import_that_never_ends(self, grade_boxed):
        """A module that never finishes importing."""
        result = grade_boxed("while True: pass")
        assert (result.state, result.score) == ("does-not-load", 0)
        assert "never finishes" in result.problem

    def test_import_that_exits(self, grade_boxed):
        """A module that ends Python with code 0."""
        result = grade_boxed("import os; os._exit(0)")
        assert (result.state, result.score) == ("does-not-load", 0)

    def test_budget_over_several_workers(self, grade_course, sandboxed, course_root, right):
        """All workers of a submission share its seconds: endless loops everywhere end soon."""
        toml = (course_root / "course.toml").read_text()
        (course_root / "course.toml").write_text(toml.replace("submission_seconds = 8", "submission_seconds = 1"))
        names = ("area", "mean", "scaled")
        loops = "".join(f"def {name}(*a, **k):\n    while True: pass\n" for name in names)
        result = grade_course(course_root, right + "\n\n" + loops, sandboxed)
        assert result.score == 0
        last = result.exercises[-1].tests[0]
        assert last.state == "stopped"
        assert "has used up its 1 s" in last.failure.says

    def test_limit_of_an_exercise(self, grade_course, sandboxed, course_root, right):
        """An exercise may have more seconds than the others."""
        slow = with_area(right, "import time\ntime.sleep(0.9 if a.ndim == 1 else 0)\nreturn a * b")
        assert scores(grade_course(course_root, slow, sandboxed)) == FULL | {"area": 2}
        toml = (course_root / "course.toml").read_text()
        (course_root / "course.toml").write_text(toml.replace('"area", points = 3', '"area", points = 3, seconds = 3'))
        assert scores(grade_course(course_root, slow, sandboxed)) == FULL


LAZY = """
class Lazy:
    def __init__(self, a): self.a = a
    def __array__(self, dtype=None, copy=None): return self.a
    def __getattr__(self, name): return getattr(self.a, name)
    def __eq__(self, other): return True
    def __sub__(self, other): return 0
    def __rsub__(self, other): return 0
"""


class TestBadAnswers:
    """A wrong kind of answer is a failure in words, never a crash of the grader."""

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ("pass", "type"),
            ("return (a * b).tolist()", "type"),
            ("return (a * b, 1)", "type"),
            ("return (a * b).T if a.ndim > 1 else (a * b)[None]", "shape"),
            ("return (a * b)[None]", "shape"),
            ("return (a * b).sum()", "type"),
            ("return a * b * np.nan", "not-finite"),
            ("return np.full(a.shape, np.inf)", "not-finite"),
            ("return np.ma.masked_array(a * b, mask=True)", "type"),
            ("return (a * b).astype(complex)", "dtype"),
            ("return (a * b).astype(object)", "type"),
            ("return (a * b).astype('U32')", "type"),
            ("return Lazy(a * b)", "type"),
            ("return (x for x in a * b)", "type"),
            ("return lambda: a * b", "type"),
            ("return {'a': a * b}", "type"),
            ("return 'a * b'", "type"),
            ("return np.zeros((0, *a.shape))", "shape"),
            ("x = []; x.append(x); return x", "type"),
            ("return [0] * 200_000", "type"),
            ("x = []\nfor _ in range(200): x = [x]\nreturn x", "type"),
            ("return np.broadcast_to(np.float64(1), (1 << 40,))", "type"),
            ("return 10 ** 100_000", "type"),
            ("return '\\ud800'", "type"),
            ("return a.view(type('Sub', (np.ndarray,), {}))", "type"),
        ],
    )
    def test_area(self, everywhere, right, exercise_of, body, kind):
        """None, lists, other shapes and dtypes, NaN, masked and lazy arrays, things that are no values."""
        result = everywhere(with_area(right + LAZY, body))
        assert scores(result) == FULL | {"area": 0}
        failure = exercise_of(result, "area").tests[0].failure
        assert failure.kind in kind.split("|")

    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("del area", "missing"),
            ("aera = area; del area", "missing"),
            ("def area(a): return a", "raised"),
            ("def area(b, a, c): return a * b", "raised"),
            ("class area: pass", "raised"),
            ("class area:\n    def __init__(self, a, b): pass", "type"),
            ("area = 3", "raised"),
            ("area = None", "raised"),
            ("def area(a, b): return area(a, b)", "raised"),
            ("async def area(a, b): return a * b", "type"),
        ],
    )
    def test_other_things_of_that_name(self, everywhere, right, exercise_of, code, kind):
        """Missing, renamed, another signature, a class where a function is due."""
        result = everywhere(f"{right}\n\n{code}\n")
        assert scores(result) == FULL | {"area": 0}
        failed = exercise_of(result, "area").tests[0]
        assert failed.failure.kind == kind
        if kind == "missing":
            assert failed.state == "not-started"
            assert "has no area" in failed.failure.says

    def test_function_where_a_class_is_due(self, everywhere, right):
        """A function called Counter has no attributes to read."""
        result = everywhere(right + "\n\ndef Counter(start=0): return None\n")
        assert scores(result) == FULL | {"counter": 0}

    def test_right_in_another_way(self, everywhere, right):
        """A class with __call__, a lambda, defaults, subclasses and prints are all right."""
        result = everywhere(
            right + "\n\nclass Area:\n    def __call__(self, a, b, *, unused=1):\n"
            "        print('hello')\n        return a * b\n"
            "area = Area()\nmean = lambda x: np.float64(x.mean())\n"
        )
        assert result.score == 10


class TestRepeats:
    """A right function answers the same when asked again."""

    def test_second_call(self, everywhere, right):
        """What is right at first and wrong on the same input later loses."""
        code = """
        _seen = set()
        def area(a, b):
            key = (a.tobytes(), b.tobytes())
            if key in _seen:
                return a * b + 1
            _seen.add(key)
            return a * b
        """
        assert scores(everywhere(right + textwrap.dedent(code)))["area"] < 3

    def test_only_when_asked_twice(self, everywhere, right):
        """What is wrong at first and right on the second call loses too."""
        code = """
        _seen = set()
        def area(a, b):
            key = (a.tobytes(), b.tobytes())
            known = key in _seen
            _seen.add(key)
            return a * b if known else a * b + 1
        """
        assert scores(everywhere(right + textwrap.dedent(code)))["area"] == 0

    def test_state(self, everywhere, right):
        """State that is kept between calls loses."""
        code = "\n_total = [0.0]\ndef mean(x):\n    _total[0] += np.sum(x) / np.size(x)\n    return _total[0]\n"
        assert scores(everywhere(right + code)) == FULL | {"mean": 0}

    def test_only_the_first_example(self, everywhere, right):
        """A counter that stops being right after a few calls loses."""
        code = "\n_n = [0]\ndef area(a, b):\n    _n[0] += 1\n    return a * b * (_n[0] < 10)\n"
        assert scores(everywhere(right + code))["area"] < 3


class TestHostile:
    """Attempts at the result itself."""

    @pytest.mark.parametrize(
        "code",
        [
            "import sys\nfor m in list(sys.modules): sys.modules[m] = None",
            "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.abs = lambda x: 0",
            "np.abs = lambda x: np.zeros_like(x)\nnp.ndarray = object",
            "import numpy.testing\nnumpy.testing.assert_allclose = lambda *a, **k: None",
            "import gc\nfor o in gc.get_objects():\n    if isinstance(o, dict) and 'expected' in o: o['expected'] = 0",
            "import sys, os\nsys.stdout = sys.stderr = None",
            "import atexit, os\natexit.register(os._exit, 0)",
            "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)",
            "import warnings\nwarnings.showwarning = None",
            "__name__ = '__main__'\n__builtins__ = {}",
            "import sys\nsys.settrace(lambda *a: None)\nsys.setrecursionlimit(50)",
        ],
    )
    def test_nothing_gained(self, grade_boxed, right, code):
        """Tampering with whatever is within reach makes a wrong `area` no better."""
        wrong = with_area(right, "return a + b")
        assert scores(grade_boxed(f"{wrong}\n\n{code}\n")).get("area") == 0

    def test_writing_a_grade(self, grade_boxed, course_root, right):
        """Nothing can be written, neither the result nor anything else, and no test can be read."""
        target = course_root / "autograded"
        code = f"""
        import glob, os
        def area(a, b):
            found = []
            for path in ("{course_root}/tests/areas/oracle.py", "{course_root}/course.toml", "/etc/passwd"):
                try:
                    found.append(open(path).read())
                except OSError:
                    pass
            try:
                os.makedirs("{target}")
                found.append("made")
            except OSError:
                pass
            raise ValueError(f"read {{len(found)}}")
        """
        result = grade_boxed(right + textwrap.dedent(code))
        assert result.exercises[0].tests[0].failure.error == "ValueError: read 0"
        assert not target.exists()

    def test_answers_that_always_agree(self, everywhere, right):
        """Numbers whose comparisons always agree are numbers."""
        code = """
        class Sly(float):
            __eq__ = __le__ = __ge__ = lambda self, other: True
            __hash__ = None
            def __sub__(self, other): return 0.0
            __rsub__ = __sub__
        def mean(x): return Sly(12345.0)
        """
        assert scores(everywhere(right + textwrap.dedent(code)))["mean"] == 0

    def test_exceptions_that_bite(self, everywhere, right):
        """Exceptions whose text raises, never ends or is huge."""
        for text in ("raise SystemExit", "return 'x' * 10**7", "return self", "return '\\x1b[31m' + '\\u202e'"):
            code = f"class E(Exception):\n    def __str__(self):\n        {text}\ndef area(a, b): raise E\n"
            result = everywhere(f"{right}\n\n{code}")
            assert scores(result) == FULL | {"area": 0}
            failure = result.exercises[0].tests[0].failure
            assert len(failure.error) < 500
            assert failure.error.isprintable()

    def test_claims_of_another_exception(self, everywhere, right):
        """An exception called like the grader's own is the student's."""
        for name in ("MissingName", "CheckFailed", "Stopped", "GraderStopped"):
            code = f"class {name}(BaseException): pass\ndef area(a, b): raise {name}('x')\n"
            assert scores(everywhere(f"{right}\n\n{code}")) == FULL | {"area": 0}


class TestIndependence:
    """A mistake in one exercise does not cost another its points."""

    def test_stand_in(self, everywhere, right, exercise_of):
        """What was right but for another exercise's function earns its points, and says why."""
        result = everywhere(right + "\n\ndef mean(x): return np.sum(x)\n")
        assert scores(result) == FULL | {"mean": 0}
        assert "right once mean is right" in {test.note for test in exercise_of(result, "scaled").tests}

    def test_stand_in_for_a_stub(self, everywhere, right):
        """So does what calls a function that nobody wrote yet."""
        assert scores(everywhere(right + "\n\ndef mean(x): raise NotImplementedError\n")) == FULL | {"mean": 0}

    def test_missing_function(self, everywhere, right):
        """And what calls one that is not there."""
        source = right.replace("def mean(x)", "def maen(x)")
        assert scores(everywhere(source))["mean"] == 0

    def test_both_wrong(self, everywhere, right):
        """What is wrong by itself stays wrong with the definition in place of the other."""
        source = right.replace("factor * mean(x)", "factor + mean(x)") + "\n\ndef mean(x): return np.sum(x)\n"
        assert scores(everywhere(source)) == FULL | {"mean": 0, "scaled": 0}

    def test_own_function_is_judged(self, everywhere, right):
        """The exercise that is wrong never gets its own definition."""
        assert scores(everywhere(right + "\n\ndef mean(x): return 0.0\n"))["mean"] == 0

    def test_waiting(self, everywhere, right, exercise_of):
        """A failed test that needs an exercise which failed too waits for it."""
        source = with_area(right, "return None") + COUNTER.replace("self.count = start", "self.count = -1")
        tests = exercise_of(everywhere(source), "counter").tests
        assert [test.state for test in tests] == ["failed", "waiting"]
        assert tests[1].note == "needs area"

    def test_not_waiting(self, everywhere, right, exercise_of):
        """When the needed exercise is right, it is a mistake of its own."""
        source = right + COUNTER.replace("self.count = start", "self.count = -1")
        tests = exercise_of(everywhere(source), "counter").tests
        assert [test.state for test in tests] == ["failed", "failed"]

    def test_stand_in_with_a_generator(self, course_root, grade_course, sandboxed):
        """A definition that draws advances the student's own generator, as the student's function would have."""
        (course_root / "course.toml").write_text(
            '[course]\nid = "d"\ntitle = "D"\n[assignments.draws]\ntitle = "D"\n'
            'exercises = [{ name = "one", points = 1 }, { name = "two", points = 1 }]\n'
        )
        tests = course_root / "tests" / "draws"
        tests.mkdir()
        (tests / "test_draws.py").write_text(
            "import numpy as np\n"
            "from autograder.kit import *\n"
            "def definition(rng, *, low=0.0): return low + rng.random()\n"
            "stand_in('one', one=definition)\n"
            "@exercise('one')\n@given(seed=seeds())\n"
            "def test_one(submission, seed):\n    '''One number.'''\n"
            "    check_close(submission.one(generator(seed)), np.random.Generator(np.random.PCG64(seed)).random())\n"
            "@exercise('two')\n@given(seed=seeds())\n"
            "def test_two(submission, seed):\n    '''Two numbers.'''\n"
            "    rng = generator(seed)\n"
            "    due = np.random.Generator(np.random.PCG64(seed)).random(3)\n"
            "    check_close(submission.two(rng), 1 + due[0] + due[1])\n"
            "    check_close(submission.two(rng) - submission.last(rng), 1 + due[2])\n".replace(
                "    check_close(submission.two(rng) - submission.last(rng), 1 + due[2])\n", ""
            )
        )
        source = "def one(rng, *, low=0.0): return 7.0\ndef two(rng): return one(rng, low=1.0) + one(rng)\n"
        for executors in (None, sandboxed):
            assert scores(grade_course(course_root, source, executors)) == {"one": 0, "two": 1}


class TestSameBytes:
    """The same submission, tests and seed give the same result, byte for byte, in every lane."""

    @staticmethod
    def stable(result) -> bytes:
        """The result without what may differ from run to run."""
        return encode_result(msgspec.structs.replace(result, run=None))

    @pytest.mark.parametrize(
        "body",
        ["return a * b", "return a + b", "return (a * b).T", "raise ValueError(f'{a.shape}')", "return a[9]"],
    )
    def test_lanes(self, grade_small, sandboxed, right, body):
        """In process and in the sandbox, once and again: same bytes, shrunk counterexample included."""
        source = with_area(right, body)
        results = [self.stable(grade_small(source, executors)) for executors in (None, sandboxed, None, sandboxed)]
        assert len(set(results)) == 1

    def test_other_seed(self, course_root, grade_course, right):
        """Another seed draws other examples, and the result says so."""
        wrong = with_area(right, "return a * b + 1e-3 * (a > 0.5)")
        one = grade_course(course_root, wrong, shrinking=False)
        toml = (course_root / "course.toml").read_text()
        (course_root / "course.toml").write_text(toml.replace('seed = "spring"', 'seed = "autumn"'))
        two = grade_course(course_root, wrong, shrinking=False)
        assert one.suite != two.suite
        assert one.exercises[0].tests[0].failure.code != two.exercises[0].tests[0].failure.code

    def test_seed_of_the_environment(self, course_root, grade_course, right, monkeypatch):
        """The seed of the environment goes before that of the file."""
        one = grade_course(course_root, right)
        monkeypatch.setenv("AUTOGRADER_SEED", "secret")
        assert grade_course(course_root, right).suite != one.suite

    def test_round_trip(self, grade_small, right):
        """A result is read back as it was written, and another schema is refused."""
        result = grade_small(with_area(right, "return a + b"))
        assert decode_result(encode_result(result)) == result
        with pytest.raises(msgspec.MsgspecError):
            decode_result(encode_result(msgspec.structs.replace(result, schema="autograder/result/v0")))


class TestShrinking:
    """A failing example is made smaller, always in the same way."""

    def test_smaller(self, grade_small, right):
        """The counterexample is about as small as one can be."""
        source = with_area(right, "return a * b if a.size < 4 else a * b + 1")
        failure = grade_small(source).exercises[0].tests[0].failure
        assert failure.kind == "value"
        large = grade_small(source, shrinking=False).exercises[0].tests[0].failure
        assert len(failure.code) <= len(large.code)
        assert failure.code.count("0.0") > large.code.count("0.0")

    def test_smallest_failing_size(self, grade_small, right):
        """It still fails, and for the same kind of reason."""
        source = with_area(right, "return a * b if a.size < 4 else (a * b)[None]")
        failure = grade_small(source).exercises[0].tests[0].failure
        assert failure.kind == "shape"
        names: dict = {"__builtins__": __builtins__}
        lines = [line for line in failure.code.splitlines() if not line.startswith(("from areas", "area("))]
        exec("\n".join(lines), names)
        assert 4 <= names["a"].size <= 6

    def test_deterministic(self, grade_small, right):
        """Twice the same."""
        source = with_area(right, "return np.where(a > 0.3, a * b, a + b)")
        one, two = (grade_small(source).exercises[0].tests[0].failure for _ in range(2))
        assert one == two

    @pytest.mark.parametrize("period", [2, 3, 5, 7])
    def test_changing_its_mind(self, grade_small, right, period):
        """Code that is right now and wrong then, on the same input, has a result as well."""
        code = f"""
        _n = [0]
        def area(a, b):
            _n[0] += 1
            return a * b + (_n[0] % {period} != 0)
        """
        assert scores(grade_small(right + textwrap.dedent(code)))["area"] < 3

    def test_fickle(self):
        """Whatever a predicate that answers by chance does to the shrinker, there is a result."""

        @exercise("x")
        @given(a=arrays("N M"), b=arrays("N"))
        def test(submission, a, b):
            """Draw."""

        failing = draw_examples(test.strategy, 20, "s")[-1]
        for seed in range(40, 60):  # under one of them the shrinker finds out that it was told both
            chance = Random(seed)  # noqa: S311
            assert shrink(test.strategy, failing, lambda _inputs, chance=chance: chance.random() < 0.5)

    def test_shrinking_does_not_change_points(self, grade_small, right):
        """Points are those without shrinking."""
        source = with_area(right, "return np.where(a > 0.3, a * b, a + b)")
        assert scores(grade_small(source)) == scores(grade_small(source, shrinking=False))


class TestOutput:
    """What student code prints is kept, bounded and clean."""

    def test_kept(self, grade_boxed, right):
        """Prints are kept as the student's."""
        assert "hello from area" in grade_boxed(with_area(right, "print('hello from area')\nreturn a * b")).output

    def test_clean_and_bounded(self, grade_boxed, right):
        """Escapes go, and only so much is kept."""
        result = grade_boxed(with_area(right, "print('\\x1b[31mred\\x07\\u202e' * 5000)\nreturn a * b"))
        assert result.score == 10
        assert len(result.output) <= 20_000
        assert not set(result.output) & {"\x1b", "\x07", "\u202e"}
