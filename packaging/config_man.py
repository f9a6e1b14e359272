#!/usr/bin/env python3
"""The man page of a daemon's config file, made of its page in docs: config_man.py PAGE PROGRAM VERSION.

The page in docs is itself made from the daemon's table of keys, and a test fails when it is old; so this page is never stale either.
"""
import pathlib
import re
import sys

ROW = re.compile(r"^\| `(\w+)\.(\w+)` \| (.+?) \| (.+?) \| (.+) \|$")
FILES = {"larder-edge": "/etc/larder/edge.toml", "larder-relay": "/etc/larder/relay.toml"}


def roff(text):
    text = text.replace("\\", "\\e").replace("`", "").replace("-", "\\-")
    return "\\&" + text if text[:1] in ".'" else text


def keys(page):
    found = [ROW.match(line) for line in page.splitlines()]
    rows = [match.groups() for match in found if match]
    if not rows:
        raise SystemExit("config_man: the page has no table of keys")
    return rows


def man_page(page, program, version):
    config = FILES[program]
    out = [f'.TH {program.upper()}.TOML 5 "" "larder {version}" "Larder"', ".SH NAME",
           f"{program}.toml \\- the config file of {roff(program)}", ".SH SYNOPSIS", f".I {roff(config)}", ".SH DESCRIPTION",
           "One TOML file, in UTF\\-8, read at start. A file with anything wrong in it is refused as a whole: the daemon ends with "
           "78 and says file:line:column and a sentence for each fault.",
           f".B {roff(program)} \\-\\-check\\-config", "says the same without starting. A change needs a restart.", ".PP",
           "A key that names a file also takes",
           ".IR $CREDENTIALS_DIRECTORY/NAME :", "the credential NAME that systemd hands to the service, see",
           f".BR {roff(program)} (8)."]
    section = None
    for group, name, default, allowed, sentence in keys(page):
        if group != section:
            section = group
            out.append(f".SH [{group}]")
        out += [".TP", f".B {roff(name)}", roff(sentence), ".br",
                roff(f"{'Must be set' if default == 'must be set' else 'Default: ' + default}; allowed: {allowed}.")]
    out += [".SH SEE ALSO", f".BR {roff(program)} (8)"]
    return "\n".join(out) + "\n"


def main():
    page, program, version = sys.argv[1:]
    print(man_page(pathlib.Path(page).read_text(), program, version), end="")


if __name__ == "__main__":
    main()
