#!/usr/bin/env bash
# Categories of real content: agreement with what CIS assigns for RHEL 8, and how much of each scanner's results has one.
# Both are measured by a script of its own through the program as it is installed.
. "$SRC/tests/e2e/lib/lib.sh"
need python3 xzcat
samples=$SRC/../shared/samples
[ -d "$samples/categories" ] || skip "no ../shared/samples"
measure="$SRC/tests/e2e/ingest/categories.py"
export PYTHONDONTWRITEBYTECODE=1

# at_least SHARE PART WHOLE: in percent.
at_least() { awk -v s="$1" -v p="$2" -v w="$3" 'BEGIN { exit !(w > 0 && 100 * p >= s * w) }' || { echo "  $2 of $3, want $1 %" >&2; return 1; }; }

read -r right wrong none missing all < <(python3 "$measure" truth "$ASSAY" "$samples/categories/ssg-rhel8-cis-controls-v8.tsv" \
    "$samples/xccdf12/rhel8-offline-all-results.xml.xz")
echo "RHEL 8: $right right, $wrong wrong, $none without, $missing not in the content, of $all"
check "RHEL 8: all rules are in the content" at_least 99 "$((all - missing))" "$all"
check "RHEL 8: at least 85 % right" at_least 85 "$right" "$all"
check "RHEL 8: at most 10 % wrong" at_least 90 "$((all - wrong))" "$all"

# covered NAME FILE…: at least 90 % of what was evaluated.
covered() {
    local name=$1 part whole sources; shift
    read -r part whole sources < <(python3 "$measure" cover "$ASSAY" "$@")
    echo "$name: $part of $whole ($sources)"
    check "$name: at least 90 % have a category" at_least 90 "$part" "$whole"
}
covered xccdf "$samples"/xccdf12/*.xml "$samples"/xccdf12/*.xml.xz "$samples"/scc/*.xml*
covered arf "$samples"/arf/*.xml "$samples"/arf/*.xml.xz
covered ckl "$samples"/ckl/* "$samples"/cklb/*
covered inspec "$samples"/inspec-hdf/*
covered lynis "$samples"/lynis/*
covered kube-bench "$samples"/kube-bench/*.json
covered docker-bench "$samples"/docker-bench/*.json
covered prowler "$samples"/prowler-ocsf/*.json
covered wazuh "$samples"/wazuh-sca/*.jsonl "$samples"/wazuh-sca/*.json "$samples"/wazuh/*.json
done_tests
