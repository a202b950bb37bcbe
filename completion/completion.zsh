#compdef vaultbell vaultbell-agent
# Completion of vaultbell and vaultbell-agent in zsh. The programs know what can follow.

local line
local -a shown
while IFS= read -r line; do
  if [[ -z ${line%%$'\t'*} ]]; then
    _files
  else
    shown+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  fi
done < <("${words[1]}" __complete "${(@Q)words[2,CURRENT]}" 2> /dev/null)
(( ${#shown} )) && _describe -V "${words[1]:t}" shown
