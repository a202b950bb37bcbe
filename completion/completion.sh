# Completion of vaultbell and vaultbell-agent in bash. The programs know what can follow; nothing of
# their words stands here.
# shellcheck shell=bash

_vaultbell_complete() {
  COMPREPLY=()
  # bash cuts words at "=" and ":", the programs do not: put them together again.
  local typed=() part i glue=
  for ((i = 1; i <= COMP_CWORD; i++)); do
    part=${COMP_WORDS[i]}
    if [[ $part == [=:]* && ${#typed[@]} -gt 0 ]]; then
      typed[-1]+=$part
      glue=1
    elif [[ -n $glue && ${#typed[@]} -gt 0 ]]; then
      typed[-1]+=$part
      glue=
    else
      typed+=("$part")
      glue=
    fi
  done
  # What stands in the same word before the part that bash replaces.
  local last=${COMP_WORDS[COMP_CWORD]} whole=${typed[-1]-}
  [[ $last == [=:]* ]] && last=
  local before=${whole%"$last"} line word
  while IFS= read -r line; do
    word=${line%%$'\t'*}
    if [[ -z $word ]]; then
      compopt -o filenames 2> /dev/null
      mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$last")
    else
      printf -v word %q "${word#"$before"}"
      COMPREPLY+=("$word")
    fi
  done < <("$1" __complete "${typed[@]}" 2> /dev/null)
}

complete -F _vaultbell_complete vaultbell vaultbell-agent
