#!/usr/bin/env bash
# Files of real scanners and hostile ones, read by the program as it is installed: every row of the
# ground truth that stands beside them, and the end of every hostile file.
. "$(dirname "$0")/../lib/lib.sh"
samples=$SRC/../shared/samples
[ -f "$samples/EXPECTED.tsv" ] || skip "no ../shared/samples"
need python3 jq xz
"$samples/unpack.sh" "$T/samples" >/dev/null || { check "unpack the samples" false; done_tests; exit 1; }
check "every row of EXPECTED.tsv" python3 "$SRC/tests/e2e/ingest/samples.py" "$ASSAY" "$T/samples"

# Name, then what its reason says (rejected), or its native counts in the order of their words
# (stored) and flags: p partial, w with findings.
cat >"$T/want" <<'END'
attr-entity.xml|a DOCTYPE is refused
billion-laughs.xml|a DOCTYPE is refused
control-char.xml|invalid Char value 11
deep-nesting-2000.xml|too many nested elements
dup-idref-different-results.xml|{"fail":1,"notapplicable":1,"pass":1}
dup-idref-same-139.xml|{"fail":139}
emoji-and-nfd.xml|{"pass":1}
empty.xml|the file is empty
html-error-page.xml|an HTML page, not a scan result
id-case-and-trailing-space.xml|{"fail":2,"pass":2}
invalid-utf8.xml|is not UTF-8, and the file names no other encoding
json-bigint.json|not JSON: too big integer
json-bom.json|InSpec: no profile with controls
json-comments.json|no reader knows this content
json-concatenated.json|{"failed":1,"passed":1}pw
json-deep-100k.json|no reader knows this content
json-dup-keys.json|{"failed":1}pw
json-invalid-utf8.json|InSpec: no profile with controls
json-lone-surrogate.json|not JSON: invalid Unicode
json-nan.json|not JSON: invalid token
json-nul-escape.json|{"Passed":1}w
json-truncated.json|the JSON ends inside a text: the file was cut off
json-types-wrong.json|{"5":1}pw
json-utf16.json|no reader knows this content
jsonl-crlf-blank-and-bad-line.jsonl|{"failed":1,"passed":1}pw
latin1-declared.xml|{"pass":1}
latin1-undeclared.xml|is not UTF-8, and the file names no other encoding
leading-blank-line.xml|XML declaration allowed only at the start of the document
leading-comment-no-decl.xml|{"fail":1,"pass":1}
long-evidence-11MB.xml|{"fail":1}w
lynis-no-final-newline-nul.dat|{"executed_with_suggestion_only":2,"executed_with_warning":1}pw
lynis-truncated-no-finish.dat|{"executed_with_warning":1}pw
many-attrs.xml|too many attributes
no-endtime-no-target.xml|names no policy or benchmark
ns-none.xml|<TestResult> is not in the namespace of XCCDF
ns-prefix-odd.xml|{"fail":1,"pass":1}
ns-redeclared-per-element.xml|{"fail":1}
ns-result-decoy.xml|{"fail":1}
ns-unknown.xml|<TestResult> is not in the namespace of XCCDF
nul-byte.xml|Char 0x0 out of allowed range
only-decl.xml|the file ends before its first element
quadratic-blowup.xml|a DOCTYPE is refused
result-with-comment-and-cdata.xml|{"fail":1,"pass":1}
shift_jis.xml|{"pass":1}
spaces-only.xml|the file is empty
sql-in-ids.xml|{"fail":1}
surrogate-ncr.xml|invalid xmlChar value 55296
times-odd.xml|{"pass":1}w
trailing-garbage.xml|Extra content at the end of the document
truncated-in-testresult.arf.xml|was the transfer complete?
truncated-mid-tag.xml|the file ends inside an element
two-roots.xml|Extra content at the end of the document
unknown-status.xml|{"":2,"PASS":1,"fail":1,"notapplicable":1,"pass":1,"passed":1}w
utf16-nobom-decl.xml|{"fail":1,"pass":1}
utf16be-bom.xml|{"fail":1,"pass":1}
utf16le-bom.xml|{"fail":1,"pass":1}
utf32-bom.xml|the text is UTF-32: save it as UTF-8
utf8-bom.xml|{"fail":1,"pass":1}
very-long-id.xml|{"pass":1}w
xml11-control.xml|invalid xmlChar value 11
xxe-file.xml|a DOCTYPE is refused
xxe-http.xml|a DOCTYPE is refused
xxe-param.xml|a DOCTYPE is refused
END
S=$T/spool
mkdir -p "$S"
while IFS='|' read -r file _; do # those that name nobody are of an agent of their own
    cp "$T/samples/nasty/$file" "$S/$file@$file"
done <"$T/want"
touch -d '2026-11-20 12:00:00 UTC' "$S"/* # one time for those that say none: two seconds would be two scans of a host
listed=$(ls "$T/samples/nasty" | grep -cvE 'SOURCES.txt|NASTY_EXPECTED.tsv')
check "every hostile file is listed here" equal "$(wc -l <"$T/want")" "$listed"
stored=$(grep -c '|{' "$T/want")
echo "spool-settle = 0" >>"$ASSAY_CONFIG" # the files have rested
check init status 0 assay init
check "all of them in one run" status 3 assay ingest --spool "$S" --json
# Times, policies and hosts are the same in many: seven say something else than another one.
check "stored and rejected" equal "$(jq -c '[.stored,.duplicate,.rejected,.scans + .scans_revised,.scans_revised]' "$T/out")" \
    "[$stored,0,$((listed - stored)),$stored,7]"
check "who brings a file of another host is told" grep -q 'names its host itself' \
    <<<"$("$ASSAY" inspect "$S/done/dup-idref-same-139.xml@dup-idref-same-139.xml" | jq -r '.warnings[].text')"
while IFS='|' read -r file want; do
    case $want in
    '{'*)
        check "$file is stored" test -f "$S/done/$file@$file"
        check "$file" equal "$("$ASSAY" inspect "$S/done/$file@$file" | jq -rc '(.native_counts | to_entries | sort_by(.key) | from_entries | tojson) +
            (if .partial then "p" else "" end) + (if ([.warnings[] | select(.text | contains("names its host itself") | not)] | length) > 0 then "w" else "" end)')" "$want"
        ;;
    *)
        check "$file is rejected" grep -qF -- "$want" "$S/rejected/$file@$file.reason"
        check "$file is kept" cmp -s "$T/samples/nasty/$file" "$S/rejected/$file@$file"
        ;;
    esac
done <"$T/want"
never_pass=unknown-status.xml
check "a word nobody knows is an error, never a pass" equal \
    "$("$ASSAY" inspect "$S/done/$never_pass@$never_pass" | jq -c '[.counts.pass,.counts.error]')" "[1,4]"
check "nothing is left" equal "$(find "$S" -maxdepth 1 -type f | wc -l)/$(find "$S/work" -type f | wc -l)" 0/0
check "the audit log holds" status 0 assay audit verify
done_tests
