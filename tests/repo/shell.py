#!/usr/bin/python3
"""Shellcheck finds nothing in the scripts."""

import re
import subprocess

import checks

SCRIPT = re.compile(r"#!.*\b(ba)?sh\b|# .*\n# shellcheck shell=|# shellcheck shell=")
FINDING = re.compile(r"^(.*?):(\d+):\d+: \w+: (.*)$", re.MULTILINE)


def check(root, files):
    plain = [name for name in files if name.suffix in {"", ".sh"}]
    names = [str(name) for name in plain if SCRIPT.match((root / name).read_text(encoding="utf-8"))]
    if not names:
        return ["there is no script to check"]
    command = ["shellcheck", "--external-sources", "--format=gcc", *names]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    complaints = [f"{file}:{line}: {what}" for file, line, what in FINDING.findall(answer.stdout)]
    if answer.returncode != 0 and not complaints:
        complaints = [*answer.stdout.splitlines(), *answer.stderr.splitlines()]
    return complaints


if __name__ == "__main__":
    checks.run(check)
