#!/usr/bin/env bash
# A report never stands over another one: identity is definition, scope and period; each version has a folder of its own and
# a reason, a language is a rendering, a draft counts nothing.
. "$(dirname "$0")/../lib/lib.sh"
need jq pdftotext
check init status 0 at 2026-01-01T00:00:00Z assay init
for group in ホスト1 サーバ1 Network; do
    cat >"$T/$group.data" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<agent_data agent_name="host-$(printf %s "$group" | md5sum | cut -c1-4)" group="$group" timestamp="2026/10/20 09:24:00" timezone_offset="0">
<hardening policy_id="p" policy_version="1" policy_title="P" profile="" scanner="t" start="2026-10-20T09:20:00Z" end="2026-10-20T09:24:00Z">
<check id="1" category="6" status="FAIL" severity="low"><title>Check</title></check></hardening></agent_data>
XML
done
check ingest status 0 assay ingest "$T"/*.data
S=$T/scheduled I=hardening-monthly-2026-10
make() { assay report hardening-monthly --period 2026-10 -f csv,json "$@"; }
of() { jq -r ".reports[0].$1" "$2/manifest.json"; }

# ---- the first, official one
check "made" status 0 make --json
check "its folder" equal "$(jq -r .dir "$T/out")" "$S/$I/v1"
check "latest" equal "$(readlink "$S/$I/latest")" v1
check "verified through latest" status 0 assay verify --trust "$T/state/sign.crt" "$S/$I/latest"
first=$(cd "$S/$I/v1" && sha256sum * | sha256sum)

# ---- another one of it
check "again" status 64 make
check "says why not" says "$I has a sealed version 1: --reason TEXT"
check "an empty reason" status 64 make --reason ""
check "with a reason" status 0 make -f pdf,json --reason "scans of the 20th came late" --json
check "its folder" equal "$(jq -r .dir "$T/out")" "$S/$I/v2"
check "latest" equal "$(readlink "$S/$I/latest")" v2
check "version" equal "$(of version "$S/$I/v2")" 2
pdftotext -layout "$S/$I/v2/$I.pdf" "$T/pdf.txt"
check "document control" grep -q 'version 1: scans of the 20th came late' "$T/pdf.txt"
check "the first is what it was" equal "$(cd "$S/$I/v1" && sha256sum * | sha256sum)" "$first"
assay audit export -f json --from 0 --no-record -o "$T/log.jsonl" >/dev/null
check "recorded" equal "$(jq -rs '[.[].rec | select(.event == "report.make")] | last | [.object.id, .reason] | join(" | ")' "$T/log.jsonl")" \
    "$I | scans of the 20th came late"
check "with both versions" equal "$(jq -rcs '[.[].rec | select(.event == "report.make")] | last | .changes[] | select(.f == "version") | [.old, .new]' "$T/log.jsonl")" '["1","2"]'

# ---- scopes are reports of their own
for group in ホスト1 サーバ1 Network; do check "$group" status 0 make --group "$group"; done
check "three more" equal "$(ls -d "$S"/hardening-monthly-groups-*-2026-10 | wc -l)" 3
check "a plain one" test -d "$S/hardening-monthly-groups-Network-2026-10/v1"
check "exact in the manifest" equal "$(for d in "$S"/hardening-monthly-groups-*/v1; do of scope "$d"; done | sort | paste -sd,)" "group Network,group サーバ1,group ホスト1"
agent=host-$(printf %s Network | md5sum | cut -c1-4)
check "an agent" status 0 make --agent "$agent"
check "has its own" test -n "$(ls -d "$S"/hardening-monthly-agent-*-2026-10/v1)"
check "the whole fleet is still version 2" equal "$(readlink "$S/$I/latest")" v2

# ---- another language is the same version
check "in Japanese" status 0 make -l ja --json
check "beside it" equal "$(jq -r '[.dir, .version] | join(" ")' "$T/out")" "$S/$I/v2.ja 2"
check "its files say so" test -s "$S/$I/v2.ja/$I.ja.json"
check "latest stays" equal "$(readlink "$S/$I/latest")" v2
check "once" status 64 make -l ja
sed "s/host-/late-/; s/FAIL/PASS/" "$T/Network.data" >"$T/late.data"
check "something comes" status 0 assay ingest "$T/late.data"
check "in no language the same any more" status 0 make --group Network -l en --reason "one more"
sed "s/host-/later-/; s/FAIL/PASS/" "$T/Network.data" >"$T/later.data"
check "something comes" status 0 assay ingest "$T/later.data"
check "so it is no rendering" status 64 make --group Network -l ja

# ---- a folder that was named
check "named" status 0 make --reason "for the auditor" -o "$T/mine"
before=$(sha256sum <"$T/mine/manifest.json")
check "is not written over" status 73 make --reason "for another" -o "$T/mine"
check "says what stands there" says "$I version 3 stands in it"
check "nor by another report" status 73 assay report hardening-executive --period 2026-10 -o "folder:$T/mine"
check "is what it was" equal "$(sha256sum <"$T/mine/manifest.json")" "$before"

# ---- what a killed run left is nobody's version, and stays
mkdir -p "$S/$I/v4"; echo x >"$S/$I/v4/left"
check "version 4" status 0 make --reason "after a kill"
check "what was left" equal "$(cat "$S/$I/v4.unrecorded/left")" x
check "all of them hold" status 0 assay verify --trust "$T/state/sign.crt" "$S/$I/v1" "$S/$I/v2" "$S/$I/v2.ja" "$S/$I/v4" "$T/mine"

# ---- the night makes nothing that somebody has made
check "a night" status 0 at 2026-11-05T06:00:00Z assay run --json
check "made nothing" equal "$(jq .reports "$T/out")" 0
check "still version 4" equal "$(readlink "$S/$I/latest")" v4

# ---- drafts
cp "$T/assay.conf" "$T/sealed.conf"; echo "sign = no" >>"$T/assay.conf"
check "a draft needs no reason" status 0 make --json
check "and is no version" equal "$(jq -r '[.dir, .version] | join(" ")' "$T/out")" "$S/$I/v5-draft 5-draft"
check "another" status 0 make --json
check "beside it" equal "$(jq -r .dir "$T/out")" "$S/$I/v5-draft-2"
check "latest is sealed" equal "$(readlink "$S/$I/latest")" v4
cp "$T/sealed.conf" "$T/assay.conf"
check "the next" status 0 make --reason "drafts do not count" --json
check "is version 5" equal "$(jq -r .version "$T/out")" 5
check "the log holds" status 0 assay audit verify --no-record
done_tests
