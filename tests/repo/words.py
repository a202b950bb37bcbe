#!/usr/bin/python3
"""Words that CONTRIBUTING.md does not want: unfinished work, empty names, one machine's paths."""

import re

import checks

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE = re.compile(r"/(home/[a-z]|var/tmp/|work/)")
EMPTY = {"manager", "handler", "helper", "util", "utils", "data", "info", "process"}
TYPE = re.compile(r"\b(?:class|struct|enum|enum class|concept|using)\s+([A-Z]\w*)")
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
USING = re.compile(r"\busing\s+namespace\b")

# These files speak of the words themselves.
EXEMPT = {"CONTRIBUTING.md", "tests/repo/words.py", "docs/testing.md"}


def empty_words(name):
    return EMPTY & {word.lower() for word in WORD.findall(name)}


def complaints_about(line, is_source):
    for found in UNFINISHED.findall(line):
        yield f"{found}: finish it, or leave it out"
    if MACHINE.search(line):
        yield "a path of one machine"
    if not is_source:
        return
    if USING.search(line):
        yield "no using namespace"
    for name in TYPE.findall(line):
        for word in sorted(empty_words(name)):
            yield f'the type name {name} says nothing: "{word}"'


def check(root, files):
    complaints = []
    for name in files:
        if str(name) in EXEMPT:
            continue
        for word in sorted(empty_words(name.stem)):
            if name.suffix in checks.SOURCES:
                complaints.append(f'{name}:1: the file name says nothing: "{word}"')
        for number, line in checks.lines_of(root, name):
            for what in complaints_about(line, name.suffix in checks.SOURCES):
                complaints.append(f"{name}:{number}: {what}")
    return complaints


if __name__ == "__main__":
    checks.run(check)
