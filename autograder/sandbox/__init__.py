"""Runs code that nobody trusts: a warm zygote, a locked-down worker for each submission, limits, what can happen."""

from .failures import IsolationError, Kind, SandboxError, WorkerFailure
from .isolation import Isolation
from .limits import Limits
from .sandbox import Sandbox
from .worker import Worker

__all__ = ["Isolation", "IsolationError", "Kind", "Limits", "Sandbox", "SandboxError", "Worker", "WorkerFailure"]
