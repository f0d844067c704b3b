"""Tracing and replaying: what a test may write, what is watched, and how authors are told of their mistakes."""

import numpy as np
import pytest

from autograder.kit import (
    AuthorError,
    barrier,
    callback,
    calls_of,
    check_close,
    check_raises,
    check_that,
    exercise,
    generator,
    generator_state,
    held,
    listed,
    may_change,
    setting_up,
    snapshot,
    unpack,
)
from autograder.kit.failure import Kind
from autograder.kit.trace import trace


class TestStraightLines:
    """Whatever goes in a straight line can be asked for."""

    def test_objects(self, judge):
        """Objects keep their state, attributes are read and set, methods called with keywords."""

        def test(submission):
            one, two = submission.Account(10), submission.Account(start=100)
            one.add(amount=5)
            two.add(1)
            check_close(one.balance, 15)
            check_close(two.balance, 101)
            one.balance = np.array([7.0])
            check_close(one.add(1), np.array([8.0]))

        source = """
        class Account:
            def __init__(self, start): self.balance = start
            def add(self, amount):
                self.balance = self.balance + amount
                return self.balance
        """
        assert judge(test, source) is None

    def test_items(self, judge):
        """Items are read and written, in place too."""

        def test(submission):
            params = submission.params()
            params["b"][...] = 0
            params["W"] = np.ones((2, 2))
            params["W"][0, 1] = 5.0
            check_close(submission.total(params), 8.0)
            check_close(params["W"][0], np.array([1.0, 5.0]))
            check_close(params["W"][:, 1], np.array([5.0, 1.0]))
            check_close(submission.params()["b"], np.array([3.0, 3.0]))

        source = """
        import numpy as np
        def params(): return {"W": np.zeros(3), "b": np.full(2, 3.0)}
        def total(p): return p["W"].sum() + p["b"].sum()
        """
        assert judge(test, source) is None

    def test_operators(self, judge):
        """Arithmetic on answers happens where the answers are, with numbers on either side."""

        def test(submission):
            a, b = submission.number(6.0), submission.number(2.0)
            check_close(a + b, 8.0)
            check_close(1 - a, -5.0)
            check_close(a * 2 / b, 6.0)
            check_close(2**b, 4.0)
            check_close(-a + +b, -4.0)
            check_close(submission.number(np.eye(2)) @ np.array([1.0, 2.0]), np.array([1.0, 2.0]))
            check_close(np.array([1.0, 2.0]) @ submission.number(np.eye(2)), np.array([1.0, 2.0]))
            check_close(np.float64(3) * a, 18.0)

        assert judge(test, "def number(x): return x") is None

    def test_answers_as_arguments(self, judge):
        """Answers are passed on, alone, in containers, and functions as values."""

        def test(submission):
            one = submission.make()
            check_close(submission.use(one), 42.0)
            check_close(submission.use_all([one, {"k": (one, 1)}]), 43.0)
            check_close(submission.apply(submission.use, one), 42.0)

        source = """
        class Secret: value = 42.0
        def make(): return Secret()
        def use(secret): return secret.value
        def use_all(things): return things[1]["k"][0].value + things[1]["k"][1]
        def apply(f, x): return f(x)
        """
        assert judge(test, source) is None

    def test_opaque_values_stay(self, judge):
        """A cache of the student's own kind never crosses, and comes back to the student's code as it was."""

        def test(submission):
            out, cache = unpack(submission.forward(3.0), 2)
            check_close(out, 9.0)
            check_close(submission.backward(cache), 6.0)

        source = """
        def forward(x): return x * x, (lambda: 2 * x)
        def backward(cache): return cache()
        """
        assert judge(test, source) is None

    def test_answer_is_taken_at_its_step(self, judge):
        """What a student changes later does not change what was answered."""

        def test(submission):
            first = submission.buffer(1.0)
            second = submission.buffer(2.0)
            check_close(first, np.array([1.0]))
            check_close(second, np.array([2.0]))
            check_close(snapshot(first), np.array([2.0]))

        source = """
        import numpy as np
        b = np.zeros(1)
        def buffer(x):
            b[:] = x
            return b
        """
        assert judge(test, source) is None


class TestUnpack:
    """`unpack` and `listed` in place of what would look at an answer."""

    @pytest.mark.parametrize("value", ["(1, 2)", "[1, 2]", "iter([1, 2])"])
    def test_right(self, judge, value):
        """Tuples, lists and iterators of the right length."""

        def test(submission):
            a, b = unpack(submission.f(), 2)
            check_close(a, 1)
            check_close(b, 2)

        assert judge(test, f"def f(): return {value}") is None

    @pytest.mark.parametrize("value", ["1", "None", "(1,)", "(1, 2, 3)", "'ab'", "{1: 1, 2: 2}", "np.array([1, 2])"])
    def test_wrong(self, judge, value):
        """Another number of values, or one thing that only happens to have two parts."""

        def test(submission):
            a, _b = unpack(submission.f(), 2)
            check_close(a, 1)

        assert judge(test, f"import numpy as np\ndef f(): return {value}").kind == Kind.RAISED

    def test_without_an_end(self, judge):
        """An iterator without an end is read no further than needed."""

        def test(submission):
            check_that(lambda items: items == list(range(5)), listed(submission.f(), 5))
            a, _b = unpack(submission.f(), 2)
            check_close(a, 0)

        failed = judge(test, "import itertools\ndef f(): return itertools.count()")
        assert failed.kind == Kind.RAISED
        assert "more than 2" in failed.error["message"]

    @pytest.mark.parametrize("body", ["return [1, 2]", "return (1, 2)", "yield 1; yield 2"])
    def test_listed(self, judge, body):
        """Lists, tuples and generators are all lists."""
        assert judge(lambda s: check_close(listed(s.f()), [1, 2]), f"def f():\n    {body}") is None

    def test_generator_that_raises(self, judge):
        """A generator that raises half-way fails the check."""
        failed = judge(lambda s: check_close(listed(s.f()), [1, 2]), "def f():\n    yield 1\n    raise OSError")
        assert failed.kind == Kind.RAISED


BASE = np.arange(12.0).reshape(3, 4)


class TestPurity:
    """No argument may be modified, nor the global generator used; nobody needs to ask."""

    @pytest.mark.parametrize(
        ("name", "x"),
        [
            ("plain", BASE.copy()),
            ("integers", np.arange(12).reshape(3, 4)),
            ("strided", np.arange(24.0).reshape(3, 8)[:, ::2]),
            ("reversed", BASE.copy()[::-1]),
            ("transposed", np.arange(12.0).reshape(4, 3).T),
            ("fortran", np.asfortranarray(BASE)),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ("x += 1; return x.sum()", Kind.CHANGED_ARGUMENT),
            ("x[0, 0] += 1; return 0.0", Kind.CHANGED_ARGUMENT),
            ("x[...] = 0; return 0.0", Kind.CHANGED_ARGUMENT),
            ("y = x.copy(); y += 1; return 0.0", None),
            ("x = x + 1; return 0.0", None),
            ("x.flags.writeable = False; return 0.0", None),
        ],
    )
    def test_arrays(self, judge, name, x, body, kind):
        """Values that change are seen in every layout; working on a copy is fine."""

        def test(submission):
            check_that(lambda _value: True, submission.f(x))

        failed = judge(test, f"def f(x):\n    {body}")
        assert (failed and failed.kind) == kind, name

    def test_changed_back(self, judge):
        """An argument that is as it was when the function returns was not modified."""
        source = "def f(x):\n    x += 1\n    x -= 1\n    return 0.0"
        assert judge(lambda s: check_close(s.f(BASE), 0.0), source) is None

    def test_gaps_of_a_view(self, judge):
        """Writing around a view, into the rest of its memory, is a change as well."""
        x = np.arange(24.0).reshape(3, 8)[:, ::2]
        failed = judge(lambda s: check_close(s.f(x), 0.0), "def f(x):\n    x.base[...] = 0\n    return 0.0")
        assert failed is not None

    @pytest.mark.parametrize(
        "body",
        [
            "p['W'] += 1",
            "p['W'] = p['W'] + 1",
            "p['new'] = 1.0",
            "del p['b']",
            "p['deep']['a'][0] = 9.0",
            "p['list'].append(1)",
        ],
    )
    def test_dicts(self, judge, body):
        """Dicts of parameters are watched through and through."""
        params = {"W": np.ones((2, 2)), "b": np.zeros(2), "deep": {"a": np.ones(1)}, "list": [1.0]}
        failed = judge(lambda s: check_close(s.f(params), 0.0), f"def f(p):\n    {body}\n    return 0.0")
        assert failed.kind == Kind.CHANGED_ARGUMENT

    def test_keywords_and_methods(self, judge):
        """Keyword arguments and those of methods and constructors are watched too."""

        def test(submission):
            check_close(submission.Thing(x=BASE).f(3), 0.0)

        source = "class Thing:\n    def __init__(self, x): x[...] = 0\n    def f(self, _n): return 0.0"
        assert judge(test, source).kind == Kind.CHANGED_ARGUMENT

    def test_later(self, judge):
        """An array that is kept and changed by a later call is seen there."""

        def test(submission):
            thing = submission.Thing(BASE)
            check_close(thing.f(BASE), 0.0)

        source = """
        class Thing:
            def __init__(self, x): self.x = x
            def f(self, _x):
                self.x += 1
                return 0.0
        """
        failed = judge(test, source)
        assert (failed.kind, failed.step) == (Kind.CHANGED_ARGUMENT, 2)

    def test_says_which(self, judge):
        """The failure knows which argument it was."""
        failed = judge(lambda s: check_close(s.f(BASE, np.ones(2)), 0.0), "def f(a, b):\n    b[0] = 5; return 0.0")
        assert failed.place == (1,)

    def test_may_change(self, judge):
        """Unless the author allows it, for this argument alone."""

        def allowed(submission):
            check_close(submission.f(may_change(BASE)), 0.0)

        def other(submission):
            check_close(submission.f(may_change(np.ones(3)), BASE), 0.0)

        assert judge(allowed, "def f(x): x[...] = 0; return 0.0") is None
        assert judge(other, "def f(x, y): y[...] = 0; return 0.0").kind == Kind.CHANGED_ARGUMENT

    def test_setting_up(self, judge):
        """What only sets the stage is not watched."""

        def test(submission):
            with setting_up():
                submission.f(BASE)
            check_close(submission.f(np.zeros(2)), 0.0)

        assert judge(test, "def f(x): x[...] = 0; return 0.0") is None

    def test_examples_do_not_share_arguments(self, judge):
        """The grader's own arrays are never what a student could write into."""
        x = np.ones(3)
        judge(lambda s: check_close(s.f(may_change(x)), 0.0), "def f(x): x[...] = 0; return 0.0")
        assert x.tolist() == [1, 1, 1]

    @pytest.mark.parametrize(
        "body",
        ["np.random.rand()", "np.random.seed(0)", "np.random.shuffle([1, 2])", "np.random.normal(size=3)"],
    )
    def test_global_generator(self, judge, body):
        """Neither drawing from the global generator nor seeding it goes unnoticed."""
        failed = judge(lambda s: check_close(s.f(), 0.0), f"import numpy as np\ndef f():\n    {body}\n    return 0.0")
        assert failed.kind == Kind.GLOBAL_RANDOM

    def test_own_generators(self, judge):
        """A generator of one's own is not the global one."""
        source = "import numpy as np\ndef f(): return 0.0 * np.random.default_rng().random()"
        assert judge(lambda s: check_close(s.f(), 0.0), source) is None


class TestHeld:
    """An input that the test keeps hold of and writes into."""

    def test_writing_through(self, judge):
        """What the test writes, the student's code sees where it kept the very array."""

        def test(submission):
            grads = held({"W": np.ones(2)})
            thing = submission.Keeper(grads)
            grads["W"][...] = 0
            check_close(thing.total(), 0.0)

        kept = "class Keeper:\n    def __init__(self, g): self.g = g\n    def total(self): return self.g['W'].sum()"
        copied = kept.replace("self.g = g", "self.g = {k: v.copy() for k, v in g.items()}")
        assert judge(test, kept) is None
        assert judge(test, copied).kind == Kind.VALUE

    def test_snapshot_of_an_argument(self, judge):
        """An argument can be looked at again after the call."""
        x = np.array([1.0, 2.0])

        def test(submission):
            submission.f(may_change(x))
            check_close(snapshot(x), np.array([0.0, 2.0]))

        assert judge(test, "def f(x): x[0] = 0") is None
        assert judge(test, "def f(x): x[1] = 0").kind == Kind.VALUE


def state_of(seed, draws):
    """The state of a generator after some draws."""
    made = np.random.Generator(np.random.PCG64(seed))
    for _ in range(draws):
        made.random()
    return made.bit_generator.state


class TestGenerators:
    """A generator is the caller's: it advances, and the caller sees it."""

    @staticmethod
    def twice(submission):
        """Ask twice with one generator."""
        rng = generator(5)
        check_close(submission.f(rng), np.random.Generator(np.random.PCG64(5)).random())
        check_that(lambda state: state == state_of(5, 1), generator_state(rng))
        submission.f(rng)
        check_that(lambda state: state == state_of(5, 2), generator_state(rng), says="it must advance")

    def test_advances(self, judge):
        """The same object goes into every call."""
        assert judge(self.twice, "def f(rng): return rng.random()") is None

    @pytest.mark.parametrize(
        "body", ["copy.deepcopy(rng).random()", "np.random.default_rng(5).random()", "rng.spawn(1)[0].random()"]
    )
    def test_copies(self, judge, body):
        """Drawing from a copy, or from another generator of the same seed, is seen."""
        assert judge(self.twice, f"import copy\nimport numpy as np\ndef f(rng): return {body}") is not None

    def test_two_generators(self, judge):
        """Two generators of one seed are two."""

        def test(submission):
            one, two = generator(1), generator(1)
            submission.f(one)
            check_that(lambda a, b: a != b, generator_state(one), generator_state(two))

        assert judge(test, "def f(rng): return rng.random()") is None

    def test_inside_containers(self, judge):
        """A generator may stand in a dict of options."""

        def test(submission):
            rng = generator(3)
            submission.f({"rng": rng, "n": 2})
            check_that(lambda state: state == state_of(3, 2), generator_state(rng))

        assert judge(test, "def f(options): return [options['rng'].random() for _ in range(options['n'])]") is None


class TestCallbacks:
    """Functions of the test that student code calls."""

    def test_values_cross_both_ways(self, judge):
        """Arrays, dicts and keywords go out and come back."""
        seen = []

        def loss(params, x, *, scale=1.0):
            seen.append((params, x, scale))
            return float((params["W"] @ x).sum()) * scale, {"W": np.ones((2, 2))}

        def test(submission):
            check_close(submission.f(callback(loss)), (6.0, {"W": np.ones((2, 2))}))

        source = """
        import numpy as np
        def f(loss): return loss({"W": np.eye(2)}, np.array([1.0, 2.0]), scale=2.0)
        """
        assert judge(test, source) is None
        assert seen[0][0]["W"].tolist() == [[1, 0], [0, 1]]

    @pytest.mark.parametrize("kind", [ValueError, TypeError, KeyError])
    def test_exceptions(self, judge, kind):
        """What the function raises, the student's code can catch."""

        def refuse(_x):
            raise kind("no")

        source = f"def f(g):\n    try:\n        g(1)\n    except {kind.__name__}:\n        return 7"
        assert judge(lambda s: check_close(s.f(callback(refuse)), 7), source) is None

    def test_uncaught(self, judge):
        """What nobody catches fails the check as any exception does."""

        def refuse(_x):
            raise ValueError("this x is not right")

        failed = judge(lambda s: check_close(s.f(callback(refuse)), 7), "def f(g): return g(1)")
        assert failed.kind == Kind.RAISED
        assert "this x is not right" in failed.error["message"]

    def test_changing_what_was_passed(self, judge):
        """What student code does to an array after passing it does not change the record of the call."""
        seen = []

        def test(submission):
            record = callback(lambda _x: 0.0)
            check_close(submission.f(record), 0.0)
            check_that(lambda calls: seen.extend(call.args[0].tolist() for call in calls), calls_of(record))

        source = """
        import numpy as np
        def f(g):
            x = np.zeros(1)
            total = 0.0
            for i in range(3):
                x[0] = i
                total += g(x)
            return total
        """
        assert judge(test, source) is None
        assert seen == [[0], [1], [2]]

    def test_odd_arguments(self, judge):
        """Arguments that cannot cross arrive as placeholders, and break nothing."""
        failed = judge(lambda s: check_close(s.f(callback(lambda x: x + 1)), 7), "def f(g): return g(object())")
        assert failed.kind == Kind.RAISED

    def test_generator_argument(self, judge):
        """A generator that student code passes on advances for both sides."""

        def test(submission):
            rng = generator(9)
            check_close(submission.f(callback(lambda rng: rng.random()), rng), DRAWS)

        assert judge(test, "def f(g, rng): return [g(rng), rng.random()]") is None


DRAWS = np.random.Generator(np.random.PCG64(9)).random(2).tolist()


class TestBarrier:
    """Inputs that must not be known before earlier steps are done."""

    def test_works(self, judge):
        """Steps after a barrier get their inputs as usual."""

        def test(submission):
            predict = submission.train(np.ones(3))
            barrier()
            check_close(predict(np.array([2.0, 3.0])), np.array([4.0, 6.0]))

        assert judge(test, "def train(x): return lambda z: 2 * z") is None

    def test_late_constants_do_not_cross_early(self):
        """Until then nothing of them is among what is sent."""

        def test(submission):
            submission.train(np.full(3, 111.0))
            barrier()
            check_close(submission.predict(np.full(3, 222.0)), 1.0)

        script = trace(test, {})
        early = repr(script.constants)
        assert repr(np.full(3, 111.0).tobytes()) in early
        assert repr(np.full(3, 222.0).tobytes()) not in early


class TestAuthorErrors:
    """A test that cannot work is refused while it is traced, with what to write instead."""

    @pytest.mark.parametrize(
        "look",
        [
            bool, list, len, float, int, np.sum, np.asarray, np.mean,
            lambda a: a == 1, lambda a: a < 1, lambda a: 1 in a, lambda a: [0, 1][a], lambda a: "yes" if a else "no",
        ],
    )  # fmt: skip
    def test_looking(self, look):
        """Looking at an answer raises at once and names the ways that work."""

        def test(submission):
            check_close(look(submission.f()), 1)

        with pytest.raises(AuthorError, match=r"unpack\(answer, n\), listed\(answer\) or check_that"):
            trace(test, {})

    def test_changing_an_input(self):
        """An input that the test itself changes after passing it."""

        def test(submission, x):
            got = submission.f(x)
            x[0] = 5
            check_close(got, 1)

        with pytest.raises(AuthorError, match="held"):
            trace(test, {"x": np.zeros(2)})

    def test_changing_a_dict(self):
        """A dict of inputs too."""

        def test(submission, p):
            got = submission.f(p)
            p["a"][0] = 5
            check_close(got, 1)

        with pytest.raises(AuthorError, match="held"):
            trace(test, {"p": {"a": np.zeros(2)}})

    def test_no_check(self):
        """A test that checks nothing would pass for everybody."""
        with pytest.raises(AuthorError, match="must check something"):
            trace(lambda submission: submission.f(1), {})

    @pytest.mark.parametrize("value", [object(), print, {1, 2}, np.array([None]), {"a": [object()]}], ids=repr)
    def test_what_cannot_be_passed(self, value):
        """Only plain values can be passed."""
        with pytest.raises(AuthorError, match="cannot be passed to student code"):
            trace(lambda submission: check_close(submission.f(value), 1), {})

    def test_answer_of_another_example(self):
        """An answer that was kept from another example."""
        kept = []

        def test(submission):
            kept.append(submission.f(1))
            check_close(submission.g(kept[0]), 1)

        trace(test, {})
        with pytest.raises(AuthorError, match="another example"):
            trace(test, {})

    def test_outside(self):
        """What works only inside a test says so."""
        for call in (barrier, lambda: snapshot(np.ones(2)), lambda: generator_state(generator(1))):
            with pytest.raises(AuthorError, match="only inside a test"):
                call()

    def test_no_docstring(self):
        """A graded test needs the line that students read."""

        def test(submission):
            check_close(submission.f(), 1)

        with pytest.raises(AuthorError, match="docstring"):
            exercise("x")(test)

    def test_title(self):
        """The title is the first line of the docstring."""

        def test(submission):
            """It holds.

            The rest is for authors.
            """

        made = exercise("x", weight=2, needs=("y",), examples=3)(test)
        assert (made.title, made.weight, made.needs, made.examples) == ("It holds.", 2.0, ("y",), 3)


class TestImplied:
    """What no check has asked for and is wrong all the same."""

    def test_exception_that_no_check_met(self, judge):
        """A step that raises fails the test though nothing looks at its answer."""

        def test(submission):
            submission.f()
            check_close(submission.g(), 1)

        assert judge(test, "def f(): raise OSError\ndef g(): return 1").kind == Kind.RAISED

    def test_expected_exception_is_met(self, judge):
        """One that a check expected is no failure."""

        def test(submission):
            check_raises(submission.f(), OSError)
            check_close(submission.g(), 1)

        assert judge(test, "def f(): raise OSError\ndef g(): return 1") is None

    def test_missing(self, judge):
        """A function that is not there is told by name."""
        failed = judge(lambda s: check_close(s.area(1), 1), "def aera(x): return x")
        assert failed.kind == Kind.MISSING
        assert "area" in failed.says

    def test_lost_answers(self, judge):
        """What needs an answer that was never given fails with the first cause."""

        def test(submission):
            thing = submission.Thing()
            check_close(thing.f(1) + 2, 3)

        failed = judge(test, "class Thing:\n    def __init__(self): raise ZeroDivisionError('x')")
        assert failed.error["type"] == "ZeroDivisionError"
        assert failed.step == 0
