#!/usr/bin/python3
"""Each package holds what its list NAME.files says and nothing else, with the right modes, conffiles and
dependencies: contents.py PACKAGES. With `--canary` behind it, spoilt packages must be refused.

A line of a list is a kind and a name: `program` (0755), `file` (0644), `conffile` (0644, and an
administrator's edits survive), `folder` (0755, empty), `depends`, `without` (no dependency on it),
`script` (of the maintainer's; a third word must be in it). Everything belongs to root.
"""

import fnmatch
import pathlib
import re
import sys
import tempfile

import debs

HERE = pathlib.Path(__file__).resolve().parent
MODES = {"program": "-rwxr-xr-x", "file": "-rw-r--r--", "conffile": "-rw-r--r--", "folder": "drwxr-xr-x"}
ENTRY = re.compile(r"^(\S{10}) (\S+)\s+\S+ \S+ \S+ \.(/\S*)$", re.MULTILINE)


def list_of(name):
    lines = (HERE / f"{name}.files").read_text().splitlines()
    return [tuple(line.split()[:2]) for line in lines]


def words_in_scripts(name):
    lines = (HERE / f"{name}.files").read_text().splitlines()
    return [line.split()[1:] for line in lines if line.startswith("script") and len(line.split()) == 3]


def entries_of(deb):
    """Mode, owner and path of all files, and of folders with nothing in them."""
    entries = ENTRY.findall(debs.run("dpkg-deb", "--contents", deb))
    parents = {path.rstrip("/").rpartition("/")[0] for _, _, path in entries}
    for mode, owner, path in entries:
        if mode == MODES["folder"] and path.rstrip("/") in parents and owner == "root/root":
            continue
        yield mode, owner, path.rstrip("/")


def complaints_about_files(deb, wanted):
    entries = list(entries_of(deb))
    for mode, owner, path in entries:
        kind = next((kind for kind, name in wanted if kind in MODES and fnmatch.fnmatchcase(path, name)), None)
        if kind is None:
            yield f"{path} is not in the list"
        elif (mode, owner) != (MODES[kind], "root/root"):
            yield f"{path} has {mode} {owner} instead of {MODES[kind]} root/root"
    for kind, name in wanted:
        if kind in MODES and not any(fnmatch.fnmatchcase(path, name) for _, _, path in entries):
            yield f"{name} is missing"


def complaints_about_control(deb, wanted):
    names = {kind: {name for one, name in wanted if one == kind} for kind, _ in wanted}
    files = debs.run("dpkg-deb", "--info", deb)
    conffiles = set(debs.run("dpkg-deb", "--info", deb, "conffiles").split()) if " conffiles" in files else set()
    if conffiles != names.get("conffile", set()):
        yield f"its conffiles are {sorted(conffiles)}"
    scripts = {one for one in ("preinst", "postinst", "prerm", "postrm", "config") if f" {one} " in files}
    if scripts != names.get("script", set()):
        yield f"its scripts are {sorted(scripts)}"
    depends = set(re.findall(r"(?:^|[,|]) ?([a-z0-9.+-]+)", debs.run("dpkg-deb", "--field", deb, "Depends")))
    for name in sorted(names.get("depends", set()) - depends):
        yield f"it does not depend on {name}"
    for name in sorted(names.get("without", set()) & depends):
        yield f"it depends on {name}"


def complaints_about(name, deb):
    wanted = list_of(name)
    found = [*complaints_about_files(deb, wanted), *complaints_about_control(deb, wanted)]
    for script, word in words_in_scripts(name):
        if f" {script} " in debs.run("dpkg-deb", "--info", deb):
            if word not in debs.run("dpkg-deb", "--info", deb, script):
                found.append(f"its {script} says nothing of {word}")
    return [f"{name}: {complaint}" for complaint in found]


def check(packages):
    return [one for name, deb in sorted(debs.find(packages).items()) for one in complaints_about(name, deb)]


def spoil(tree):
    (tree / "usr/bin/vaultbell-agent").chmod(0o4755)
    (tree / "usr/bin/vaultbell-agnet").write_text("")
    (tree / "lib/systemd/system/vaultbell-agent.service").unlink()
    (tree / "DEBIAN/conffiles").unlink()
    (tree / "DEBIAN/postrm").unlink()
    prerm = tree / "DEBIAN/prerm"
    prerm.write_text(prerm.read_text().replace("stop", "leave"))
    control = tree / "DEBIAN/control"
    control.write_text(control.read_text().replace("Depends: ", "Depends: libcurl4, ").replace("libzmq5", "libzmq4"))


def check_canary(packages):
    with tempfile.TemporaryDirectory() as folder:
        deb = debs.changed(debs.find(packages)["vaultbell-agent"], folder, spoil)
        found = complaints_about("vaultbell-agent", deb)
    expected = [
        "/usr/bin/vaultbell-agent has -rwsr-xr-x root/root instead of -rwxr-xr-x root/root",
        "/usr/bin/vaultbell-agnet is not in the list",
        "/lib/systemd/system/vaultbell-agent.service is missing",
        "its conffiles are []",
        "its scripts are ['postinst', 'prerm']",
        "its prerm says nothing of stop",
        "it does not depend on libzmq5",
        "it depends on libcurl4",
    ]
    wanted = {f"vaultbell-agent: {one}" for one in expected}
    return sorted(wanted ^ {one for one in found if "lib/systemd/system is not" not in one})


if __name__ == "__main__":
    complaints = (check_canary if "--canary" in sys.argv else check)(sys.argv[1])
    print(*complaints, sep="\n")
    sys.exit(bool(complaints))
