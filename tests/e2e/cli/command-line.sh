#!/usr/bin/env bash
# The command line itself: help, usage errors, exit status, settings.
. "$(dirname "$0")/../lib/lib.sh"

check version status 0 assay --version
check "version says it" says "assay 1"
check "and which libraries run" says "OpenSSL $(openssl version | cut -d' ' -f2)"
check "and which commit, where git knows one" equal "$(sed -n 's/^commit //p' "$T/out")" "$(sed -n 's/.*version_commit.* "\(.*\)";/\1/p' "$BUILD/gen/commit.c")"
check "no command is usage" status 64 assay
check "unknown command" status 64 assay frobnicate
check "names it" says 'no command "frobnicate"'
check help status 0 assay --help
for c in init ingest inspect report run verify backup restore "audit verify" "audit export" doctor status check completion \
    "agent add" "agent list" "agent show" "agent alias" "agent freeze" "agent unfreeze" "agent move" "agent remove" "agent password" \
    "scan list" "scan accept" "scan revoke"; do
    # shellcheck disable=SC2086
    check "help of $c" status 0 assay $c --help
    check "help of $c has an example" says "example: assay"
done
check "unknown option" status 64 assay ingest --frob
check "names the option" says "unknown option --frob"
check "ingest without paths" status 64 assay ingest
check "inspect without files" status 64 assay inspect

echo "frob = 1" >>"$T/assay.conf"
check "unknown setting" status 78 assay doctor
check "names file and line" says "assay.conf:5: unknown setting \"frob\""
sed -i '$d' "$T/assay.conf"
echo "spool-settle = soon" >>"$T/assay.conf"
check "bad value" status 78 assay doctor
check "names what it wants" says 'want a number from 0 to 86400, got "soon"'
sed -i '$d' "$T/assay.conf"
echo "spool-dir = in" >>"$T/assay.conf"
check "a relative path" status 78 assay doctor
check "says what a path is" says 'assay.conf:5: spool-dir: want a path from the root, such as /var/lib/assay, got "in"'
sed -i '$d' "$T/assay.conf"
mkdir "$T/conf.d"
echo "jobs = 7" >"$T/conf.d/10-jobs.conf"
check "settings of conf.d count" equal "$(assay doctor | sed -n 's/^jobs = //p')" 7
check "doctor names the files" equal "$(assay doctor | head -1)" "# settings of $T/assay.conf, $T/conf.d/10-jobs.conf"
printf '\nfrob = 1\n' >"$T/conf.d/20-frob.conf"
check "unknown setting in conf.d" status 78 assay doctor
check "names that file and line" says 'conf.d/20-frob.conf:2: unknown setting "frob"'
rm -r "$T/conf.d"
check "an empty name of settings" status 64 assay doctor --config ''
check "says what it wants" says "--config wants the path of a file"
check "missing settings file" status 78 env ASSAY_CONFIG="$T/none.conf" "$ASSAY" doctor

check "before init" status 78 assay ingest "$T/assay.conf"
check "says what to do" says "assay init"
# Who only asks makes nothing, and where a relative folder of the command line lies is where the command was given.
check "nothing was made" fails test -e "$T/state"
check "without settings, too" status 78 env ASSAY_CONFIG= "$ASSAY" audit verify --state-dir "$T/elsewhere"
check "says that there were none" says "none were read, ASSAY_CONFIG or --config names them"
check "nothing was made there" fails test -e "$T/elsewhere"
mkdir -p "$T/tree/a/b"

# --help and the manual name the same options, both ways.
for c in init ingest inspect report run verify backup restore doctor status check completion; do
    assay $c --help | grep -oE -- '--[a-z-]+' | sort -u >"$T/help"
    { grep -oE '\\-\\-[a-z\\-]+' "$SRC/doc/man/assay-$c.1"; grep -oE '\\-\\-[a-z\\-]+' "$SRC/doc/man/assay.1"; } |
        sed 's/\\//g' | sort -u >"$T/man"
    check "$c: every option of --help is in the manual" equal "$(comm -23 "$T/help" "$T/man")" ""
done
# The formats of --help are the renderers there are; the manual and the page of definitions name the same, in that order.
formats=$(assay report --help | sed -n 's/.*--format LIST  *\([a-z,]*\) instead.*/\1/p')
check "--help names formats" test "${formats%%,*}" = pdf
check "the manual names them" equal \
    "$(grep -A1 -F '\-\-format' "$SRC/doc/man/assay-report.1" | sed -n 's/ instead of the definition.s\.$//p')" "${formats//,/, }"
check "the page of definitions names them" equal \
    "$(sed -n 's/^| `outputs` | list of \(.*\) | `pdf` |$/\1/p' "$SRC/doc/reports/definitions.md" | tr -d '`')" "${formats//,/, }"
check "the first is what a definition gets that names none" grep -q "^| .outputs. .* | .${formats%%,*}. |$" "$SRC/doc/reports/definitions.md"
check "before init" status 78 assay report hardening-monthly --format doc
check init status 0 assay init
check "a tree without files" status 0 assay ingest "$T/tree"
check "says so" says "no files were found in what was named"
check "no such format" status 64 assay report hardening-monthly --format doc
check "names it" says 'no output format "doc"'
for v in add list show alias freeze unfreeze move remove password; do
    assay agent $v --help | grep -oE -- '--[a-z-]+' | sort -u >"$T/help"
    { grep -oE '\\-\\-[a-z\\-]+' "$SRC/doc/man/assay-agent.1"; grep -oE '\\-\\-[a-z\\-]+' "$SRC/doc/man/assay.1"; } |
        sed 's/\\//g' | sort -u >"$T/man"
    check "agent $v: every option of --help is in the manual" equal "$(comm -23 "$T/help" "$T/man")" ""
done
check "config check: every option is in the manual" equal "$(assay config check --help | grep -oE -- '--[a-z-]+' | sort -u | while read -r o; do
    sed 's/\\//g' "$SRC/doc/man/assay.1" "$SRC/doc/man/assay-config.1" | grep -qF -- "$o" || echo "$o"
done)" ""
for v in list accept revoke; do
    assay scan $v --help | grep -oE -- '--[a-z-]+' | sort -u >"$T/help"
    { grep -oE '\\-\\-[a-z\\-]+' "$SRC/doc/man/assay-scan.1"; grep -oE '\\-\\-[a-z\\-]+' "$SRC/doc/man/assay.1"; } |
        sed 's/\\//g' | sort -u >"$T/man"
    check "scan $v: every option of --help is in the manual" equal "$(comm -23 "$T/help" "$T/man")" ""
done
for v in init trust cosign; do
    assay witness $v --help | grep -oE -- '--[a-z-]+' | sort -u >"$T/help"
    { grep -oE '\\-\\-[a-z\\-]+' "$SRC/doc/man/assay-witness.1"; grep -oE '\\-\\-[a-z\\-]+' "$SRC/doc/man/assay.1"; } |
        sed 's/\\//g' | sort -u >"$T/man"
    check "witness $v: every option of --help is in the manual" equal "$(comm -23 "$T/help" "$T/man")" ""
done
for c in prune "hold add" "hold list" "hold release" "spool retry" schedule "outbox list" "outbox show" "outbox send" "outbox retry" \
    "outbox drop" "secret set" "secret list" "secret rm" "portal build"; do
    check "$c --help" status 0 assay $c --help
    grep -oE -- '--[a-z0-9-]+' "$T/out" | sort -u >"$T/help"
    { grep -oE '\\-\\-[a-z0-9\\-]+' "$SRC/doc/man/assay-${c%% *}.1"; grep -oE '\\-\\-[a-z\\-]+' "$SRC/doc/man/assay.1"; } |
        sed 's/\\//g' | sort -u >"$T/man"
    check "$c: every option of --help is in the manual" equal "$(comm -23 "$T/help" "$T/man")" ""
done
done_tests

