"""Claim `identity`: clones online and offline, old backups with and without relay and screens, a new machine takes over: found out at the
first contact, no (epoch, seq) used twice over all journals and the relay's rows, the orders of the gap brought back."""
import contextlib
import json
import shutil
import subprocess
import sys
import time

from cloud import PROGRAMS, Broker, CloudHub, Relay
from cloud_books import copied
from parts import ROOT, build, wait_for

sys.path.insert(0, str(ROOT / "tests/clients"))
import python_kiosk  # noqa: E402

MENU = ROOT / "web/sample/menu.json"
BEFORE, GAP = 6, 5  # orders before the copy or backup, and after it


class Screen(python_kiosk.Hub):
    """A kiosk that remembers what it saw, as the browser's SDK does, and says it when it connects."""

    def __init__(self, hub, token, witness=None):
        self.socket = python_kiosk.socket.create_connection(("127.0.0.1", hub.port), 10)
        self.buffer = b""
        self._upgrade("127.0.0.1", hub.port)
        self.hello = self.read()
        auth = {"type": "auth", "token": token, "protocol": 1}
        if witness:
            auth["witness"] = witness
        self.send(auth)
        self.welcome = self.read_until(lambda m: m["type"] in ("welcome", "error"))
        if self.welcome["type"] == "error":
            raise PermissionError(self.welcome["code"])

    def sell(self, order):
        """The reply to an order of something that any kiosk may sell."""
        args = {"service": "takeaway", "lines": [{"sku": SKU, "quantity": 1}]}
        self.send({"type": "command", "id": order, "verb": "order.place", "args": args})
        return self.read_until(lambda m: m.get("type") == "reply" and m.get("id") == order)

    def seen(self):
        """The witness of this moment, by the heartbeat."""
        beat = self.read_until(lambda m: m["type"] == "heartbeat")
        return {"hub": self.hello["hub"], "epoch": beat["epoch"], "seq": beat["seq"], "head": beat["head"]}


def simple_sku():
    """A SKU that is sold at a kiosk without options or parts, and without a limit."""
    for item in json.loads(MENU.read_text())["items"]:
        if not item.get("option_groups") and not item.get("parts") and len(item["skus"]) == 1:
            return item["skus"][0]["id"]
    raise RuntimeError("the sample menu has nothing simple to sell")


SKU = simple_sku()


class Shop(CloudHub):
    """A hub on a machine that is named by a file."""

    def __init__(self, broker, machine, has_cloud=True):
        super().__init__(broker, "shop-1")
        self.has_cloud = has_cloud
        name = self.home / "machine"
        name.write_text(machine + "\n")
        text = self.config.read_text().replace("[hub]\n", f'[hub]\nmachine_file = "{name}"\n', 1)
        self.config.write_text(text)
        self.kiosk = ""

    def start(self, seconds=20):
        if self.has_cloud:
            return super().start(seconds)
        self.config.write_text(self.config.read_text().split("[uplink]")[0])
        return super(CloudHub, self).start(seconds)

    def open_up(self):
        self.start()
        self.ctl("menu", "import", MENU)
        self.kiosk = self.mint("kiosk-1", "kiosk")
        return self

    def like(self, other):
        """The same disk in this machine."""
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(other.data if isinstance(other, Shop) else other, self.data)
        (self.data / "hub.address").unlink(missing_ok=True)
        self.kiosk = getattr(other, "kiosk", self.kiosk)
        return self

    def sell(self, count, name, witness=None):
        """Order ids that were acknowledged."""
        screen = Screen(self, self.kiosk, witness)
        replies = [screen.sell(f"{name}-{n}") for n in range(count)]
        return [reply["result"]["order"] for reply in replies if reply["ok"]]

    def sells_nothing(self, name, witness=None):
        """None of the orders is taken, and each is told why."""
        screen = Screen(self, self.kiosk, witness)
        replies = [screen.sell(f"{name}-{n}") for n in range(3)]
        told = [reply.get("error", {}).get("code", "ok") for reply in replies]
        if set(told) != {"in_recovery"}:
            print(f"    {name}: {told}", flush=True)
        return set(told) == {"in_recovery"}

    def witness(self):
        return Screen(self, self.kiosk).seen()

    def why(self):
        return self.ctl("status").get("recovery", {}).get("why", "")

    def orders(self):
        return {order["order"] for order in self.ctl("orders", "list", "--all")["orders"]}

    def offline(self, *words):
        """larderctl on the files, the hub being off; what went wrong, or nothing."""
        words = [self.bin / "larderctl", "--data", self.data, "--json", *words]
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
        return "" if done.returncode == 0 else done.stderr.strip()


class Case(contextlib.ExitStack):
    """One cloud and the machines of one store. Every journal that ever was is looked at in the end."""

    def __init__(self):
        super().__init__()
        self.broker = self.enter_context(Broker())
        self.broker.start()
        self.relay = self.enter_context(Relay(self.broker))
        self.relay.start()
        self.shops = []

    def shop(self, machine, has_cloud=True):
        made = self.enter_context(Shop(self.broker, machine, has_cloud))
        self.shops.append(made)
        return made

    def view(self):
        status, text = self.relay.ask("GET", "/api/v1/hq/stores/shop-1", token=self.token())
        return json.loads(text)["data"]["store"] if status == 200 else {}

    def token(self):
        if not self.relay.token:
            self.relay.token = self.relay.token_for("prove", "ADMIN")
        return self.relay.token

    def press(self, button):
        status, text = self.relay.ask("POST", f"/api/v1/hq/stores/shop-1/{button}", token=self.token())
        if status != 200:
            raise RuntimeError(f"{button}: {status} {text[:300]}")
        return json.loads(text).get("data") or {}

    def all_numbers(self):
        """How many different events stand under one (epoch, seq), over all journals and the relay's rows: {pair: hashes} with more than one."""
        for shop in self.shops:
            if shop.process and shop.process.poll() is None:
                shop.stop()
        self.relay.stop()
        hashes, count = {}, 0
        journals = [path for shop in self.shops for path in shop.home.rglob("*.larder")]
        for path in journals:
            for database in copied(path.parent, path.name):
                for seq, epoch, digest in database.execute("SELECT seq, epoch, hash FROM events"):
                    hashes.setdefault((epoch, seq), set()).add(bytes(digest))
                    count += 1
        for database in copied(self.relay.data, "**/jiaoyi_product_*.db"):
            for suffix in range(4):
                for seq, epoch, digest in database.execute(f"SELECT seq, epoch, hash FROM store_events_{suffix}"):
                    hashes.setdefault((epoch, seq), set()).add(bytes(digest))
                    count += 1
            for epoch, seq in database.execute("SELECT epoch, seq FROM forked_events"):
                hashes[(epoch, seq)] = {b"ours", b"theirs"}
        return count, [pair for pair, found in hashes.items() if len(found) > 1]


def check(facts, what, holds):
    facts.append((what, bool(holds)))
    if not holds:
        print(f"    NOT: {what}", flush=True)


def clone_online(case, facts):
    """A copied disk in another machine, while the shop's hub is at work."""
    hub = case.shop("left").open_up()
    hub.sell(BEFORE, "a")
    hub.wait_until_sent(30)
    hub.stop()
    copy = case.shop("right").like(hub)
    hub.start()
    sold = hub.sell(GAP, "b")
    hub.wait_until_sent(30)
    copy.start()
    began = time.monotonic()
    check(facts, "the copy sells nothing from its first moment", copy.sells_nothing("c"))
    wait_for(lambda: case.view().get("frozen"), 30, "the frozen store")
    print(f"    frozen {time.monotonic() - began:.1f} s after the copy's first contact", flush=True)
    check(facts, "the page names the copy", "copy" in case.view()["frozen_reason"])
    check(facts, "the copy is another hub", copy.ctl("status")["hub"] != hub.ctl("status")["hub"])
    check(facts, "the shop sells on", len(hub.sell(2, "d")) == 2)
    case.press("unfreeze")
    hub.wait_until_sent(90)
    check(facts, "after the decision the relay has all of the shop", not case.view()["frozen"] and set(sold) <= hub.orders())
    check(facts, "the copy still sells nothing", copy.sells_nothing("e") and copy.why() == "other_machine")


def clone_offline(case, facts):
    """A copied disk in another shop, without internet; a person there lets it go on; then the internet comes."""
    hub = case.shop("left").open_up()
    hub.sell(BEFORE, "a")
    hub.wait_until_sent(30)
    hub.stop()
    copy = case.shop("right", has_cloud=False).like(hub)
    hub.start()
    hub.sell(GAP, "b")
    hub.wait_until_sent(30)
    copy.start()
    check(facts, "the copy sells nothing from its first moment", copy.sells_nothing("c") and copy.why() == "other_machine")
    copy.stop()
    copy.start()
    check(facts, "nor after a restart", copy.sells_nothing("d"))
    copy.ctl("accept", "this is the shop now")
    check(facts, "a person lets it go on, in an epoch of its own", len(copy.sell(2, "e")) == 2 and copy.ctl("status")["epoch"] == 2)
    copy.stop()
    copy.has_cloud = True
    copy.start()
    wait_for(lambda: case.view().get("frozen"), 60, "the frozen store")
    check(facts, "the relay took nothing of it", case.view()["epoch"] == 1)
    case.press("unfreeze")
    # Both have sold under numbers of their own: the relay says that it is another's, that the books have forked, or that the other is at work.
    wait_for(lambda: copy.why() in ("taken_over", "forked", "other_machine"), 120, "the copy told that the other one goes on")
    check(facts, "the copy sells nothing from then on", copy.sells_nothing("g"))
    check(facts, "the hub of record goes on", len(hub.sell(2, "f")) == 2)
    hub.wait_until_sent(90)


def gap(case):
    """A shop with orders after its backup, all of them at the relay; stopped. (shop, backup, orders before, orders of the gap, witness)"""
    hub = case.shop("left").open_up()
    early = hub.sell(BEFORE, "a")
    backup = hub.ctl("backup")["file"]
    late = hub.sell(GAP, "b")
    hub.wait_until_sent(30)
    witness = hub.witness()
    hub.stop()
    return hub, backup, early, late, witness


def put_back(hub, backup):
    wrong = hub.offline("restore", backup, "--replace", "--force-filesystem")
    if wrong:
        raise RuntimeError(wrong)


def backup_with_relay(case, facts):
    hub, backup, early, late, _ = gap(case)
    put_back(hub, backup)
    hub.start()
    wait_for(lambda: not hub.why(), 60, "the end of the recovery")
    check(facts, "the orders of the gap are back", set(early + late) <= hub.orders())
    check(facts, "a new epoch", hub.ctl("status")["epoch"] == 2)
    again = Screen(hub, hub.kiosk).sell("b-0")
    check(facts, "a kiosk that asks for its lost answer is not served twice", again["ok"] and again["result"]["order"] == late[0])
    check(facts, "it sells", len(hub.sell(2, "c")) == 2)
    hub.wait_until_sent(60)
    view = case.view()
    check(facts, f"the relay has it: {view}", view["epoch"] == 2 and not view["frozen"])


def file_set_back(case, facts):
    """A virtual machine set back: no mark of a restore, the same machine. Only others know."""
    hub = case.shop("left").open_up()
    early = hub.sell(BEFORE, "a")
    hub.wait_until_sent(30)
    hub.stop()
    old = hub.home / "old"
    shutil.copytree(hub.data, old)
    hub.start()
    late = hub.sell(GAP, "b")
    hub.wait_until_sent(30)
    witness = hub.witness()
    hub.stop()
    hub.like(old)
    case.broker.kill()
    hub.start()
    check(facts, "without the cloud it knows nothing yet", not hub.why())
    check(facts, "the first screen stops it before it sells", hub.sells_nothing("c", witness) and hub.why() == "behind")
    case.broker.start()
    wait_for(lambda: not hub.why(), 90, "the end of the recovery")
    check(facts, "the orders of the gap are back", set(early + late) <= hub.orders())
    hub.stop()
    hub.like(old)  # once more, and now the relay alone
    hub.start()
    wait_for(lambda: hub.ctl("status")["epoch"] == 3 and not hub.why(), 90, "an epoch above both")
    check(facts, "and again by the relay alone", set(early + late) <= hub.orders())


def backup_with_screens(case, facts):
    """No internet: a screen that saw more, and, of a fresh backup, one that saw exactly as much."""
    hub, backup, early, late, witness = gap(case)
    put_back(hub, backup)
    case.broker.kill()
    hub.start()
    check(facts, "in recovery from the first moment", hub.sells_nothing("c") and hub.why() == "restored")
    check(facts, "a screen says how much is missing", hub.sells_nothing("d", witness) and hub.why() == "behind")
    case.broker.start()
    wait_for(lambda: not hub.why(), 90, "the end of the recovery")
    check(facts, "the orders of the gap are back", set(early + late) <= hub.orders())
    fresh = hub.ctl("backup")["file"]
    exact = hub.witness()
    hub.stop()
    put_back(hub, fresh)
    case.broker.kill()
    hub.start()
    check(facts, "in recovery again", hub.sells_nothing("e", exact))
    wait_for(lambda: not hub.why(), 60, "the screens' word after half a minute")
    check(facts, "it goes on by the screens' word", len(hub.sell(1, "f")) == 1)
    case.broker.start()
    hub.wait_until_sent(90)


def backup_with_nobody(case, facts):
    hub, backup, early, _, _ = gap(case)
    put_back(hub, backup)
    case.broker.kill()
    hub.start()
    check(facts, "it sells nothing", hub.sells_nothing("c"))
    hub.ctl("accept", "no internet till Monday")
    check(facts, "a person lets it go on", len(hub.sell(2, "d")) == 2 and hub.ctl("status")["epoch"] == 2)
    check(facts, "what was lost is not there, and everything else is", set(early) <= hub.orders() and len(hub.orders()) == BEFORE + 2)
    case.broker.start()
    hub.wait_until_sent(90)
    check(facts, "the relay takes the new epoch", case.view()["epoch"] == 2 and not case.view()["frozen"])


def new_machine(case, facts):
    hub = case.shop("left").open_up()
    sold = hub.sell(BEFORE + GAP, "a")
    hub.wait_until_sent(30)
    head = hub.head()
    code = case.press("takeover")["code"]
    new = case.shop("right")
    check(facts, "the order is left", not new.offline("takeover", "--code", code, "--force-filesystem"))
    new.start()
    new.kiosk = hub.kiosk
    wait_for(lambda: new.token_file.exists() and not new.why(), 90, "the end of the takeover")
    check(facts, "all orders are there", set(sold) <= new.orders())
    check(facts, "its books begin where the other's end", new.ctl("status")["epoch"] == 2 and new.head() > head)
    wait_for(lambda: hub.why() == "taken_over", 60, "the old hub fenced")
    check(facts, "the old hub sells nothing", hub.sells_nothing("b"))
    check(facts, "the new one does, with the screens' old tokens", len(new.sell(3, "c")) == 3)
    new.wait_until_sent(60)
    hub.stop()
    hub.start()
    check(facts, "nor after a restart", hub.sells_nothing("d"))
    check(facts, "the relay follows the new one", case.view()["hub"] == new.ctl("status")["hub"])


CASES = (clone_online, clone_offline, backup_with_relay, file_set_back, backup_with_screens, backup_with_nobody, new_machine)


def prove(soak=False):
    words = [word.removeprefix("--only=") for word in sys.argv if word.startswith("--only=")]
    build("release", *PROGRAMS)
    facts, events, doubled = [], 0, []
    for run in CASES:
        if words and run.__name__ not in words:
            continue
        print(f"{run.__name__.replace('_', ' ')}", flush=True)
        with Case() as case:
            run(case, facts)
            count, twice = case.all_numbers()
            events += count
            doubled += twice
    held = sum(holds for _, holds in facts)
    return (f"{held} of {len(facts)} facts in {len(CASES)} cases, {len(doubled)} of {events} rows under a (epoch, seq) used twice",
            held == len(facts) and not doubled)
