"""The settings with which nbgrader's own commands and its formgrader work in a course's folder.

`nbgrader_config.py` beside `course.toml` is all that is needed:

    from pathlib import Path

    from autograder.nbgrader.config import configure

    configure(get_config(), Path(__file__).parent)

Everything is given by name, as text, so that formgrader can show the settings and other files can change them.
"""

import os
import sys
from pathlib import Path
from typing import Any

from autograder.bank import ALTERNATIVES, MISCONCEPTIONS
from autograder.course import load_course
from autograder.grading.store import FILE_NAME as RESULT

from .database import database_url

STOCK = "autograder.nbgrader.stock"
NBGRADER = "nbgrader.preprocessors"

# nbgrader's own lists with what is named in STOCK put in, or put in the place of nbgrader's own.
GENERATE = [
    *[f"{NBGRADER}.{name}" for name in ("IncludeHeaderFooter", "InstantiateTests", "LockCells", "ClearSolutions")],
    *[f"{NBGRADER}.{name}" for name in ("ClearOutput", "CheckCellMetadata", "ComputeChecksums")],
    f"{STOCK}.SaveReleased",
    *[f"{NBGRADER}.{name}" for name in ("ClearHiddenTests", "ClearMarkScheme", "ComputeChecksums")],
    f"{NBGRADER}.CheckCellMetadata",
    f"{STOCK}.ReleaseFiles",
]
SANITIZE = [
    f"{NBGRADER}.ClearOutput",
    f"{NBGRADER}.OverwriteKernelspec",
    f"{STOCK}.PutBack",
    f"{NBGRADER}.CheckCellMetadata",
]
AUTOGRADE = [
    f"{NBGRADER}.Execute",
    f"{NBGRADER}.IgnorePattern",
    f"{STOCK}.WarningsCostNothing",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    *[f"{NBGRADER}.{name}" for name in ("LimitOutput", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata")],
]


def configure(config: Any, root: Path | str) -> None:
    """Set what nbgrader has to know of the course at `root`, from its `course.toml`.

    Raises `CourseError` with all problems of that file.
    """
    course = load_course(root)
    # A new gradebook makes nbgrader start a command called alembic, which stands beside this Python's own.
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", os.defpath)])

    directory = config.CourseDirectory
    directory.course_id = course.id
    directory.root = str(course.root)
    directory.db_url = database_url(course)
    directory.source_directory = "solutions"
    directory.release_directory = "assignments"
    # What nobody but the instructor sees is never copied anywhere: neither to students nor into their feedback.
    directory.ignore = [
        *(".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"),  # nbgrader's own list
        *(MISCONCEPTIONS, ALTERNATIVES, RESULT),
    ]
    config.GenerateAssignment.preprocessors = GENERATE
    config.Autograde.sanitize_preprocessors = SANITIZE
    config.Autograde.autograde_preprocessors = AUTOGRADE
    # The student's module is what is graded: nbgrader would put the instructor's in its place.
    config.Autograde.exclude_overwriting = {each.name: [each.module] for each in course.assignments}
    config.Autograde.pre_convert_hook = f"{STOCK}.forget_scores"
    # A page that is there would stay as it is otherwise, whatever was graded or marked since.
    config.GenerateFeedback.force = True
    # A heading `tanh` would get the id of the cell `tanh`, whose field for points formgrader then does not find.
    config.HTMLExporter.exclude_anchor_links = True
    config.AssignLatePenalties.plugin_class = f"{STOCK}.LatePolicyPlugin"
    config.Execute.timeout = round(max(each.limits.submission_seconds for each in course.assignments))
    config.ExportApp.plugin_class = "autograder.exports.nbgrader_plugin.ExportPlugin"
    config.ZipCollectApp.collector_plugin = f"{STOCK}.ModuleCollector"
    config.FileNameCollectorPlugin.valid_ext = [".ipynb", ".py"]
