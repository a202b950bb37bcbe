# What bash offers for the last word: drive_completion.sh SCRIPT PROGRAM WORD..., as bash would cut
# the line into words. Prints the replies, one a line.
# shellcheck shell=bash disable=SC1090
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_vaultbell_complete "$1"
printf '%s\n' "${COMPREPLY[@]}"
