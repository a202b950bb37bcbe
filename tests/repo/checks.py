"""What the repository checks share: which files they look at, and how they are run.

A check is a function from (root, files) to a list of complaints, "FILE:LINE: what is wrong".
On the command line: `check.py ROOT` looks at the tracked files below ROOT; `check.py --canary FOLDER`
looks at everything in FOLDER and expects exactly the complaints in FOLDER/refused.txt.
"""

import pathlib
import subprocess
import sys

SOURCES = {".cpp", ".hpp"}
CANARIES = pathlib.PurePath("tests/repo/canaries")


def tracked(root):
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, check=False)
    if listed.returncode == 0:
        names = [pathlib.PurePath(name) for name in listed.stdout.decode().split("\0") if name]
    else:  # an unpacked archive
        names = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
        names = [name for name in names if name.parts[0] != "build"]
    return sorted(name for name in names if CANARIES not in name.parents and (root / name).is_file())


def lines_of(root, name):
    """The lines of a text file with their numbers; none of a file that is no text."""
    try:
        text = (root / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []
    return list(enumerate(text.splitlines(), start=1))


def sources(files):
    return [name for name in files if name.suffix in SOURCES]


def run(check):
    is_canary = sys.argv[1] == "--canary"
    root = pathlib.Path(sys.argv[-1]).resolve()
    if not is_canary:
        complaints = check(root, tracked(root))
        print(*complaints, sep="\n", end="")
        sys.exit(1 if complaints else 0)
    names = sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file())
    complaints = check(root, [name for name in names if name.name != "refused.txt"])
    expected = (root / "refused.txt").read_text(encoding="utf-8").splitlines()
    if complaints != expected:
        print("the canary should have been refused so:", *expected, sep="\n  ")
        print("but it was refused so:", *complaints, sep="\n  ")
        sys.exit(1)
