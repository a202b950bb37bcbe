#!/usr/bin/python3
"""Makes a manual page of a document: manual.py PAGE VERSION OUT, for example vaultbell.1.

The documents are the only source, so that no page goes stale. Tables become lists of terms, since a
terminal is narrower than they are; links become their texts. lowdown does the rest.
"""

import dataclasses
import pathlib
import re
import subprocess
import sys

DOCS = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass
class Page:
    document: str
    what: str  # one line, for apropos
    synopsis: str = ""
    only: str = ""  # a heading: nothing but its section
    without: str = ""  # a heading: all but its section
    see_also: str = ""


CONFIGURATION = "Configuration: agent.toml"
PAGES = {
    "vaultbell.1": Page(
        "cli.md",
        "ask the Vaultbell aggregator, and tell it what to do",
        "`vaultbell` COMMAND [ARGUMENT...] [FLAG...]",
        see_also="vaultbell-aggregator(8), vaultbell-agent(8)",
    ),
    "vaultbell-agent.8": Page(
        "agent.md",
        "tells the Vaultbell aggregator how backups end",
        "`vaultbell-agent` COMMAND [OPTION...]",
        without=CONFIGURATION,
        see_also="vaultbell-agent.toml(5), vaultbell-adapters(5), vaultbell(1)",
    ),
    "vaultbell-adapters.5": Page(
        "adapters.md",
        "tables of what backup tools' exit codes and words mean",
        "`/usr/share/vaultbell/adapters/*.toml`, `/etc/vaultbell/adapters/*.toml`",
        see_also="vaultbell-agent(8)",
    ),
    "vaultbell-agent.toml.5": Page(
        "agent.md",
        "configuration of vaultbell-agent",
        "`/etc/vaultbell/agent.toml`",
        only=CONFIGURATION,
        see_also="vaultbell-agent(8)",
    ),
    "vaultbell-aggregator.8": Page(
        "aggregator.md",
        "finds backups that failed or never ran, and tells people",
        "`vaultbell-aggregator` [serve|check-config] [--config FILE]",
        see_also="vaultbell-aggregator.toml(5), vaultbell(1), vaultbell-agent(8)",
    ),
    "vaultbell-aggregator.toml.5": Page(
        "configuration.md",
        "configuration of vaultbell-aggregator",
        "`/etc/vaultbell/aggregator.toml`",
        see_also="vaultbell-aggregator(8)",
    ),
}

LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
CELLS = re.compile(r"(?<!\\)\|")


def chosen(text, page):
    """The sections that the page is made of, one level higher than in the document."""
    first, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    if page.only:
        section = next(one for one in sections if one.startswith(f"## {page.only}\n"))
        return section.partition("\n")[2]
    rest = [one for one in sections if not page.without or not one.startswith(f"## {page.without}\n")]
    return re.sub(r"^#(#+) ", r"\1 ", first.partition("\n")[2] + "".join(rest), flags=re.MULTILINE)


def terms(rows):
    """A table's rows as terms, each with what is said of it."""
    cells = [
        [LINK.sub(r"\1", cell).strip().replace("\\|", "|") for cell in CELLS.split(row[1:-1])] for row in rows
    ]
    head = cells[0]
    for term, *rest in cells[2:]:  # behind the rule
        middle = [f"{name}: {cell}" for name, cell in zip(head[1:], rest[:-1]) if cell]
        said = "; ".join([*middle, *(cell for cell in rest[-1:] if cell)])
        yield f"{term}\n: {said}\n" if said else f"{term}\n"


def without_tables(text):
    lines, table, is_code = [], [], False
    for line in [*text.splitlines(), ""]:
        is_code ^= line.startswith("```")
        if not is_code and line.startswith("|"):
            table.append(line)
            continue
        if table:
            lines += terms(table)
            table = []
        lines.append(line if is_code else LINK.sub(r"\1", line))
    return "\n".join(lines)


def markdown_of(name, page):
    text = (DOCS / page.document).read_text(encoding="utf-8")
    title = name.rpartition(".")[0]
    parts = [
        f"# NAME\n\n{title} - {page.what}\n",
        f"# SYNOPSIS\n\n{page.synopsis}\n",
        f"# DESCRIPTION\n\n{without_tables(chosen(text, page))}",
        f"# SEE ALSO\n\n{page.see_also}\n",
    ]
    return "\n".join(parts)




def roff_of(name, page, version):
    title, _, section = name.rpartition(".")
    about = [f"-Mtitle={title}", f"-Msection={section}", "-Mdate=", f"-Msource=Vaultbell {version}"]
    command = ["lowdown", "-s", "-Tman", "--out-no-smarty", *about]
    made = subprocess.run(
        command, input=markdown_of(name, page), capture_output=True, text=True, check=True
    ).stdout
    made = re.sub(r"^\.SH\n(.*)", lambda found: f".SH {found[1].upper()}", made, flags=re.MULTILINE)
    made = re.sub(r"^\.SS\n", ".SS ", made, flags=re.MULTILINE)
    made = made.replace("\\fC", "\\fB")  # a terminal has no typewriter font
    return made.replace(f"{title} - ", f"{title} \\- ", 1)  # what apropos looks for


if __name__ == "__main__":
    pathlib.Path(sys.argv[3]).write_text(
        roff_of(sys.argv[1], PAGES[sys.argv[1]], sys.argv[2]), encoding="utf-8"
    )
