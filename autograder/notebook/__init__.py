"""For the notebooks of a course: judge an exercise where it is written, and show experiments on it.

from autograder.notebook import check, data_file, experiment, load_module

check("sigmoid")                # shows feedback and returns the points

neuron = load_module()          # the student's functions, always as they are now
with experiment():              # explains itself where something is not written yet
    plt.plot(z, neuron.sigmoid(z))
"""

from .experiment import experiment
from .judge import check
from .work import data_file, load_module

__all__ = ["check", "data_file", "experiment", "load_module"]
