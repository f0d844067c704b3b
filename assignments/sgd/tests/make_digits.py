"""Rebuild `digits.npz` from an installed scikit-learn: `python tests/sgd/make_digits.py`.

The images are the test part of "Optical Recognition of Handwritten Digits" (E. Alpaydin and C. Kaynak, 1998, UCI
Machine Learning Repository, CC BY 4.0), 1,797 of them, which scikit-learn ships as
`sklearn/datasets/data/digits.csv.gz`. DIGITS.md beside this file says more. scikit-learn is needed here and nowhere
else.

The original lists the digits writer by writer. They are mixed here once and for all, so that every hand is in both
parts: the first 1,197 of the new order are for training, the other 600 for the test.
"""

from pathlib import Path
from random import Random

import numpy as np

TEST = 600
SEED = 1998  # the year of the collection


def mixed(count: int) -> list[int]:
    """Put the numbers below `count` in an order that depends on SEED alone, not on versions of Python or NumPy."""
    random = Random(SEED)  # noqa: S311 - nothing is kept secret by it
    keys = [random.random() for _ in range(count)]
    return sorted(range(count), key=keys.__getitem__)


def main() -> None:
    """Write `digits.npz` beside this file."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - a dependency of this function alone

    digits = load_digits()
    images, labels = digits.data.astype(np.uint8), digits.target.astype(np.uint8)
    order = mixed(len(images))
    train, test = order[:-TEST], order[-TEST:]
    np.savez_compressed(
        Path(__file__).with_name("digits.npz"),
        train_images=images[train],
        train_labels=labels[train],
        test_images=images[test],
        test_labels=labels[test],
    )


if __name__ == "__main__":
    main()
