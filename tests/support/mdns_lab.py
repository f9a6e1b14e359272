"""A LAN of two machines, "hub" and "kiosk", for tests of mDNS: network namespaces joined by a bridge in a third.

No wire leads out of it, so no multicast leaves this machine. Each machine has its own /run, and so its own system bus and
avahi-daemon. The namespaces have no names: they belong to the processes started here and are gone with the last of
these, whatever ends the test. Needs root, iproute2, dbus-daemon and avahi-daemon.
"""
import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

TOOLS = ("ip", "unshare", "nsenter", "mount", "dbus-daemon", "avahi-daemon", "avahi-browse")
ADDRESSES = {"hub": "10.77.0.2", "kiosk": "10.77.0.3"}
AVAHI_CONF = """[server]
host-name={machine}-store
domain-name=local
use-ipv4=yes
use-ipv6=no
allow-interfaces=lan0
enable-dbus=yes
[wide-area]
enable-wide-area=no
[publish]
publish-hinfo=no
publish-workstation=no
publish-addresses=yes
publish-aaaa-on-ipv4=no
[rlimits]
"""


class Unable(Exception):
    """This machine cannot hold the lab; the test is to be skipped."""


def wait_for(condition, seconds, what):
    """Polls until `condition()` is true and answers its value; TimeoutError after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


def end_with_parent():
    """In a child before exec: if the test is killed outright, so is the child (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Machine:
    """One host of the lab. Every process started on it is remembered and ended by close()."""

    def __init__(self, name, home):
        self.name = name
        self.address = ADDRESSES.get(name, "")
        self.home = home / name
        self.run_dir = self.home / "run"
        self.run_dir.mkdir(parents=True)
        self.log = open(self.home / "log", "ab")
        self.children = []
        self.bus = None
        self.avahi = None
        self.holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "sh", "-c",
             f"mount --bind '{self.run_dir}' /run && ip link set lo up && echo ready && exec sleep infinity"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=end_with_parent)
        if self.holder.stdout.readline() != "ready\n":
            why = self.holder.communicate()[1].strip()
            raise Unable(f"no namespaces here: {why}")

    def inside(self, *words):
        return ["nsenter", "--target", str(self.holder.pid), "--mount", "--net", f"--wd={self.home}", *map(str, words)]

    def start(self, *words, **options):
        options.setdefault("stdout", self.log)
        options.setdefault("stderr", self.log)
        child = subprocess.Popen(self.inside(*words), stdin=subprocess.DEVNULL, preexec_fn=end_with_parent, **options)
        self.children.append(child)
        return child

    def call(self, *words, seconds=30):
        return subprocess.run(self.inside(*words), capture_output=True, text=True, timeout=seconds, check=False)

    def must(self, *words):
        done = self.call(*words)
        if done.returncode != 0:
            raise Unable(f"{' '.join(map(str, words))}: {done.stderr.strip()}")

    def start_bus(self):
        (self.run_dir / "dbus").mkdir(exist_ok=True)
        socket = self.run_dir / "dbus/system_bus_socket"
        socket.unlink(missing_ok=True)
        self.bus = self.start("dbus-daemon", "--system", "--nofork", "--nopidfile")
        wait_for(socket.exists, 10, f"the system bus of {self.name}")

    def start_avahi(self):
        folder = self.run_dir / "avahi-daemon"
        folder.mkdir(exist_ok=True)
        shutil.chown(folder, "avahi", "avahi")
        for left in ("pid", "socket"):
            (folder / left).unlink(missing_ok=True)
        conf = self.home / "avahi.conf"
        conf.write_text(AVAHI_CONF.format(machine=self.name))
        self.avahi = self.start("avahi-daemon", "-f", conf, "--no-drop-root", "--no-chroot", "--no-rlimits")
        wait_for((folder / "socket").exists, 10, f"avahi-daemon of {self.name}")

    def end(self, child, with_signal=signal.SIGTERM, seconds=15):
        """Ends one process that start() gave, and answers its exit code."""
        if child.poll() is None:
            child.send_signal(with_signal)
        try:
            code = child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            code = child.wait()
        if child in self.children:
            self.children.remove(child)
        return code

    def close(self):
        for child in reversed(self.children[:]):
            self.end(child, seconds=5)
        self.holder.kill()
        self.holder.wait()
        self.log.close()


class MdnsLab:
    """`with MdnsLab() as lab:` gives lab.hub and lab.kiosk, joined by a cable; bus and avahi are started by the test."""

    def __init__(self):
        missing = [tool for tool in TOOLS if shutil.which(tool) is None]
        if missing:
            raise Unable(f"not installed: {', '.join(missing)}")
        if os.geteuid() != 0:
            raise Unable("network namespaces need root")
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="larder-mdns."))
        self.home.chmod(0o755)  # the bus leaves root behind
        self.machines = []

    def __enter__(self):
        try:
            self.switch, self.hub, self.kiosk = (self.add(name) for name in ("switch", "hub", "kiosk"))
            self.switch.must("ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
            self.switch.must("ip", "link", "set", "br0", "up")
            for machine in (self.hub, self.kiosk):
                cable = f"v-{machine.name}"
                self.switch.must("ip", "link", "add", cable, "type", "veth", "peer", "name", "lan0", "netns",
                                 machine.holder.pid)
                self.switch.must("ip", "link", "set", cable, "master", "br0", "up")
                machine.must("ip", "addr", "add", f"{machine.address}/24", "dev", "lan0")
                machine.must("ip", "link", "set", "lan0", "up")
                machine.must("ip", "route", "add", "224.0.0.0/4", "dev", "lan0")
            return self
        except BaseException:
            self.close()
            raise

    def add(self, name):
        machine = Machine(name, self.home)
        self.machines.append(machine)
        return machine

    def close(self):
        for machine in reversed(self.machines):
            machine.close()
        self.machines.clear()
        shutil.rmtree(self.home, ignore_errors=True)

    def __exit__(self, *_):
        self.close()
