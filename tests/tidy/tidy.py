#!/usr/bin/env python3
"""The house rules that a machine can check. Prints one line per breach and `N passed, N failed` (one check each) at the end.

  tests/tidy/tidy.py            check the whole house
  tests/tidy/tidy.py --canary   the same checks over tests/tidy/canary must each find their breach
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "house"))
import cases  # noqa: E402

CANARY = ROOT / "tests" / "tidy" / "canary"

# Which rooms a room may include (design: dependencies run one way; sister rooms never meet).
ROOMS = {
    "core/base": [],
    "core/stock": ["core/base"],
    "core/orders": ["core/base", "core/stock"],
    "core/ledger": ["core/base", "core/stock", "core/orders"],
    "lan-protocol": ["core/base", "core/stock", "core/orders", "core/ledger"],
    "platform/process": ["core/base"],
    "platform/loop": ["core/base"],
    "platform/sqlite": ["core/base", "lan-protocol"],
    "platform/web": ["core/base", "lan-protocol"],
    "edge/app": ["core/base", "core/stock", "core/orders", "core/ledger", "lan-protocol"],
    "edge/storage": ["core/base", "core/ledger", "edge/app", "lan-protocol", "platform/sqlite"],
    "edge/lan": ["core/base", "edge/app", "lan-protocol", "platform/loop", "platform/web"],
    "edge/pins": ["core/base", "edge/app"],
    "edge/discovery": ["core/base", "edge/app"],
    "edge/ops": ["core/base", "core/ledger", "edge/app", "lan-protocol", "platform/process"],
    "edge/uplink": ["core/base", "edge/app", "lan-protocol", "platform/process"],
    "relay/app": ["core/base", "core/stock", "lan-protocol"],
    "relay/shards": ["core/base", "core/stock", "core/orders", "core/ledger", "lan-protocol", "relay/app", "platform/sqlite"],
    "relay/inlet": ["core/base", "lan-protocol", "relay/app", "platform/process"],
    "relay/bus": ["core/base", "lan-protocol", "relay/app", "platform/sqlite"],
    "relay/outbox": ["core/base", "lan-protocol", "relay/app"],
    "relay/api": ["core/base", "core/stock", "core/orders", "core/ledger", "lan-protocol", "relay/app", "platform/loop", "platform/process", "platform/web"],
    "relay/ops": ["core/base", "lan-protocol", "relay/app", "platform/process"],
}
# What main.cpp files and tools may see: every room.
FREE = ("edge/main.cpp", "relay/main.cpp", "tools/", "tests/", "bench/")

# Heavy libraries: in a few named .cpp files and in no header.
HEAVY = {
    r"boost/": r"(edge/lan/|platform/loop/|relay/api/|lan-protocol/checksum\.cpp|tools/client/|cmake/|tests/|bench/)",
    r"nlohmann/": r"lan-protocol/json\.cpp|tests/",
    r"sqlite3\.h": r"platform/sqlite/|edge/storage/|tests/",
    r"avahi-": r"edge/discovery/",
    r"prometheus/": r"(edge|relay)/ops/metrics\.cpp",
    r"spdlog/": r"platform/process/log\.cpp",
    r"mqtt/": r"(edge/uplink|relay/inlet|tools/prove|tests/relay)/paho_\w+\.(cpp|hpp)",
    r"MQTT\w+\.h": r"(edge/uplink|relay/inlet)/paho_\w+\.cpp",
    r"zstd\.h": r"lan-protocol/compress\.cpp|tests/",
    r"sodium\.h": r"relay/api/secrets\.cpp|edge/pins/pin_hash\.cpp",
    r"toml\+\+/": r"(edge/ops/|platform/process/)",
    r"CLI/": r"tools/|bench/|edge/main\.cpp|edge/ops/",
    r"openssl/": r"lan-protocol/digest\.cpp|tools/|tests/",
}
CORE_FORBIDDEN = r"<(thread|mutex|random|chrono|ctime|time\.h|iostream|fstream|filesystem|atomic|future)>"

BANNED_WORDS = ("Manager", "Helper", "Util", "Utils", "Common")
BANNED_NAME = re.compile(
    r"\b(?:class|struct|enum class|namespace)\s+\w*(?:Manager|Helper|Util|Common)\w*"
    r"|\b(?:class|struct)\s+(?:Data|Info)\b|\b(?:handle_it|do_\w+|process)\s*\(")
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400
TODO = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))")
HOSTS = re.compile(r"registry\.npmjs\.org|deb\.debian\.org|pypi\.org|proxy\.golang\.org|crates\.io/|repo1?\.maven")


def sources(base, *endings):
    skip = ("node_modules", "build", ".git", ".larder", "dist")
    for path in sorted(base.rglob("*")):
        if path.suffix in endings and path.is_file() and not any(s in path.relative_to(base).parts for s in skip):
            if base != CANARY and CANARY in path.parents:
                continue
            yield path, path.relative_to(base).as_posix(), path.read_text(errors="replace")


def strip(text):
    """Comments and string bodies blanked, line numbers kept."""
    out, i = [], 0
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S)
    for m in pattern.finditer(text):
        out.append(text[i:m.start()])
        body = m.group(0)
        out.append('""' + "\n" * body.count("\n") if body[0] in '"R' else "\n" * body.count("\n"))
        i = m.end()
    out.append(text[i:])
    return "".join(out)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def room_of(name):
    for room in sorted(ROOMS, key=len, reverse=True):
        if name.startswith(room + "/"):
            return room
    return None


def check_rooms(base):
    for _, name, text in sources(base, ".cpp", ".hpp"):
        room = room_of(name)
        if room is None or name.startswith(FREE):
            continue
        for m in re.finditer(r'^#include "([^"]+)"', text, re.M):
            other = room_of(m.group(1))
            if other is None:
                yield name, line_of(text, m.start()), f"include \"{m.group(1)}\" does not start at a room"
            elif other != room and other not in ROOMS[room]:
                yield name, line_of(text, m.start()), f"{room} may not include {other}"


def check_heavy(base):
    for _, name, text in sources(base, ".cpp", ".hpp"):
        for m in re.finditer(r"^#include <([^>]+)>", text, re.M):
            line = line_of(text, m.start())
            if name.startswith("core/") and re.match(CORE_FORBIDDEN, f"<{m.group(1)}>"):
                yield name, line, f"core may not include <{m.group(1)}>"
            for library, places in HEAVY.items():
                if not re.match(library, m.group(1)):
                    continue
                if name.endswith(".hpp") and not name.startswith(("edge/lan/detail/", "edge/storage/detail/", "tests/")) \
                        and "_internal" not in name:
                    yield name, line, f"<{m.group(1)}> in a header"
                elif not re.match(places, name):
                    yield name, line, f"<{m.group(1)}> does not belong in {name}"


OK_AWAIT = re.compile(
    r"^(?:(?:(?:const\s+)?[\w:<>,\s*&]+?|auto\s*&{0,2}\s*\[[^\]]*\])\s*=\s*|co_return\s+|[\w.\->]+\s*=\s*)?co_await\s+[^{}?]*$",
    re.S)


def check_co_await(base):
    """g++ 12 miscompiles a co_await that shares its statement with a brace, a lambda, ?:, &&, new or throw, or sits in a condition."""
    for _, name, text in sources(base, ".cpp", ".hpp"):
        if "co_await" not in text:
            continue
        code = strip(text)
        for m in re.finditer(r"\bco_await\b", code):
            start, depth = m.start(), 0
            while start > 0:
                c = code[start - 1]
                if c in ")]":
                    depth += 1
                elif c in "([":
                    depth -= 1
                elif depth <= 0 and c in ";{}":
                    break
                start -= 1
            end, depth = m.end(), 0
            while end < len(code):
                c = code[end]
                if c in "([{":
                    depth += 1
                elif c in ")]}":
                    depth -= 1
                    if depth < 0 and c == "}":
                        break
                elif c == ";" and depth <= 0:
                    break
                end += 1
            statement = re.sub(r"^(?:(?:case [^:]+|default)\s*:)\s*", "", code[start:end].strip())
            line = line_of(code, m.start())
            after = statement[statement.find("co_await"):]
            if re.match(r"(if|while|switch|for|else|do)\b", statement):
                yield name, line, "co_await inside a control expression"
            elif re.search(r"\?|&&|\|\||\b(new|throw)\b", re.sub(r"auto\s*&&", "", statement)):
                yield name, line, "co_await with ?:, &&, ||, new or throw in its statement"
            elif "{" in after or not OK_AWAIT.match(statement):
                yield name, line, "co_await does not stand alone in one of the five statements"


def functions(code):
    """(line, length) of each outermost function body."""
    code = re.sub(r"(?m)^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda line: "\n" * line.group(0).count("\n"), code)
    depth_stack, header_start = [], 0
    for m in re.finditer(r"[;{}]", code):
        c, at = m.group(0), m.start()
        if c == ";":
            header_start = at + 1
        elif c == "{":
            header = code[header_start:at].strip()
            in_function = any(kind for kind, _ in depth_stack)
            is_scope = re.match(r"(?:inline\s+)?(?:namespace|class|struct|enum|union|extern)\b", header) \
                or re.search(r"\b(?:class|struct|enum|union)\s+[\w:<>,\s]+(?:final)?(?:\s*:[^()]*)?$", header)
            is_function = not in_function and not is_scope and "(" in header and not header.endswith("=")
            depth_stack.append((is_function or in_function, line_of(code, at) if is_function else None))
            header_start = at + 1
        else:
            if depth_stack:
                _, began = depth_stack.pop()
                if began:
                    yield began, line_of(code, at) - began + 1
            header_start = at + 1


def check_functions(base):
    for _, name, text in sources(base, ".cpp", ".hpp"):
        lines = text.split("\n")
        for began, length in functions(strip(text)):
            reason = "\n".join(lines[max(0, began - 8):began])
            if length > FUNCTION_LINES_MAX and "Long because" not in reason:
                yield name, began, f"function of {length} lines owes a reason (`// Long because ...` above it)"


def check_files(base):
    for _, name, text in sources(base, ".cpp", ".hpp", ".js", ".mjs", ".py"):
        count = text.count("\n")
        if count > FILE_LINES_MAX and "Long because" not in text[:2000]:
            yield name, 1, f"file of {count} lines owes a reason (`Long because ...` at its top)"


def check_names(base):
    for path, name, text in sources(base, ".cpp", ".hpp"):
        if not re.fullmatch(r"[a-z0-9_]+\.(cpp|hpp)", path.name):
            yield name, 1, "file names are snake_case"
        for word in BANNED_WORDS:
            if re.search(rf"(^|_){word.lower()}s?(_|\.)", path.name):
                yield name, 1, f"file name with the banned word {word}"
        code = strip(text)
        for m in BANNED_NAME.finditer(code):
            yield name, line_of(code, m.start()), f"banned name: {m.group(0).strip()}"


def check_words(base):
    for _, name, text in sources(base, ".cpp", ".hpp", ".js", ".mjs", ".py", ".sh", ".md", ".cmake", ".json", ".sql", ".css", ".html"):
        if name.startswith("tests/tidy/"):
            continue
        for m in TODO.finditer(text):
            yield name, line_of(text, m.start()), f"{m.group(0)} without an issue number"
        for m in HOSTS.finditer(text):
            yield name, line_of(text, m.start()), "names a registry host"


def check_sql(base):
    """SQL is prepared and constant: nothing is concatenated into it."""
    for _, name, text in sources(base, ".cpp", ".hpp"):
        code = strip(text)
        for m in re.finditer(r"sqlite3_(?:prepare\w*|exec)\s*\(([^;]*?)\)\s*;", code, re.S):
            if re.search(r"\+\s*\w|std::format|fmt::format|\.append\(", m.group(1)):
                yield name, line_of(code, m.start()), "SQL put together from pieces"


def check_headers(base):
    for _, name, text in sources(base, ".hpp"):
        if "#pragma once" not in text:
            yield name, 1, "no #pragma once"
        elif not text.startswith("//"):
            yield name, 1, "no comment that says what the header is for"


def check_verbs(base):
    """Every verb of the table has a schema and golden bytes."""
    table = base / "lan-protocol" / "verbs.cpp"
    if not table.exists():
        yield "lan-protocol/verbs.cpp", 1, "the verb table is missing"
        return
    for verb in sorted(set(re.findall(r'"([a-z]+\.[a-z_]+)"', table.read_text()))):
        if not list((base / "schemas" / "json").rglob(f"{verb}*.json")):
            yield "lan-protocol/verbs.cpp", 1, f"{verb} has no schema"
        if base == ROOT and not list((base / "tests" / "protocol" / "golden").rglob(f"{verb}*")):
            yield "lan-protocol/verbs.cpp", 1, f"{verb} has no golden bytes"


def check_outside(base):
    """The product points at nothing outside itself."""
    for _, name, text in sources(base, ".cpp", ".hpp", ".js", ".mjs", ".cmake", ".toml"):
        if name.startswith(("tests/", "bench/")):
            continue
        # web/shared is a folder of the project: a page reaches it by one "../" less than its own depth.
        inside = "'" + "../" * (name.count("/") - 2) if name.startswith("web/") else None
        reach = rf"(?<!{re.escape(inside)})\.\./shared/" if inside else r"\.\./shared/"
        for m in re.finditer(reach, text):
            yield name, line_of(text, m.start()), "the product points at ../shared"


def check_formatted(base):
    if base == CANARY:
        files = [str(p) for p, _, _ in sources(base, ".cpp")]
    else:
        files = [str(p) for p, _, _ in sources(base, ".cpp", ".hpp")]
    out = subprocess.run(["clang-format-14", "--dry-run", f"--style=file:{ROOT}/.clang-format", *files],
                         capture_output=True, text=True)
    for m in re.finditer(r"^([^:\n]+):(\d+):\d+: warning: code should be clang-formatted", out.stderr, re.M):
        yield pathlib.Path(m.group(1)).relative_to(base).as_posix(), int(m.group(2)), "not formatted"


def check_cases(base):
    """docs/CASES.md is what the tests' names make it, and no test names a case that is not in the list."""
    if not (base / cases.LIST).exists():
        yield cases.LIST, 1, "the list of cases is missing"
        return
    _, strangers = cases.cases_of(base)
    for held in strangers:
        yield held.file, 1, f"{held.name} names a case that is not in {cases.LIST}"
    page = base / cases.PAGE
    if not page.exists() or page.read_text() != cases.page(base):
        yield cases.PAGE, 1, "is old: run tools/house/cases.py"


CHECKS = [check_rooms, check_heavy, check_co_await, check_functions, check_files, check_names, check_words, check_sql,
          check_headers, check_verbs, check_outside, check_cases, check_formatted]


def main():
    canary = "--canary" in sys.argv
    passed = failed = 0
    for check in CHECKS:
        breaches = list(check(CANARY if canary else ROOT))
        good = bool(breaches) if canary else not breaches
        passed, failed = passed + good, failed + (not good)
        if canary and not breaches:
            print(f"{check.__name__} found nothing in its canary")
        if not canary:
            for name, line, what in sorted(set(breaches))[:50]:
                print(f"{name}:{line}: {what}")
    print(f"{'tidy-canary' if canary else 'tidy'}: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
