"""Claim `kill-soak`: kill -9 of the real hub 2,000 times, each 5 to 500 ms after its first answer, under load.

One new shop after the other, so that each start is as quick as a start is and every book is compared while it is small.
LARDER_KILLS asks for another number of cycles: the claim then holds for those only, and says so.
"""
import os
import random
import time

from claims.hub_kill import Outcome, kill_under_load
from parts import build

CYCLES = 2_000
LIFE = (0.005, 0.5)
ORDERS = 6_000  # of one shop: some hundred cycles


def prove(soak=False):
    cycles = int(os.environ.get("LARDER_KILLS", CYCLES))
    build("release", "larder-edge", "larderctl", "larder-replay")
    seed = random.SystemRandom().randrange(1 << 32)
    dice = random.Random(seed)
    print(f"seed {seed}, {cycles:,} cycles", flush=True)
    total = Outcome()
    began = time.monotonic()
    shops = 0
    while total.killed < cycles and total.holds():
        total.add(kill_under_load(dice, ORDERS, cycles - total.killed, LIFE, 600))
        shops += 1
        print(f"{total.killed:,} of {cycles:,} cycles, {shops} shops, {time.monotonic() - began:.0f} s: {total}", flush=True)
    return f"{total}, {shops} shops, {(time.monotonic() - began) / 60:.0f} min", total.holds() and total.killed >= cycles
