#!/usr/bin/python3
"""No function is longer than 60 lines. Reads code as clang-format writes it."""

import re

import checks

LINES_MAX = 60
# The last line of a signature: "{" behind a parameter list and what may follow that.
BEGIN = re.compile(r"^.*\)(?: const| noexcept| override| mutable)*(?: -> .*)? \{$")
INITIALIZER = re.compile(r"^ +(: )?\w+_?[({]")  # of a member, in a constructor
EXEMPT = "NOLINTNEXTLINE(readability-function-size)"  # with its reason
CONTROL = re.compile(r"^ *(?:\} )?(?:if|for|while|switch|else|do|namespace)\b")


def signature(lines, last):
    """The first line of the signature that ends in this line: where all its brackets are opened."""
    first = last
    while sum(line.count("(") - line.count(")") for line in lines[first : last + 1]) < 0:
        first -= 1
    if first > 0 and INITIALIZER.match(lines[first]):
        return signature(lines, first - 1)
    return first


def check(root, files):
    complaints = []
    for name in checks.sources(files):
        lines = [line for _, line in checks.lines_of(root, name)]
        end = None
        for i, line in enumerate(lines):
            if end is not None and line.startswith(end):
                if i - begin - 1 > LINES_MAX:
                    complaints.append(f"{name}:{begin + 1}: a function of {i - begin - 1} lines")
                end = None
            if end is None and BEGIN.match(line):
                first = signature(lines, i)
                is_exempt = CONTROL.match(lines[first]) or EXEMPT in lines[max(first - 1, 0)]
                end = None if is_exempt else re.match(" *", lines[first])[0] + "}"
                begin = i
    return complaints


if __name__ == "__main__":
    checks.run(check)
