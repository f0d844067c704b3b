"""Losses: one number that says how wrong a network's predictions are, and the gradient that tells it how to improve.

Squared error (Legendre, 1805) is for regression. Cross-entropy is for classification: it is the negative logarithm of
the probability that the model gave to what came true (Good, "Rational Decisions", 1952).

True of everything in this module:

- A loss is a single number, and a mean, so that it does not grow with the batch: over all elements for squared error
  and binary cross-entropy, over the N rows for the categorical ones.
- A loss's `_backward` has no upstream gradient, because the loss is the last node of the graph. What it returns is
  shaped as the first argument.
- Predictions and targets must fit. Where they do not, a loss and its backward raise `ValueError`: NumPy's broadcasting
  would give a number all the same, and a wrong one.
- Integer arrays are welcome and mean the same as their float64 copies. No argument is ever changed.
"""

import numpy as np

def mean_squared_error(y_pred: np.ndarray, y_true: np.ndarray) -> float:
    """Return the mean over all elements of (y_pred - y_true)².

    Args:
        y_pred: what the model says, of any shape.
        y_true: what is true, of the same shape.

    Raises:
        ValueError: the shapes differ, if only as `(N,)` and `(N, 1)`.

    >>> round(float(mean_squared_error(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 5.0]))), 4)
    1.3333

    Used for: regression, where the answer is a number rather than a class.
    """
    raise NotImplementedError


def mean_squared_error_backward(y_pred: np.ndarray, y_true: np.ndarray) -> np.ndarray:
    """Return the gradient of `mean_squared_error` for `y_pred`: how the loss changes with each prediction.

    Args:
        y_pred: what the model says, of any shape.
        y_true: what is true, of the same shape.

    Returns:
        An array of that shape.

    Raises:
        ValueError: the shapes differ.

    >>> mean_squared_error_backward(np.array([1.0, 2.0, 3.5]), np.array([1.0, 2.0, 5.0]))
    array([ 0.,  0., -1.])

    Used for: the first step of backpropagation in regression.
    """
    raise NotImplementedError


def binary_cross_entropy(p: np.ndarray, y: np.ndarray, eps: float = 1e-7) -> float:
    """Return the mean over all elements of -log(p) where the label is 1 and of -log(1 - p) where it is 0.

    `p` is clipped to `[eps, 1 - eps]` first, so that a probability of exactly 0 or 1 costs much, not infinitely much.

    Args:
        p: probabilities from 0 to 1, of any shape.
        y: labels, 0 or 1, of the same shape.
        eps: the smallest probability that counts.

    Raises:
        ValueError: the shapes differ.

    >>> round(float(binary_cross_entropy(np.array([0.5, 0.9]), np.array([1, 1]))), 4)  # (0.6931 + 0.1054) / 2
    0.3993

    Used for: yes-or-no questions, when the model's last step is a sigmoid.
    """
    raise NotImplementedError


def binary_cross_entropy_backward(p: np.ndarray, y: np.ndarray, eps: float = 1e-7) -> np.ndarray:
    """Return the gradient of `binary_cross_entropy` for `p`, for probabilities strictly between eps and 1 - eps.

    Args:
        p: probabilities from 0 to 1, of any shape.
        y: labels, 0 or 1, of the same shape.
        eps: the smallest probability that counts.

    Returns:
        An array of that shape.

    Raises:
        ValueError: the shapes differ.

    >>> binary_cross_entropy_backward(np.array([0.5]), np.array([1]))  # more probability, less loss
    array([-2.])

    Used for: the first step of backpropagation when the last step forward is a sigmoid and this loss.
    """
    raise NotImplementedError


def binary_cross_entropy_with_logits(z: np.ndarray, y: np.ndarray) -> float:
    """Return the binary cross-entropy of the probabilities sigmoid(z), worked out from the logits z themselves.

    Nothing is clipped. For logits up to ±10,000 the result is right to 12 digits (to 1e-12 where it is below 1), and
    NumPy has nothing to warn of. Before you type the formula as it stands, ask how large e^1000 is.

    Args:
        z: logits, of any shape.
        y: labels, 0 or 1, of the same shape.

    Raises:
        ValueError: the shapes differ.

    >>> round(float(binary_cross_entropy_with_logits(np.array([0.0]), np.array([1]))), 4)
    0.6931
    >>> float(binary_cross_entropy_with_logits(np.array([-1000.0]), np.array([1])))
    1000.0

    Used for: yes-or-no questions, in place of a sigmoid followed by `binary_cross_entropy`.
    """
    raise NotImplementedError


def binary_cross_entropy_with_logits_backward(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the gradient of `binary_cross_entropy_with_logits` for `z`, right for logits up to ±10,000.

    Args:
        z: logits, of any shape.
        y: labels, 0 or 1, of the same shape.

    Returns:
        An array of that shape.

    Raises:
        ValueError: the shapes differ.

    >>> binary_cross_entropy_with_logits_backward(np.array([0.0, 0.0]), np.array([1, 0]))
    array([-0.25,  0.25])

    Used for: the first step of backpropagation for yes-or-no questions.
    """
    raise NotImplementedError


def softmax(z: np.ndarray) -> np.ndarray:
    """Return e^z of every entry divided by the sum of e^z over its row.

    The name is Bridle's (1990). It must be right for logits up to ±10,000 without a warning from NumPy, whatever the
    other rows hold; e^z alone overflows at 710. What happens to the result when a number is added to a whole row?

    Args:
        z: logits `(N, C)`.

    Returns:
        Probabilities `(N, C)`; each row sums to 1.

    >>> softmax(np.log(np.array([[1.0, 1.0], [1.0, 3.0]])))
    array([[0.5 , 0.5 ],
           [0.25, 0.75]])

    Used for: turning scores into the probabilities of C classes.
    """
    raise NotImplementedError


def log_softmax(z: np.ndarray) -> np.ndarray:
    """Return the logarithm of `softmax(z)`, also where the probability itself is too small for a float64.

    How to work it out without losing digits is the subject of Blanchard, Higham and Higham, "Accurately computing the
    log-sum-exp and softmax functions" (2021).

    Args:
        z: logits `(N, C)`.

    Returns:
        Logarithms of probabilities `(N, C)`, none above 0.

    >>> log_softmax(np.array([[0.0, 1000.0]]))
    array([[-1000.,     0.]])

    Used for: the categorical cross-entropies below, and wherever probabilities are multiplied.
    """
    raise NotImplementedError


def categorical_cross_entropy(z: np.ndarray, y_onehot: np.ndarray) -> float:
    """Return the mean over the rows of -log of the probability that softmax(z) gives to the right class.

    Args:
        z: logits `(N, C)`.
        y_onehot: `(N, C)`; each row is 1 at the right class and 0 elsewhere.

    Raises:
        ValueError: the shapes differ.

    >>> z, y_onehot = np.array([[0.0, np.log(3.0)]]), np.array([[0.0, 1.0]])
    >>> round(float(categorical_cross_entropy(z, y_onehot)), 4)  # -log 0.75
    0.2877

    Used for: choosing one of C classes.
    """
    raise NotImplementedError


def categorical_cross_entropy_backward(z: np.ndarray, y_onehot: np.ndarray) -> np.ndarray:
    """Return the gradient of `categorical_cross_entropy` for the logits.

    Args:
        z: logits `(N, C)`.
        y_onehot: `(N, C)`; each row is 1 at the right class and 0 elsewhere.

    Returns:
        An array `(N, C)`.

    Raises:
        ValueError: the shapes differ.

    >>> z, y_onehot = np.array([[0.0, np.log(3.0)]]), np.array([[0.0, 1.0]])
    >>> categorical_cross_entropy_backward(z, y_onehot).round(4)
    array([[ 0.25, -0.25]])

    Used for: the first step of backpropagation in classification.
    """
    raise NotImplementedError


def sparse_categorical_cross_entropy(z: np.ndarray, labels: np.ndarray) -> float:
    """Return the categorical cross-entropy for classes that are given by their number.

    Args:
        z: logits `(N, C)`.
        labels: numbers of the right classes `(N,)`, from 0 to C - 1, of any integer dtype.

    Raises:
        ValueError: there is not one label per row.

    >>> round(float(sparse_categorical_cross_entropy(np.array([[0.0, np.log(3.0)]]), np.array([1]))), 4)  # -log 0.75
    0.2877

    Used for: choosing one of many classes, where one-hot rows would be a waste.
    """
    raise NotImplementedError


def sparse_categorical_cross_entropy_backward(z: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the gradient of `sparse_categorical_cross_entropy` for the logits.

    Args:
        z: logits `(N, C)`.
        labels: numbers of the right classes `(N,)`, from 0 to C - 1, of any integer dtype.

    Returns:
        An array `(N, C)`.

    Raises:
        ValueError: there is not one label per row.

    >>> sparse_categorical_cross_entropy_backward(np.array([[0.0, np.log(3.0)]]), np.array([1])).round(4)
    array([[ 0.25, -0.25]])

    Used for: the first step of backpropagation in classification.
    """
    raise NotImplementedError
