#!/usr/bin/python3
"""What is installed fits together: each unit finds its program and its user, each program runs."""

import pathlib
import re
import subprocess
import sys
import tempfile

UNITS = {"vaultbell-aggregator.service", "vaultbell-agent.service"}
PROGRAMS = {"vaultbell", "vaultbell-agent", "vaultbell-aggregator"}
EXAMPLES = {"vaultbell-aggregator": "aggregator.example.toml", "vaultbell-agent": "agent.example.toml"}


def complaints(usr):
    found = []
    users = re.findall(r"^u (\S+)", (usr / "lib/sysusers.d/vaultbell.conf").read_text(), re.M)
    units = {path.name: path.read_text() for path in (usr / "lib/systemd/system").iterdir()}
    if set(units) != UNITS:
        found.append(f"units: {sorted(units)}")
    for name, text in units.items():
        for program in re.findall(r"^Exec\w+=/usr/bin/(\S+)", text, re.M):
            if not (usr / "bin" / program).exists():
                found.append(f"{name}: there is no {program}")
        for user in re.findall(r"^User=(\S+)", text, re.M):
            if user not in users:
                found.append(f"{name}: there is no user {user}")
    for program in PROGRAMS:
        answer = subprocess.run([usr / "bin" / program, "--version"], capture_output=True, text=True, check=False)
        if answer.returncode != 0 or not answer.stdout.startswith(program + " "):
            found.append(f"{program} --version: {answer}")
    for program, example in EXAMPLES.items():
        command = [usr / "bin" / program, "check-config", "--config", usr / "share/doc/vaultbell" / example]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            found.append(f"{example}: {answer.stdout}{answer.stderr}")
    return found


def main(build, is_canary):
    with tempfile.TemporaryDirectory() as folder:
        usr = pathlib.Path(folder) / "usr"
        subprocess.run(["cmake", "--install", build, "--prefix", usr], stdout=subprocess.DEVNULL, check=True)
        if is_canary:
            (usr / "bin/vaultbell-agent").unlink()
            (usr / "bin/vaultbell-agent").symlink_to(usr / "bin/vaultbell")
            (usr / "lib/sysusers.d/vaultbell.conf").write_text("u vaultbell -\n")
        found = complaints(usr)
    print("\n".join(found))
    return bool(found) != is_canary


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--canary" in sys.argv))
