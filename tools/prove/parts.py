"""The real parts that claims and end-to-end tests are made of: a hub process, larderctl, larder-replay. Loopback only, ports chosen by the kernel."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED_DAY = ROOT.parent / "shared" / "data" / "chipotle_orders.tsv"

CONFIG = """
[store]
id = "{store}"
name = "Proving Kitchen"
zone = "Europe/Berlin"

[hub]
data_dir = "{data}"
web_root = "{web}"

[lan]
address = "127.0.0.1"
commands_per_second = {rate}
command_burst = {burst}

[mdns]
enabled = false
"""


def build(preset="release", *targets):
    subprocess.run([ROOT / "tools/house/build.sh", preset, *targets], check=True)
    return ROOT / "build" / preset / "bin"


def wait_for(condition, seconds, what):
    """Polls until `condition()` is true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {seconds} s")
        time.sleep(0.02)


class Hub:
    """A larder-edge process on its own data directory. Use as a context manager: it is stopped and its files removed."""

    def __init__(self, preset="release", store="proof", rate=20, burst=50, wrapper=()):
        self.bin = ROOT / "build" / preset / "bin"
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="larder-proof."))
        self.data = self.home / "data"
        self.config = self.home / "larder.toml"
        self.config.write_text(CONFIG.format(store=store, data=self.data, web=ROOT / "build/web", rate=rate, burst=burst))
        (ROOT / "build/web").mkdir(parents=True, exist_ok=True)
        self.process = None
        self.port = 0
        self.wrapper = list(wrapper)
        self.log = self.home / "hub.log"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def start(self, seconds=20):
        """Starts and waits for the first answer; the seconds it took. Keeps the port over restarts."""
        began = time.monotonic()
        address = self.data / "hub.address"
        address.unlink(missing_ok=True)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, self.bin / "larder-edge", "--config", self.config, "--port", str(self.port)],
                stdout=log, stderr=log, start_new_session=True)
        wait_for(lambda: address.exists() or self.process.poll() is not None, seconds, "the hub's address")
        if self.process.poll() is not None:
            raise RuntimeError(f"the hub ended with {self.process.returncode}: {self.log.read_text()[-2000:]}")
        self.port = int(address.read_text().strip().rsplit(":", 1)[1])
        wait_for(self.answers, seconds, "the hub's first answer")
        return time.monotonic() - began

    def answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def kill(self):
        """kill -9, as a power cut of the process."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self, seconds=10):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def token_file(self):
        return self.data / "admin.token"

    def ctl(self, *args, check=True):
        done = subprocess.run([self.bin / "larderctl", "--hub", self.address, "--token-file", self.token_file, "--json",
                               *map(str, args)], capture_output=True, text=True)
        if check and done.returncode != 0:
            raise RuntimeError(f"larderctl {' '.join(map(str, args))}: {done.stderr.strip()}")
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def mint(self, name, role):
        return self.ctl("devices", "add", "--id", name, "--name", name, "--role", role)["token"]

    def replay_command(self, verb, *args):
        return [self.bin / "larder-replay", verb, "--hub", self.address, "--admin-token-file", self.token_file,
                *map(str, args)]

    def replay(self, verb, *args, check=True):
        done = subprocess.run(self.replay_command(verb, *args), capture_output=True, text=True)
        if check and done.returncode != 0:
            raise RuntimeError(f"larder-replay {verb}: {done.stdout[-1500:]}{done.stderr[-1500:]}")
        return done


def days(home, bin_dir):
    """(name, orders file, menu file) of the days to play: the real one where it is, and always a generated one."""
    replay = bin_dir / "larder-replay"
    generated = home / "generated.tsv"
    sample_menu = ROOT / "web/sample/menu.json"
    with open(generated, "w") as out:
        subprocess.run([replay, "sample", "--orders", "2000", "--seed", "7", "--menu", sample_menu], stdout=out, check=True)
    yield "generated", generated, sample_menu
    if SHARED_DAY.exists():
        menu = home / "chipotle.json"
        with open(menu, "w") as out:
            subprocess.run([replay, "menu", "--orders", SHARED_DAY], stdout=out, check=True)
        yield "chipotle", SHARED_DAY, menu
    else:
        print("the shared Chipotle day is absent on this machine: only the generated day is played")
