#!/usr/bin/env bash
# Hostile names, titles and evidence come out escaped and whole in every format and in the audit log.
. "$(dirname "$0")/../lib/lib.sh"
need jq pdftotext xmllint
check init status 0 assay init
mkdir "$T/in"
long=$(head -c 300000 /dev/zero | tr '\0' 'A')
cat >"$T/in/a.data" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<agent_data agent_name="&lt;script&gt;alert(1)&lt;/script&gt;" agent_alias="=cmd|' /C calc'!A0" group="&quot;O'Brien&quot; &amp; Sons" timestamp="2026/10/20 09:24:00" timezone_offset="0">
<hardening policy_id="p" policy_version="1" policy_title="T &lt;b&gt;" profile="" scanner="s" start="2026-10-20T09:20:00Z" end="2026-10-20T09:24:00Z">
<check id="1" category="3" status="FAIL" severity="high"><title>&lt;img src=x onerror=alert(2)&gt; &#x202E;gnirts</title>
<description>--&gt; ]]&gt; \\ " ' ; DROP TABLE scan;</description><evidence>@SUM(1+1)*cmd
second line	tab $long END</evidence></check>
<check id="2" category="3" status="FAIL" severity="high"><title>+plus -minus 日本語 &#x1F600; مرحبا</title><evidence>line</evidence></check>
<check id="3" category="3" status="weird" severity="x"><title>javascript:alert(3)</title></check>
</hardening></agent_data>
XML
name=$'\xff\xfe=HYPERLINK("x")\n<b>.data'
cp "$T/in/a.data" "$T/in/$name"
check ingest status 0 assay ingest "$T/in"
check report status 0 assay report agent-detail --agent "<script>alert(1)</script>" --period 2026-10 -o "$T/r"
pdf=$(ls "$T"/r/*.pdf) html=$(ls "$T"/r/*.html) json=$(ls "$T"/r/agent-detail*.json)

check "HTML: no tag of theirs" sh -c "! grep -qE '<script>alert|<img src=x|<b>' '$html'"
check "HTML: the text is there" grep -q '&lt;img src=x onerror=alert(2)&gt;' "$html"
check "HTML: bidi control is visible" grep -q 'U+202E' "$html"
check "HTML: no raw bidi control" sh -c "! grep -q \$(printf '\342\200\256') '$html'"
check "HTML: whole or visibly cut" sh -c "grep -q 'AAAA' '$html' && grep -qE 'END|cut' '$html'"
check "CSV: no formula" sh -c "! cat '$T'/r/*.csv | tr -d '\"' | tr ',' '\n' | grep -qE '^[=@]'"
check "JSON parses" jq -es 'length == 1' "$json" >/dev/null
alias="=cmd|' /C calc'!A0"
check "JSON: the alias is exact" grep -qF "$alias" "$json"
pdftotext "$pdf" "$T/t.txt"
check "PDF: the title" grep -q 'onerror=alert(2)' "$T/t.txt"
check "PDF: bidi control is visible" grep -q 'U+202E' "$T/t.txt"
check "PDF: Japanese" grep -q '日本語' "$T/t.txt"
for f in json rfc5424 cef; do
    check "$f" status 0 assay audit export -f $f -o "$T/a.$f" --no-record --from 0
    check "$f: one line a record" equal "$(wc -l <"$T/a.$f")" "$(wc -l <"$T/a.json" 2>/dev/null || wc -l <"$T/a.$f")"
done
check "log of the file's name: JSON" jq -es length "$T/a.json"
check "log holds" status 0 assay audit verify
check "messages have no escape codes" sh -c "! \"\$ASSAY\" ingest '$T/in' -v 2>&1 | grep -q \$(printf '\033')"
done_tests
