"""A headless Chromium for pages, and axe-core in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import pytest

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def chromium(profile: Path, *, width: int = 1200, height: int = 1000) -> Iterator[object]:
    """Open Chromium with an empty profile; the test is skipped where it or its driver is not installed."""
    selenium = pytest.importorskip("selenium.webdriver", reason="pip install selenium axe-selenium-python")
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not program or not driver:
        pytest.skip("needs chromium and chromium-driver")
    options = selenium.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
        options.add_argument(flag)
    browser = selenium.Chrome(options=options, service=selenium.ChromeService(driver))
    try:
        yield browser
    finally:
        browser.quit()


def resize(browser, width: int, height: int = 900) -> None:
    """Make the viewport as wide as a phone's, which a window cannot be."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )


def colours(browser, scheme: str) -> None:
    """Prefer `light` or `dark`."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def serious_findings(browser) -> list[str]:
    """Return what axe-core finds that is serious or critical, a line each.

    The script is the one in the package axe-selenium-python, or a newer one that the variable AXE_CORE names.
    """
    own = os.environ.get("AXE_CORE")
    if own is None:
        pytest.importorskip("axe_selenium_python")
    packaged = resources.files("axe_selenium_python") if own is None else None
    script = Path(own) if own else packaged / "node_modules" / "axe-core" / "axe.min.js"
    browser.execute_script(script.read_text(encoding="utf-8"))
    found = browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
    return [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]
