"""Student code finds nothing outside of its worker."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import Kind, Sandbox, Worker

from .conftest import Attempt, Failing

DENIED = b"PermissionError: "


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Write a file that everybody may read and write, as far as the file system is concerned."""
    path = tmp_path / "oracle.py"
    path.write_text("hunter2")
    for each in (path, tmp_path, tmp_path.parent, tmp_path.parent.parent):
        each.chmod(0o777)
    return path


def test_the_isolation_is_proven(sandbox: Sandbox) -> None:
    assert sandbox.isolation.sufficient, sandbox.isolation.describe()
    assert sandbox.isolation.landlock >= 1
    assert "\n" not in sandbox.isolation.describe()


def test_the_environment_is_ours(attempt: Attempt) -> None:
    names = attempt("import os; answer = ' '.join(sorted(os.environ))").split()
    assert names == [b"LC_ALL", b"MKL_NUM_THREADS", b"OMP_NUM_THREADS", b"OPENBLAS_NUM_THREADS", b"PYTHONHASHSEED"]


def test_descriptors_are_four(attempt: Attempt) -> None:
    open_ones = attempt(
        """
        import os
        def is_open(number):
            try:
                os.fstat(number)
            except OSError:
                return False
            return True
        answer = [number for number in range(4096) if is_open(number)]
        """
    )
    assert open_ones == b"[0, 1, 2, 3]"


def test_standard_input_is_empty(attempt: Attempt) -> None:
    assert attempt("answer = input()").startswith(b"EOFError")


@pytest.mark.parametrize(
    "call",
    [
        "open({secret!r})",
        "open({secret!r}, 'w')",
        "open({secret!r} + '.new', 'w')",
        "os.listdir({folder!r})",
        "os.unlink({secret!r})",
        "os.rename({secret!r}, {secret!r} + '2')",
        "os.mkdir({folder!r} + '/new')",
        "os.symlink({secret!r}, {folder!r} + '/link')",
        "os.link({secret!r}, {folder!r} + '/link')",
        "os.truncate({secret!r}, 0)",
        "os.chmod({secret!r}, 0o600)",
        "os.mkfifo({folder!r} + '/fifo')",
        "os.chdir({folder!r})",
        "os.open({secret!r}, os.O_RDONLY | os.O_NOFOLLOW)",
        "os.open({folder!r}, os.O_TMPFILE | os.O_RDWR)",
        "open({here!r})",
        "open({package!r})",
        "os.listdir('/')",
        "os.listdir(os.path.expanduser('~'))",
        "os.listdir('/tmp')",
        "open('/etc/passwd')",
        "open('/proc/self/maps')",
        "open('/proc/self/mem', 'r+b')",
        "open('/proc/self/environ')",
        "open('/proc/self/fd/0')",
        "os.listdir('/proc')",
        "open('/proc/{grader}/environ')",
        "open('/proc/{grader}/mem', 'rb')",
        "open('/proc/{zygote}/environ')",
        "os.listdir('/proc/{zygote}/fd')",
        "os.readlink('/proc/{grader}/cwd')",
        "os.readlink('/proc/{zygote}/fd/2')",
        "open('/dev/shm/x', 'w')",
        "open('/dev/tty')",
        "open('/dev/null', 'w')",
        "open(os.__file__, 'a')",
        "open(numpy.__file__, 'a')",
        "open({pytest!r})",
    ],
)
def test_files_are_out_of_reach(attempt: Attempt, sandbox: Sandbox, secret: Path, call: str) -> None:
    package = Path(__file__).parents[2] / "autograder"
    expression = call.format(
        secret=str(secret),
        folder=str(secret.parent),
        here=__file__,
        package=str(package / "sandbox" / "limits.py"),
        grader=os.getpid(),
        zygote=sandbox.zygote.pid,
        pytest=pytest.__file__,
    )
    assert attempt(f"import os, numpy\nanswer = {expression}").startswith(DENIED)
    assert secret.read_text() == "hunter2"
    assert [path.name for path in secret.parent.iterdir()] == ["oracle.py"]


@pytest.mark.parametrize("module", ["pytest", "msgspec", "hypothesis", "autograder", "conftest"])
def test_only_numpy_and_the_standard_library_can_be_imported(attempt: Attempt, module: str) -> None:
    assert attempt(f"import {module}").startswith(b"ModuleNotFoundError")


@pytest.mark.parametrize(
    "module", ["sqlite3", "xml.etree.ElementTree", "ssl", "asyncio", "numpy.f2py", "cProfile", "tomllib"]
)
def test_what_was_not_imported_before_the_fork_still_can_be(attempt: Attempt, module: str) -> None:
    assert attempt(f"import {module}; answer = 'imported'") == b"imported"


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("os.fork()", DENIED),
        ("os.forkpty()", DENIED),
        ("os.posix_spawn('/bin/sh', ['sh'], {})", DENIED),
        ("os.execv('/bin/sh', ['sh', '-c', 'exit 0'])", DENIED),
        ("subprocess.run(['true'])", DENIED),
        ("os.system('true')", b"32512"),
        ("multiprocessing.Process(target=int).start()", DENIED),
        ("threading.Thread(target=int).start()", b"RuntimeError: can't start new thread"),
        ("socket.socket()", DENIED),
        ("socket.socket(socket.AF_UNIX)", DENIED),
        ("socket.socketpair()", DENIED),
        ("socket.create_connection(('127.0.0.1', 9))", DENIED),
        ("socket.socket(fileno=3).sendmsg([b'x'])", DENIED),
        ("os.pipe()", DENIED),
        ("os.memfd_create('x')", DENIED),
        ("os.kill({grader}, 9)", DENIED),
        ("os.kill({zygote}, 9)", DENIED),
        ("os.kill(-1, 9)", DENIED),
        ("os.killpg(0, 9)", DENIED),
        ("os.pidfd_open({grader})", DENIED),
        ("os.setpriority(os.PRIO_PROCESS, {grader}, 19)", DENIED),
        ("os.nice(-5)", DENIED),
        ("os.sched_setaffinity(0, [0])", DENIED),
        ("resource.setrlimit(resource.RLIMIT_CPU, (-1, -1))", b"ValueError"),
        ("resource.prlimit({grader}, resource.RLIMIT_CPU, (1, 1))", DENIED),
        ("fcntl.fcntl(3, fcntl.F_SETOWN, {grader})", DENIED),
        ("fcntl.fcntl(3, 10, 9)", DENIED),
        ("fcntl.ioctl(3, 0x8902, b'0000')", DENIED),
        ("fcntl.ioctl(0, 0x5412, b'x')", DENIED),
        ("signal.alarm(1)", b"4294967295"),
        ("signal.setitimer(signal.ITIMER_REAL, 1)", b"itimer_error: [Errno 1]"),
        ("os.setuid(0)", DENIED),
        ("os.getxattr('/', 'user.x')", DENIED),
    ],
)
def test_other_processes_and_the_network_are_out_of_reach(
    attempt: Attempt, sandbox: Sandbox, call: str, answer: bytes
) -> None:
    expression = call.replace("{grader}", str(os.getpid())).replace("{zygote}", str(sandbox.zygote.pid))
    modules = "fcntl, multiprocessing, os, resource, signal, socket, subprocess, threading"
    assert attempt(f"import {modules}\nanswer = {expression}").startswith(answer)


def test_a_signal_reaches_only_the_worker_itself(attempt: Attempt, sandbox: Sandbox) -> None:
    source = """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        number = 234 if os.uname().machine == "x86_64" else 131
        answer = [libc.syscall(number, pid, pid, 0) for pid in (os.getpid(), {grader}, {zygote})]
    """
    expected = b"[0, -1, -1]"
    assert attempt(source.format(grader=os.getpid(), zygote=sandbox.zygote.pid)) == expected


FATAL = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "unshare": (272, 97),
    "mount": (165, 40),
    "seccomp": (317, 277),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "pidfd_getfd": (438, 438),
}


@pytest.mark.parametrize("name", FATAL)
def test_what_only_an_attack_calls_ends_the_worker(failing: Failing, name: str) -> None:
    number = FATAL[name][os.uname().machine != "x86_64"]
    failure = failing(f"import ctypes; ctypes.CDLL(None).syscall({number}, 0, 0, 0, 0, 0)")
    assert failure.kind is Kind.POLICY


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="x32 is a mode of x86_64")
def test_x32_calls_end_the_worker(failing: Failing) -> None:
    assert failing("import ctypes; ctypes.CDLL(None).syscall(0x40000000 + 39)").kind is Kind.POLICY


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="machine code of x86_64")
def test_32_bit_calls_end_the_worker(failing: Failing) -> None:
    failure = failing(
        """
        import ctypes, mmap
        code = b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3"  # mov eax, 20 (getpid of i386); int 0x80; ret
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(code)
        ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
        """
    )
    assert failure.kind is Kind.POLICY


def test_threads_of_glibc_get_the_answer_that_they_expect(attempt: Attempt) -> None:
    answer = attempt(
        """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        answer = (libc.syscall(435, None, 0), ctypes.get_errno())
        """
    )
    assert answer == b"(-1, 38)"


def test_privileges_are_gone(attempt: Attempt) -> None:
    answer = attempt(
        """
        import os, resource
        limits = [resource.getrlimit(getattr(resource, "RLIMIT_" + name))
                  for name in ("FSIZE", "NOFILE", "CORE", "STACK", "NPROC")]
        answer = limits, os.getgroups()
        """
    )
    groups = b"[]" if os.geteuid() == 0 else repr(sorted(os.getgroups())).encode()
    assert answer.startswith(b"([(0, 0), (64, 64), (0, 0), (8388608, 8388608), (0, 0)], ")
    assert answer.endswith(groups + b")") or os.geteuid() == 0


def test_the_kernel_agrees(worker: Worker) -> None:
    """The status of the process, read from outside, says what the lockdown claims."""
    text = Path(f"/proc/{worker.pid}/status").read_text()
    status = dict(line.split(":\t", 1) for line in text.splitlines())
    assert status["Seccomp"] == "2"
    assert status["NoNewPrivs"] == "1"
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
    assert os.geteuid() != 0 or status["CapBnd"] == "0" * 16
    assert status["Threads"].strip() == "1"
    assert os.getsid(worker.pid) == worker.pid


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Open an abstract socket, which no permission of a file system protects."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"\0autograder-{os.getpid()}")
        listening.listen()
        yield listening


def test_abstract_sockets_are_out_of_reach(attempt: Attempt, listener: socket.socket) -> None:
    name = listener.getsockname()
    assert attempt(f"import socket; socket.socket(socket.AF_UNIX).connect({name!r})").startswith(DENIED)


def test_a_worker_knows_nothing_of_the_grader(attempt: Attempt) -> None:
    """Neither the module table nor any string that the garbage collector can reach."""
    answer = attempt(
        """
        import gc, sys
        names = {name.split(".")[0] for name in sys.modules}
        secret = "".join(["hun", "ter2"])
        values = [value for each in gc.get_objects() if type(each) is dict for value in each.values()]
        answer = ({"autograder", "pytest", "msgspec", "hypothesis"} & names, [v for v in values if v == "x" + secret])
        """
    )
    assert answer == b"(set(), [])"
