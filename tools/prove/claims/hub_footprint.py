"""Claim `hub-footprint`: memory of the hub with 100 screens and 1,000 SKUs, and its CPU when nobody orders."""
import json
import os
import pathlib
import subprocess
import time

from parts import Hub, build, wait_for

GOAL_MB, GOAL_CPU, SCREENS, SKUS, SECONDS = 64.0, 1.0, 100, 1000, 20


def menu_of(count):
    text = lambda en: {"en": en, "zh": ""}  # noqa: E731
    return {
        "version": 0, "currency": "EUR", "option_groups": [],
        "stations": [{"id": s, "name": text(s)} for s in ("grill", "cold", "fry", "bar")],
        "categories": [{"id": f"c{i}", "name": text(f"Category {i}")} for i in range(20)],
        "items": [{"id": f"i{i}", "category": f"c{i % 20}", "name": text(f"Item number {i}"), "description": text("A good thing to eat"),
                   "image": "", "station": ("grill", "cold", "fry", "bar")[i % 4], "channels": ["pos", "kiosk", "emenu", "online_order"],
                   "skus": [{"id": f"s{i}", "name": text(""), "price": 500 + i}], "option_groups": [], "parts": []}
                  for i in range(count)],
    }


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def prove(soak=False):
    build("release", "larder-edge", "larderctl", "larder-replay")
    with Hub() as hub:
        hub.start()
        menu = hub.home / "menu.json"
        menu.write_text(json.dumps(menu_of(SKUS)))
        hub.ctl("menu", "import", menu)
        screens = subprocess.Popen(hub.replay_command("screens", "--screens", SCREENS, "--seconds", SECONDS + 60),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(lambda: hub.ctl("status")["sessions"] > SCREENS, 60, "100 screens")
            pid = hub.process.pid
            before, began = cpu_seconds(pid), time.monotonic()
            time.sleep(SECONDS)  # the time over which CPU is measured
            cpu = 100 * (cpu_seconds(pid) - before) / (time.monotonic() - began)
            memory = resident_mb(pid)
        finally:
            screens.terminate()
            screens.wait()
    return f"RSS {memory:.1f} MB with {SCREENS} screens and {SKUS} SKUs, CPU {cpu:.2f} % when idle", memory < GOAL_MB and cpu < GOAL_CPU
