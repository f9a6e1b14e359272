"""Claim `relay-ingest`: events/s that the relay commits from 100 stores, against messages/s of the same broker to a subscriber that does nothing."""
import json
import subprocess

from cloud import PROGRAMS, Broker, Relay
from cloud_books import copied
from parts import ROOT, Hub, build, wait_for

STORES, GOAL = 100, 5.0
PER_STORE, PER_STORE_SOAK = 4_000, 20_000
MESSAGES = 100_000
ROUNDS = 5


def story(bin_dir, home, events):
    """Real events of a day, as lines for cloud-load."""
    data, file = home / "story", home / "story.tsv"
    data.mkdir()
    subprocess.run([bin_dir / "fill-journal", data, ROOT / "web/sample/menu.json", str(events)], check=True, stdout=subprocess.DEVNULL)
    (store,) = copied(data, "*.larder")
    with open(file, "w") as out:
        for epoch, seq, digest, text in store.execute("SELECT epoch, seq, hash, data FROM events ORDER BY seq LIMIT ?", (events,)):
            out.write(f"{epoch}\t{seq}\t{digest.hex()}\t{text if isinstance(text, str) else text.decode()}\n")
    return file


def last_line(text):
    return json.loads(text.strip().splitlines()[-1])


def broker_rate(bin_dir, broker, size):
    sink = subprocess.Popen([bin_dir / "cloud-load", "sink", broker.address, "load/null", str(MESSAGES)], stdout=subprocess.PIPE, text=True)
    sink.stdout.readline()
    subprocess.run([bin_dir / "cloud-load", "publish", broker.address, "load/null", str(size), str(MESSAGES)], check=True,
                   stdout=subprocess.DEVNULL)
    out, _ = sink.communicate(timeout=120)
    return last_line(out)["per_second"]


def committed(relay):
    return sum(up_to for database in copied(relay.data, "**/jiaoyi_product_*.db")
               for (up_to,) in database.execute("SELECT up_to FROM store_stream"))


def one_round(bin_dir, broker, file):
    """A relay with empty databases takes it all; then the same broker's single messages. None: not all was kept."""
    with Relay(broker) as relay:
        relay.start()
        wait_for(lambda: relay.get("/readyz")[0] == 200, 30, "the relay's subscription")
        done = subprocess.run([bin_dir / "cloud-load", "ingest", broker.address, file, str(STORES)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr + relay.tail())
        found = last_line(done.stdout)
        null = broker_rate(bin_dir, broker, found["bytes_per_event"])
        relay.stop()
        if committed(relay) != found["events"]:
            raise RuntimeError(f"{committed(relay)} of {found['events']} events are in the databases")
    print(f"{found['per_second']:,.0f} events/s, {null:,.0f} messages/s", flush=True)
    return found["per_second"] / null, found, null


def prove(soak=False):
    bin_dir = build("release", *PROGRAMS, "fill-journal")
    with Hub() as scratch, Broker() as broker:
        file = story(bin_dir, scratch.home, PER_STORE_SOAK if soak else PER_STORE)
        broker.start()
        rounds = sorted((one_round(bin_dir, broker, file) for _ in range(ROUNDS)), key=lambda each: each[0])
    ratio, found, null = rounds[ROUNDS // 2]
    return (f"{ratio:.2f} x: {found['per_second']:,.0f} events/s committed ({STORES} stores, {found['events']:,.0f} events of {found['bytes_per_event']} bytes, "
            f"batches of 200) against {null:,.0f} messages/s of one event each; median of {ROUNDS} rounds, {rounds[0][0]:.2f} to {rounds[-1][0]:.2f}"), ratio >= GOAL
