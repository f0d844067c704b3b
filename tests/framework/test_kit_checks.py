"""The checks: gradients, exceptions, warnings, predicates and shares."""

import numpy as np
import pytest

from autograder.kit import (
    AuthorError,
    CheckFailed,
    callback,
    calls_of,
    check_close,
    check_gradient,
    check_no_warning,
    check_raises,
    check_share,
    check_that,
    gradient,
)
from autograder.kit.checks import PartlyRight
from autograder.kit.failure import Kind

pytestmark = pytest.mark.filterwarnings("ignore:Casting complex values:numpy.exceptions.ComplexWarning")

RANDOM = np.random.Generator(np.random.PCG64(1))
SMALL = RANDOM.standard_normal((3, 4))
LARGE = RANDOM.standard_normal((20, 30))


def cubes(z):
    """A scalar function that takes complex arrays; its gradient is 3 z^2."""
    return (z * z * z).sum()


def real_cubes(z):
    """The same for real arrays alone, by way of a list of floats."""
    return sum(float(entry) ** 3 for entry in np.ravel(z))


def wrong(got, of, at, **options) -> CheckFailed:
    """Return why a gradient is not right, which it must not be."""
    with pytest.raises(CheckFailed) as caught:
        check_gradient(got, of, at, **options)
    return caught.value


class TestGradient:
    """Gradients are held against numerical differentiation."""

    @pytest.mark.parametrize("of", [cubes, real_cubes], ids=["complex-step", "central-differences"])
    @pytest.mark.parametrize("at", [SMALL, LARGE, np.array([0.5])], ids=["coordinates", "directions", "one"])
    def test_right(self, of, at):
        """A right gradient passes, by every way of differentiating."""
        check_gradient(3 * at**2, of, at)

    @pytest.mark.parametrize("of", [cubes, real_cubes], ids=["complex-step", "central-differences"])
    @pytest.mark.parametrize("at", [SMALL, LARGE], ids=["coordinates", "directions"])
    def test_one_percent(self, of, at):
        """A gradient that is off by one percent everywhere is caught."""
        assert wrong(3 * at**2 * 1.01, of, at).kind == Kind.VALUE

    @pytest.mark.parametrize("entry", [(0, 0), (19, 29), (7, 11)])
    def test_one_percent_of_one_entry(self, entry):
        """So is one percent of one entry among 600, where only directions are looked along."""
        got = 3 * LARGE**2
        got[entry] *= 1.01
        wrong(got, cubes, LARGE)

    def test_exchanged_entries(self):
        """Two exchanged entries among 600 are caught."""
        got = 3 * LARGE**2
        got[0, 0], got[0, 1] = got[0, 1], got[0, 0]
        wrong(got, cubes, LARGE)

    def test_complex_step_is_exact(self):
        """With the complex step a relative error of 1e-8 is seen."""
        wrong(3 * SMALL**2 * (1 + 1e-8), cubes, SMALL, atol=0)
        wrong(3 * LARGE**2 * (1 + 1e-7), cubes, LARGE, atol=0)

    def test_scalar(self):
        """The point may be a number, and the gradient is one then."""
        check_gradient(12.0, lambda x: x**3, 2.0)
        assert wrong(np.array([12.0]), lambda x: x**3, 2.0).kind == Kind.SHAPE

    @pytest.mark.parametrize("at", [SMALL, LARGE], ids=["coordinates", "directions"])
    @pytest.mark.parametrize("broken", [np.transpose, np.ravel, lambda _g: None, np.ndarray.tolist])
    def test_other_kinds_of_thing(self, at, broken):
        """Shape and type are judged before values, along directions too."""
        assert wrong(broken(3 * at**2), cubes, at).kind in (Kind.SHAPE, Kind.TYPE)

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    @pytest.mark.parametrize("at", [SMALL, LARGE], ids=["coordinates", "directions"])
    def test_not_finite(self, at, value):
        """NaN and infinity are wrong, along directions too."""
        got = 3 * at**2
        got[0, 0] = value
        wrong(got, cubes, at)

    def test_integers(self):
        """A point of whole numbers is differentiated as floats."""
        at = np.array([1, 2, 3])
        check_gradient(3.0 * at**2, cubes, at)

    def test_relative_to(self):
        """The absolute part of the tolerance is relative to the upstream gradient."""
        dout = np.full(3, 1e6)
        at = np.array([0.1, 0.2, 0.3])
        check_gradient(3 * at**2 * dout + 1e-4, lambda z: (dout * z**3).sum(), at, relative_to=dout)
        wrong(3 * at**2 + 1e-4, cubes, at, relative_to=np.ones(3))

    def test_tiny_upstream(self):
        """With a tiny upstream gradient, all zeros are no right answer."""
        dout = np.full(3, 1e-9)
        wrong(np.zeros(3), lambda z: (dout * z**3).sum(), np.array([1.0, 2.0, 3.0]), relative_to=dout)

    def test_tiny_upstream_without_the_complex_step(self):
        """Nor where only differences can be taken."""
        dout = np.full(3, 1e-9)
        wrong(np.zeros(3), lambda z: 1e-9 * real_cubes(z), np.array([1.0, 2.0, 3.0]), relative_to=dout)

    def test_empty(self):
        """The gradient at an empty array is an empty array of that shape."""
        check_gradient(np.zeros((0, 3)), cubes, np.zeros((0, 3)))
        assert wrong(np.zeros(0), cubes, np.zeros((0, 3))).kind == Kind.SHAPE

    def test_the_tool_itself(self):
        """`gradient` says whether it is exact to rounding."""
        exact, by_complex_step = gradient(cubes, SMALL)
        close, by_differences = gradient(real_cubes, SMALL)
        assert (by_complex_step, by_differences) == (True, False)
        np.testing.assert_allclose(exact, 3 * SMALL**2, rtol=1e-13)
        np.testing.assert_allclose(close, 3 * SMALL**2, rtol=1e-6, atol=1e-8)

    def test_oracle_that_is_constant_for_complex(self):
        """An oracle that drops the imaginary part is noticed instead of having the gradient 0."""
        wrong(np.zeros(3), lambda z: (np.real(z) ** 3).sum(), np.array([1.0, 2.0, 3.0]))


class TestRaises:
    """An exception is due."""

    @staticmethod
    def asking(submission):
        """Ask for a ValueError or LookupError."""
        check_raises(submission.f(), ValueError, LookupError)

    @pytest.mark.parametrize(
        "raised",
        ["ValueError('no')", "KeyError('no')", "UnicodeDecodeError('utf-8', b'', 0, 1, 'x')", "Own('no')"],
    )
    def test_right(self, judge, raised):
        """One of the kinds or a subclass of one."""
        source = f"class Own(ValueError): pass\ndef f(): raise {raised}"
        assert judge(self.asking, source) is None

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ("return 1", Kind.NOT_RAISED),
            ("return ValueError('no')", Kind.NOT_RAISED),
            ("raise TypeError('no')", Kind.RAISED),
            ("raise BaseException('no')", Kind.RAISED),
            ("raise NotImplementedError", Kind.UNFINISHED),
            ("raise ValueError_()", Kind.RAISED),
        ],
    )
    def test_wrong(self, judge, body, kind):
        """No exception, another one, or the stub's."""
        failed = judge(self.asking, f"class ValueError_(Exception): pass\ndef f(): {body}")
        assert failed.kind == kind

    def test_a_class_of_that_name(self, judge):
        """A class of the student's that is only called ValueError is none."""
        failed = judge(self.asking, "class ValueError(Exception): pass\ndef f(): raise ValueError")
        assert failed.kind == Kind.RAISED

    def test_stub_does_not_pass_where_a_runtime_error_is_due(self, judge):
        """NotImplementedError is a RuntimeError, and still no answer."""
        assert judge(lambda s: check_raises(s.f(), RuntimeError), "def f(): raise NotImplementedError") is not None

    def test_a_message_that_cannot_be_shown(self, judge):
        """An exception whose text raises is told all the same."""
        source = """
        class Sly(TypeError):
            def __str__(self): raise SystemExit
        def f(): raise Sly
        """
        assert judge(self.asking, source).kind == Kind.RAISED


class TestWarnings:
    """Overflow, invalid values and division by zero, where the contract counts them."""

    @staticmethod
    def quiet(submission):
        """Ask for a quiet answer."""
        check_no_warning(submission.f(np.array([1000.0, -1000.0, 0.0])))

    @pytest.mark.parametrize("body", ["np.exp(x)", "np.sqrt(x)", "1 / x", "x / x * 0"])
    def test_counted(self, judge, body):
        """Each of the three kinds counts."""
        assert judge(self.quiet, f"import numpy as np\ndef f(x): return {body}").kind == Kind.WARNING

    @pytest.mark.parametrize(
        "body",
        [
            "return np.exp(-np.abs(x))",
            "with np.errstate(all='ignore'):\n        return np.exp(x)",
            "warnings.warn('deprecated', DeprecationWarning); return x",
            "warnings.warn('overflow of joy', UserWarning); return x",
            "with warnings.catch_warnings():\n        warnings.simplefilter('ignore')\n        return np.exp(x)",
        ],
    )
    def test_not_counted(self, judge, body):
        """Underflow, other warnings and what the student silenced do not."""
        assert judge(self.quiet, f"import warnings\nimport numpy as np\ndef f(x):\n    {body}") is None

    def test_every_time(self, judge):
        """A warning counts at every call, not only where Python shows it for the first time."""

        def test(submission):
            submission.f(np.array([1000.0]))
            check_no_warning(submission.f(np.array([1000.0])))

        failed = judge(test, "import numpy as np\ndef f(x): return np.exp(x)")
        assert (failed.kind, failed.step) == (Kind.WARNING, 1)

    def test_elsewhere(self, judge):
        """Only the step in question is looked at."""

        def test(submission):
            submission.f(np.array([1000.0]))
            check_no_warning(submission.f(np.array([1.0])))

        assert judge(test, "import numpy as np\ndef f(x): return np.exp(x)") is None

    def test_raising(self, judge):
        """A step that raised gave no answer, and does not pass for quiet."""
        assert judge(self.quiet, "def f(x): raise OSError").kind == Kind.RAISED


class TestPredicates:
    """Any property, as a function."""

    @pytest.mark.parametrize("outcome", [None, True, np.True_, 1])
    def test_holds(self, outcome):
        """None and True mean that it holds."""
        check_that(lambda _value: outcome, 1)

    @pytest.mark.parametrize("outcome", [False, 0, np.False_])
    def test_fails(self, outcome):
        """Anything false means that it does not, and the author's sentence is what is said."""
        with pytest.raises(CheckFailed, match="must rise"):
            check_that(lambda _value: outcome, 1, says="it must rise")

    def test_sentence(self):
        """A predicate may return what is wrong."""
        with pytest.raises(CheckFailed, match="too small"):
            check_that(lambda value: f"{value} is too small", 1)

    def test_other_checks_inside(self):
        """It may call the other checks on what it gets."""
        check_that(check_close, 1.0, 1.0)
        with pytest.raises(CheckFailed) as caught:
            check_that(check_close, np.zeros(2), np.ones(2))
        assert caught.value.kind == Kind.VALUE

    def test_answers_inside_containers(self, judge):
        """Answers may stand in lists, tuples and dicts, beside plain values."""
        seen = []

        def test(submission):
            answers = [submission.f(1), {"two": (submission.f(2), 7)}]
            check_that(lambda *values: seen.append(values), answers, 5)

        assert judge(test, "def f(x): return 10 * x") is None
        assert seen == [([10, {"two": (20, 7)}], 5)]

    def test_predicate_that_breaks_on_an_odd_answer(self, judge):
        """An answer that a predicate cannot cope with is wrong, and no crash of the grader."""

        def test(submission):
            check_that(lambda value: value.sum() > 0, submission.f())

        failed = judge(test, "def f(): return 'no array'")
        assert failed.kind == Kind.TYPE

    def test_sees_what_raised(self, judge):
        """A step that raised fails the check without the predicate being asked."""
        asked = []
        failed = judge(lambda s: check_that(asked.append, s.f()), "def f(): return 1 / 0")
        assert failed.kind == Kind.RAISED
        assert not asked

    def test_calls_of(self, judge):
        """The calls that student code made, with arguments, keywords and results."""
        seen = []

        def test(submission):
            square = callback(lambda x, plus=0: x * x + plus)
            check_close(submission.f(square), 17)
            check_that(seen.extend, calls_of(square))

        assert judge(test, "def f(g): return g(2) + g(3, plus=4)") is None
        assert [(call.args, call.keywords, call.result) for call in seen] == [((2,), {}, 4), ((3,), {"plus": 4}, 13)]

    def test_no_calls(self, judge):
        """A function that was never called has an empty list of calls."""

        def test(submission):
            unused = callback(lambda x: x)
            submission.f(unused)
            check_that(lambda calls: len(calls) == 0, calls_of(unused))

        assert judge(test, "def f(g): return 1") is None


class TestShares:
    """A check that earns a part of the points."""

    def test_all(self):
        """A share of 1 passes."""
        check_share(lambda _value: 1, 0)

    @pytest.mark.parametrize(
        ("outcome", "share", "says"),
        [(0.5, 0.5, "more"), ((0.25, "try"), 0.25, "try"), (-3, 0.0, "more"), (0, 0.0, "more")],
    )
    def test_part(self, outcome, share, says):
        """Less than 1 is told with its sentence, and is never negative."""
        with pytest.raises(PartlyRight) as caught:
            check_share(lambda _value: outcome, 0, says="more")
        assert (caught.value.share, caught.value.says) == (share, says)

    def test_not_a_number(self):
        """NaN earns nothing."""
        with pytest.raises(PartlyRight) as caught:
            check_share(lambda _value: float("nan"), 0)
        assert caught.value.share == 0


class TestAuthors:
    """What authors get wrong is told to them at once."""

    def test_plain_value_where_an_answer_is_due(self):
        """Exceptions and warnings belong to answers."""
        for check in (lambda: check_raises(1.0, ValueError), lambda: check_no_warning(np.ones(2))):
            with pytest.raises(AuthorError, match="an answer of the submission is due"):
                check()

    def test_expected_from_the_student(self, judge):
        """What is expected must not come from the student."""
        with pytest.raises(AuthorError, match="must be known"):
            judge(lambda s: check_close(s.f(), s.f()), "def f(): return 1")
        with pytest.raises(AuthorError, match="must be known"):
            judge(lambda s: check_close(s.f(), [1, s.f()]), "def f(): return 1")
