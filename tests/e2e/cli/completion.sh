#!/usr/bin/env bash
# Completion of command lines: the shells take what is printed, and complete by it what --help names.
. "$(dirname "$0")/../lib/lib.sh"
for shell in bash zsh fish; do
    check "for $shell" status 0 assay completion $shell
    cp "$T/out" "$T/assay.$shell"
done
check "for none" status 64 assay completion tcsh
check "says for which" says "name one shell: bash, zsh or fish"

mkdir -p "$T/at/folder" "$T/bin"
touch "$T/at/file.xml"
ln -s "$ASSAY" "$T/bin/assay"
cd "$T/at"
# complete WORD…: what bash offers for a command line that ends with the last word.
complete_in_bash() {
    PATH=$T/bin:$PATH bash --norc -c '
        source "$0" || exit 9
        compopt() { :; }
        COMP_WORDS=(assay "$@") COMP_CWORD=$#
        _assay
        printf "%s\n" "${COMPREPLY[@]}"' "$T/assay.bash" "$@" 2>"$T/err" | sort | xargs
}
check "bash takes it in silence" equal "$(bash --norc -uc "source $T/assay.bash" 2>&1)" ""
for c in $(assay --help | sed -n 's/^  \([a-z]*\) .*/\1/p' | sort -u); do
    check "bash: the command $c" equal "$(complete_in_bash "$c")" "$c"
done
check "bash: second words" equal "$(complete_in_bash witness '')" "cosign init trust"
check "bash: those apart in the table" equal "$(complete_in_bash audit p)" "prove prune publish"
check "bash: options" equal "$(complete_in_bash ingest --re)" "--read-all --restore"
check "bash: of every command" equal "$(complete_in_bash audit verify --stat)" "--state-dir"
check "bash: words of a value" equal "$(complete_in_bash report --format h)" html
check "bash: by its letter" equal "$(complete_in_bash report -f p)" "pdf png"
check "bash: folders" equal "$(complete_in_bash ingest --spool f)" folder
check "bash: files" equal "$(complete_in_bash ingest f)" "file.xml folder"
check "bash: definitions" equal "$(complete_in_bash report hardening-e)" "hardening-executive"
check "bash: options of targets" equal "$(complete_in_bash audit export --option min)" "min-severity="
while read -r c; do
    # shellcheck disable=SC2086
    check "bash: options of $c" equal "$(complete_in_bash $c --)" \
        "$(assay $c --help | sed -n 's/^  .\{4\}\(--[a-z-]*\).*/\1/p' | sort | xargs)"
done < <(assay --help | sed -n 's/^  \([a-z][a-z -]*[a-z]\)  .*/\1/p')

if command -v zsh >/dev/null; then
    check "zsh parses it" status 0 zsh -fn "$T/assay.zsh"
    # zsh completes at a terminal only: here stands what it would be told of a line.
    told_to_zsh() { PATH=$T/bin:$PATH zsh -fc 'compdef() { :; }; compadd() { print -r -- "$@"; }; _arguments() { print -rl -- "$words[1]" "$@"; }
        source $1; shift; words=(assay "$@"); CURRENT=$#words; _assay' - "$T/assay.zsh" "$@" >"$T/out" 2>"$T/err"; }
    told_to_zsh witness ''
    check "zsh: second words" equal "$(cat "$T/out")" "-- init trust cosign"
    told_to_zsh audit export --opt
    check "zsh: counts from the last word of the command" equal "$(head -1 "$T/out")" export
    check "zsh: options" says '*--option=[option of the target, as in assay.conf]:KEY=VALUE:{compadd -S "" -- name= send= events='
    told_to_zsh report --f
    check "zsh: words of a value" says "--format=[instead of the definition's]:LIST:(pdf html csv json"
    check "zsh complains of nothing" equal "$(cat "$T/err")" ""
fi
if command -v fish >/dev/null; then
    offered() { PATH=$T/bin:$PATH XDG_CONFIG_HOME=$T fish --no-config -c "source $T/assay.fish; complete -C '$1'" 2>"$T/err" | cut -f1 | sort | xargs; }
    check "fish: second words" equal "$(offered 'assay witness ')" "cosign init trust"
    check "fish: options" equal "$(offered 'assay ingest --re')" "--read-all --restore"
    check "fish: words of a value" equal "$(offered 'assay report --format h')" html
    check "fish: files" equal "$(offered 'assay ingest f')" "file.xml folder/"
fi
done_tests
