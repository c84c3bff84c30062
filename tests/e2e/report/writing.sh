#!/usr/bin/env bash
# Scripts from right to left, scripts without spaces, heaps of marks, emoji: in order, on paper and read back.
. "$(dirname "$0")/../lib/lib.sh"
need pdftotext
check init status 0 assay init
mkdir "$T/in"
cat >"$T/in/a.data" <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<agent_data agent_name="web07" agent_alias="שרת" group="שרתים" timestamp="2026/10/20 09:24:00" timezone_offset="0">
<hardening policy_id="p" policy_version="1" policy_title="מדיניות הקשחה" profile="" scanner="s" start="2026-10-20T09:20:00Z" end="2026-10-20T09:24:00Z">
<check id="1" category="3" status="FAIL" severity="high"><title>סיסמה של root מוגדרת היטב</title><evidence>הקובץ מכיל 3 חשבונות</evidence></check>
<check id="2" category="3" status="FAIL" severity="high"><title>تأكد من كلمة المرور</title></check>
<check id="3" category="4" status="FAIL" severity="low"><title>Say שלום עולם today</title></check>
<check id="4" category="4" status="FAIL" severity="low"><title>Z&#x338;&#x321;&#x322;&#x31b;&#x326;&#x329; heap</title></check>
<check id="5" category="5" status="FAIL" severity="low"><title>Emoji &#x1F600; &#x26A0;&#xFE0F; done</title></check>
<check id="6" category="5" status="FAIL" severity="low"><title>監査ログの保存期間が設定されていること</title></check>
</hardening></agent_data>
XML
check ingest status 0 assay ingest "$T/in"
for lang in en ja; do
    check "$lang: report" status 0 assay report agent-detail --agent web07 --period 2026-10 -l $lang -f pdf -o "$T/$lang"
    # Marks of embedding are what pdftotext adds around a run from right to left.
    pdftotext -layout "$T/$lang"/*.pdf - | sed 's/\xe2\x80[\xaa-\xae]//g' >"$T/$lang.txt"
    read_back() { grep -qF "$1" "$T/$lang.txt"; }
    check "$lang: Hebrew words in their order" read_back 'שלום עולם'
    check "$lang: Arabic" read_back 'تأكد من كلمة المرور'
    # A line that runs from right to left as a whole: pdftotext goes through it from the left.
    check "$lang: what comes first stands at the right" sh -c "grep -q 'root.*סיסמה' '$T/$lang.txt'"
    check "$lang: Japanese is whole" read_back '監査ログの保存期間が設定されていること'
    check "$lang: an emoji is read as itself" read_back '😀'
    check "$lang: no code of a selector" fails read_back 'U+FE0F'
done
V=$SRC/../shared/tools/verapdf/verapdf
if [ -x "$V" ] && command -v java >/dev/null; then
    "$V" 3a,ua1 "$T"/en/*.pdf "$T"/ja/*.pdf >"$T/vera" 2>&1
    check "every file is PDF/A-3a and PDF/UA-1" equal "$(grep -c PASS "$T/vera")" 4
fi
done_tests
