"""Claim `cloud-chaos`: the day with broker, relay and a hub killed -9 five times each, cables pulled, and one shop away for 72 h of events."""
import random
import subprocess
import time

from cloud import PROGRAMS
from estate import Estate
from parts import ROOT, build, wait_for
from spaces import Spaces

SHOPS, KILLS, AWAY = 3, 5, 3  # the third shop is the one that is away
AWAY_EVENTS = 60_000          # what 72 h of a busy store leave behind


def sample(bin_dir, home, name, orders, seed):
    menu, file = ROOT / "web/sample/menu.json", home / f"{name}.tsv"
    with open(file, "w") as out:
        subprocess.run([bin_dir / "larder-replay", "sample", "--orders", str(orders), "--seed", str(seed), "--menu", menu], stdout=out, check=True)
    return file


def trouble(estate, dice):
    """Five times each, at random moments: the broker, the relay, a hub, a cable."""
    blows = ["broker", "relay", "hub", "cable"] * KILLS
    dice.shuffle(blows)
    for blow in blows:
        time.sleep(dice.uniform(0.3, 1.2))  # the random moment itself, not a wait for something
        if blow == "cable":
            shop = dice.choice([1, 2])
            estate.spaces.cut(shop)
            time.sleep(dice.uniform(0.5, 2.0))
            estate.spaces.mend(shop)
        else:
            part = {"broker": estate.broker, "relay": estate.relay, "hub": estate.hubs[0]}[blow]
            part.kill()
            part.start()
    return len(blows)


def prove(soak=False):
    bin_dir = build("release", *PROGRAMS)
    seed = random.SystemRandom().randrange(1 << 32)
    dice = random.Random(seed)
    print(f"seed {seed}", flush=True)
    with Spaces(SHOPS) as spaces, Estate(SHOPS, spaces) as estate:
        estate.start(ROOT / "web/sample/menu.json")
        away = estate.hubs[AWAY - 1]
        spaces.cut(AWAY)
        lonely = estate.play(away, sample(bin_dir, away.home, "away", 9_000, 21))
        plays = [estate.play(hub, sample(bin_dir, hub.home, "day", 4_000, 30 + n), "--rate", 100, "--through-crashes")
                 for n, hub in enumerate(estate.hubs[:AWAY - 1])]
        blows = trouble(estate, dice)
        at_hubs = estate.finish([*plays, lonely])
        wait_for(lambda: away.head() >= AWAY_EVENTS or lonely[0].poll() is not None, 600, f"{AWAY_EVENTS} events of the shop that is away")
        queued = away.behind() or 0
        began = time.monotonic()
        spaces.mend(AWAY)
        away.wait_until_sent(600)
        back = time.monotonic() - began
        differences, counts = estate.compare()
    good = not differences and at_hubs == 0 and queued >= AWAY_EVENTS
    return (f"{len(differences)} lost, doubled or out of order of {counts['events']} events in {blows} blows, {at_hubs} at the hubs; "
            f"{queued} events queued by the shop that was away, sent in {back:.1f} s after the cable was back"), good
