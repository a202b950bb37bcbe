#!/usr/bin/python3
"""The documents say what the code says: fields, tables, codes, statements, example bytes."""

import pathlib
import re

import checks

VISIT = re.compile(r"void visit_fields\(Visitor& visit, (\w+)& (\w+)\) \{\n(.*?)\n\}", re.DOTALL)
FIELD = re.compile(r"visit\((\d+), \w+\.(\w+)")
ENUM = re.compile(r"enum class RefusalCode[^{]*\{(.*?)\};", re.DOTALL)
VALUE = re.compile(r"^\s*(\w+) = (\d+),", re.MULTILINE)
TABLE_NAMES = re.compile(r"table_names\(\) \{\s*return \{(.*?)\};", re.DOTALL)
BREAK = re.compile(r'"\n\s*"')  # in a text that goes on in the next line
STATEMENT = re.compile(r'Pattern\("((?:[^"\\]|\\.)*)"\)')
SECTION = re.compile(r"^### `(\w+)`$(.*?)(?=^##|\Z)", re.DOTALL | re.MULTILINE)
ROW = re.compile(r"^\| (\d+) \| `(\w+)` \|", re.MULTILINE)
FIRST_CELL = re.compile(r"^\| `(.*?)` \|", re.MULTILINE)
SECTION_OR_KEY = re.compile(
    r'(\w+) = file\.section\("(\w*)"\)|(?:(\w+)\.read\w*\(|read_\w+\((\w+), )"(\w+)"'
)
EACH_TABLE = re.compile(r'for \(auto& (\w+) : file\.section\(""\)\.tables\("(\w+)"\)\)')
JOB_KEY = re.compile(r'(?:_in(?:<\w+>)?\(section, |section\.(?:read|table)\()"(\w+)"')
SECTION_OR_KEYS_ROW = re.compile(
    r"^\| (?:\*\*\[\[?(\w+)\]?\]\*\*|(`\w+`(?:, `\w+`)*)) \|", re.MULTILINE
)
EXAMPLE_LINE = re.compile(r"^#? ?(?:\[\[?(\w+)\]?\]|(\w+) = )", re.MULTILINE)
SCENARIOS = pathlib.PurePath("tests/scenarios")
BLOCK = re.compile(r"^```\n(# .*?\n)(.*?)^```$", re.DOTALL | re.MULTILINE)


def text_of(root, name):
    path = root / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def difference(document, what, written, wanted):
    """`written` stands in the document, `wanted` in the code."""
    for one in sorted(set(wanted) - set(written)):
        yield f"{document}: {what} {one} is missing"
    for one in sorted(set(written) - set(wanted)):
        yield f"{document}: {what} {one} is not in the code"


def fields_in_code(text):
    return {struct: FIELD.findall(body) for struct, _, body in VISIT.findall(text)}


def check_fields(root, document, *headers):
    wanted = {}
    for header in headers:
        wanted |= fields_in_code(text_of(root, header))
    sections = {name: ROW.findall(body) for name, body in SECTION.findall(text_of(root, document))}
    yield from difference(document, "section", sections, wanted)
    for struct in sorted(set(sections) & set(wanted)):
        written = [f"{number} {name}" for number, name in sections[struct]]
        known = [f"{number} {name}" for number, name in wanted[struct]]
        yield from difference(document, f"{struct}: field", written, known)


def section_under(text, heading):
    return text.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def check_tables(root, document):
    found = TABLE_NAMES.search(text_of(root, "aggregator/storage/schema.cpp"))
    wanted = re.findall(r'"(\w+)"', found[1]) if found else []
    written = FIRST_CELL.findall(section_under(text_of(root, document), "Tables"))
    yield from difference(document, "table", written, wanted)


def check_codes(root, document):
    found = ENUM.search(text_of(root, "shared/protocol/message.hpp"))
    wanted = [f"{number} {word}" for word, number in VALUE.findall(found[1])] if found else []
    rows = ROW.findall(section_under(text_of(root, document), "Refusal codes"))
    yield from difference(document, "code", [f"{number} {word}" for number, word in rows], wanted)


def key_in(section, key):
    return f"[{section}] {key}" if section else key


def keys_in_code(text):
    sections, keys = dict(EACH_TABLE.findall(text)), set()
    for variable, section, reader, passed, key in SECTION_OR_KEY.findall(text):
        if variable:
            sections[variable] = section
        else:
            keys.add(key_in(sections.get(reader or passed, "?"), key))
    return keys


def keys_written(rows):
    section, keys = "", set()
    for named, cell in rows:
        if named:
            section = named
        else:
            keys |= {key_in(section, key) for key in re.findall(r"\w+", cell)}
    return keys


def job_keys(root):
    found = JOB_KEY.findall(text_of(root, "shared/config/job_settings.cpp"))
    return {key_in("job", key) for key in found}


def check_configuration(root, codes, document, heading, example, more=frozenset()):
    wanted = set(more).union(*(keys_in_code(text_of(root, code)) for code in codes))
    text = text_of(root, document)
    text = section_under(text, heading) if heading else text
    yield from difference(document, "key", keys_written(SECTION_OR_KEYS_ROW.findall(text)), wanted)
    written = keys_written(EXAMPLE_LINE.findall(text_of(root, example)))
    yield from difference(example, "key", written, wanted)


def check_statements(root, files, document):
    wanted = []
    for name in files:
        if name.parent == SCENARIOS and name.suffix == ".cpp":
            forms = STATEMENT.findall(BREAK.sub("", text_of(root, name)))
            wanted += [form.replace('\\"', '"') for form in forms]
    written = FIRST_CELL.findall(section_under(text_of(root, document), "Scenario files"))
    yield from difference(document, "statement", written, wanted)


def check_bytes(root, files):
    golden = {}
    for name in files:
        if name.suffix == ".hex":
            first, _, rest = text_of(root, name).partition("\n")
            golden[first + "\n"] = (name, rest)
    for name in files:
        if name.suffix != ".md":
            continue
        for first, rest in BLOCK.findall(text_of(root, name)):
            if first in golden and golden[first][1] != rest:
                yield f"{name}: the bytes under \"{first.strip()}\" are not those of {golden[first][0]}"


def check(root, files):
    report_fields = "shared/protocol/report_fields.hpp"
    return [
        *check_fields(root, "docs/storage.md", "aggregator/storage/records.hpp", "shared/protocol/job_fields.hpp"),
        *check_fields(root, "docs/protocol.md", "shared/protocol/fields.hpp", report_fields),
        *check_tables(root, "docs/storage.md"),
        *check_codes(root, "docs/protocol.md"),
        *check_configuration(
            root,
            ["aggregator/configuration.cpp", "aggregator/settings_keys.cpp"],
            "docs/configuration.md",
            "",
            "aggregator/aggregator.example.toml",
        ),
        *check_configuration(
            root, ["agent/configuration.cpp"], "docs/agent.md", "Configuration: agent.toml", "agent/agent.example.toml",
            job_keys(root),
        ),
        *check_statements(root, files, "docs/testing.md"),
        *check_bytes(root, files),
    ]


if __name__ == "__main__":
    checks.run(check)
