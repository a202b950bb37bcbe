"""What the tests of packages share: the packages, and ways to spoil them."""

import pathlib
import subprocess

NAMES = ["vaultbell", "vaultbell-agent", "vaultbell-aggregator"]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def find(folder):
    """The package of each name."""
    debs = {path.name.partition("_")[0]: path for path in pathlib.Path(folder).glob("*.deb")}
    if sorted(debs) != NAMES:
        raise SystemExit(f"{folder}: {sorted(debs)} are not the packages")
    return debs


def changed(deb, into, change):
    """A copy of a package in the folder `into`, with what `change` has done to its tree."""
    tree = pathlib.Path(into) / deb.stem
    tree.parent.mkdir(parents=True, exist_ok=True)
    run("dpkg-deb", "--raw-extract", deb, tree)
    change(tree)
    copy = tree.with_suffix(".deb")
    run("dpkg-deb", "-Znone", "--root-owner-group", "--build", tree, copy)
    return copy


def set_version(tree, version):
    control = tree / "DEBIAN/control"
    lines = control.read_text().splitlines()
    lines = [f"Version: {version}" if line.startswith("Version:") else line for line in lines]
    # The others of the same source go along.
    lines = [line.replace("(= 0.1.0)", f"(= {version})") for line in lines]
    control.write_text("\n".join(lines) + "\n")
