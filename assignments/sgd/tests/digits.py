"""The handwritten digits of DIGITS.md, as one run of the grader hands them out.

The collection is public, so the test part is altered in ways that cost a classifier nothing that learns from what it is
given: faint noise, a new order, and new names for the classes. What these do and do not prevent stands in DIGITS.md.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

CLASSES = 10
NOISE = 0.9
SPECKS = 0.08
OFTEN = 0.1


@dataclass(frozen=True)
class Digits:
    """Images, `(N, 64)` with values from 0 to 16, and the class of each, `(N,)`."""

    images: np.ndarray
    labels: np.ndarray


def handed_out(seed: int) -> tuple[Digits, Digits]:
    """The training part and the test part under this seed."""
    random = np.random.Generator(np.random.PCG64(seed))
    names = random.random(CLASSES).argsort()
    with np.load(Path(__file__).with_name("digits.npz")) as stored:
        parts = {name: stored[name] for name in stored.files}
    inked = (parts["train_images"] > 0).mean(axis=0) >= OFTEN
    both = []
    for part in ("train", "test"):
        images, labels = parts[f"{part}_images"].astype(np.float64), parts[f"{part}_labels"].astype(np.int64)
        order = random.random(len(images)).argsort()
        both.append(Digits(with_noise(images[order], inked, random), names[labels[order]]))
    return both[0], both[1]


def with_noise(images: np.ndarray, inked: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Move every grey value by less than one of the sixteen steps, and leave a faint speck here and there.

    Paper stays paper where `inked` says that hardly any digit has ink: a pixel that is always 0 in training must not
    begin to flicker in the test, or whoever divides by its standard deviation would be lost.
    """
    noise = NOISE * (2.0 * random.random(images.shape) - 1.0)
    speck = inked & (random.random(images.shape) < SPECKS)
    paper = np.where(speck, np.abs(noise), 0.0)
    return np.clip(np.where(images > 0, images + noise, paper), 0.0, 16.0)
