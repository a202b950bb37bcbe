#!/usr/bin/python3
"""Every command and flag of a program stands in its manual page, and man understands each page.

`manual.py BIN PAGES`; with `--canary` behind it, a page that lacks something must be refused.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

COMMAND = re.compile(r"^  ([a-z][a-z-]*(?: [a-z-]+)*)(?: |$)", re.MULTILINE)
FLAG = re.compile(r"(?<!\S)--[a-z-]+")
EVERY_FLAG = {"--help"}  # of whatever there is


def run(*command):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "100"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def is_named(text, word):
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def text_of(page):
    """The words of a page, without what switches fonts."""
    return re.sub(r"\\f[BIR]", "", page.read_text(encoding="utf-8"))


def what_there_is(program):
    """The commands and flags, as the program's own help names them."""
    overview = run(program, "--help").stdout
    commands = {found.strip() for found in COMMAND.findall(overview)} - {"help", "version"}
    flags = set(FLAG.findall(overview))
    for command in commands:
        flags |= set(FLAG.findall(run(program, "help", *command.split()).stdout))
    return commands, flags - EVERY_FLAG


def complaints_about(page, program):
    if not page.exists():
        return [f"{page.name}: there is no such page"]
    shown = run("man", "--warnings", "--local-file", page)
    found = [f"{page.name}: {line}" for line in shown.stderr.splitlines()]
    text = text_of(page)
    commands, flags = what_there_is(program)
    if program.name != "vaultbell-aggregator" and not commands:
        found.append(f"{page.name}: the help of {program.name} names no command")
    found += [f'{page.name}: "{word}" is not in it' for word in sorted(commands | flags) if not is_named(text, word)]
    return found


def check(programs, pages):
    found = []
    for name in ("vaultbell.1", "vaultbell-agent.8", "vaultbell-aggregator.8"):
        found += complaints_about(pages / name, programs / name.rpartition(".")[0])
    for name, word in (
        ("vaultbell-adapters.5", "restic"),
        ("vaultbell-agent.toml.5", "state_dir"),
        ("vaultbell-aggregator.toml.5", "state_dir"),
    ):
        if not is_named(text_of(pages / name), word):
            found.append(f"{name}: it says nothing of {word}")
    return found


def check_canary(programs, pages):
    with tempfile.TemporaryDirectory() as folder:
        spoilt = pathlib.Path(folder) / "vaultbell-agent.8"
        text = (pages / spoilt.name).read_text(encoding="utf-8")
        spoilt.write_text(text.replace("check-config", "czech-config").replace("--job", "--jbo") + ".TS\n")
        found = complaints_about(spoilt, programs / "vaultbell-agent")
    wanted = ['vaultbell-agent.8: "--job" is not in it', 'vaultbell-agent.8: "check-config" is not in it']
    return [f"not found in the canary: {one}" for one in wanted if one not in found]


if __name__ == "__main__":
    what = check_canary if "--canary" in sys.argv else check
    complaints = what(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    print(*complaints, sep="\n")
    sys.exit(bool(complaints))
