#!/usr/bin/python3
"""What is installed fits together: each unit finds its program and its user, each program runs."""

import pathlib
import re
import subprocess
import sys
import tempfile

UNITS = {
    "vaultbell-aggregator.service",
    "vaultbell-agent.service",
    "vaultbell-poll.service",
    "vaultbell-poll.timer",
    "vaultbell-report@.service",
}
PROGRAMS = ["vaultbell", "vaultbell-agent", "vaultbell-aggregator"]
EXAMPLES = {"vaultbell-aggregator": "aggregator.example.toml", "vaultbell-agent": "agent.example.toml"}

# What must be said of a tree without the agent and its user.
CANARY = [
    "vaultbell-agent.service: there is no vaultbell-agent",
    "vaultbell-agent.service: there is no vaultbell-agent",
    "vaultbell-agent.service: there is no user vaultbell-agent",
    "vaultbell-poll.service: there is no vaultbell-agent",
    "vaultbell-report@.service: there is no vaultbell-agent",
    "vaultbell-agent: it does not run",
    "adapters: None",
    "agent.example.toml: it cannot be checked",
]


def run(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None


def complaints(usr):
    found = []
    users = []
    for path in (usr / "lib/sysusers.d").iterdir():
        users += re.findall(r"^u (\S+)", path.read_text(), re.M)
    units = {path.name: path.read_text() for path in (usr / "lib/systemd/system").iterdir()}
    if set(units) != UNITS:
        found.append(f"units: {sorted(units)}")
    for name, text in sorted(units.items()):
        for program in re.findall(r"^Exec\w+=/usr/bin/(\S+)", text, re.M):
            if not (usr / "bin" / program).exists():
                found.append(f"{name}: there is no {program}")
        for user in re.findall(r"^User=(\S+)", text, re.M):
            if user not in users:
                found.append(f"{name}: there is no user {user}")
    for program in PROGRAMS:
        answer = run(usr / "bin" / program, "--version")
        if answer is None or answer.returncode != 0 or not answer.stdout.startswith(program + " "):
            found.append(f"{program}: it does not run")
    declared = usr / "share/doc/vaultbell/declared.example.toml"
    answer = run(usr / "bin/vaultbell", "config", "check", declared)
    if answer is None or answer.returncode != 0:
        found.append(f"declared.example.toml: {answer and answer.stderr}")
    answer = run(usr / "bin/vaultbell-agent", "adapter", "show", "restic")
    if answer is None or answer.returncode != 0:
        found.append(f"adapters: {answer and answer.stderr}")
    for program, example in EXAMPLES.items():
        answer = run(usr / "bin" / program, "check-config", "--config", usr / "share/doc/vaultbell" / example)
        if answer is None:
            found.append(f"{example}: it cannot be checked")
        elif answer.returncode != 0:
            found.append(f"{example}: {answer.stdout}{answer.stderr}")
    return found


def main(build, is_canary):
    with tempfile.TemporaryDirectory() as folder:
        usr = pathlib.Path(folder) / "usr"
        subprocess.run(["cmake", "--install", build, "--prefix", usr], stdout=subprocess.DEVNULL, check=True)
        if is_canary:
            (usr / "bin/vaultbell-agent").unlink()
            (usr / "lib/sysusers.d/vaultbell-agent.conf").unlink()
        found = complaints(usr)
    expected = CANARY if is_canary else []
    print("\n".join(found))
    return found != expected


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--canary" in sys.argv))
