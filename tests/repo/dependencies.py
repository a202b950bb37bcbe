#!/usr/bin/python3
"""debian/control and script/packages.txt name the same packages to build with.

What control asks for must be in the list, or script/package fails; what the list calls libraries must be
asked for in control, or the packages cannot be built anywhere else.
"""

import pathlib
import re

import checks

CONTROL = pathlib.PurePath("debian/control")
LIST = pathlib.PurePath("script/packages.txt")
# debhelper provides what is written so.
PROVIDED = re.compile(r"debhelper-compat|dh-sequence-\S+")
BUILD_DEPENDS = re.compile(r"^Build-Depends:(.*?)^(?! )", re.DOTALL | re.MULTILINE)


def asked_for(text):
    found = BUILD_DEPENDS.search(text)
    names = re.findall(r"(?:^|,)\s*([a-z0-9.+-]+)", found[1]) if found else []
    return {"debhelper" if PROVIDED.fullmatch(name) else name for name in names}


def listed(text):
    """The packages under each heading."""
    heading, packages = "", {}
    for line in text.splitlines():
        if line.startswith("# "):
            heading = line[2:]
        elif line:
            packages.setdefault(heading, set()).add(line.partition(" unless ")[0])
    return packages


def check(root, files):
    if CONTROL not in files or LIST not in files:
        return [f"{CONTROL} or {LIST} is missing"]
    wanted = asked_for((root / CONTROL).read_text(encoding="utf-8"))
    packages = listed((root / LIST).read_text(encoding="utf-8"))
    everything = set().union(*packages.values())
    return [
        *(f"{LIST}: {name} of {CONTROL} is missing" for name in sorted(wanted - everything)),
        *(f"{CONTROL}: the library {name} is missing" for name in sorted(packages.get("libraries", set()) - wanted)),
    ]


if __name__ == "__main__":
    checks.run(check)
