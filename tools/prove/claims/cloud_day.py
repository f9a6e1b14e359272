"""Claim `cloud-day`: a whole day at three hubs at once, one relay; every event, order and movement in the shards once, in order, the books equal."""
from cloud import PROGRAMS
from estate import Estate
from parts import Hub, build, days

SHOPS = 3


def one_day(name, orders, menu):
    with Estate(SHOPS) as estate:
        estate.start(menu)
        at_hubs = estate.finish([estate.play(hub, orders) for hub in estate.hubs])
        differences, counts = estate.compare()
    print(f"{name}: {counts['events']} events, {counts['orders']} orders, {counts['movements']} movements, "
          f"{len(differences)} differences, {at_hubs} at the hubs", flush=True)
    return len(differences) + at_hubs, counts


def prove(soak=False):
    bin_dir = build("release", *PROGRAMS)
    total, seen, names = 0, {"events": 0, "orders": 0, "movements": 0}, []
    with Hub() as scratch:
        for name, orders, menu in days(scratch.home, bin_dir):
            found, counts = one_day(name, orders, menu)
            total += found
            names.append(name)
            seen = {what: seen[what] + counts[what] for what in seen}
    return (f"{total} differences over {seen['events']} events, {seen['orders']} orders, {seen['movements']} movements "
            f"({SHOPS} hubs; {' and '.join(names)})"), total == 0 and seen["movements"] > 0
