"""Formgrader and JupyterLab in a real browser, on a real Jupyter server, with the course that ships."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from autograder.course import load_course
from autograder.nbgrader.database import database_url

REPOSITORY = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SCREENSHOTS = os.environ.get("AUTOGRADER_SCREENSHOTS")
STUDENTS = ["ada", "emmy", "george", "hypatia"]
ANSWER = "In emmy's words: one line. <script>window.harmed = true</script><img src=x onerror='window.harmed = true'>"
WAIT = 60
# Formgrader's page waits for MathJax from a public server, which no test should need: this stands in for it.
MATHJAX = """
window.MathJax = {Hub: {Config() {}, Configured() {}, Queue() {}, Startup: {signal: {Interest() {}}}}}
"""
LAB_SETTINGS = {"apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}
NOTHING_BESIDE = """
const {commands} = window.jupyterapp
commands.execute("application:toggle-left-area")
for (const side of ["left", "right"]) commands.execute("application:toggle-side-tabbar", {side})
"""
UNREACHABLE = """
return [...document.querySelectorAll("input.score")].map(field => field.id)
    .filter(name => !document.getElementById(name).matches("input.score"))
"""
LOADED = "return formgrader.loaded && formgrader.grades.loaded && formgrader.comments.loaded"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course with some of the sample class, released and graded."""
    root = tmp_path_factory.mktemp("course")
    for name in ("course.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, root)
    for folder in ("solutions/neuron", "tests/neuron", *(f"submitted/{student}" for student in STUDENTS)):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    command(root, "autograder", "release", "neuron")
    text = (root / "assignments/neuron/neuron.ipynb").read_text()
    assert "YOUR ANSWER HERE" in text
    answered = json.loads(text.replace("YOUR ANSWER HERE", ANSWER))
    own = ["## sigmoid", "<a id='tanh'></a>", "relu\n----"]
    answered["cells"][:0] = [{"cell_type": "markdown", "metadata": {}, "source": source} for source in own]
    (root / "submitted/emmy/neuron/neuron.ipynb").write_text(json.dumps(answered))
    shutil.copy(REPOSITORY / "submitted/emmy/neuron/neuron.py", root / "assignments/neuron/neuron.py")
    grade(root)
    return root


def command(root, name, *arguments):
    """Run a command of this environment in the course."""
    done = subprocess.run(
        [str(BIN / name), *arguments], cwd=root, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def grade(root, *options):
    command(root, "autograder", "grade", "neuron", "--trust-submissions", "--jobs", "1", *options)


@pytest.fixture(scope="module")
def server(course, tmp_path_factory):
    """The address of a Jupyter server in the course's folder."""
    home = tmp_path_factory.mktemp("home")
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home)}
    for name, settings in LAB_SETTINGS.items():
        path = home / f"lab/user-settings/@jupyterlab/{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--IdentityProvider.token=t",
        "--expose-app-in-browser",
    ]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], cwd=course, env=environment, stdout=log, stderr=log
        )
        try:
            deadline = time.monotonic() + WAIT
            while not reached(port):
                assert process.poll() is None, (home / "server.log").read_text()
                assert time.monotonic() < deadline, (home / "server.log").read_text()
                time.sleep(0.3)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def reached(port):
    with contextlib.closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Headless Chromium with a profile of its own."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.fail("these tests need a browser: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    quiet = ("background-networking", "component-update", "sync", "gpu", "quic", "dev-shm-usage")
    for flag in ("headless", "no-sandbox", "no-first-run", *(f"disable-{name}" for name in quiet)):
        options.add_argument(f"--{flag}")
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    options.add_argument("--window-size=1100,900")
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    browser.set_page_load_timeout(WAIT)
    yield browser
    browser.quit()


def until(browser, found):
    return WebDriverWait(browser, WAIT, ignored_exceptions=(Exception,)).until(found)


def element(browser, selector, text=""):
    """The first element of a selector with this text in it, once there is one."""

    def found(browser):
        return next((each for each in browser.find_elements(By.CSS_SELECTOR, selector) if text in each.text), None)

    return until(browser, found)


def picture(browser, name):
    """Keep a screenshot where AUTOGRADER_SCREENSHOTS names a folder."""
    if SCREENSHOTS:
        browser.save_screenshot(str(Path(SCREENSHOTS) / f"{name}.png"))


def enter(browser, selector, text):
    """Type into a field and leave it, which is when formgrader saves it."""
    field = element(browser, selector)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", field)
    field.clear()
    field.send_keys(text)
    browser.execute_script("arguments[0].blur()", field)


def rows(course):
    """What the gradebook has of emmy's neuron-backward and written answer."""
    found = load_course(course)
    with Gradebook(database_url(found), found.id) as book:
        grades = [book.find_grade(name, "neuron", "neuron", "emmy") for name in ("neuron-written", "neuron-backward")]
        comments = [
            book.find_comment(name, "neuron", "neuron", "emmy") for name in ("neuron-written", "neuron-backward")
        ]
        return [
            (grade.manual_score, grade.needs_manual_grade, comment.manual_comment)
            for grade, comment in zip(grades, comments, strict=True)
        ]


def open_submission(browser, server):
    browser.get(f"{server}/formgrader/gradebook/neuron/neuron?token=t")
    links = until(browser, lambda browser: browser.find_elements(By.PARTIAL_LINK_TEXT, "Submission #"))
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": MATHJAX})
    for address in [link.get_attribute("href") for link in links]:
        browser.get(address)
        until(browser, lambda browser: browser.execute_script(LOADED))
        if "In emmy's words" in element(browser, "#notebook-container").text:
            return
    pytest.fail("no submission holds the answer")


def test_marks_and_comments_entered_in_formgrader_survive_grading_again(browser, server, course):
    browser.get(f"{server}/formgrader/manage_assignments?token=t")
    element(browser, "td", "neuron")
    browser.get(f"{server}/formgrader/manage_submissions/neuron")
    for student in STUDENTS:
        element(browser, "tr", student)
    assert "20" in element(browser, "tr", "ada").text
    picture(browser, "formgrader-submissions")

    open_submission(browser, server)
    element(browser, ".nbgrader_cell", "neuron-backward")
    shown = browser.find_element(By.ID, "notebook-container").text
    assert "neuron-backward" in shown
    assert "expected" in shown
    assert not browser.execute_script("return Boolean(window.harmed)")
    assert browser.execute_script(UNREACHABLE) == []
    assert browser.find_element(By.CSS_SELECTOR, "input#tanh").get_attribute("placeholder") == "1"
    enter(browser, "#neuron-written", "4")
    enter(browser, "#neuron-written-comment", "Well drawn.")
    enter(browser, "input#neuron-backward", "3")
    enter(browser, "#neuron-backward-comment", "A sum, not a mean.")
    entered = [(4, False, "Well drawn."), (3, False, "A sum, not a mean.")]
    with contextlib.suppress(TimeoutException):
        until(browser, lambda _: rows(course) == entered)
    assert rows(course) == entered
    picture(browser, "formgrader")

    grade(course, "--force")
    assert rows(course) == entered
    open_submission(browser, server)
    until(browser, lambda browser: browser.find_element(By.ID, "neuron-written").get_property("value") == "4")
    comment = browser.find_element(By.ID, "neuron-written-comment")
    until(browser, lambda _: comment.get_property("value") == "Well drawn.")


def test_the_feedback_page_shows_marks_comments_and_why(browser, course):
    command(course, "nbgrader", "generate_feedback", "neuron", "--student", "emmy", "--force")
    browser.get(f"file://{course}/feedback/emmy/neuron/neuron.html")
    shown = element(browser, "#notebook-container").text
    for said in ("Well drawn.", "A sum, not a mean.", "In emmy's words", "expected"):
        assert said in shown
    assert not browser.execute_script("return Boolean(window.harmed)")
    element(browser, "h4", "(Score: 22.0 / 25.0)")
    picture(browser, "feedback")


def test_a_student_runs_the_notebook_in_jupyterlab_and_reads_why(browser, server):
    browser.get(f"{server}/lab/tree/assignments/neuron/neuron.ipynb?token=t")
    element(browser, ".jp-Notebook")
    element(browser, ".jp-mod-idle, .jp-Notebook-ExecutionIndicator")
    element(browser, ".lm-MenuBar-item", "Run").click()
    element(browser, ".lm-Menu-item", "Run All Cells").click()
    feedback = element(browser, ".jp-OutputArea-output", "neuron-backward ·")
    element(browser, ".jp-OutputArea-output", "XOR")
    assert "expected" in feedback.text
    assert "of 5 points" in feedback.text
    browser.execute_script(NOTHING_BESIDE)
    for _ in range(5):  # figures above it move it about while they are drawn
        browser.execute_script(
            "arguments[0].style.scrollMarginTop = '10px'; arguments[0].scrollIntoView({block: 'start'})", feedback
        )
        time.sleep(0.5)
    picture(browser, "notebook")
