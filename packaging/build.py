#!/usr/bin/env python3
"""Builds the Debian packages: build.py [--out DIR] [--commit COMMIT --version VERSION].

Without --commit: what lies in this tree, with the version of CMakeLists.txt, into dist/. With it: an earlier tree of this
repository under today's packaging, for the test of the upgrade (see upgrade_from.txt). Everything is made below build/package;
the compiler cache is the one of ./larder build.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "package"
MAINTAINER = "Larder maintainers <maintainers@larder.example>"
# What belongs to the packaging of an earlier tree too: there was none in it.
OURS = ("packaging", "systemd")


def run(*command, log=None, **options):
    """Quiet when it succeeds; what it said when it does not."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", stdin=subprocess.DEVNULL, **options)
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout)
    if done.returncode != 0:
        sys.stderr.write(done.stdout[-6000:])
        raise SystemExit(f"package: {command[0]} failed")
    return done.stdout


def git(*words):
    return run("git", "-C", ROOT, *words)


def same(source, target):
    return target.is_file() and not target.is_symlink() and source.read_bytes() == target.read_bytes() \
        and (source.stat().st_mode & 0o111) == (target.stat().st_mode & 0o111)


def lay_out(names, base, src):
    """Copies `names` of `base`; what is the same keeps its time, so that a second build compiles little."""
    for name in names:
        source, target = base / name, src / name
        if source.is_file() and not same(source, target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def drop_others(src, names):
    """What is no longer in the tree goes; build/ and debian/ are ours."""
    keep = set(names)
    for path in sorted(src.rglob("*"), reverse=True):
        name = path.relative_to(src).as_posix()
        if name.split("/")[0] in ("build", "debian"):
            continue
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif name not in keep:
            path.unlink()


def tree_of(commit, src):
    """The files of this tree (the changes not yet committed with them), or of an earlier commit."""
    names = git("ls-files", "-co", "--exclude-standard").split("\n")
    names = [name for name in names if name and (ROOT / name).is_file()]
    if commit is None:
        lay_out(names, ROOT, src)
        drop_others(src, names)
        return
    earlier = WORK / "earlier"
    shutil.rmtree(earlier, ignore_errors=True)
    earlier.mkdir(parents=True)
    tar = subprocess.run(["git", "-C", ROOT, "archive", commit], stdout=subprocess.PIPE, check=True).stdout
    subprocess.run(["tar", "-C", earlier, "-x"], input=tar, check=True)
    old = [path.relative_to(earlier).as_posix() for path in earlier.rglob("*") if path.is_file()]
    ours = [name for name in names if name.split("/")[0] in OURS]
    lay_out(old, earlier, src)
    lay_out(ours, ROOT, src)
    drop_others(src, [*old, *ours])


def set_version(src, version):
    cmake = src / "CMakeLists.txt"
    text = cmake.read_text()
    found = re.search(r"project\(larder VERSION (\S+)", text)
    if version and version != found.group(1):
        cmake.write_text(text.replace(found.group(0), f"project(larder VERSION {version}"))
    return version or found.group(1)


def changelog(src, version, date):
    """The points of the newest section of CHANGELOG.md, in Debian's form."""
    section = (src / "CHANGELOG.md").read_text().split("\n## ")[1]
    points = [re.sub(r"[`*]", "", line[2:]) for line in section.splitlines() if line.startswith("- ")]
    items = [textwrap.fill(point, 78, initial_indent="  * ", subsequent_indent="    ") for point in points]
    return f"larder ({version}) bookworm; urgency=medium\n\n" + "\n".join(items) + f"\n\n -- {MAINTAINER}  {date}\n"


def make_debian(src, version, date):
    shutil.rmtree(src / "debian", ignore_errors=True)
    shutil.copytree(src / "packaging/debian", src / "debian")
    (src / "debian/changelog").write_text(changelog(src, version, date))
    for path in (src / "systemd").iterdir():
        if path.suffix in (".sysusers", ".tmpfiles"):
            shutil.copy(path, src / "debian")


def make_web(src):
    """The pages, built where npm has put what they need: this tree's node_modules."""
    if not (ROOT / "node_modules/esbuild").is_dir():
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=ROOT)
    shutil.rmtree(src / "build/web", ignore_errors=True)
    # Node looks for packages in every folder above: those of this tree are found from the copy below it.
    run("node", src / "web/build.mjs", cwd=src)


def collect(above, out, version):
    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("larder*.deb"), *out.glob("larder*.changes"), *out.glob("larder*.buildinfo")]:
        old.unlink()
    made = [path for path in sorted(above.iterdir()) if f"_{version}_" in path.name and path.suffix in (".deb", ".changes", ".buildinfo")]
    for path in made:
        shutil.move(path, out / path.name)
    return [out / path.name for path in made]


def build(out, commit=None, version=None):
    above = WORK / ("before" if commit else "now")
    src = above / "src"
    src.mkdir(parents=True, exist_ok=True)
    tree_of(commit, src)
    version = set_version(src, version)
    when = git("log", "-1", "--format=%at", commit or "HEAD").strip()
    date = run("date", "-u", "-R", "-d", f"@{when}").strip()
    make_web(src)
    make_debian(src, version, date)
    cache = os.environ.get("CCACHE_DIR") or run("ccache", "-k", "cache_dir").strip()
    environment = {**os.environ, "CCACHE_DIR": cache, "SOURCE_DATE_EPOCH": when, "DEB_BUILD_OPTIONS": "nocheck parallel=2"}
    run("dpkg-buildpackage", "-b", "-nc", "-us", "-uc", cwd=src, env=environment, log=ROOT / f"build/test-logs/dpkg-{above.name}.log")
    return collect(above, out, version)


def main():
    line = argparse.ArgumentParser(prog="./larder package")
    line.add_argument("--out", type=pathlib.Path, default=ROOT / "dist")
    line.add_argument("--commit")
    line.add_argument("--version")
    args = line.parse_args()
    for path in build(args.out.resolve(), args.commit, args.version):
        if path.suffix == ".deb" and "-dbgsym" not in path.name:
            print(os.path.relpath(path))


if __name__ == "__main__":
    main()
