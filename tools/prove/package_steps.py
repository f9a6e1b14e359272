"""What the claim `package` does to a shop's machine, one function a step; each answers with what was seen, or raises."""
import json
import os
import re
import sqlite3
import time

from parts import ROOT, wait_for

GOAL_EXPOSURE = 2.0
DATA = "/var/lib/larder"
CLOSED, OPEN = 7_000, 3_000
DRAIN_S = 2.0


def must(condition, what):
    if not condition:
        raise AssertionError(what)


class Shop:
    """The root, and what is asked of it again and again."""

    def __init__(self, root, new, old):
        self.root = root
        self.new, self.old = list(new), list(old)
        self.exposure = {}
        self.seen = {}

    def call(self, *words, **options):
        return self.root.call(*words, **options)

    def text(self, *words, **options):
        return self.root.text(*words, **options)

    def carry(self, debs, folder):
        return [self.root.put(deb, f"{folder}/{deb.name}") for deb in debs]

    def healthz(self, port=7480):
        done = self.call("curl", "-sf", "-m", "5", f"http://127.0.0.1:{port}/healthz", check=False)
        return done.stdout if done.returncode == 0 else ""

    def answers(self, port=7480, seconds=30):
        return wait_for(lambda: self.healthz(port), seconds, f"an answer at port {port}")

    def status_of(self, path, port):
        return self.text("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"http://127.0.0.1:{port}{path}")

    def is_active(self, unit):
        return self.text("systemctl", "is-active", unit, check=False) == "active"

    def property(self, unit, name):
        return self.text("systemctl", "show", "-P", name, unit)

    def version(self, package="larder-edge"):
        return self.text("dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", package)

    def ctl(self, *words):
        return json.loads(self.text("larderctl", "--json", *words))

    def verify(self, place=DATA):
        """Files are their owner's: root is refused."""
        return json.loads(self.text("runuser", "-u", "larder", "--", "larderctl", "--json", "verify", place))

    def store_file(self):
        found = list(self.root.file(DATA).glob("h-*.larder"))
        must(len(found) == 1, f"{len(found)} stores in {DATA}")
        return found[0]

    def books(self):
        """What the journal of the stopped hub holds: its events, what was placed, and the cents of it."""
        with sqlite3.connect(f"file:{self.store_file()}?mode=ro&immutable=1", uri=True) as store:
            rows = store.execute("SELECT seq, hex(hash), data FROM events ORDER BY seq").fetchall()
            schema = store.execute("PRAGMA user_version").fetchone()[0]
        events = [json.loads(data) for _, _, data in rows]
        placed = [event["body"]["order"] for event in events if event["event"] == "order.placed"]
        return {"schema": schema, "events": [(seq, sha) for seq, sha, _ in rows], "orders": len(placed),
                "cents": sum(order["total"] for order in placed),
                "served": sum(event["event"] == "order.served" for event in events)}

    def sample_menu(self):
        return ROOT / "web/sample/menu.json"

    def setting(self, section, line):
        """Puts a line into a section of the hub's config."""
        config = self.root.file("/etc/larder/edge.toml")
        config.write_text(config.read_text().replace(f"[{section}]\n", f"[{section}]\n{line}\n", 1))

    def drop_in(self, unit, text):
        place = self.root.file(f"/etc/systemd/system/{unit}.service.d/claim.conf")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        self.call("systemctl", "daemon-reload")

    def logs(self):
        done = self.call("journalctl", "-b", "--no-pager", "-n", "40", check=False)
        return done.stdout[-4000:]


def s01_apt_installs_and_the_services_answer(shop):
    said = shop.root.apt("install", *shop.carry(shop.new, "/srv/new")).stdout
    for unit, port in (("larder-edge", 7480), ("larder-relay", 7490)):
        shop.answers(port)
        must(shop.is_active(unit), f"{unit} is not active")
    wait_for(lambda: "Store s1: 0 open orders" in shop.property("larder-edge", "StatusText"), 10, "a status")
    for place, owner in ((DATA, "larder"), (f"{DATA}-relay", "larder-relay")):
        must(shop.text("stat", "-c", "%U %a", place) == f"{owner} 700", f"{place} is not {owner}'s alone")
    must("/etc/larder/edge.toml is a sample" in said, "nobody was told of the sample config")
    for program in ("edge", "relay"):
        shop.call(f"larder-{program}", "--check-config")
    must('zone = "Europe/Berlin"' in shop.root.file("/etc/larder/edge.toml").read_text(), "the zone is not the machine's")
    pages = [shop.status_of(*page) for page in (("/kiosk/", 7480), ("/kds/", 7480), ("/till/", 7480), ("/hq/", 7490))]
    must(pages == ["200"] * 4, f"pages: {pages}")
    must(shop.status_of("/hq/", 7480) == "404", "the hub serves HQ's page")
    for page in ("larder-edge", "larder-relay", "larderctl", "larder-replay", "larder-backup", "larder-edge.toml", "larder-relay.toml"):
        must(shop.text("man", "-w", page), f"no manual page {page}")
    return f"{shop.version()}, hub and relay answer, four pages, the hub has no HQ"


def s02_the_lan_sees_it(shop):
    shop.root.apt("install", "avahi-utils")

    def browse():
        found = shop.call("avahi-browse", "-rtp", "_larder._tcp", check=False, seconds=30).stdout
        return next((line for line in found.splitlines() if line.startswith("=") and ";7480;" in line), None)

    line = wait_for(browse, 30, "the hub in avahi-browse")
    must('"store=s1"' in line, line)
    answer = shop.root.neighbour("curl", "-s", "-m", "5", f"http://{shop.root.address}:7480/healthz").stdout
    must('"status":"ok"' in answer, f"a neighbour on the LAN hears {answer!r}")
    return "in avahi-browse, and a neighbour at the other end of the cable is answered"


def s03_a_reboot_brings_it_back(shop):
    before = json.loads(shop.healthz())
    began = time.monotonic()
    shop.root.reboot()
    after = json.loads(shop.answers())
    shop.answers(7490)
    must(after["hub"] == before["hub"] and after["seq"] >= before["seq"], f"{before} became {after}")
    return f"hub {after['hub']} answers {time.monotonic() - began:.1f} s after the shutdown began"


def s04_the_sandbox_is_tight(shop):
    for unit in ("larder-edge", "larder-relay", "larder-backup"):
        said = shop.text("systemd-analyze", "security", "--no-pager", f"{unit}.service", check=False)
        level = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
        must(level, f"{unit}: {said[-300:]}")
        shop.exposure[unit] = float(level.group(1))
        must(shop.exposure[unit] <= GOAL_EXPOSURE, f"{unit} is exposed at {level.group(1)}")
    process = shop.property("larder-edge", "MainPID")
    status = shop.text("cat", f"/proc/{process}/status")
    for line in ("CapEff:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"):
        must(line in status, f"the hub runs without {line!r}")
    return ", ".join(f"{unit} {level}" for unit, level in shop.exposure.items())


def s05_credentials_and_a_low_port(shop):
    config = shop.root.file("/etc/larder/edge.toml")
    kept = config.read_text()
    shop.setting("uplink", 'address = "127.0.0.1"\nport = 1883\ntls = false\nuser = "s1"\n'
                           'password_file = "$CREDENTIALS_DIRECTORY/larder-uplink.password"')
    must(shop.call("larder-edge", "--check-config").returncode == 0, "a person cannot check a config with credentials")
    shop.call("systemctl", "restart", "larder-edge", check=False)
    must(shop.property("larder-edge", "ExecMainStatus") == "78", "a credential that is absent was not missed")
    must(not shop.is_active("larder-edge"), "it runs without its password")
    secret = shop.root.file("/etc/credstore/larder-uplink.password")
    secret.parent.mkdir(mode=0o700, exist_ok=True)
    secret.write_text("only root reads this\n")
    secret.chmod(0o600)
    shop.setting("lan", "port = 80")
    drop_in = "/etc/systemd/system/larder-edge.service.d/low-port.conf"
    shop.call("install", "-D", "-m", "644", "/usr/share/doc/larder-edge/examples/low-port.conf", drop_in)
    shop.call("systemctl", "daemon-reload")
    shop.call("systemctl", "restart", "larder-edge")
    shop.answers(80)
    must("CapEff:\t0000000000000400" in shop.text("cat", f"/proc/{shop.property('larder-edge', 'MainPID')}/status"),
         "it has another capability than the one for the port")
    wait_for(lambda: "the cloud is reached" in shop.property("larder-edge", "StatusText"), 30, "the relay, through the broker")
    config.write_text(kept)
    secret.unlink()
    shop.call("rm", "-r", "/etc/systemd/system/larder-edge.service.d")
    shop.call("systemctl", "daemon-reload")
    shop.call("systemctl", "restart", "larder-edge")
    shop.answers()
    return "without its credential it ends with 78; with it the relay is reached; with the drop-in it answers at port 80"


def s06_what_ends_is_started_and_what_hangs_is_ended(shop):
    # As shipped, but for the patience: 20 s are long for a test.
    shop.drop_in("larder-edge", "[Service]\nWatchdogSec=2s\n")
    shop.call("systemctl", "restart", "larder-edge")
    shop.answers()
    for signal, what in (("KILL", "killed"), ("STOP", "hung")):
        process = shop.property("larder-edge", "MainPID")
        shop.call("systemctl", "kill", "--kill-whom=main", f"--signal={signal}", "larder-edge")
        wait_for(lambda old=process: shop.property("larder-edge", "MainPID") not in (old, "0") and shop.is_active("larder-edge"), 30,
                 f"the start of a hub that {what}")
        shop.answers()
    began = time.monotonic()
    shop.call("systemctl", "stop", "larder-edge")
    took = time.monotonic() - began
    must(took < DRAIN_S and shop.property("larder-edge", "Result") == "success", f"the stop took {took:.1f} s")
    shop.call("rm", "-r", "/etc/systemd/system/larder-edge.service.d")
    shop.call("systemctl", "daemon-reload")
    shop.call("systemctl", "start", "larder-edge")
    shop.answers()
    lines = shop.text("journalctl", "-b", "--no-pager", "-o", "json", "SYSLOG_IDENTIFIER=larder-edge", "-n", "1", "-p", "info")
    must(json.loads(lines)["PRIORITY"] == "6", "the journal has no priorities of the hub")
    return f"killed and hung: back; a stop takes {took:.2f} s"


def s07_the_nightly_backup_is_proved_and_old_ones_go(shop):
    folder = shop.root.file(f"{DATA}/backups")
    shop.call("systemctl", "start", "larder-backup.service")
    first = next(folder.glob("daily-*.larder"))
    others = {"daily-1.larder": 15, "daily-2.larder": 13, "by-hand-1.larder": 400}
    for name, days in others.items():
        shop.call("cp", "-p", f"{DATA}/backups/{first.name}", f"{DATA}/backups/{name}")
        os.utime(folder / name, (time.time() - days * 86_400,) * 2)
    shop.call("systemctl", "start", "larder-backup.service")
    left = {path.name for path in folder.iterdir()}
    must("daily-1.larder" not in left and {"daily-2.larder", "by-hand-1.larder"} <= left, f"left: {sorted(left)}")
    said = shop.text("journalctl", "-b", "--no-pager", "-o", "cat", "SYSLOG_IDENTIFIER=larder-backup")
    must("restored and verified" in said, said[-500:])
    must(not list(shop.root.file("/var/cache/larder").iterdir()), "the scratch place is not empty")
    must("larder-backup.timer" in shop.text("systemctl", "list-timers", "--no-pager"), "no timer")
    shop.call("systemctl", "stop", "larder-edge")
    must(shop.call("systemctl", "start", "larder-backup.service", check=False).returncode != 0, "a backup without a hub is called good")
    return "restored and verified; older than 14 days: gone; by hand: kept"


def s08_the_version_before_sells_ten_thousand_orders(shop):
    names = [deb.name.split("_")[0] for deb in shop.new]
    shop.root.apt("purge", *names)
    shop.root.apt("install", *shop.carry(shop.old, "/srv/old"))
    shop.call("systemctl", "stop", "larder-edge")
    shop.setting("lan", "commands_per_second = 100000\ncommand_burst = 100000")
    shop.call("systemctl", "start", "larder-edge")
    shop.answers()
    shop.call("larderctl", "menu", "import", shop.root.put(shop.sample_menu(), "/srv/menu.json"))
    for name, orders, seed, more in (("closed", CLOSED, 7, ["--finish", "--pay", "card"]), ("open", OPEN, 8, ["--pay", "card"])):
        shop.call("sh", "-c", f"larder-replay sample --orders {orders} --seed {seed} --menu /srv/menu.json > /srv/{name}.tsv")
        played = shop.text("larder-replay", "play", "--hub", "127.0.0.1:7480", "--admin-token-file", f"{DATA}/admin.token", "--kiosks", "16",
                           "--prefix", name, "--orders", f"/srv/{name}.tsv", *more, seconds=600)
        must(f"{orders} orders" in played.splitlines()[-1] and played.endswith("0 differences"), played[-400:])
    shop.call("systemctl", "stop", "larder-edge")
    shop.seen["before"] = shop.books()
    verified = shop.verify()
    must(verified["good"] and verified["open_orders"] == OPEN, f"{verified}")
    must(shop.seen["before"]["orders"] == CLOSED + OPEN and shop.seen["before"]["schema"] == 1, "the books of the version before")
    shop.call("systemctl", "start", "larder-edge")
    shop.answers()
    return f"{shop.version()}: {CLOSED:,} closed, {OPEN:,} open, total {shop.seen['before']['cents'] / 100:,.2f}"


def s09_the_upgrade_keeps_every_order(shop):
    config = shop.root.file("/etc/larder/edge.toml").read_bytes()
    shop.root.apt("install", *shop.carry(shop.new, "/srv/new"))
    health = json.loads(shop.answers(seconds=60))
    must(health["version"] in shop.version(), f"{health} after the upgrade to {shop.version()}")
    must(shop.root.file("/etc/larder/edge.toml").read_bytes() == config, "the operator's config was touched")
    status = shop.ctl("status")
    must(status["open_orders"] == OPEN, f"{status['open_orders']} open orders")
    shop.call("systemctl", "stop", "larder-edge")
    before, after = shop.seen["before"], shop.books()
    must(after["events"][:len(before["events"])] == before["events"], "the journal is not the one before, and more")
    for figure in ("orders", "cents", "served"):
        must(after[figure] == before[figure], f"{figure}: {before[figure]} before, {after[figure]} after")
    verified = shop.verify()
    must(verified["good"] and verified["open_orders"] == OPEN and verified["schema"] == after["schema"] > before["schema"], f"{verified}")
    copies = list(shop.root.file(f"{DATA}/backups").glob("before-schema-change-*.larder"))
    must(len(copies) == 1, f"{len(copies)} copies from before the change")
    copy = shop.verify(f"{DATA}/backups/{copies[0].name}")
    must(copy["good"] and copy["schema"] == before["schema"] and copy["open_orders"] == OPEN, f"{copy}")
    shop.call("systemctl", "start", "larder-edge")
    shop.answers()
    return f"schema {before['schema']} to {after['schema']}, a verified copy from before, {after['orders']:,} orders, the same total"


def s10_going_back_is_refused(shop):
    old = next(deb for deb in shop.old if deb.name.startswith("larder-edge_"))
    tried = shop.root.apt("install", "--allow-downgrades", f"/srv/old/{old.name}", check=False)
    must(tried.returncode != 0 and "was written by a later Larder" in tried.stdout, tried.stdout[-600:])
    must(shop.version() == f"installed {json.loads(shop.answers())['version']}", f"after the refusal: {shop.version()}")
    must(shop.text("dpkg", "--audit") == "", "the refusal left a package half done")
    shop.call("dpkg-deb", "-x", f"/srv/old/{old.name}", "/srv/old-tree")
    shop.call("systemctl", "stop", "larder-edge")
    before = shop.store_file().read_bytes()
    ran = shop.call("runuser", "-u", "larder", "--", "/srv/old-tree/usr/sbin/larder-edge", check=False)
    must(ran.returncode == 76 and "was written by a later Larder" in ran.stdout, f"{ran.returncode}: {ran.stdout}")
    must(shop.store_file().read_bytes() == before, "the daemon that refused has touched the store")
    shop.call("systemctl", "start", "larder-edge")
    shop.answers()
    return "by the package, which stays as it was, and by the old daemon with 76"


def s11_with_the_copy_from_before_it_is_allowed(shop):
    copy = next(shop.root.file(f"{DATA}/backups").glob("before-schema-change-*.larder")).name
    shop.call("systemctl", "stop", "larder-edge")
    shop.call("runuser", "-u", "larder", "--", "larderctl", "restore", "--replace", f"{DATA}/backups/{copy}")
    old = next(deb for deb in shop.old if deb.name.startswith("larder-edge_"))
    shop.root.apt("install", "--allow-downgrades", f"/srv/old/{old.name}")
    health = json.loads(shop.answers())
    must(health["epoch"] == 2 and shop.ctl("status")["open_orders"] == OPEN, f"after the way back: {health}")
    went_to = shop.version()
    shop.root.apt("install", *[f"/srv/new/{deb.name}" for deb in shop.new])
    shop.answers()
    must(shop.ctl("status")["open_orders"] == OPEN, "the second upgrade lost orders")
    return f"{went_to} sells on in epoch 2, and is upgraded again"


def s12_remove_keeps_the_books(shop):
    names = [deb.name.split("_")[0] for deb in shop.new]
    said = shop.root.apt("remove", *names).stdout
    must(f"stay in {DATA}" in said, "nobody was told that the books stay")
    must(not shop.is_active("larder-edge") and not shop.healthz(), "the hub runs on")
    must(shop.books()["orders"] == CLOSED + OPEN, "orders are gone")
    shop.root.apt("install", *[f"/srv/new/{deb.name}" for deb in shop.new])
    shop.answers()
    must(shop.ctl("status")["open_orders"] == OPEN, "the books did not come back")
    return "and a new installation finds them"


def s13_purge_says_so_and_deletes_them(shop):
    names = [deb.name.split("_")[0] for deb in shop.new]
    said = shop.root.apt("purge", *names).stdout
    sentence = re.search(rf"larder-edge: deleting the store's books.* in {DATA}\.", said)
    must(sentence and "larder-relay: deleting the databases" in said, said[-600:])
    for place in (DATA, f"{DATA}-relay", "/etc/larder", "/var/cache/larder"):
        must(not shop.root.file(place).exists(), f"{place} is still there")
    left = shop.text("sh", "-c", "ls /lib/systemd/system /etc/systemd/system /etc/systemd/system/*.wants | grep larder || true")
    must(left == "", f"left: {left}")
    return sentence.group(0).removeprefix("larder-edge: ")


STEPS = [step for name, step in sorted(globals().items()) if re.match(r"s\d\d_", name)]
