/**
 * Completes with the output of `zcast --get-completions` for the words up to the cursor; also works in the bash 3.2 of
 * macOS.
 */
export const BASH_SCRIPT = `# Completion of zcast for bash: source <(zcast completion bash)
_zcast_completions() {
  local typed="\${COMP_WORDS[COMP_CWORD]}" line
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  [ "$typed" = "=" ] && typed=""
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$typed")
    else
      COMPREPLY+=("$line")
    fi
  done < <(zcast --get-completions "\${words[@]}" 2>/dev/null)
}
complete -F _zcast_completions zcast
`

/** The same for zsh. */
export const ZSH_SCRIPT = `#compdef zcast
# Completion of zcast for zsh: source <(zcast completion zsh)
_zcast() {
  local -a lines
  lines=("\${(@f)$(zcast --get-completions "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if (( \${lines[(Ie):files]} )); then
    lines=("\${(@)lines:#:files}")
    if compset -P '*='; then lines=(); fi
    _files
  fi
  compadd -- "\${(@)lines:#}"
}
if [ "$funcstack[1]" = "_zcast" ]; then _zcast "$@"; else compdef _zcast zcast; fi
`
