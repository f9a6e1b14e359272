"""The cloud's real parts: mosquitto, larder-relay, a hub with an uplink. Loopback (or a network namespace of its own), ports chosen by the kernel."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from parts import ROOT, Hub, wait_for

PROGRAMS = ("larder-edge", "larder-relay", "larderctl", "larder-replay", "cloud-load")

# messaging of the estate, for one machine: memory only, because the hub's journal is the queue.
BROKER = """
user root
per_listener_settings false
listener {port} {address}
allow_anonymous true
persistence false
max_inflight_messages 500
max_queued_messages 0
max_queued_bytes 67108864
message_size_limit 1048576
max_keepalive 300
set_tcp_nodelay true
connection_messages false
log_dest stdout
"""

UPLINK = """
[uplink]
address = "{address}"
port = {port}
tls = false
"""

RELAY = """
[relay]
id = "relay-1"
data_dir = "{data}"

[broker]
address = "{broker}"
port = {port}

[http]
address = "127.0.0.1"
web_root = "{web}"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Part:
    """A process with a folder of its own; killed and swept away at the end. `inside` is a command that runs another one in a namespace."""

    def __init__(self, name, inside=()):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix=f"larder-{name}."))
        self.log = self.home / f"{name}.log"
        self.inside = list(inside)
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def spawn(self, *command):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.inside, *map(str, command)], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            start_new_session=True)

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """kill -9, as a power cut of the process."""
        if self.is_alive():
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self, seconds=20):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def tail(self):
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""


class Broker(Part):
    """mosquitto on a loopback port, or on an address of a namespace. Keeps its port over restarts."""

    def __init__(self, address="127.0.0.1", inside=()):
        super().__init__("broker", inside)
        self.host, self.port = address, 0

    def start(self):
        for _ in range(5):  # somebody else may take a free port before mosquitto does
            self.port = self.port or free_port()
            config = self.home / "broker.conf"
            config.write_text(BROKER.format(address=self.host, port=self.port))
            self.spawn("mosquitto", "-c", config)
            try:
                wait_for(lambda: self.answers() or not self.is_alive(), 10, "the broker's first answer")
            except TimeoutError:
                self.kill()
                raise
            if self.is_alive():
                return self
            self.port = 0
        raise RuntimeError(f"mosquitto does not start: {self.tail()}")

    def answers(self):
        """Asked where the broker is: a connection from another namespace proves nothing."""
        probe = f"import socket; socket.create_connection(('{self.host}', {self.port}), 1)"
        return subprocess.run([*self.inside, "python3", "-c", probe], capture_output=True).returncode == 0

    @property
    def address(self):
        return f"{self.host}:{self.port}"


class Relay(Part):
    """larder-relay on its own data directory. HTTP is asked inside its namespace."""

    def __init__(self, broker, preset="release", inside=()):
        super().__init__("relay", inside)
        self.bin = ROOT / "build" / preset / "bin"
        self.data = self.home / "data"
        self.broker = broker
        self.port = 0
        self.token = ""

    def start(self, seconds=30):
        address = self.data / "relay.address"
        address.unlink(missing_ok=True)
        config = self.home / "relay.toml"
        config.write_text(RELAY.format(data=self.data, web=ROOT / "build/web", broker=self.broker.host, port=self.broker.port))
        began = time.monotonic()
        self.spawn(self.bin / "larder-relay", "--config", config, "--port", self.port)
        wait_for(lambda: address.exists() or not self.is_alive(), seconds, "the relay's address")
        if not self.is_alive():
            raise RuntimeError(f"the relay ended with {self.process.returncode}: {self.tail()}")
        self.port = int(address.read_text().strip().rsplit(":", 1)[1])
        wait_for(lambda: self.get("/healthz")[0] == 200, seconds, "the relay's first answer")
        return time.monotonic() - began

    def ask(self, method, path, body=None, token=None, timeout=15):
        """(status, text) of one HTTP request."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        content = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", content, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError) as gone:
            return 0, str(gone)

    def token_for(self, name, role):
        """A service's token, made as a person at HQ makes it: logged in with the first password, from a page of the relay's own."""
        origin = f"http://127.0.0.1:{self.port}"
        password = (self.data / "admin.password").read_text().strip()
        login = json.dumps({"name": "admin", "password": password}).encode()
        headers = {"Content-Type": "application/json", "Origin": origin}
        with urllib.request.urlopen(urllib.request.Request(f"{origin}/login", login, headers), timeout=15) as answer:
            cookie = answer.headers["Set-Cookie"].split(";")[0]
        request = urllib.request.Request(f"{origin}/api/v1/hq/tokens/{name}", json.dumps({"role": role}).encode(),
                                         {**headers, "Cookie": cookie}, method="PUT")
        with urllib.request.urlopen(request, timeout=15) as answer:
            return json.loads(answer.read())["data"]["token"]

    def get(self, path, token=None):
        if not self.inside:
            return self.ask("GET", path, token=token)
        done = subprocess.run([*self.inside, "curl", "-s", "-m", "5", "-w", "\n%{http_code}", f"http://127.0.0.1:{self.port}{path}"],
                              capture_output=True, text=True)
        text, _, status = done.stdout.rpartition("\n")
        return int(status or 0), text


class CloudHub(Hub):
    """A hub with an uplink. With `inside`, everything that speaks to it runs in its namespace."""

    def __init__(self, broker, store, preset="release", rate=1000, burst=1000, inside=()):
        super().__init__(preset, store, rate, burst, wrapper=inside)
        self.inside = list(inside)
        self.store, self.broker = store, broker

    def start(self, seconds=20):
        text = self.config.read_text().split("[uplink]")[0]  # the broker's port is known once it runs
        self.config.write_text(text + UPLINK.format(address=self.broker.host, port=self.broker.port).lstrip())
        return super().start(seconds)

    def read(self, path):
        done = subprocess.run([*self.inside, "curl", "-s", "-m", "3", f"http://127.0.0.1:{self.port}{path}"], capture_output=True, text=True)
        return done.stdout

    def answers(self):
        done = subprocess.run([*self.inside, "curl", "-sf", "-m", "2", "-o", "/dev/null", f"http://127.0.0.1:{self.port}/healthz"])
        return done.returncode == 0

    def ctl(self, *args, check=True):
        done = subprocess.run([*self.inside, self.bin / "larderctl", "--hub", self.address, "--token-file", self.token_file, "--json",
                               *map(str, args)], capture_output=True, text=True)
        if check and done.returncode != 0:
            raise RuntimeError(f"larderctl {' '.join(map(str, args))}: {done.stderr.strip()}")
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def replay_command(self, verb, *args):
        return [*self.inside, *super().replay_command(verb, *args)]

    def head(self):
        return self.ctl("status")["seq"]

    def behind(self):
        """Events that the relay has not acknowledged, by the hub's own metrics; None while it does not answer."""
        for line in self.read("/metrics").splitlines():
            if line.startswith("larder_uplink_behind_events "):
                return int(float(line.split()[1]))
        return None

    def wait_until_sent(self, seconds):
        wait_for(lambda: self.behind() == 0, seconds, f"everything of {self.store} acknowledged by the relay")
