"""Real handwritten digits: how many that it never saw a classifier reads."""

import numpy as np

from autograder.kit import CheckFailed, barrier, check_share, exercise, generator, given, seeds

from . import digits

TIERS = (0.80, 0.90, 0.95)
#: So many images are read at a time: whoever compares all of them with all of the training part needs memory for each.
AT_A_TIME = 100


@exercise("digits", examples=1)
@given(seed=seeds())
def test_accuracy(submission, seed):
    """Of digits never seen before, 80 % are read rightly (one point), 90 % (two) or 95 % (three)."""
    train, test = digits.handed_out(seed)
    predict = submission.train_classifier(train.images, train.labels, digits.CLASSES, generator(seed))
    barrier()
    alone = predict(test.images[:1])
    parts = [predict(test.images[start : start + AT_A_TIME]) for start in range(1, len(test.images), AT_A_TIME)]
    check_share(lambda alone, parts: earned(alone, parts, test.labels), alone, parts)


def earned(alone, parts, labels):
    """The share of the points: a third for every tier of accuracy that is reached."""
    right = 0
    for start, part in zip(range(1, len(labels), AT_A_TIME), parts, strict=True):
        due = labels[start : start + AT_A_TIME]
        check_form(part, len(due))
        right += np.count_nonzero(part == due)
    try:
        check_form(alone, 1)
    except CheckFailed as failed:
        return min(reached(right / len(labels)), len(TIERS) - 1) / len(TIERS), f"asked for one image, {failed.says}"
    right += int(alone[0] == labels[0])
    accuracy = right / len(labels)
    tier = reached(accuracy)
    if tier == len(TIERS):
        return 1.0
    read = f"{right} of {len(labels)} new digits are read rightly, {100 * accuracy:.1f} %"
    return tier / len(TIERS), f"{read}; the next point needs {100 * TIERS[tier]:.0f} %"


def reached(accuracy):
    """How many tiers an accuracy reaches."""
    return sum(accuracy >= tier for tier in TIERS)


def check_form(labels, count):
    """Labels are an array of `count` whole numbers; whether they are stored as integers is not asked."""
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "iuf":
        raise CheckFailed(f"predict must return an array of labels, one for each of {count} images")
    if labels.shape != (count,):
        raise CheckFailed(f"predict must return an array of shape ({count},), not {labels.shape}")
