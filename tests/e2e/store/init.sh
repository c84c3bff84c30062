#!/usr/bin/env bash
# First use: init makes what is missing, can be repeated, refuses a newer schema.
. "$(dirname "$0")/../lib/lib.sh"
check init status 0 assay init
check "says what the key is worth" says "proves nothing"
check "key is private" equal "$(stat -c %a "$T/state/sign.key")" 600
sum=$(sha256sum "$T/state/sign.key")
check "again" status 0 assay init --json
check "nothing made" equal "$(jq -c '[.made_key, .schema_from == .schema_to]' "$T/out")" '[false,true]'
check "key kept" equal "$(sha256sum "$T/state/sign.key")" "$sum"
check "doctor" status 0 assay doctor
check "doctor names the server" says MariaDB
chmod 644 "$T/state/sign.key"
check "an open key is refused" status 78 assay doctor
check "says the fix" says "chmod 600"
chmod 600 "$T/state/sign.key"

# A configuration change is noted.
echo "organisation = New Name" >>"$T/assay.conf"
check run status 0 assay run
check "export" status 0 assay audit export --format json -o "$T/a.json"
check "the change is in the log" grep -q '"config.change"' "$T/a.json"
check "with the new value" grep -q 'New Name' "$T/a.json"

# Repeated settings come and go line by line.
printf 'group = A:a*\ngroup = B:b*\n' >>"$T/assay.conf"
check "run with groups" status 0 assay run
sed -i '/^group = A/d' "$T/assay.conf"
check "run without one" status 0 assay run
check "export" status 0 assay audit export --format json -o "$T/a.json"
check "only what went is listed" equal \
    "$(jq -c 'select(.rec.event == "config.change") | [.rec.changes[] | select(.f | startswith("fact") | not) | [.f, .old, .new]]' "$T/a.json" | tail -1)" '[["group","A:a*",""]]'
# As many records as it takes: of 150 lines that went, each is named.
for i in $(seq 150); do echo "group = G$i:g$i*"; done >>"$T/assay.conf"
check "run with many groups" status 0 assay run
sed -i '/^group = G/d' "$T/assay.conf"
check "run without them" status 0 assay run
check "export" status 0 assay audit export --format json -o "$T/a.json"
check "every line that went is named" equal \
    "$(jq -r 'select(.rec.event == "config.change") | .rec.changes[] | select(.f == "group" and (.new // "") == "") | .old' "$T/a.json" |
        grep -c '^G')" 150

# A host without /etc/hosts and name server, as a bare system is: nothing looks its name up.
alone=(unshare --mount --net)
[ "$(id -u)" -eq 0 ] || alone+=(--map-root-user)
nameless() { "${alone[@]}" bash -c '[ ! -e /etc/hosts ] || mount --bind /dev/null /etc/hosts; exec "$@"' - "$@"; }
if nameless true 2>"$T/err"; then
    check "nobody knows its name" fails nameless getent hosts "$(uname -n)" localhost
    printf 'state-dir = %s/nameless\nspool-dir = %s/spool\norigin = test/assay\n' "$T" "$T" >"$T/nameless.conf"
    check "init where no name can be looked up" status 0 nameless env ASSAY_CONFIG="$T/nameless.conf" "$ASSAY" init
else
    echo "not tried without names: $(cat "$T/err")"
fi
done_tests
