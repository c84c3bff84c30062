#!/usr/bin/env bash
# The likely mistakes, and what the .reason beside the rejected file says about each of them.
. "$(dirname "$0")/../lib/lib.sh"
S=$T/spool
check init status 0 assay init
echo 'spool-settle = 0' >>"$T/assay.conf" # what ends too early is rejected at once
mkdir -p "$S"
results=$SRC/samples/xccdf/two-results.xml
: >"$T/want"
want() { printf '%s\t%s\n' "$1" "$2" >>"$T/want"; }

printf '<!DOCTYPE html>\n<html><body><h1>502 Bad Gateway</h1></body></html>\n' >"$S/error.xml"
want error.xml "an HTML page, not a scan result (an error page saved by the transfer?)"
printf '<html><head><title>Login</title></head></html>\n' >"$S/login.html"
want login.html "an HTML page, not a scan result (an error page saved by the transfer?)"
printf '{"error":{"message":"unauthorized"}}' >"$S/api.json"
want api.json "it looks like the error answer of a web service, not a scan result: read it and ask again"
printf 'scp: /var/log/lynis-report.dat: Permission denied\n' >"$S/copy.dat"
want copy.dat "it looks like the message of a transfer that failed: the file was not copied"
: >"$S/empty.xml"
want empty.xml "the file is empty"
head -c 3000 "$results" >"$S/cut.xml"
want cut.xml "XML: the file ends inside an element (expected '>'): was the transfer complete?"
gzip -c "$results" | head -c 500 >"$S/cut.gz"
want cut.gz "gzip: the packed data ends too early: was the transfer complete?"
printf '{"type":"check","id":1,"policy":"p","policy_id":"x","check":{"id":1,"ti' >"$S/cut.json"
want cut.json "the JSON ends too early (premature end of input): was the transfer complete?"
gzip -c "$results" | gzip -c >"$S/twice.gz"
want twice.gz "packed twice: only one level is unpacked"
(cd "$T" && echo x >x && tar czf "$S/all.tgz" x)
want all.tgz "a tar archive: unpack it, one result a file"
printf 'PK\003\004aaaaaaaaaaaaaaaaaaaaaaaaaaaa' >"$S/all.zip"
want all.zip "a zip archive: unpack it, one result a file"
printf '%%PDF-1.7\n1 0 obj' >"$S/report.pdf"
want report.pdf "a PDF document: export the results as XML or JSON"
printf 'id,title,result\n1,Ensure x,fail\n' >"$S/report.csv"
want report.csv "it looks like a table (CSV), which no reader takes: export XML or JSON"
printf '2026-11-21 19:44:26 Starting Lynis 3.0.8 with PID 123\n' >"$S/lynis.log"
want lynis.log "the log of Lynis: its results are in lynis-report.dat"
printf 'policy:\n  id: "x"\nchecks:\n  - id: 1\n' >"$S/policy.yml"
want policy.yml "a Wazuh SCA policy: it holds the checks, not their results"
printf '<data-stream-collection xmlns="http://scap.nist.gov/schema/scap/source/1.2"/>' >"$S/ds.xml"
want ds.xml "a SCAP source data stream: it holds the rules, not the results of a scan"
printf '<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2" id="b"><status>accepted</status><version>1</version></Benchmark>' >"$S/benchmark.xml"
want benchmark.xml "no TestResult: this is a benchmark without results; ingest what \`oscap xccdf eval --results\` or --results-arf writes"
printf '<Benchmark id="x"><TestResult/></Benchmark>' >"$S/bare.xml"
want bare.xml '<Benchmark> is not in the namespace of XCCDF 1.1 or 1.2, http://checklists.nist.gov/xccdf/'
printf '<oval_results xmlns="http://oval.mitre.org/XMLSchema/oval-results-5"/>' >"$S/oval.xml"
want oval.xml "OVAL results alone: give the ARF or the XCCDF results of the scan"
printf '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>' >"$S/entity.xml"
want entity.xml "XML: a DOCTYPE is refused: it could define entities or name other files"
printf '<?xml version="1.0" encoding="KOI8-R"?><agent_data agent_name="a"/>' >"$S/koi8.xml"
want koi8.xml 'the encoding that its first line names cannot be read: convert the file to UTF-8 with iconv(1) and change that line'
printf '{"error":1}' | iconv -t UTF-16 >"$S/utf16.json"
want utf16.json "the error answer of a web service, not a scan result"
printf '<agent_data agent_name="B\374ro"/>' >"$S/latin1.xml"
want latin1.xml 'byte 0xfc at offset 25 is not UTF-8, and the file names no other encoding: the setting fallback-encoding can name one'
printf '{"a":1, // why\n}' >"$S/comment.json"
want comment.json "comment.json:1:9: not JSON: string or '}' expected"
printf '{"sha256":"x","controls":[{"id":"a"}],"name":"p"}' >"$S/profile.json"
want profile.json "an InSpec profile: it holds the checks, not their results"
printf '<agent_data agent_name="a" timestamp="2026/11/21 10:00:00"><module><name>Hardening - Score</name><data>x</data></module></agent_data>' >"$S/score.data"
want score.data "no module of the hardening holds a usable number"
grep '"type"' "$SRC/samples/wazuh/web01-events.jsonl" | head -3 >"$S/events.jsonl"
want events.jsonl "the file names no agent: name it <agent>@<anything>, or give --agent"
mkfifo "$S/pipe"
want pipe "not a regular file"
ln -s /etc/passwd "$S/passwd.xml"
want passwd.xml "a symbolic link, which is never followed"

n=$(wc -l <"$T/want")
check "all are rejected" status 3 assay ingest --spool "$S" --json
check "each of them" equal "$(jq .rejected "$T/out")" "$n"
while IFS=$'\t' read -r file text; do
    check "$file" grep -qF -- "$text" "$S/rejected/$file.reason"
    check "$file: the reason names the file" grep -qF -- "$file" "$S/rejected/$file.reason"
    check "$file: one line" equal "$(wc -l <"$S/rejected/$file.reason")" 1
done <"$T/want"
check "at least twenty mistakes" test "$n" -ge 20

# Of what came through standard input and is refused, hash and size are recorded as of any file.
printf 'junk of standard input\n' >"$T/junk"
stdin() { "$ASSAY" ingest - <"$T/junk"; }
piped() { cat "$T/junk" | "$ASSAY" ingest -; }
check "refused" status 3 stdin
check "through a pipe" status 3 piped
check "what it was" equal "$("$ASSAY" audit export -f json --from 0 --no-record -o - |
    jq -r '.rec | select(.object.name == "(standard input)") | [.object.id, (.changes[] | select(.f == "size") | .new)] | join(" ")' | sort -u)" \
    "$(sha256sum <"$T/junk" | cut -d' ' -f1) 23"
done_tests
