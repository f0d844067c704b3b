"""Attacks on a grade, on the grader and on other students' results, each through the real sandbox.

Every test hands in a module as a hostile student would and looks only at what an instructor would see: the result, the
time it took, and whether the next student is graded as ever.
"""

import json
import multiprocessing
import os
import signal
import textwrap
import time

import numpy as np
import pytest

from autograder.course import load_course
from autograder.feedback.text import clean, show
from autograder.grading import effort, run
from autograder.grading.result import decode_result, encode_result
from autograder.grading.run import ClassRun
from autograder.kit.checks import check_that
from autograder.kit.failure import CheckFailed
from autograder.submission import submissions

FULL = {"area": 3, "mean": 2, "scaled": 2, "counter": 3}

#: Finds the identity of the running request in the frames below the student's function.
IDENTITY = """
import gc, os, struct, sys
def identity():
    frame = sys._getframe()
    while "receive" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["identity"]
def send(kind, payload, times=1):
    data = memoryview((struct.pack("<IBQ", len(payload), kind, identity()) + payload) * times)
    while data:
        data = data[os.write(3, data):]
def part(chunk):
    return struct.pack("<I", len(chunk)) + chunk
codec = sys.modules["worker.codec"]
runtime = sys.modules["worker.runtime"]
encode = runtime.encode
"""

#: From the first call of `area` on, the notes that the worker sends are `forged`, an expression.
FORGED_NOTES = (
    IDENTITY
    + """
def area(a, b):
    def lie(value, **options):
        if value is None or (type(value) is tuple and len(value) == 5 and type(value[0]) is dict):
            return encode({forged})
        return encode(value, **options)
    runtime.encode = lie
    raise ValueError
"""
)


def with_code(right: str, code: str) -> str:
    """Return the right module, followed by other definitions."""
    return f"{right}\n\n{textwrap.dedent(code)}\n"


def scores(result) -> dict[str, float]:
    """Return points by exercise."""
    return {exercise.name: exercise.points for exercise in result.exercises}


def whole(result) -> bool:
    """Whether a result can be written and read again."""
    return decode_result(encode_result(result)) == result


@pytest.fixture
def graded(grade_small, sandboxed):
    """Grade a module in the sandbox, without looking for a smaller counterexample."""
    return lambda source, **options: grade_small(source, sandboxed, shrinking=False, **options)


class TestForgedFrames:
    """The worker's own protocol, spoken by the student's code."""

    def test_answers_of_the_student_s_making(self, graded, right):
        """Frames with the right identity are taken for answers, and are as wrong as whatever they say."""
        code = """
        def area(a, b):
            zeros = codec.tuple_of([encode(0.0), encode(None)])
            send(19, part(zeros) * 27)
            send(20, b"")
            os._exit(0)
        """
        assert scores(graded(with_code(right, IDENTITY + textwrap.dedent(code)))) == FULL | {"area": 0}

    def test_answers_beside_the_real_ones(self, graded, right):
        """One chunk too many, and the answers to the whole exercise are none."""
        code = "def area(a, b):\n    send(19, part(codec.tuple_of([encode(0.0), encode(None)])))\n    return a * b\n"
        assert scores(graded(with_code(right, IDENTITY + code)))["area"] == 0

    @pytest.mark.parametrize("kind", [1, 16, 17, 18, 19, 22, 255])
    def test_frames_that_nobody_asked_for(self, graded, right, kind):
        """A frame of a kind that is not due, or an empty part, ends the worker; the other exercises are graded."""
        code = f"def area(a, b):\n    send({kind}, b'')\n    return a * b\n"
        result = graded(with_code(right, IDENTITY + code))
        assert scores(result) == FULL | {"area": 0}
        assert result.exercises[0].tests[0].failure.kind == "protocol"

    def test_frame_for_the_next_request(self, graded, right):
        """The identity of the next request can't be guessed, so what comes early is nobody's."""
        code = """
        def area(a, b):
            os.write(3, struct.pack("<IBQ", 0, 20, 1))
            return a * b
        """
        result = graded(with_code(right, IDENTITY + textwrap.dedent(code)))
        assert scores(result) == FULL | {"area": 0}
        assert "nobody had asked for" in result.exercises[0].tests[0].failure.says

    @pytest.mark.parametrize("length", [2**32 - 1, 18 << 20])
    def test_lying_length(self, graded, right, length):
        """A frame that declares more than may come ends at its header."""
        code = f"def area(a, b):\n    os.write(3, struct.pack('<IBQ', {length}, 19, identity()))\n    return a * b\n"
        result = graded(with_code(right, IDENTITY + code))
        assert scores(result) == FULL | {"area": 0}
        assert result.exercises[0].tests[0].failure.kind == "output"

    @pytest.mark.parametrize("claim", [-(2**63), -1, 2**62])
    def test_progress_page(self, graded, right, claim):
        """What the worker claims to be busy with points at no example that is not there."""
        code = f"""
        def area(a, b):
            for found in gc.get_objects():
                if type(found).__name__ == "function" and found.__name__ == "mark":
                    found(({claim}))
            os._exit(3)
        """
        result = graded(with_code(right, IDENTITY + textwrap.dedent(code)))
        assert scores(result) == FULL | {"area": 0}
        assert {test.failure.kind for test in result.exercises[0].tests} == {"exit"}


class TestForgedNotes:
    """What the worker says beside the values."""

    @pytest.mark.parametrize(
        "forged",
        [
            "7",
            "({'-1': {}}, {}, [], [], [])",
            "({'999': {}}, {}, [], [], [])",
            "({}, {'0': 10**400}, [], [], [])",
            "({}, {}, [(0, 'x')], [], [])",
            "({}, {}, [[0]] * 500, [], [])",
            "({}, {}, [], [(0, 7)], [])",
            "({'0': {'type': 'E', 'kinds': 7, 'message': '', 'lines': []}}, {}, [], [], [])",
        ],
    )
    def test_nonsense(self, graded, right, forged):
        """Notes that are none cost the exercise, and nobody anything else."""
        result = graded(with_code(right, FORGED_NOTES.replace("{forged}", forged)))
        assert scores(result) == FULL | {"area": 0}
        assert result.exercises[0].tests[0].failure.kind == "protocol"
        assert whole(result)

    @pytest.mark.parametrize(
        "forged",
        [
            "({}, {}, [(0, 10**400), (0, -3)], [], [])",
            "({}, {}, [], [], [0] * 500)",
            (
                "({'0': {'type': '\\x1b[2J', 'kinds': ['\\u202e'] * 9, 'message': '\\x9b1m\\n::error::',"
                " 'lines': [(-5, '\\x1b]0;x\\x07')] * 50}}, {'0': 0}, [], [], [])"
            ),
        ],
    )
    def test_what_is_well_formed(self, graded, right, forged):
        """Notes that can be read cost points only, and bring no control character into the result."""
        result = graded(with_code(right, FORGED_NOTES.replace("{forged}", forged)), exercises=["area"])
        assert scores(result) == {"area": 0}
        shown = " ".join(f"{t.failure.says} {t.failure.error}" for t in result.exercises[0].tests)
        assert shown.isprintable()

    @pytest.mark.parametrize(
        "forged",
        [
            "({'0': {'type': 'E', 'kinds': [], 'message': '', 'lines': [(float('inf'), '')]}}, {}, [], [], [])",
            "({'0': codec.np.zeros(3)}, {}, [], [], [])",
            "({}, {}, [(float('inf'), 0)], [], [])",
        ],
    )
    def test_numbers_that_are_none(self, graded, right, forged):
        """An infinite line number, or an array where a dict is due, is a broken note and no crash of the grader."""
        result = graded(with_code(right, FORGED_NOTES.replace("{forged}", forged)), exercises=["area"])
        assert scores(result) == {"area": 0}

    @pytest.mark.parametrize("number", ["1 << 30000", "-(1 << 30000)", "10**9", "0", "-1"])
    def test_line_that_no_file_has(self, graded, right, number):
        """A line number that cannot be one is not told: the largest could not even be written down."""
        lines = f"[({number}, 'f'), (3, 'g')]"
        error = f"{{'type': 'E', 'kinds': [], 'message': 'm', 'lines': {lines}}}"
        forged = f"({{'0': {error}}}, {{'0': 0}}, [], [], [])"
        result = graded(with_code(right, FORGED_NOTES.replace("{forged}", forged)), exercises=["area"])
        assert [line.number for line in result.exercises[0].tests[0].failure.lines] == [3]
        assert whole(result)
        outcome = f"{{'type': 'E', 'kinds': [], 'message': 'm', 'lines': [({number}, 'f')]}}"
        result = graded(f"{IDENTITY}\nruntime.encode = lambda value, **options: encode({outcome})\n")
        assert (result.state, result.problem_lines) == ("does-not-load", ())
        assert whole(result)

    @pytest.mark.parametrize(
        "outcome",
        [
            "7",
            "{}",
            "{'type': 'E', 'kinds': [], 'message': 'x', 'lines': [(None, '')]}",
            pytest.param("codec.np.zeros(3)"),
            pytest.param(
                "{'type': 'E', 'kinds': [], 'message': '', 'lines': [(float('inf'), '')]}",
            ),
        ],
    )
    def test_outcome_of_loading(self, graded, outcome):
        """A forged account of the import is told as a module that can't be loaded, or as one that lied."""
        result = graded(f"{IDENTITY}\nruntime.encode = lambda value, **options: encode({outcome})\n")
        assert (result.state, result.score) == ("does-not-load", 0)
        assert result.problem


class TestForgedValues:
    """Bytes that are no value, and values that are hard to hold."""

    @pytest.mark.parametrize(
        "data",
        [
            "b''",
            "b'l' + b'\\xff' * 4",
            "b'l\\x01\\0\\0\\0' * 200 + b'N'",
            "b'v' + bytes(60)",
            "b'a' + bytes([11, 9])",
            "b'a' + bytes([11, 1]) + struct.pack('<Q', 1 << 61)",
            "b'a' + bytes([11, 2]) + struct.pack('<2Q', 0, 1 << 62)",
            "b'a' + bytes([0, 1]) + struct.pack('<Q', 1) + b'\\x07'",
            "b's\\x02\\0\\0\\0\\xed\\xa0'",
            "b'I' + b'\\xff' * 4",
            "b'd\\x01\\0\\0\\0NN'",
            "b'u\\xff\\xff\\0\\0' + b'x' * 65535",
            pytest.param(
                "b'a' + bytes([11, 5]) + struct.pack('<5Q', 0, *[100000] * 4)",
            ),
        ],
    )
    def test_no_value(self, graded, right, data):
        """What can't be decoded is a broken protocol, whatever it pretends to be."""
        code = f"""
        def area(a, b):
            def lie(value, **options):
                return encode(value) if value is None else {data}
            runtime.encode = lie
            return 0.0
        """
        result = graded(with_code(right, IDENTITY + textwrap.dedent(code)))
        assert scores(result) == FULL | {"area": 0}
        assert result.exercises[0].tests[0].failure.kind == "protocol"

    @pytest.mark.parametrize(
        "value",
        [
            "float('nan')",
            "np.full(a.shape, np.nan)",
            "np.full(a.shape, np.inf)",
            "(a * b).astype(object)",
            "np.ma.masked_all(a.shape)",
            "np.matrix(a * b)",
            "[list(row) for row in a * b]",
            "np.zeros((0, 100000))",
            "a * b * (1 + 0j)",
            "a * b > 0",
            "[[[]]] * 1000",
            "{'x' * 100000: {str(n): n for n in range(500)}}",
            "type('\\x1b[31m\\u202e<script>' * 50, (), {})()",
            "lambda: a * b",
            "(row for row in a * b)",
            "2**30000 if a.size < 0 else 2**14000",
            "'\\ud800\\x1b[2J\\u2028' * 5000",
            pytest.param("10**5000"),
            pytest.param("[-(10**5000)]"),
            "slice(1 << 30000)",
            "[slice(None, 1 << 30000, b'\\x1b' * 5000)]",
        ],
    )
    def test_not_the_answer(self, graded, right, value):
        """Whatever is not the array earns nothing, is told in few and printable words, and stops nothing else."""
        result = graded(with_code(right, f"def area(a, b):\n    return {value}\n"))
        assert scores(result) == FULL | {"area": 0}
        for test in result.exercises[0].tests:
            assert len(test.failure.got) < 3000
            assert f"{test.failure.says}{test.failure.got}".replace("\n", "").isprintable()
        assert whole(result)

    @pytest.mark.parametrize(
        "lie",
        [
            (
                "class Lie(np.ndarray):\n    __eq__ = __le__ = lambda s, o: np.ones(s.shape, bool)\n"
                "    __sub__ = __rsub__ = __abs__ = lambda s, *o: np.zeros(s.shape)\n"
                "    __array_ufunc__ = lambda s, *a, **k: np.zeros(s.shape)\n"
                "def area(a, b): return np.zeros(a.shape).view(Lie)\n"
            ),
            (
                "class Lie:\n    __class__ = np.ndarray\n    shape = dtype = property(lambda s: None)\n"
                "def area(a, b): return Lie()\n"
            ),
            (
                "class Lie:\n    __array__ = lambda s, *a, **k: np.ones(1)\n    __array_interface__ = {}\n"
                "def area(a, b): return Lie()\n"
            ),
            (
                "class Meta(type):\n    __name__ = property(lambda c: 1 / 0)\n"
                "class Lie(Exception, metaclass=Meta): pass\n"
                "def area(a, b): raise Lie\n"
            ),
            "class Lie(dict):\n    keys = items = lambda s: 1 / 0\ndef area(a, b): return Lie(x=1)\n",
        ],
    )
    def test_objects_that_lie(self, graded, right, lie):
        """Objects that pretend to be an array, to be equal or to have no name earn nothing."""
        assert scores(graded(with_code(right, lie))) == FULL | {"area": 0}


class TestLoading:
    """A module that is hard to load, or not what it seems."""

    @pytest.mark.parametrize(
        "source",
        [
            b"x = " + b"(" * 90_000 + b")" * 90_000,
            b"x = " + b"-" * 200_000 + b"1",
            b"x = " + b"[" * 5_000,
            b"x = 0\x00",
            b"# coding: utf-7\nx = 1\n\xff",
            b"# coding: no-such-codec\n",
            b"x = 9" + b"9" * 100_000,
            b"if 1:\n" + b"".join(b" " * n + b"if 1:\n" for n in range(1, 120)),
            b"x = (1,) * 10 ** 12",
            b"import re; re.match('(a+)+$', 'a' * 60 + 'b')",
            b"class M(type):\n def __prepare__(*a): raise SystemExit\nclass X(metaclass=M): pass",
            b"import sys; sys.modules.clear(); raise KeyboardInterrupt",
            b"import os; os.close(3); os.close(1)",
            b"__builtins__.__import__ = None; raise BaseException",
        ],
    )
    def test_never_loads(self, graded, source):
        """It ends within the limits of a call, with no points and a sentence that can be printed."""
        begun = time.monotonic()
        result = graded(source)
        assert (result.state, result.score) == ("does-not-load", 0)
        assert result.problem.isprintable()
        assert time.monotonic() - begun < 6

    def test_names_from_nowhere(self, graded, right):
        """A module's own `__getattr__` gives no name that is not there."""
        source = right.replace("def area(", "def aera(") + "\n\ndef __getattr__(name):\n    return aera\n"
        assert scores(graded(source)) == FULL | {"area": 0}

    def test_files_beside_the_module(self, course_root, write_module, right):
        """Nothing but the module is read: not `sitecustomize`, not a `conftest`, not a module of the same name."""
        module = write_module("ada", right.replace("return a * b", "return a + b"))
        for name in ("sitecustomize.py", "conftest.py", "numpy.py", "encodings/__init__.py", "x.pth", "oracle.py"):
            path = module.parent / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("import os; os._exit(0)\n")
        course = load_course(course_root)
        (only,) = ClassRun(course, course.assignment("areas")).run()
        assert scores(only.result) == FULL | {"area": 0}

    def test_a_module_that_looks_at_its_own_names(self, graded, right):
        """`dir`, `vars` and `locals` show a module its names, as they do wherever else it is imported."""
        code = """
        assert "area" in dir() and "area" in vars() and locals().get("area") is area
        _table = {name: value for name, value in list(vars().items()) if callable(value)}
        assert _table["mean"] is mean
        """
        assert graded(with_code(right, code)).score == 10


class TestStandIns:
    """Definitions that trusted code lends out."""

    def test_what_is_lent_earns_nothing_for_itself(self, graded, right):
        """A wrong `mean` can't get hold of the right one while it is judged itself."""
        code = """
        import gc
        def mean(x):
            found = [f for f in gc.get_objects() if getattr(f, "__qualname__", "") == "mean" and f is not mean]
            return found[0](x) if found else 0.0
        """
        assert scores(graded(with_code(right, code))) == FULL | {"mean": 0}

    @pytest.mark.parametrize(
        "arguments",
        [
            "{'generator': 7}",
            "{'generator': {'bit_generator': 'PCG64'}}",
            "[[[[]]]] * 1000",
            "float('nan')",
            "np.zeros((100, 100), complex)",
            pytest.param(
                "{'generator': {'bit_generator': 'PCG64', 'state': {'state': 1, 'inc': 1}, 'has_uint32': 0,"
                " 'uinteger': -1}}",
                id="a negative state",
            ),
            pytest.param(
                "{'generator': {'bit_generator': 'PCG64', 'state': {'state': 2**4000, 'inc': 1}, 'has_uint32': 2**90,"
                " 'uinteger': 2**90}}",
                id="a state that is too large",
            ),
        ],
    )
    def test_hostile_arguments(self, graded, right, arguments):
        """What a lent definition can't take is an exception of the student's, and nobody else's."""
        code = f"def mean(x): return 0.0\ndef scaled(x, factor=2.0):\n    return mean({arguments})\n"
        assert scores(graded(with_code(right, code))) == FULL | {"mean": 0, "scaled": 0}

    @pytest.mark.parametrize("index", [1, 7, 0xFFFFFFFF - (1 << 24)])
    def test_functions_that_are_not_there(self, graded, right, index):
        """An index of no function, or a callback that nobody gave, is refused."""
        code = f"""
        def area(a, b):
            send(21, struct.pack("<I", (1 << 24) + {index}) + encode(((a,), {{}})))
            refused = not codec.decode(os.read(3, 1000)[13:])[0]
            send(21, struct.pack("<I", {index}) + encode(((a,), {{}})))
            refused &= not codec.decode(os.read(3, 1000)[13:])[0]
            return a * b if refused else None
        """
        assert graded(with_code(right, IDENTITY + textwrap.dedent(code))).score == 10

    def test_two_that_lean_on_each_other(self, course_root, grade_course, sandboxed):
        """Two functions that only call each other are not right once the other one is: nobody did the work."""
        (course_root / "course.toml").write_text(
            '[course]\nid = "d"\ntitle = "D"\n[assignments.pair]\ntitle = "P"\n'
            'exercises = [{ name = "double", points = 1 }, { name = "half", points = 1 }]\n'
        )
        tests = course_root / "tests" / "pair"
        tests.mkdir()
        (tests / "test_pair.py").write_text(
            "from autograder.kit import *\n"
            "stand_in('double', double=lambda x: 2 * x)\n"
            "stand_in('half', half=lambda x: x / 2)\n"
            "@exercise('double')\n@given(x=floats(1, 2))\n"
            "def test_double(submission, x):\n    '''Twice.'''\n    check_close(submission.double(x), 2 * x)\n"
            "@exercise('half')\n@given(x=floats(1, 2))\n"
            "def test_half(submission, x):\n    '''Half.'''\n    check_close(submission.half(x), x / 2)\n"
        )
        source = "def double(x): return x * (x / half(x))\ndef half(x): return x * (x / double(x))\n"
        result = grade_course(course_root, source, sandboxed)
        assert result.score == 0

    def test_leaning_on_what_was_stopped(self, course_root, grade_course, sandboxed):
        """What was stopped is lent to the others from the first try on; it can't in turn be right once they are."""
        (course_root / "course.toml").write_text(
            '[course]\nid = "d"\ntitle = "D"\n[assignments.pair]\ntitle = "P"\n'
            'exercises = [{ name = "double", points = 1 }, { name = "half", points = 1 }]\n'
        )
        tests = course_root / "tests" / "pair"
        tests.mkdir()
        (tests / "test_pair.py").write_text(
            "from autograder.kit import *\n"
            "stand_in('double', double=lambda x: 2 * x)\n"
            "stand_in('half', half=lambda x: x / 2)\n"
            "@exercise('double')\n@given(x=floats(1, 2))\n"
            "def test_double(submission, x):\n    '''Twice.'''\n    check_close(submission.double(x), 2 * x)\n"
            "@exercise('half')\n@given(x=floats(1, 2))\n"
            "def test_half(submission, x):\n    '''Half.'''\n    check_close(submission.half(x), x / 2)\n"
            "@exercise('half')\n@given(x=floats(3, 4))\n"
            "def test_more(submission, x):\n    '''Half of more.'''\n    check_close(submission.half(x), x / 2)\n"
        )
        source = (
            "import os\n"
            "def double(x): return x * (x / half(x)) if half.__code__.co_name == 'ask' else os._exit(1)\n"
            "def half(x): return x * (x / double(x)) if x < 3 else 0.0\n"
        )
        assert scores(grade_course(course_root, source, sandboxed)) == {"double": 0, "half": 0.5}


class TestResources:
    """Time, memory and text, up to the limits and beyond."""

    def test_output_in_every_call(self, graded, right):
        """Text is cut, not kept; points are what they are without it."""
        result = graded(with_code(right, "def area(a, b):\n    print('\\x1b[2J' + 'x' * 10**6)\n    return a * b\n"))
        assert result.score == 10
        assert len(result.output) <= 20_000
        assert "\x1b" not in result.output

    def test_sleep_and_exit(self, course_root, write_module):
        """Sleep counts towards the limit of the submission, however the worker ends."""
        toml = (course_root / "course.toml").read_text()
        (course_root / "course.toml").write_text(toml.replace("submission_seconds = 8", "submission_seconds = 1"))
        write_module(
            "mallory",
            "import os, time\n_begun = time.monotonic()\ndef area(*args, **options):\n"
            "    while time.monotonic() - _begun < 0.8:\n        time.sleep(0.1)\n        if args: break\n"
            "    else:\n        os._exit(0)\nmean = scaled = Counter = area\n",
        )
        course = load_course(course_root)
        run = ClassRun(course, course.assignment("areas"))
        run.suite.prepare()
        (outcome,) = run.run()
        assert outcome.result.score == 0
        assert outcome.result.run.seconds < 4

    def test_time_that_the_grader_needs(self, graded, right, monkeypatch):
        """What it takes to read and check the answers has an end too, over all exercises together."""
        monkeypatch.setattr(effort, "MOST_SECONDS", 0.5)
        code = """
        data = b"l" + struct.pack("<I", 90000) + b"i12345678" * 90000
        def large(*args):
            runtime.encode = lambda value, **options: encode(None) if value is None else data
            return 0.0
        area = mean = scaled = large
        class Counter:
            add = large
        """
        begun = time.thread_time()
        result = graded(with_code(right, IDENTITY + textwrap.dedent(code)))
        assert result.score == 0
        assert time.thread_time() - begun < 2
        said = [test.failure.says for exercise in result.exercises for test in exercise.tests if test.failure]
        assert any("Reading and checking its answers takes longer" in says for says in said)


class TestWords:
    """What is shown of a student's text and values."""

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("Z" + "\u0310\u0489" * 500, "Z\u0310\u0310"),
            ("\u0301\u0302a", "a"),
            ("a\u3164\u115f\u1160\uffa0\u2800\ufffcb", "ab"),
            ("a\u00a0b\u3000c\u2003d", "a b c d"),
            ("\u2705\ufe0f\U000e0101\u034f.", "\u2705."),
            ("\U000e0041\u200b\u202e\ufdd0x", "x"),
            ("\x1b]0;t\x07\x1b[2J\x9b31m!", "31m!"),
            ("na\u00efve \u0939\u093f\u0928\u094d\u0926\u0940 e\u0323\u0302 \u0e01\u0e47", None),
        ],
    )
    def test_what_cannot_be_seen_or_piles_up(self, text, shown):
        """It goes; what languages need stays."""
        assert clean(text) == (text if shown is None else shown)

    @pytest.mark.parametrize("value", [slice(1 << 30000), b"\xff" * 10**6, {"x": [slice(None, -(1 << 30000))]}])
    def test_values_that_are_hard_to_print(self, value):
        """They are shown in a few words."""
        assert len(show(value)) <= 500

    @pytest.mark.parametrize(
        "predicate",
        [
            lambda value: {}[value],
            lambda value: int(f"{value % 10}x" * 10**6),
            lambda value: np.array([1, 2]) == value % 10,
            float,
        ],
    )
    def test_checks_that_cannot_cope(self, predicate):
        """Whatever a value leads a check to raise or return is told in a sentence of a bounded length."""
        with pytest.raises(CheckFailed) as failed:
            check_that(predicate, 10**5000)
        assert "not of the kind that is due" in failed.value.says
        assert len(failed.value.says) < 500


class TestNotebooks:
    """Notebooks that are hard to read; nothing in them runs while they are."""

    @staticmethod
    def notebook(*sources):
        """Return a notebook of solution cells."""
        cells = [
            {"cell_type": "code", "metadata": {"nbgrader": {"solution": True}}, "source": text} for text in sources
        ]
        return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})

    @pytest.mark.parametrize(
        "cells",
        [
            ["def area(a, b):\n    return a * b\nq = " + "+".join(["1"] * 900)],
            ["def area(a, b):\n    return a * b\n", "q = " + "+".join(["1"] * 100_000)],
            ["def area(a, b):\n    return a * b\n", "x = " + "not " * 100_000 + "1"],
        ],
    )
    def test_too_deep_to_be_taken_from(self, course_root, write_module, right, cells):
        """A definition that can't be put beside an unwritten module is not taken, and the class is graded."""
        module = write_module("mallory", right.replace("return a * b", "raise NotImplementedError"))
        (module.parent / "areas.ipynb").write_text(self.notebook(*cells))
        write_module("zoe", right)
        course = load_course(course_root)
        outcomes = {each.student: each.result for each in ClassRun(course, course.assignment("areas")).run()}
        assert outcomes["zoe"].score == 10
        assert outcomes["mallory"].score >= 7

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(["a=1;" * 100_000], id="a line of statements"),
            pytest.param(["("] * 1900 + ["x = 1"], id="cells that are no Python"),
            pytest.param(["a"] * 100_000, id="many cells"),
        ],
    )
    def test_long(self, course_root, text):
        """It is read, or refused, in a moment and told in few words."""
        path = course_root / "submitted" / "mallory" / "areas" / "areas.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(self.notebook(*text))
        course = load_course(course_root)
        begun = time.process_time()
        (read,) = submissions(course, course.assignment("areas"))
        assert time.process_time() - begun < 4
        assert sum(map(len, read.notes)) + len(read.problem.message if read.problem else "") < 5000


class TestNeighbours:
    """What one student does, another one never feels."""

    @pytest.mark.parametrize("times", [1, 2])
    def test_a_grading_process_that_dies(self, course_root, write_module, right, monkeypatch, times):
        """Its submission is tried once more; the others are graded, and nothing is waited for."""
        deaths = course_root / "deaths"
        deaths.mkdir()

        def grade_or_die(submission, *args, **options):
            if submission.student == "mallory" and len(list(deaths.iterdir())) < times:
                (deaths / str(os.getpid())).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return real(submission, *args, **options)

        real = run.grade_patiently
        monkeypatch.setattr(run, "grade_patiently", grade_or_die)
        for name in ("ada", "mallory", "zoe", "zora"):
            write_module(name, right)
        course = load_course(course_root)
        outcomes = {each.student: each for each in ClassRun(course, course.assignment("areas")).run(jobs=2)}
        assert outcomes.keys() == {"ada", "mallory", "zoe", "zora"}
        assert {each.result.score for name, each in outcomes.items() if name != "mallory"} == {10}
        if times == 1:
            assert outcomes["mallory"].result.score == 10
        else:
            assert "killed twice" in outcomes["mallory"].trouble
        assert not multiprocessing.active_children()

    @pytest.mark.parametrize(
        "attack",
        [
            "import os; os._exit(0)",
            "def area(a, b): return [[{}] * 100] * 20",
            "def area(a, b): os = __import__('os'); os.kill(os.getppid(), 9)",
            "def area(a, b): np.random.seed(1); np.seterr(all='raise'); a[...] = 0; return a",
            "import sys\nsys.setrecursionlimit(10**9)\ndef area(a, b): return area(b, a)",
            "import ctypes\ndef area(a, b): ctypes.string_at(0)",
            pytest.param(
                "def area(a, b): return 10**5000",
            ),
            FORGED_NOTES.replace(
                "{forged}",
                "({'0': {'type': 'E', 'kinds': [], 'message': '', 'lines': [(1 << 30000, '')]}}, {'0': 0}, [], [], [])",
            ),
        ],
    )
    def test_the_next_in_line(self, course_root, write_module, right, attack):
        """The students before and after are graded as ever, in the same process and sandbox."""
        write_module("ada", right)
        write_module("mallory", with_code(right, attack))
        write_module("zoe", right)
        course = load_course(course_root)
        outcomes = {each.student: each.result for each in ClassRun(course, course.assignment("areas")).run(jobs=1)}
        assert outcomes["mallory"].score < 10
        assert outcomes["ada"].score == outcomes["zoe"].score == 10
