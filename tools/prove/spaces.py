"""Network namespaces of our own: a cloud and shops, each shop on a cable that can be cut. Needs root; everything is gone at the end."""
import os
import subprocess


def ip(*args):
    subprocess.run(["ip", *map(str, args)], check=True, capture_output=True, text=True)


class Spaces:
    """One namespace `cloud` with address 10.99.0.1 and one per shop, 10.99.N.2, joined by a veth pair each."""

    def __init__(self, shops):
        self.tag = f"lp{os.getpid()}"
        self.made = []
        self.shops = shops

    def name(self, who):
        return f"{self.tag}{who}"

    def __enter__(self):
        try:
            self.add("cloud")
            ip("-n", self.name("cloud"), "addr", "add", "10.99.0.1/32", "dev", "lo")
            for shop in range(1, self.shops + 1):
                self.add(shop)
                self.wire(shop)
        except Exception:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in self.made:  # the cables go with their ends
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)
        self.made = []

    def add(self, who):
        ip("netns", "add", self.name(who))
        self.made.append(self.name(who))
        ip("-n", self.name(who), "link", "set", "lo", "up")

    def wire(self, shop):
        ours, theirs = f"{self.tag}c{shop}", f"{self.tag}s{shop}"
        ip("-n", self.name("cloud"), "link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", self.name(shop))
        ip("-n", self.name("cloud"), "addr", "add", f"10.99.{shop}.1/24", "dev", ours)
        ip("-n", self.name(shop), "addr", "add", f"10.99.{shop}.2/24", "dev", theirs)
        ip("-n", self.name("cloud"), "link", "set", ours, "up")
        ip("-n", self.name(shop), "link", "set", theirs, "up")
        ip("-n", self.name(shop), "route", "add", "default", "via", f"10.99.{shop}.1")

    def inside(self, who):
        return ["ip", "netns", "exec", self.name(who)]

    def cut(self, shop):
        """The cable is pulled at the cloud's end: nobody is told, packets are simply gone."""
        ip("-n", self.name("cloud"), "link", "set", f"{self.tag}c{shop}", "down")

    def mend(self, shop):
        ip("-n", self.name("cloud"), "link", "set", f"{self.tag}c{shop}", "up")
