#!/usr/bin/env bash
# Very many files and very large ones: all are stored, and no process grows with them. With --long
# 100,000 files, an ARF of 2 GiB and a JSON document of 1 GiB; else a part of that.
. "$(dirname "$0")/../lib/lib.sh"
need python3 jq
files=2000 arf_mib=64 json_mib=48
[ "${ASSAY_LONG:-no}" = yes ] && files=100000 arf_mib=2048 json_mib=1024
S=$T/spool; mkdir -p "$S"

# peak COMMAND…: its output in $T/out, and in $T/peak the most memory (MiB) that it, its helpers or one
# of their parsers had. The database server is nobody's child.
peak() {
    python3 -c 'import resource, subprocess, sys
code = subprocess.run(sys.argv[2:], stdout=open(sys.argv[1] + "/out", "w")).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, file=open(sys.argv[1] + "/peak", "w"))
sys.exit(code)' "$T" "$@"
}
below() { [ "$1" -lt "$2" ] || { echo "  $1 is not below $2" >&2; return 1; }; }

check init status 0 assay init

# Many small ones, one agent each.
base=$(ls "$SRC"/samples/lynis/*.dat | head -1)
awk -v n=$files -v dir="$S" '
    { line[NR] = $0 }
    END { for (i = 1; i <= n; i++) { f = dir "/host" i ".dat"
        for (k = 1; k <= NR; k++) { s = line[k]; if (s ~ /^hostname=/) s = "hostname=many" i; print s >f }
        close(f) } }' "$base"
check "$files files" peak "$ASSAY" ingest --spool "$S" --json
echo "$files files: $(cat "$T/peak") MiB"
check "all are stored" equal "$(jq -c '[.stored,.scans,.rejected]' "$T/out")" "[$files,$files,0]"
check "none is left" equal "$(find "$S" -maxdepth 1 -type f | wc -l)/$(find "$S/work" -type f ! -name .lock | wc -l)" 0/0
check "memory does not grow with their number" below "$(cat "$T/peak")" 128
rm -rf "$S"; mkdir -p "$S"

# One ARF: the OVAL results, which come last, again and again.
arf=$SRC/samples/xccdf/arf-oval.xml
first=$(grep -n '<arf:report id="oval0">' "$arf" | cut -d: -f1)
last=$(grep -n '</arf:reports>' "$arf" | cut -d: -f1)
head -n $((first - 1)) "$arf" >"$S/large.xml"
sed -n "$first,$((last - 1))p" "$arf" >"$T/one"
for _ in $(seq 100); do cat "$T/one"; done >"$T/hundred"
while [ "$(stat -c %s "$S/large.xml")" -lt $((arf_mib * 1048576)) ]; do cat "$T/hundred" "$T/hundred" >>"$S/large.xml"; done
tail -n "+$last" "$arf" >>"$S/large.xml"
check "an ARF of $arf_mib MiB" peak "$ASSAY" ingest --spool "$S" --json
echo "ARF of $arf_mib MiB: $(cat "$T/peak") MiB"
check "it is stored" equal "$(jq -c '[.stored,.scans]' "$T/out")" "[1,1]"
check "below 64 MiB" below "$(cat "$T/peak")" 64
"$ASSAY" inspect "$arf" | jq -c .counts >"$T/small"
check "it says what the small one says" equal "$("$ASSAY" inspect "$S/done/large.xml" | jq -c .counts)" "$(cat "$T/small")"
rm -rf "$S" "$T/hundred"; mkdir -p "$S"

# One JSON document, element by element: 500 checks of very many resources each.
python3 - "$SRC/samples/prowler/findings.ocsf.json" "$S/cloud@large.json" $json_mib <<'END'
import copy, json, sys
finding = json.load(open(sys.argv[1]))[0]
with open(sys.argv[2], "w") as out:
    i = 0
    while out.tell() < int(sys.argv[3]) << 20:
        one = copy.deepcopy(finding)
        one["metadata"]["event_code"] += str(i % 500)
        one["unmapped"]["padding"] = "x" * 20000
        out.write(("," if i else "[") + json.dumps(one))
        i += 1
    out.write("]")
END
n=$(grep -o '"event_code"' "$S/cloud@large.json" | wc -l)
check "a JSON document of $json_mib MiB" peak "$ASSAY" ingest --spool "$S" --json
echo "JSON document of $json_mib MiB: $(cat "$T/peak") MiB"
check "it is stored" equal "$(jq -c '[.stored,.scans]' "$T/out")" "[1,1]"
check "every element was read" equal "$("$ASSAY" inspect "$S/done/cloud@large.json" | jq '[.native_counts[]] | add')" "$n"
check "below 64 MiB" below "$(cat "$T/peak")" 64
check "the audit log holds" status 0 assay audit verify
done_tests
