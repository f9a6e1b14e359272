#!/usr/bin/env python3
"""The packages and the services as far as they can be judged without booting: lintian, systemd-analyze, what is in each package,
man pages, and the nightly backup against the packaged hub. The claim `package` boots a root with them.

Prints a line per case and `N passed, N failed`.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
UNITS = ("larder-edge.service", "larder-relay.service", "larder-backup.service", "larder-backup.timer")
EXPOSURE_MAX = 20  # tenths
NAMES = ("larder-cli", "larder-edge", "larder-relay", "larder-web")
CONFIG = """[store]
id = "s1"
name = "Sample store"
zone = "Europe/Berlin"
[hub]
data_dir = "{home}/data"
web_root = "{home}/usr/share/larder/web"
force_filesystem = true
[lan]
address = "127.0.0.1"
[mdns]
enabled = false
"""


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def call(*words, **options):
    return subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", stdin=subprocess.DEVNULL, timeout=600, **options)


class Packaging:
    """The built packages, laid out in one tree."""

    def __init__(self, home):
        self.home = home
        version = re.search(r"project\(larder VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
        self.version = version
        self.debs = {name: next(DIST.glob(f"{name}_{version}_*.deb")) for name in NAMES}
        for deb in self.debs.values():
            subprocess.run(["dpkg-deb", "-x", deb, home], check=True)

    def files_of(self, name):
        return {path for path in call("dpkg", "-c", self.debs[name]).stdout.split() if path.startswith("./")}

    def script_of(self, name, script):
        return call("dpkg-deb", "-I", self.debs[name], script).stdout

    def verdict(self, text, name="larder-edge.service"):
        """What systemd-analyze says of a unit: (complaints, whether it is exposed too much)."""
        with tempfile.TemporaryDirectory(prefix="larder-unit.") as folder:
            unit = pathlib.Path(folder) / name
            # Its program is where the package was laid out; its pages are looked at elsewhere.
            unit.write_text(re.sub(r"^ExecStart=", f"ExecStart={self.home}", text, flags=re.M))
            for other in UNITS:
                if other != name:
                    shutil.copy(ROOT / "systemd" / other, folder)
            complaints = call("systemd-analyze", "verify", "--man=no", unit).stdout
            if name.endswith(".timer"):
                return complaints, False
            level = call("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_MAX}", "--no-pager", unit)
            return complaints, level.returncode != 0

    def the_four_packages_have_the_version_of_the_project(self):
        for name, deb in self.debs.items():
            must(call("dpkg-deb", "-f", deb, "Version").stdout.strip() == self.version, name)
        must(json.loads((ROOT / "package.json").read_text())["version"] == self.version, "package.json has another version")

    def lintian_has_no_complaint(self):
        for name, deb in self.debs.items():
            done = call("lintian", "--allow-root", "--fail-on", "error,warning", deb)
            must(done.returncode == 0, f"{name}: {done.stdout}")

    def lintian_would_complain(self):
        """The canary: a package that is wrong is called wrong."""
        tree = self.home / "canary"
        (tree / "DEBIAN").mkdir(parents=True)
        (tree / "usr/bin").mkdir(parents=True)
        (tree / "usr/bin/tool").write_text("#!/bin/sh\n")
        (tree / "usr/bin/tool").chmod(0o755)
        (tree / "DEBIAN/control").write_text("Package: canary\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: canary\n")
        subprocess.run(["dpkg-deb", "--root-owner-group", "-b", tree, self.home / "canary.deb"], check=True, stdout=subprocess.DEVNULL)
        must(call("lintian", "--allow-root", "--fail-on", "error,warning", self.home / "canary.deb").returncode != 0, "lintian finds nothing")

    def systemd_understands_every_unit(self):
        for name in UNITS:
            complaints, _ = self.verdict((ROOT / "systemd" / name).read_text(), name)
            must(complaints == "", f"{name}: {complaints}")

    def no_service_is_exposed_above_two(self):
        for name in UNITS[:3]:
            _, exposed = self.verdict((ROOT / "systemd" / name).read_text(), name)
            must(not exposed, f"{name} is exposed above {EXPOSURE_MAX / 10}")

    def a_misspelt_key_and_an_open_sandbox_would_be_found(self):
        unit = (ROOT / "systemd/larder-edge.service").read_text()
        complaints, _ = self.verdict(unit.replace("ProtectHome=", "ProtectHouse="))
        must("ProtectHouse" in complaints, f"nothing is said of a misspelt key: {complaints!r}")
        open_one = re.sub(r"^(Private|Protect|Restrict|SystemCall|Capability)\w+=.*\n", "", unit, flags=re.M)
        must(self.verdict(open_one)[1], "a unit without a sandbox passes")

    def fatal_exit_codes_are_not_tried_again(self):
        """Those of exit_codes.hpp that a person must mend."""
        codes = dict(re.findall(r"(\w+) = (\d+),", (ROOT / "platform/process/exit_codes.hpp").read_text()))
        wanted = " ".join(sorted(codes[name] for name in ("Usage", "Corrupt", "NewerSchema", "Forbidden", "BadConfig")))
        for name in UNITS[:2]:
            text = (ROOT / "systemd" / name).read_text()
            must(f"RestartPreventExitStatus={wanted}\n" in text, f"{name} restarts otherwise than on all but {wanted}")

    def the_hub_has_no_page_of_headquarters(self):
        files = self.files_of("larder-web")
        must("./usr/share/larder/web-relay/hq/index.html" in files, "HQ's page is missing")
        must("./usr/share/larder/web-relay/order/index.html" in files, "the storefront is missing")
        must(not any("/web/hq" in path for path in files), "the hub would serve HQ's page")
        for screen in ("kiosk", "kds", "till"):
            must(f"./usr/share/larder/web/{screen}/index.html" in files, f"{screen} is missing")
            must(f"./usr/share/larder/web-relay/{screen}/index.html" not in files, f"the relay would serve {screen}")

    def every_program_and_config_has_a_manual_page(self):
        pages = [path for path in (self.home / "usr/share/man").rglob("*.gz")]
        wanted = {"larder-edge.8", "larder-relay.8", "larder-backup.8", "larderctl.1", "larder-replay.1",
                  "larder-edge.toml.5", "larder-relay.toml.5"}
        must({page.name.removesuffix(".gz") for page in pages} == wanted, f"pages: {sorted(page.name for page in pages)}")
        for page in pages:
            text = call("zcat", page).stdout
            (self.home / "page").write_text(text)
            done = call("groff", "-man", "-ww", "-z", "-Tutf8", self.home / "page")
            must(done.stdout == "", f"{page.name}: {done.stdout}")

    def every_config_key_is_in_its_manual_page_and_in_the_sample(self):
        for program, doc in (("edge", "CONFIG.md"), ("relay", "CONFIG-RELAY.md")):
            keys = re.findall(r"^\| `(\w+)\.(\w+)` \|", (ROOT / "docs" / doc).read_text(), re.M)
            page = call("zcat", self.home / f"usr/share/man/man5/larder-{program}.toml.5.gz").stdout
            sample = (self.home / f"usr/share/larder/{program}.toml").read_text()
            must(len(keys) > 15, f"{doc} has {len(keys)} keys")
            for section, name in keys:
                must(f".SH [{section}]" in page and f".B {name}\n" in page.replace("\\-", "-"), f"{section}.{name} is not in the page")
                must(re.search(rf"^#?{name} = ", sample, re.M), f"{section}.{name} is not in the sample")

    def the_package_knows_the_schema_of_its_daemon(self):
        for program, folder in (("edge", "edge"), ("relay", "relay")):
            newest = max(int(path.name[:4]) for path in (ROOT / "schemas/sql" / folder).glob("*.sql"))
            script = self.script_of(f"larder-{program}", "preinst")
            must(f"known={newest}\n" in script, f"larder-{program}: {script}")
        for name in NAMES:
            for script in ("preinst", "postinst", "prerm", "postrm"):
                text = self.script_of(name, script)
                if text.startswith("#!/bin/sh"):
                    must("@" not in text.replace("$@", ""), f"{name}: {script} has a mark that was not filled in")
                    done = subprocess.run(["sh", "-n"], input=text, text=True, capture_output=True)
                    must(done.returncode == 0, f"{name}: {script}: {done.stderr}")

    def hub(self):
        return Hub(self.home)

    def the_backup_is_restored_verified_and_old_ones_go(self):
        with self.hub() as hub:
            done = hub.backup()
            must(done.returncode == 0 and "restored and verified; 1 kept" in done.stdout, done.stdout)
            first = next(hub.backups.glob("daily-*.larder"))
            for name, days in (("daily-1.larder", 15), ("daily-2.larder", 13), ("by-hand-1.larder", 99)):
                shutil.copy(first, hub.backups / name)
                os.utime(hub.backups / name, (time.time() - days * 86_400,) * 2)
            done = hub.backup()
            left = {path.name for path in hub.backups.iterdir()}
            must(done.returncode == 0 and "daily-1.larder" not in left, f"{done.stdout} {left}")
            must({"daily-2.larder", "by-hand-1.larder"} <= left, f"too much is gone: {left}")
            must(not list(hub.cache.iterdir()), "the scratch place is not empty")

    def a_backup_that_cannot_be_restored_is_told_and_nothing_is_removed(self):
        with self.hub() as hub:
            must(hub.backup().returncode == 0, "no first backup")
            first = next(hub.backups.glob("daily-*.larder"))
            os.utime(first, (time.time() - 99 * 86_400,) * 2)
            # A disk that damages what was written: between the backup and its proof, bytes of it change.
            real = hub.home / "usr/bin/larderctl"
            (hub.place / "larderctl").write_text(
                f'#!/bin/sh\ncase " $* " in *" restore "*) for last; do :; done; printf damaged | '
                f'dd of="$last" bs=1 seek=4096 conv=notrunc 2>/dev/null ;; esac\nexec {real} "$@"\n')
            (hub.place / "larderctl").chmod(0o755)
            done = hub.backup(first_in_path=hub.place)
            must(done.returncode == 1 and "cannot be restored" in done.stdout, f"{done.returncode}: {done.stdout}")
            must(first.exists(), "the old backup is gone although the new one is not good")
            must(not list(hub.cache.iterdir()), "the scratch place is not empty")

    def a_backup_without_a_hub_is_told(self):
        with self.hub() as hub:
            hub.stop()
            done = hub.backup()
            must(done.returncode == 1 and "the hub wrote no backup" in done.stdout, f"{done.returncode}: {done.stdout}")


class Hub:
    """The packaged hub on a directory of its own, and its backup script."""

    def __init__(self, home):
        self.home = home
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="larder-packaged."))
        self.data, self.cache = self.place / "data", self.place / "cache"
        self.backups = self.data / "backups"
        self.cache.mkdir()
        self.process = None

    def __enter__(self):
        config = self.place / "edge.toml"
        config.write_text(CONFIG.format(home=self.home).replace(f"{self.home}/data", str(self.data)))
        with open(self.place / "log", "wb") as log:
            self.process = subprocess.Popen([self.home / "usr/sbin/larder-edge", "--config", config, "--port", "0"], stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while not (self.data / "hub.address").exists():
            must(self.process.poll() is None and time.monotonic() < deadline, f"no hub: {(self.place / 'log').read_text()}")
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.place, ignore_errors=True)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        must(self.process.wait(20) == 0, "the hub did not stop well")

    def backup(self, first_in_path=None):
        path = ":".join(str(part) for part in (first_in_path, self.home / "usr/bin", os.environ["PATH"]) if part)
        return call(self.home / "usr/libexec/larder/larder-backup",
                    env={**os.environ, "PATH": path, "LARDER_DATA": str(self.data), "CACHE_DIRECTORY": str(self.cache)})


def main():
    built = call("python3", ROOT / "packaging/build.py")
    if built.returncode != 0:
        print(f"FAILED the packages are built: {built.stdout}\n0 passed, 1 failed")
        return 1
    failed = 0
    with tempfile.TemporaryDirectory(prefix="larder-packages.") as home:
        packaging = Packaging(pathlib.Path(home))
        skip = ("files_of", "script_of", "verdict", "hub")
        names = [name for name, value in vars(Packaging).items() if callable(value) and not name.startswith("_") and name not in skip]
        for name in names:
            try:
                getattr(packaging, name)()
                print(f"ok     {name.replace('_', ' ')}", flush=True)
            except (AssertionError, OSError, StopIteration, subprocess.SubprocessError) as why:
                failed += 1
                print(f"FAILED {name.replace('_', ' ')}: {why}", flush=True)
    print(f"package: {len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
