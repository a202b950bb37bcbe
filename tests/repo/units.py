#!/usr/bin/python3
"""systemd understands every word of the units, and each daemon is shut in.

`units.py FOLDER BIN` looks at the units in FOLDER, and at its drop-ins (*.conf) behind a unit that does
nothing, as if the programs in BIN were in /usr/bin; `--canary` in front expects exactly the complaints in FOLDER/refused.txt. No systemd runs for it: systemd-analyze
reads files.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

# Tenths of systemd-analyze's exposure level. What is left of it is the network, the calls that libzmq
# makes, and for the agent the processes of other users.
THRESHOLD = 15
ONE_SHOT = re.compile(r"^Type=oneshot$", re.MULTILINE)
# What a drop-in is tried on.
TRIED_ON = "[Service]\nType=oneshot\nExecStart=/bin/true\n"
LEVEL = re.compile(r"exposure level for \S+: ([\d.]+)")


def analyze(*arguments):
    environment = {**os.environ, "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, env=environment, check=False
    )


def complaints_about(unit):
    # Without --recursive-errors a word that systemd does not know is printed, and passes.
    answer = analyze("verify", "--man=no", "--recursive-errors=no", unit)
    lines = (answer.stdout + answer.stderr).replace(f"{unit.parent}/", "").splitlines()
    for line in lines:
        yield line if line.startswith(unit.name) else f"{unit.name}: {line}"
    if answer.returncode != 0 and not lines:
        yield f"{unit.name}: systemd-analyze verify ended with {answer.returncode}"
    if unit.suffix != ".service" or ONE_SHOT.search(unit.read_text()):
        return  # what is started for a moment does what its administrator wants
    answer = analyze("security", "--no-pager", "--offline=yes", f"--threshold={THRESHOLD}", unit)
    if answer.returncode != 0:
        level = LEVEL.search(answer.stdout)
        yield f"{unit.name}: exposed {level[1] if level else answer.stderr}, at most {THRESHOLD / 10} is allowed"


def check(folder, programs):
    found = []
    with tempfile.TemporaryDirectory() as copies:
        for unit in [*folder.glob("*.service"), *folder.glob("*.timer"), *folder.glob("*.conf")]:
            is_unit = unit.suffix != ".conf"
            copy = pathlib.Path(copies) / (unit.name if is_unit else f"{unit.name}.service")
            text = unit.read_text() if is_unit else TRIED_ON + unit.read_text()
            copy.write_text(text.replace("/usr/bin/vaultbell", f"{programs}/vaultbell"))
        for copy in sorted(pathlib.Path(copies).iterdir()):
            found += complaints_about(copy)
    return [line.replace(f"{programs}/", "/usr/bin/") for line in found]


def main(folder, programs, is_canary):
    found = check(folder, programs)
    if not any(folder.glob("*.service")):
        found.append(f"{folder}: there is no unit")
    expected = (folder / "refused.txt").read_text(encoding="utf-8").splitlines() if is_canary else []
    print(*found, sep="\n")
    return found != expected


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[-2]), pathlib.Path(sys.argv[-1]).resolve(), "--canary" in sys.argv))
