"""The reference solutions, loaded from their files."""

import importlib.util
import sys
from pathlib import Path

import pytest

SOLUTIONS = Path(__file__).parents[2] / "solutions"


def _load(name: str):
    spec = importlib.util.spec_from_file_location(f"reference_{name}", SOLUTIONS / name / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def neuron():
    return _load("neuron")


@pytest.fixture(scope="session")
def initializers():
    return _load("initializers")


@pytest.fixture(scope="session")
def losses():
    return _load("losses")


@pytest.fixture(scope="session")
def backprop():
    return _load("backprop")


@pytest.fixture(scope="session")
def sgd():
    return _load("sgd")
