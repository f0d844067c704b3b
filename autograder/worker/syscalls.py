"""Which system calls a worker may make, and their numbers.

The lists were found by running matmul, solve, svd, eig, fft and einsum under a filter that refuses by default. What
is in neither list is refused with EPERM, which Python turns into an exception; what no honest program would try ends
the worker. `fcntl`, `ioctl`, `prlimit64`, `tgkill` and `clone3` depend on their arguments: see seccomp.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ALLOWED: Final = tuple(
    """
    read write readv writev pread64 close lseek open openat stat lstat fstat newfstatat statx access faccessat
    faccessat2 readlink readlinkat getdents64 getcwd dup dup2 dup3 poll ppoll select pselect6
    mmap mprotect munmap mremap madvise brk membarrier
    rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall
    futex set_robust_list set_tid_address rseq sched_yield sched_getaffinity getcpu
    nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times getrusage
    getpid getppid gettid getuid geteuid getgid getegid getgroups uname sysinfo getrandom
    exit exit_group
    """.split()  # noqa: SIM905 - a name a line would be a page
)

KILLING: Final = tuple(
    """
    ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd
    bpf perf_event_open userfaultfd seccomp add_key request_key keyctl
    io_uring_setup io_uring_enter io_uring_register
    mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr
    unshare setns name_to_handle_at open_by_handle_at
    kexec_load kexec_file_load init_module finit_module delete_module
    """.split()  # noqa: SIM905 - a name a line would be a page
)


@dataclass(frozen=True)
class Architecture:
    """One machine's audit number and system call numbers; a call that it does not have is not in the table."""

    audit: int
    numbers: dict[str, int]
    x32_bit: int = 0


def _table(text: str) -> dict[str, int]:
    return {name: int(number) for name, _, number in (entry.partition("=") for entry in text.split())}


_X86_64: Final = Architecture(
    audit=0xC000003E,
    x32_bit=0x40000000,
    numbers=_table(
        """
        read=0 write=1 close=3 fstat=5 poll=7 lseek=8 mmap=9 mprotect=10 munmap=11 brk=12 rt_sigaction=13
        rt_sigprocmask=14 rt_sigreturn=15 pread64=17 readv=19 writev=20 access=21 select=23 sched_yield=24 mremap=25
        madvise=28 dup=32 dup2=33 nanosleep=35 getpid=39 exit=60 uname=63 getcwd=79 stat=4 lstat=6 open=2 readlink=89
        getuid=102 getgid=104 geteuid=107 getegid=108 getppid=110 getgroups=115 sigaltstack=131 gettid=186 futex=202
        sched_getaffinity=204 getdents64=217 set_tid_address=218 restart_syscall=219 clock_gettime=228
        clock_getres=229 clock_nanosleep=230 exit_group=231 openat=257 newfstatat=262 readlinkat=267 faccessat=269
        pselect6=270 ppoll=271 set_robust_list=273 dup3=292 getrandom=318 membarrier=324 statx=332 rseq=334
        faccessat2=439 times=100 getrusage=98 sysinfo=99 gettimeofday=96 time=201 getcpu=309
        fcntl=72 ioctl=16 prlimit64=302 tgkill=234 clone3=435
        ptrace=101 process_vm_readv=310 process_vm_writev=311 process_madvise=440 bpf=321 add_key=248 request_key=249
        keyctl=250 mount=165 umount2=166 pivot_root=155 chroot=161 unshare=272 setns=308 io_uring_setup=425
        io_uring_enter=426 io_uring_register=427 userfaultfd=323 perf_event_open=298 kexec_load=246
        kexec_file_load=320 init_module=175 finit_module=313 delete_module=176 name_to_handle_at=303
        open_by_handle_at=304 seccomp=317 fsopen=430 fsconfig=431 fsmount=432 fspick=433 open_tree=428 move_mount=429
        mount_setattr=442 pidfd_getfd=438
        """
    ),
)

_AARCH64: Final = Architecture(
    audit=0xC00000B7,
    numbers=_table(
        """
        read=63 write=64 close=57 fstat=80 lseek=62 mmap=222 mprotect=226 munmap=215 brk=214 rt_sigaction=134
        rt_sigprocmask=135 rt_sigreturn=139 pread64=67 readv=65 writev=66 sched_yield=124 mremap=216 madvise=233
        dup=23 nanosleep=101 getpid=172 exit=93 uname=160 getcwd=17 getuid=174 getgid=176 geteuid=175 getegid=177
        getppid=173 getgroups=158 sigaltstack=132 gettid=178 futex=98 sched_getaffinity=123 getdents64=61
        set_tid_address=96 restart_syscall=128 clock_gettime=113 clock_getres=114 clock_nanosleep=115 exit_group=94
        openat=56 newfstatat=79 readlinkat=78 faccessat=48 pselect6=72 ppoll=73 set_robust_list=99 dup3=24
        getrandom=278 membarrier=283 statx=291 rseq=293 faccessat2=439 times=153 getrusage=165 sysinfo=179
        gettimeofday=169 getcpu=168
        fcntl=25 ioctl=29 prlimit64=261 tgkill=131 clone3=435
        ptrace=117 process_vm_readv=270 process_vm_writev=271 process_madvise=440 bpf=280 add_key=217 request_key=218
        keyctl=219 mount=40 umount2=39 pivot_root=41 chroot=51 unshare=97 setns=268 io_uring_setup=425
        io_uring_enter=426 io_uring_register=427 userfaultfd=282 perf_event_open=241 kexec_load=104
        kexec_file_load=294 init_module=105 finit_module=273 delete_module=106 name_to_handle_at=264
        open_by_handle_at=265 seccomp=277 fsopen=430 fsconfig=431 fsmount=432 fspick=433 open_tree=428 move_mount=429
        mount_setattr=442 pidfd_getfd=438
        """
    ),
)

ARCHITECTURES: Final = {"x86_64": _X86_64, "aarch64": _AARCH64}
"""By the name that `uname -m` gives."""
