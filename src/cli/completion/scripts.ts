/**
 * Scripts for shells. They ask `netloom __complete` for each word: it prints candidates, a line each, with a
 * description behind a tab; `:files` and `:directories` stand for the shell's own completion of these.
 */
export const scripts = {
  bash: `# bash completion of netloom
_netloom() {
  local line word
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) compopt -o default ;;
      :directories) compopt -o dirnames ;;
      *)
        printf -v word %q "\${line%%$'\\t'*}"
        COMPREPLY+=("$word")
        ;;
    esac
  done < <(netloom __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _netloom netloom
`,

  zsh: `#compdef netloom
# zsh completion of netloom
_netloom() {
  local line word
  local -a candidates
  for line in "\${(@f)$(netloom __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :files) _files ;;
      :directories) _files -/ ;;
      *)
        word=\${line%%$'\\t'*}
        if [[ $line == *$'\\t'* ]]; then
          candidates+=("\${word//:/\\\\:}:\${line#*$'\\t'}")
        else
          candidates+=("\${word//:/\\\\:}")
        fi
        ;;
    esac
  done
  (( $#candidates )) && _describe 'netloom' candidates
}
if [ "$funcstack[1]" = "_netloom" ]; then
  _netloom "$@"
else
  compdef _netloom netloom
fi
`,

  fish: `# fish completion of netloom
function __netloom_complete
    set -l words (commandline -opc)
    set -l begun (commandline -ct)
    for line in (netloom __complete -- $words[2..-1] "$begun" 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path "$begun"
            case ':directories'
                __fish_complete_directories "$begun"
            case '*'
                echo $line
        end
    end
end
complete -c netloom -f -a '(__netloom_complete)'
`
} as const
