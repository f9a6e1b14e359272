#!/usr/bin/env python3
"""How the real hub starts and ends: exit codes, what it says, what its service manager hears.

  start_e2e.py HUB        HUB is a larder-edge
Prints a line per case; exit code 0 when all hold.
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

GOOD = """[store]
id = "s1"
name = "Sample store"
zone = "Europe/Berlin"
[hub]
data_dir = "{home}/data"
web_root = "{home}/web"
force_filesystem = true
[lan]
address = "127.0.0.1"
[mdns]
enabled = false
"""


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def wait_for(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        must(time.monotonic() < deadline, f"not within {seconds} s: {what}")
        time.sleep(0.02)


class Starts:
    def __init__(self, program, home):
        self.program, self.home = program, home
        self.good = self.write("good.toml", GOOD.format(home=home))
        self.hubs = []
        (home / "web").mkdir()

    def write(self, name, text):
        path = self.home / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def call(self, *words):
        return subprocess.run([self.program, *words], capture_output=True, text=True, timeout=60, check=False)

    def start(self, **options):
        (self.home / "data/hub.address").unlink(missing_ok=True)
        options.setdefault("stderr", subprocess.PIPE)
        hub = subprocess.Popen([self.program, "--config", self.good, "--port", "0"], **options)
        self.hubs.append(hub)
        address = self.home / "data/hub.address"
        wait_for(lambda: (address.exists() and address.read_text().endswith("\n")) or hub.poll() is not None, 30, "start")
        must(hub.poll() is None, f"the hub ended with {hub.returncode}")
        url = f"http://{address.read_text().strip()}/healthz"
        must(urllib.request.urlopen(url, timeout=10).status == 200, "no answer")
        return hub

    def end(self, hub):
        hub.send_signal(signal.SIGTERM)
        code = hub.wait(30)
        if hub.stderr:
            hub.stderr.close()
        must(code == 0, f"exit code {code} after SIGTERM")

    def kill_what_is_left(self):
        for hub in self.hubs:
            if hub.poll() is None:
                hub.kill()
                hub.wait()

    def case_86_a_broken_config_ends_with_78_and_the_line(self):
        good = self.good.read_text()
        for name, text, place in (
                ("empty.toml", "", "1:1"), ("bom.toml", b"\xef\xbb\xbf" + good.encode(), "1:1"),
                ("crlf.toml", good.replace("\n", "\r\n"), "1:8"), ("tab.toml", good.replace("id =", "i\td ="), "2:3"),
                ("unknown.toml", good + "enabeld = true\n", "13:1"), ("twice.toml", good + "enabled = true\n", "13:"),
                ("type.toml", good.replace("false", '"off"'), "12:11"), ("text.toml", "not a config at all", "1:")):
            path = self.write(name, text)
            for words in (["--config", path], ["--config", path, "--check-config"]):
                done = self.call(*words)
                must(done.returncode == 78, f"{name}: exit code {done.returncode}")
                must(f"{path}:{place}" in done.stderr, f"{name}: {done.stderr!r} does not name {place}")
        must(not (self.home / "data").exists(), "a hub that was refused has made its data directory")

    def case_86_a_missing_config_ends_with_78(self):
        done = self.call("--config", self.home / "none.toml")
        must(done.returncode == 78 and "none.toml" in done.stderr, f"{done.returncode} {done.stderr!r}")

    def case_87_a_value_out_of_range_ends_with_78(self):
        for value in ("0", "70000", "-1"):
            path = self.write("range.toml", self.good.read_text().replace("[mdns]", f"port = {value}\n[mdns]"))
            done = self.call("--config", path, "--check-config")
            must(done.returncode == 78 and "11:8: lan.port" in done.stderr.split("range.toml:")[-1],
                 f"{done.returncode} {done.stderr!r}")

    def a_good_config_is_called_good(self):
        done = self.call("--config", self.good, "--check-config")
        must(done.returncode == 0, f"{done.returncode} {done.stderr!r}")
        must(not (self.home / "data").exists(), "--check-config has made the data directory")

    def the_printed_config_is_accepted(self):
        printed = self.call("--print-config")
        must(printed.returncode == 0 and "[store]" in printed.stdout, printed.stderr)
        done = self.call("--config", self.write("printed.toml", printed.stdout), "--check-config")
        must(done.returncode == 0, f"{done.returncode} {done.stderr!r}")

    def a_wrong_command_line_ends_with_64(self):
        done = self.call("--no-such-option")
        must(done.returncode == 64 and done.stderr, f"{done.returncode} {done.stderr!r}")

    def case_90_a_second_hub_on_the_directory_ends_with_75(self):
        hub = self.start()
        done = self.call("--config", self.good, "--port", "0")
        must(done.returncode == 75, f"{done.returncode} {done.stderr!r}")
        self.end(hub)

    def the_service_manager_hears_ready_and_stopping(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(self.home / "notify"))
            manager.settimeout(10)
            hub = self.start(env={**os.environ, "NOTIFY_SOCKET": str(self.home / "notify")})
            heard = [manager.recv(500)]
            while heard[-1] != b"READY=1":
                heard.append(manager.recv(500))
            hub.send_signal(signal.SIGTERM)
            while heard[-1] != b"STOPPING=1":
                heard.append(manager.recv(500))
            self.end(hub)

    def with_closed_standard_streams_it_serves(self):
        def close_all():
            for descriptor in (0, 1, 2):
                os.close(descriptor)
        hub = self.start(preexec_fn=close_all, stderr=None)
        for descriptor in (0, 1, 2):
            target = os.readlink(f"/proc/{hub.pid}/fd/{descriptor}")
            must(target == "/dev/null", f"descriptor {descriptor} is {target}")
        self.end(hub)

    def it_answers_under_the_names_it_is_given_and_no_other(self):
        self.good = self.write("named.toml", self.good.read_text().replace("[mdns]", 'host_names = "hub.shop.example"\n[mdns]'))
        hub = self.start()
        address = (self.home / "data/hub.address").read_text().strip()
        for name, wanted in (("Hub.Shop.example", 200), ("shop.example", 421)):
            call = urllib.request.Request(f"http://{address}/healthz", headers={"Host": name})
            try:
                status = urllib.request.urlopen(call, timeout=10).status
            except urllib.error.HTTPError as refused:
                status = refused.code
            must(status == wanted, f"{name}: {status}")
        self.end(hub)

    def case_89_a_config_made_bad_while_it_runs_is_said_once_and_changes_nothing(self):
        log = self.home / "hub.log"
        with log.open("w") as out:
            hub = self.start(stderr=out)
        address = (self.home / "data/hub.address").read_text().strip()
        good = self.good.read_text()
        self.good.write_text(good.replace('zone = "Europe/Berlin"', 'zone = "Mars/Base"'))
        hub.send_signal(signal.SIGHUP)
        wait_for(lambda: "refused; the hub goes on" in log.read_text(), 10, "a word in the log")
        must("Mars/Base" in log.read_text() or "store.zone" in log.read_text(), "the key is not named")
        metrics = urllib.request.urlopen(f"http://{address}/metrics", timeout=10).read().decode()
        must('larder_refusals_total{reason="bad_config"} 1' in metrics, "it is not counted")
        must(urllib.request.urlopen(f"http://{address}/healthz", timeout=10).status == 200, "no answer")
        must(log.read_text().count("refused; the hub goes on") == 1, "it was said more than once")
        self.end(hub)
        before = {path.name: path.read_bytes() for path in (self.home / "data").iterdir() if path.is_file()}
        done = self.call("--config", self.good, "--port", "0")
        must(done.returncode == 78, f"exit code {done.returncode}")
        after = {path.name: path.read_bytes() for path in (self.home / "data").iterdir() if path.is_file()}
        must(before == after, "a hub that was refused has changed its data")
        self.good.write_text(good)
        self.end(self.start())

    def case_94_a_directory_that_is_read_only_is_refused_in_words_and_untouched(self):
        self.end(self.start())
        data = self.home / "data"
        before = {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()}
        bound = f'mount --bind "{data}" "{data}" && mount -o remount,bind,ro "{data}" && exec "$0" "$@"'
        done = subprocess.run(["unshare", "--mount", "sh", "-c", bound, self.program, "--config", self.good, "--port", "0"],
                              capture_output=True, text=True, timeout=60, check=False)
        must(done.returncode in (74, 77), f"exit code {done.returncode} {done.stderr!r}")
        must("ead-only" in done.stderr and str(data) in done.stderr, f"the reason is not said: {done.stderr!r}")
        after = {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()}
        must(before == after, "a hub that was refused has changed its data")
        self.end(self.start())

    def case_110_a_doubt_about_the_clock_outlives_a_restart_but_no_boot(self):
        boot = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        lived = int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1_000_000)
        if lived < 20 * 60 * 1_000_000:
            print("       (not looked at: this machine has just begun, and believes its clock)")
            return
        (self.home / "data").mkdir(mode=0o700)
        note = self.home / "data/hub.clock"
        three_hours_less = int((time.time() - 3 * 3600) * 1_000_000)
        for whose, ahead in ((boot, "larder_clock_ahead 1"), ("of-another-boot", "larder_clock_ahead 0")):
            note.write_text(f"{whose} {lived} {three_hours_less}\n")
            hub = self.start()
            address = (self.home / "data/hub.address").read_text().strip()

            def metrics(address=address):
                return urllib.request.urlopen(f"http://{address}/metrics", timeout=10).read().decode()
            wait_for(lambda: ahead in metrics().splitlines(), 10, f"{ahead}, of {whose}")
            wait_for(lambda: note.exists() == (whose == boot), 10, f"the note of {whose}")
            self.end(hub)

    def case_124_a_log_reader_that_goes_away_does_not_end_it(self):
        hub = self.start()
        hub.stderr.close()
        hub.stderr = None
        address = (self.home / "data/hub.address").read_text().strip()
        for _ in range(3):
            must(urllib.request.urlopen(f"http://{address}/healthz", timeout=10).status == 200, "no answer")
        self.end(hub)


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    failed = 0
    names = [name for name, value in vars(Starts).items()
             if callable(value) and name not in ("__init__", "write", "call", "start", "end", "kill_what_is_left")]
    for name in names:
        with tempfile.TemporaryDirectory(prefix="larder-start.") as home:
            starts = Starts(program, pathlib.Path(home))
            try:
                getattr(starts, name)()
                print(f"ok     {name.replace('_', ' ')}", flush=True)
            except (AssertionError, OSError, subprocess.TimeoutExpired) as why:
                failed += 1
                print(f"FAILED {name.replace('_', ' ')}: {why}", flush=True)
            finally:
                starts.kill_what_is_left()
    print(f"start: {len(names) - failed} of {len(names)} cases")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
