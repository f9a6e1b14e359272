"""Alternating rounds, medians and spreads, and the results as a table, a file and a chart. Nothing here measures."""
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

RESULTS = pathlib.Path(__file__).resolve().parent / "results"
ROUNDS = 5


def alternate(ours, peer, rounds=ROUNDS):
    """Calls ours, peer, ours, peer, ...: two lists of what they answered (dicts of figures), one entry a round."""
    pairs = [(ours(), peer()) for _ in range(rounds)]
    return [a for a, _ in pairs], [b for _, b in pairs]


class Series:
    """One figure over the rounds."""

    def __init__(self, label, unit, values):
        self.label, self.unit, self.values = label, unit, list(values)

    @classmethod
    def of(cls, label, unit, rounds, key):
        return cls(label, unit, [one[key] for one in rounds])

    @property
    def median(self):
        return statistics.median(self.values)

    def as_json(self):
        return {"label": self.label, "unit": self.unit, "median": self.median, "min": min(self.values), "max": max(self.values),
                "rounds": self.values}


class Ratio:
    """What the goal speaks of: one median over another."""

    def __init__(self, label, ours, peer, goal, at_most=False):
        self.label, self.ours, self.peer, self.goal, self.at_most = label, ours, peer, goal, at_most

    @property
    def value(self):
        return self.ours.median / self.peer.median

    @property
    def holds(self):
        return self.value <= self.goal if self.at_most else self.value >= self.goal

    @property
    def goal_text(self):
        return f"{'<=' if self.at_most else '>='} {self.goal}"

    def as_json(self):
        return {"label": self.label, "ratio": round(self.value, 3), "goal": self.goal_text, "holds": self.holds}


def figure(number):
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.2f}"


def version_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[0]
    except (OSError, IndexError):
        return "absent"


def machine():
    cpu = next((line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "unknown")
    memory_kb = int(next(line for line in pathlib.Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal")).split()[1])
    file_system = subprocess.run(["stat", "-f", "-c", "%T", "/tmp"], capture_output=True, text=True).stdout.strip()
    return {"cpu": cpu, "cores": os.cpu_count(), "memory_gb": round(memory_kb / 1e6), "kernel": platform.release(),
            "file_system": file_system, "redis": version_of("redis-server", "--version"), "mosquitto": version_of("mosquitto", "-h"),
            "postgresql": version_of("psql", "--version"), "mariadb": version_of("mariadbd", "--version")}


def table(title, series, ratios, notes):
    lines = [f"# {title}", "", "| what | median | min | max | unit |", "|---|--:|--:|--:|---|"]
    lines += [f"| {s.label} | {figure(s.median)} | {figure(min(s.values))} | {figure(max(s.values))} | {s.unit} |" for s in series]
    if ratios:
        lines += ["", "| ratio of medians | is | goal | holds |", "|---|--:|--:|---|"]
        lines += [f"| {r.label} | {r.value:.2f} | {r.goal_text} | {'yes' if r.holds else '**no**'} |" for r in ratios]
    return "\n".join([*lines, "", *notes]).rstrip() + "\n"


def chart(title, series):
    """Bars with their spread; one picture per unit would say no more, so each bar is scaled within its unit."""
    row, left, width = 26, 330, 420
    escape = lambda text: text.replace("&", "&amp;").replace("<", "&lt;")  # noqa: E731
    most = {s.unit: max(max(t.values) for t in series if t.unit == s.unit) or 1 for s in series}
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 150}" height="{60 + row * len(series)}" '
           'font-family="sans-serif" font-size="13">', '<rect width="100%" height="100%" fill="#ffffff"/>',
           f'<text x="12" y="26" font-size="16" font-weight="bold">{escape(title)}</text>']
    for i, s in enumerate(series):
        y, scale = 44 + row * i, width / most[s.unit]
        colour = "#c2410c" if s.label.startswith("larder") else "#64748b"
        middle, low, high = (left + v * scale for v in (s.median, min(s.values), max(s.values)))
        out += [f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{escape(s.label)}</text>',
                f'<rect x="{left}" y="{y}" width="{middle - left:.1f}" height="{row - 8}" fill="{colour}"/>',
                f'<path d="M{low:.1f} {y + 9}H{high:.1f}M{low:.1f} {y + 5}v8M{high:.1f} {y + 5}v8" stroke="#111827" fill="none"/>',
                f'<text x="{high + 6:.1f}" y="{y + 14}">{figure(s.median)} {escape(s.unit)}</text>']
    return "\n".join([*out, "</svg>"]) + "\n"


def write(name, title, series, ratios=(), notes=()):
    """bench/results/<name>.md, .json and .svg. A figure measured with fewer rounds than ROUNDS is printed, not kept."""
    text = table(title, series, ratios, notes)
    print(text, flush=True)
    if any(len(s.values) < ROUNDS for s in series):
        print("fewer rounds than a result needs: not written", file=sys.stderr)
        return
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text)
    (RESULTS / f"{name}.svg").write_text(chart(title, series))
    (RESULTS / f"{name}.json").write_text(json.dumps(
        {"title": title, "day": datetime.date.today().isoformat(), "machine": machine(), "series": [s.as_json() for s in series],
         "ratios": [r.as_json() for r in ratios], "notes": list(notes)}, indent=1) + "\n")
