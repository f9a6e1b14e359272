"""A clean Debian root that boots: mmdebstrap makes it once, systemd-nspawn boots it, with a cable to a network namespace of its own.

Needs root. Nothing of it speaks beyond its namespaces, and everything but the cached base is gone at the end.
"""
import contextlib
import ctypes
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

from parts import ROOT, wait_for
from spaces import Spaces

CACHE = ROOT / "build" / "package" / "root"
# What any Debian on a terminal has. avahi-daemon and mosquitto are not here: the packages recommend them, and apt brings them.
BASE = ("systemd-sysv", "dbus", "curl", "iproute2", "tzdata", "man-db")
LATER = ("avahi-daemon", "avahi-utils", "mosquitto", "mosquitto-clients", "libnss-mdns")
PR_SET_PDEATHSIG = 1
CGROUPS = ("/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup")


def sources():
    """The file in which this machine's apt has Debian 12."""
    places = [pathlib.Path("/etc/apt/sources.list"), *sorted(pathlib.Path("/etc/apt/sources.list.d").glob("*"))]
    for place in places:
        if place.is_file() and re.search(r"/debian/?\s", place.read_text()) and "bookworm" in place.read_text():
            return place
    raise RuntimeError("this machine's apt has no Debian 12")


def needs_of(debs):
    """The packages that these need, our own left out."""
    names = set()
    for deb in debs:
        depends = subprocess.run(["dpkg-deb", "-f", deb, "Depends", "Pre-Depends"], capture_output=True, text=True, check=True).stdout
        for line in depends.splitlines():
            for one in line.split(":", 1)[1].split(","):
                name = one.split("|")[0].split("(")[0].strip()
                if name and not name.startswith("larder"):
                    names.add(name)
    return sorted(names)


def base_tar(debs):
    """The clean root as a tar. What the packages need lies in apt's cache there, not installed: the root has no way to the mirror."""
    later = sorted({*LATER, *needs_of(debs)})
    name = hashlib.sha256(json.dumps([BASE, later]).encode()).hexdigest()[:12]
    tar = CACHE / f"base-{name}.tar"
    if not tar.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fetch = f'APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get -q -y --download-only install {" ".join(later)}'
        unfinished = tar.with_suffix(".new")
        for attempt in (1, 2, 3):  # a mirror has hiccups
            made = subprocess.run(
                ["mmdebstrap", "--quiet", "--format=tar", "--variant=minbase", f"--include={','.join(BASE)}", "--skip=cleanup/apt",
                 f"--customize-hook={fetch}", "bookworm", unfinished, sources()],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if made.returncode == 0:
                break
            if attempt == 3:
                raise RuntimeError(f"mmdebstrap: {made.stderr[-1500:]}")
        unfinished.rename(tar)
    return tar


class Booted:
    """One root, booted and driven from outside. Use as a context manager."""

    def __init__(self, debs):
        self.tar = base_tar(debs)
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="larder-root.", dir=CACHE))
        self.root = self.home / "root"
        self.spaces = Spaces(1)
        self.nspawn = None
        self.leader = None
        self.log = self.home / "console.log"

    def __enter__(self):
        try:
            self.root.mkdir()
            subprocess.run(["tar", "-C", self.root, "--numeric-owner", "-xf", self.tar], check=True)
            (self.root / "etc/hostname").write_text("till-1\n")
            (self.root / "etc/timezone").write_text("Europe/Berlin\n")
            self.spaces.__enter__()
            self.boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.end()
        try:
            self.leave_cgroups()
        finally:
            self.spaces.__exit__()
            shutil.rmtree(self.home, ignore_errors=True)

    def end(self):
        """The outermost process goes, and with it all of its pid namespace (see boot)."""
        if self.nspawn and self.nspawn.poll() is None:
            self.nspawn.kill()
            self.nspawn.wait()

    # The address of the root on its cable, and how somebody at the other end of it asks.
    address = "10.99.1.2"

    def neighbour(self, *command):
        return subprocess.run([*self.spaces.inside("cloud"), *map(str, command)], capture_output=True, text=True, timeout=60)

    def cgroups(self):
        return [pathlib.Path(base) / self.spaces.tag for base in CGROUPS if os.path.exists(f"{base}/cgroup.procs")]

    def leave_cgroups(self):
        def are_gone():
            for group in self.cgroups():
                for folder, _, _ in os.walk(group, topdown=False):
                    with contextlib.suppress(OSError):
                        os.rmdir(folder)
            return not any(group.exists() for group in self.cgroups())

        wait_for(are_gone, 20, "the end of everything in the root")

    def enter_cgroups(self):
        """Runs in the child: a group of our own, so that the root's systemd sees nothing of this machine's; it ends when we end."""
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        for group in self.cgroups():
            group.mkdir(exist_ok=True)
            (group / "cgroup.procs").write_text(str(os.getpid()))

    def boot(self, seconds=60):
        # nspawn keeps its propagation folder in /run/systemd and wants a tmpfs there; in a mount namespace of its own it gets one.
        script = ('mount --make-rprivate / && mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd && '
                  'exec systemd-nspawn "$@"')
        # A pid namespace around it: nspawn alone, when it is killed, leaves what it has booted behind.
        command = ["unshare", "-m", "-p", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script, "nspawn", "-q", "-D", self.root, "-b", "--register=no", "--keep-unit",
                   f"--network-namespace-path=/run/netns/{self.spaces.name(1)}", "--resolv-conf=off", "--console=pipe"]
        with open(self.log, "ab") as log:
            self.nspawn = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                           start_new_session=True, preexec_fn=self.enter_cgroups)
        self.leader = wait_for(self.find_leader, seconds, "the root's first process")
        wait_for(self.is_up, seconds, "the root's boot")

    def find_leader(self):
        if self.nspawn.poll() is not None:
            raise RuntimeError(f"nspawn ended with {self.nspawn.returncode}: {self.log.read_text(errors='replace')[-1500:]}")
        below = [self.nspawn.pid]
        while below:
            process = below.pop()
            with contextlib.suppress(OSError):
                below += map(int, pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split())
                status = pathlib.Path(f"/proc/{process}/status").read_text()
                if status.startswith("Name:\tsystemd\n") and re.search(r"^NSpid:.*\t1$", status, re.M):
                    return process
        return None

    def is_up(self):
        state = self.call("systemctl", "is-system-running", check=False).stdout.strip()
        return state in ("running", "degraded")

    def call(self, *command, check=True, seconds=300, stdin=None):
        """A command in the root."""
        done = subprocess.run(
            ["nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-n", "-p", "-r", "-w", "env", "-i",
             "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", "HOME=/root",
             *map(str, command)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=seconds,
            input=stdin if stdin is not None else "")
        if check and done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, command))}: {done.returncode}: {done.stdout[-1500:]}")
        return done

    def text(self, *command, **options):
        return self.call(*command, **options).stdout.strip()

    def reboot(self):
        """The root shuts down as it would, and is booted again."""
        self.call("systemctl", "poweroff", check=False)
        wait_for(lambda: self.nspawn.poll() is not None, 90, "the shutdown")
        self.leader = None
        self.boot()

    def apt(self, *words, check=True):
        return self.call("apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0", *words, check=check, seconds=600)

    def put(self, source, path):
        """A file of this machine into the root."""
        target = self.root / str(path).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
        return path

    def file(self, path):
        return self.root / str(path).lstrip("/")
