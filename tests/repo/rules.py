#!/usr/bin/python3
"""Every rule of docs/domain.md is proved: a scenario or a unit test cites it, and none cites another.

A rule is a list item, "- **R4.3** what must be true"; "- **R7.8** **Planned**: what is to come" is not
built, so nothing may cite it as if it were. A scenario cites rules in its first line, behind "#". A unit
test cites one in a comment directly above it, inside it, or in the heading ("// ---- silence (R2.5)")
of the tests that follow.
"""

import pathlib
import re

import checks

DOCUMENT = "docs/domain.md"
ITEM = re.compile(r"^- \*\*(R\d+\.\d+)\*\*( \*\*Planned\*\*)?")
RULE = re.compile(r"\bR\d+\.\d+\b")
COMMENT = re.compile(r"//(.*)$")
HEADING = re.compile(r"^// ----")
TEST = re.compile(r"^(TEST|TEST_F|TEST_P|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)\(")
PROOFS = pathlib.PurePath("tests")


class Rules:
    """What the document says: the numbers of the rules that are built, and of those to come."""

    def __init__(self, root):
        self.built, self.planned, self.complaints = {}, {}, []
        if not (root / DOCUMENT).exists():
            return
        for number, line in checks.lines_of(root, DOCUMENT):
            if found := ITEM.match(line):
                self.add(number, found[1], bool(found[2]))

    def add(self, number, rule, is_planned):
        if rule in self.built or rule in self.planned:
            self.complaints.append(f"{DOCUMENT}:{number}: {rule} is there twice")
        (self.planned if is_planned else self.built)[rule] = number


def cited_by_scenario(lines):
    """(line, rule) of the first line."""
    for number, line in lines[:1]:
        for rule in RULE.findall(line.partition("#")[2]):
            yield number, rule


def cited_by_tests(lines):
    """(line, rule) where a test stands at the comment: one elsewhere proves nothing."""
    under_heading, above, is_in_test = [], [], False
    for number, line in lines:
        found = COMMENT.search(line)
        cited = [(number, rule) for rule in RULE.findall(found[1])] if found else []
        if HEADING.match(line):
            under_heading, above, is_in_test = cited, [], False
        elif TEST.match(line):
            yield from under_heading + above + cited
            under_heading, above, is_in_test = [], [], True
        elif line.startswith("//"):
            above += cited
        elif is_in_test:
            yield from cited
            is_in_test = line != "}"
        elif line:
            above = []


def citations(root, files):
    """(file, line, rule) of every proof."""
    for name in files:
        if PROOFS not in name.parents or "canaries" in name.parts:
            continue
        if name.suffix == ".scn":
            found = cited_by_scenario(checks.lines_of(root, name))
        elif name.name.endswith("_test.cpp"):
            found = cited_by_tests(checks.lines_of(root, name))
        else:
            continue
        for number, rule in found:
            yield name, number, rule


def check_proofs(root, files, rules):
    proved = set()
    for name, number, rule in citations(root, files):
        proved.add(rule)
        if rule in rules.planned:
            yield f"{name}:{number}: {rule} is only planned in {DOCUMENT}: say there what is built of it"
    for rule, number in rules.built.items():
        if rule not in proved:
            yield f"{DOCUMENT}:{number}: {rule} is proved by no scenario and no unit test"


def check_known(root, files, rules):
    """No file cites a rule that does not exist."""
    known = rules.built.keys() | rules.planned.keys()
    for name in files:
        for number, line in checks.lines_of(root, name):
            for rule in RULE.findall(line):
                if rule not in known:
                    yield f"{name}:{number}: {rule} is not in {DOCUMENT}"


def check(root, files):
    rules = Rules(root)
    return [*rules.complaints, *check_proofs(root, files, rules), *check_known(root, files, rules)]


if __name__ == "__main__":
    checks.run(check)
