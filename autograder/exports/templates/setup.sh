#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: makes a Python of its own for the grader.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"

usable() {
    command -v "$1" >/dev/null && "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
    if usable "$candidate"; then python="$candidate"; break; fi
done
if [ -z "$python" ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    for version in 3.12 3.11; do
        if apt-get install -y -qq --no-install-recommends "python$version" "python$version-venv"; then
            python="python$version"
            break
        fi
    done
fi
[ -n "$python" ] || { echo "No Python 3.11 or newer can be had; choose a newer base image." >&2; exit 1; }

"$python" -m venv "$root/grader"
"$root/grader/bin/python" -m pip install --quiet --disable-pip-version-check "$root"/source/autograder-*.whl
