# Shared by script/server and script/test; to be sourced. Says what it does on standard error.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Runs a command as root: directly, or through sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo "$@"
  else
    fail "packages are missing and this user may not install them: run this as root, or install sudo"
  fi
}

# The lines of script/packages.txt: "PACKAGE", or "PACKAGE unless PROGRAM".
listed_packages() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$root/script/packages.txt"; }

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }

# Installs what is missing of script/packages.txt, and nothing else.
install_packages() {
  command -v dpkg-query > /dev/null || fail "this is not Debian: install the packages of script/packages.txt by hand"
  local missing=() package unless program
  while read -r package unless program; do
    [ "$unless" = unless ] && command -v "$program" > /dev/null && continue
    is_installed "$package" || missing+=("$package")
  done < <(listed_packages)
  if [ ${#missing[@]} = 0 ]; then
    say "packages: all $(listed_packages | wc -l) are installed"
    return
  fi
  say "packages: installing ${#missing[@]} of $(listed_packages | wc -l): ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
}

# build PRESET [TARGET...]: configures and builds, with ninja's own progress.
build() {
  local preset=$1
  shift
  say "building ($preset)"
  (cd "$root" && cmake --preset "$preset" > /dev/null && cmake --build --preset "$preset" ${1:+--target "$@"}) >&2
}
