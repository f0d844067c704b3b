"""Training: a loop of minibatch steps that ends where it should and tells the losses on its way."""

import itertools
import math

import numpy as np

from autograder.kit import (
    CheckFailed,
    arrays,
    callback,
    check_close,
    check_that,
    depending,
    exercise,
    floats,
    generator,
    generator_state,
    given,
    integers,
    listed,
    sampled,
    seeds,
    snapshot,
    unpack,
)

from . import oracle

ROWS, BATCH, EPOCHS = 31, 8, 3
PER_EPOCH = math.ceil(ROWS / BATCH)
UPDATES = PER_EPOCH * EPOCHS


@exercise("fit", examples=12)
@given(
    X=arrays("N D"),
    y=arrays("N"),
    w=arrays("D", integers=False),
    b=arrays("1", integers=False),
    lr=floats(0.01, 1.5),
    epochs=integers(1, 4),
    batch_size=depending("X", lambda X: integers(len(X), len(X) + 5)),
    seed=seeds(),
)
def test_whole_batches(submission, X, y, w, b, lr, epochs, batch_size, seed):
    """With all rows in one batch, the parameters and the losses are those of plain gradient descent."""
    params = {"w": w, "b": b}
    due, losses = oracle.fit_whole(oracle.bowl, params, X, y, lr, epochs)
    trained, history = unpack(
        submission.fit(callback(oracle.bowl), params, X, y, lr, epochs, batch_size, generator(seed)), 2
    )
    check_close(trained, due)
    check_history(history, losses)
    check_close(snapshot(params), params)


def check_history(history, losses):
    """One loss for every epoch: a list, a tuple or an array will do."""
    check_close(listed(history), losses)
    for epoch, loss in enumerate(losses):
        check_close(history[epoch], loss)


@exercise("fit", examples=2)
@given(seed=seeds(), lr=sampled(0.25, 0.5, 2.0))
def test_epochs(submission, seed, lr):
    """Every epoch goes through every row once, in batches, in an order of its own, with one update per batch."""
    X, y = rows_and_labels()
    trained, _ = unpack(recorded(submission, X, y, lr, generator(seed)), 2)
    check_that(check_record, trained)


@exercise("fit", examples=2)
@given(seed=seeds(), lr=sampled(0.25, 0.5, 2.0))
def test_history(submission, seed, lr):
    """An epoch's entry is the mean over its rows of the losses before each update: short batches count less."""
    X, y = rows_and_labels()
    trained, history = unpack(recorded(submission, X, y, lr, generator(seed)), 2)
    check_that(check_history_of_record, trained, listed(history), [history[epoch] for epoch in range(EPOCHS)])


@exercise("fit", examples=1)
@given(seed=seeds())
def test_draws_come_from_rng(submission, seed):
    """The orders come from rng and from nothing else: equal generators train alike, and rng has moved on."""
    X, y = rows_and_labels()
    first, second = generator(seed), generator(seed)
    before = generator_state(first)
    one, _ = unpack(recorded(submission, X, y, 0.5, first), 2)
    after = generator_state(first)
    other, _ = unpack(recorded(submission, X, y, 0.5, second), 2)
    says = "generators in the same state must give the same training: draw from rng and from nothing else"
    check_that(lambda one, other: orders_of(one) == orders_of(other), one, other, says=says)
    says = "the orders must be drawn from rng, which is where it was before"
    check_that(lambda before, after: before != after, before, after, says=says)


@exercise("fit")
def test_known_minimum(submission):
    """Training finds the line that all points lie on."""
    X = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0], [2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]])
    w, b = np.array([1.5, -0.5]), np.array([0.25])
    params = {"w": np.zeros(2), "b": np.zeros(1)}
    trained, history = unpack(
        submission.fit(callback(oracle.line), params, X, X @ w + b, 0.15, 16, 4, generator(1951)), 2
    )
    check_close(trained, {"w": w, "b": b}, rtol=0, atol=0.01)
    check_close(history[15], 0.0, atol=0.001)
    check_that(
        lambda losses: len(losses) == 16, listed(history), says="the history must have one number for each epoch"
    )
    check_close(snapshot(params), {"w": np.zeros(2), "b": np.zeros(1)})


@exercise("fit")
def test_sums(submission):
    """Each row counts once and each batch makes one update in every epoch, be they few or many."""
    for rows, width, batch_size, epochs, lr in ((121, 9, 20, 1, 0.1), (5, 1, 2, 3, 4.0), (2, 1, 2, 18, 0.5)):
        X = np.sin(np.arange(float(rows * width))).reshape(rows, width)
        y = np.arange(rows) / 3 + 0.1
        params = {name: np.full(shape, 0.7) for name, shape in sums(X).items()}
        found = {"kernel": rows, "rows": X.sum(axis=0), "labels": y.sum(), "updates": math.ceil(rows / batch_size)}
        due = {name: params[name] - lr * epochs * found.get(name, 0.0) for name in params}
        trained, history = unpack(
            submission.fit(callback(sum_up), params, X, y, lr, epochs, batch_size, generator(rows)), 2
        )
        check_close(trained, due)
        check_history(history, [y.mean()] * epochs)


def sums(X):
    """What is summed up, and in arrays of which shapes."""
    return {"kernel": (2, 1, 2, 1), "rows": (X.shape[1],), "labels": (1, 1), "updates": (1,), "nothing": (2, 3)}


def sum_up(params, X_b, y_b):
    """Gradients that count, so that the end does not depend on the order: rows, their sum, that of labels, batches."""
    found = {"kernel": len(X_b), "rows": np.sum(X_b, axis=0), "labels": np.sum(y_b), "updates": 1.0, "nothing": 0.0}
    return float(np.mean(y_b)), {name: np.full(np.shape(params[name]), value) for name, value in found.items()}


@exercise("fit")
def test_integers(submission):
    """Integers in X and y count like the real numbers that they are."""
    params = {"w": np.array([4.0, -3.0]), "b": np.array([7.0])}
    X, y = np.array([[1, 2], [3, -5], [0, 2]]), np.array([1, 0, 4])
    due, losses = oracle.fit_whole(oracle.bowl, params, X, y, 0.3, 3)
    trained, history = unpack(submission.fit(callback(oracle.bowl), params, X, y, 0.3, 3, 3, generator(1847)), 2)
    check_close(trained, due)
    check_history(history, losses)


# --- a loss that keeps a record -------------------------------------------------------------------------------------


SHAPES = {"rows": (UPDATES, BATCH), "labels": (UPDATES, BATCH), "sizes": (UPDATES,), "updates": (1,)}


def rows_and_labels():
    """Rows and labels that tell which they are: row n is n + 1 and something, its label 10 (n + 1)."""
    numbers = np.arange(1, ROWS + 1)
    return np.stack([numbers, numbers % 5], axis=1), 10 * numbers


def recorded(submission, X, y, lr, rng):
    """Train with a loss whose gradients write into the parameters, at every update, which batch it was made for.

    Update t writes the rows of its batch into row t of `rows`, their labels into row t of `labels` and its size into
    `sizes[t]`, and counts itself in `updates`. What else the student's code asks of the loss leaves no trace.
    """

    def loss_and_gradients(params, X_b, y_b):
        update, size = round(float(np.asarray(params["updates"])[0])), len(y_b)
        grads = {name: np.zeros(np.shape(value)) for name, value in params.items()}
        grads["updates"][0] = -1.0 / lr
        if update < UPDATES:
            kept = min(size, BATCH)
            grads["sizes"][update] = -size / lr
            grads["rows"][update, :kept] = -np.asarray(X_b, float)[:kept, 0] / lr
            grads["labels"][update, :kept] = -np.asarray(y_b, float)[:kept] / lr
        return loss_of(update, np.asarray(X_b, float)[:, 0]), grads

    params = {name: np.zeros(shape) for name, shape in SHAPES.items()}
    return submission.fit(callback(loss_and_gradients), params, X, y, lr, EPOCHS, BATCH, rng)


def loss_of(update, rows):
    """A loss that depends on the number of updates made so far and on the rows of the batch."""
    return 10.0 * (update + 1) + float(np.mean(np.asarray(rows) ** 2))


def read_record(trained):
    """The batches of every update, as lists of row numbers, and their labels."""
    if not isinstance(trained, dict) or trained.keys() != SHAPES.keys():
        raise CheckFailed("the trained parameters must be a dict with the keys of params")
    for name, shape in SHAPES.items():
        array = trained[name]
        if not isinstance(array, np.ndarray) or array.shape != shape or not np.isfinite(array).all():
            raise CheckFailed(f"the trained {name!r} must be an array of shape {shape} of finite numbers")
    updates = round(float(trained["updates"][0]))
    if updates != UPDATES:
        raise CheckFailed(f"{EPOCHS} epochs of {ROWS} rows in batches of {BATCH} make {UPDATES} updates, not {updates}")
    sizes = np.rint(trained["sizes"]).astype(int).tolist()
    due = ([BATCH] * (PER_EPOCH - 1) + [ROWS - BATCH * (PER_EPOCH - 1)]) * EPOCHS
    if sizes != due:
        raise CheckFailed(f"the batches must have {due} rows, not {sizes}")
    parts = zip(np.rint(trained["rows"]).astype(int), np.rint(trained["labels"]).astype(int), sizes, strict=True)
    return [(rows[:size].tolist(), labels[:size].tolist()) for rows, labels, size in parts]


def check_record(trained):
    """Every epoch has every row once, with its label, in an order that no other epoch has."""
    batches = read_record(trained)
    for rows, labels in batches:
        if labels != [10 * row for row in rows]:
            raise CheckFailed("a batch had rows whose labels are those of other rows")
    epochs = [batches[start : start + PER_EPOCH] for start in range(0, UPDATES, PER_EPOCH)]
    for number, epoch in enumerate(epochs):
        rows = [row - 1 for batch, _ in epoch for row in batch]
        if sorted(rows) != list(range(ROWS)):
            missing = sorted(set(range(ROWS)) - set(rows))
            raise CheckFailed(f"epoch {number} must have every row once; it never had {missing or 'too many'}")
    members = [{frozenset(batch) for batch, _ in epoch} for epoch in epochs]
    unmixed = {frozenset(range(start + 1, min(start + BATCH, ROWS) + 1)) for start in range(0, ROWS, BATCH)}
    if unmixed in members:
        raise CheckFailed(f"epoch {members.index(unmixed)} has the rows in the order of X; every epoch mixes them anew")
    for first, second in itertools.combinations(range(EPOCHS), 2):
        if members[first] == members[second]:
            raise CheckFailed(f"epochs {first} and {second} have the same batches; every epoch mixes the rows anew")


def orders_of(trained):
    """The rows in the order in which the updates met them."""
    return [rows for rows, _ in read_record(trained)]


def check_history_of_record(trained, listed_history, history):
    """The history is what the recorded batches cost before their updates, weighted by their sizes."""
    batches = read_record(trained)
    costs = [len(rows) * loss_of(update, rows) for update, (rows, _) in enumerate(batches)]
    due = [sum(costs[start : start + PER_EPOCH]) / ROWS for start in range(0, UPDATES, PER_EPOCH)]
    check_close(listed_history, due)
    check_close(history, due)
