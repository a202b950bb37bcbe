#!/usr/bin/python3
"""Every source is as clang-format writes it."""

import re
import subprocess

import checks

WARNING = re.compile(r"^(.*?):(\d+):\d+: error: code should be clang-formatted")


def check(root, files):
    names = [str(name) for name in checks.sources(files)]
    if not names:
        return []
    answer = subprocess.run(
        ["clang-format", "--dry-run", "--Werror", "--style=file", *names],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    found = [WARNING.match(line) for line in answer.stderr.splitlines()]
    complaints = sorted({f"{match[1]}:{match[2]}: run clang-format" for match in found if match})
    if answer.returncode != 0 and not complaints:
        complaints = answer.stderr.splitlines()
    return complaints


if __name__ == "__main__":
    checks.run(check)
