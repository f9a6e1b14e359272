"""Claim `bench-fanout`: one 86 to 200 screens until the last has it, and events/s of a flood of them, against mosquitto's QoS 0.
The hub commits every 86 before anybody hears of it; the broker only forwards."""
import sys

from parts import ROOT, build

sys.path.insert(0, str(ROOT / "bench"))
import audit  # noqa: E402
import loads  # noqa: E402
import peers  # noqa: E402
import rounds  # noqa: E402

GOAL, SCREENS, SINGLES, FLOOD = 2.0, 200, 300, 4_000


def heard_by_all(server, load):
    """The books of a fan-out: every watcher has had every event, once."""
    expected = SINGLES + FLOOD
    if load["seen_least"] != expected or load["seen_most"] != expected:
        raise audit.Void(f"{server}: {expected} events, and screens that saw {load['seen_least']} to {load['seen_most']}")
    return {"last_ms": load["last_has_it_ms"]["p50"], "last_p99_ms": load["last_has_it_ms"]["p99"], "per_second": load["per_second"],
            "event_bytes": load["event_bytes"]}


def prove(soak=False):
    build("release", "larder-edge", "larderctl", "bench-load")
    size = {}

    with peers.BenchHub(kiosks=SCREENS, skus=5, till=True) as hub, peers.Mosquitto() as broker:
        def ours():
            hub.fresh()
            hub.start()
            found = heard_by_all("larder", loads.fan_out(hub, SCREENS, SINGLES, FLOOD))
            hub.stop()
            marks = hub.count_events("stock.changed", "till-1")
            if marks != SINGLES + FLOOD:
                raise audit.Void(f"larder: {SINGLES + FLOOD} marks were made, the journal has {marks}")
            size["event"] = found["event_bytes"]
            return found

        def theirs():
            broker.start()
            found = heard_by_all("mosquitto", loads.fan_out(broker, SCREENS, SINGLES, FLOOD, payload_bytes=size["event"]))
            broker.stop()
            return found

        a, b = rounds.alternate(ours, theirs)
    series = {}
    for label, runs in (("larder", a), ("mosquitto", b)):
        series[label] = [rounds.Series.of(f"{label}, until the last of {SCREENS} has it, p50", "ms", runs, "last_ms"),
                         rounds.Series.of(f"{label}, until the last of {SCREENS} has it, p99", "ms", runs, "last_p99_ms"),
                         rounds.Series.of(f"{label}, flood", "events/s", runs, "per_second")]
    ratios = [rounds.Ratio("speed of one 86 (mosquitto's time over ours)", series["mosquitto"][0], series["larder"][0], GOAL),
              rounds.Ratio("events/s of a flood", series["larder"][2], series["mosquitto"][2], GOAL)]
    rounds.write("bench-fanout", "One 86 to 200 screens", [s for pair in zip(series["larder"], series["mosquitto"]) for s in pair], ratios,
                 [f"Messages of {size['event']} bytes on both sides. The hub's are on its disk before they leave; the broker's are on none."])
    return ("; ".join(f"{r.label} {r.value:.2f} x" for r in ratios) +
            f" (one 86: {series['larder'][0].median:.2f} ms against {series['mosquitto'][0].median:.2f} ms)", all(r.holds for r in ratios))
