"""Holds `assay inspect` against the ground truth of real files: EXPECTED.tsv, every row and column
of it, and nothing read that no row speaks of.
usage: ingest/samples.py ASSAY UNPACKED-SAMPLES"""
import datetime
import json
import re
import subprocess
import sys

WORDS = "pass fail error unknown notapplicable notchecked notselected informational fixed".split()

# Where a row and the product differ on purpose, and why.
REFUSED = {  # the row has numbers, the file is refused
    "xccdf12/trestle-ocp4-configmap.yaml": "no reader knows this content",  # a ConfigMap: unwrap it
    "nessus/saf-sample.nessus": "this lists vulnerabilities",
}
UNKEPT = {  # the row's scan is shown, and the reason why it cannot be stored
    "xccdf12/openscap-results-xccdf.xml": "names no policy or benchmark",
    "xccdf12/openscap-test_null_ptr_xccdf_empty_testresult.xml": "names no policy or benchmark",
    "scc/stigman-Target-Object-Long-Properties-xccdf.xml": "has more than 255 bytes",
}
EXTRA = {  # scans no row speaks of
    "wazuh-sca/agent-events-real-3.9-4.x.jsonl": 1,  # a summary alone is a scan, the table only notes it
}
HOSTS = {  # our host where the row names another or none
    "cklb/stigman-NoTargetHostName.cklb": "asset.com",  # the FQDN
    "oscal/trestle-configmaps.oscal.json": "kube-c18ler8d06m877hrn7jg-roks8-default-00000265.iks.mycorp",
    "oscal/trestle-results_arf.oscal.json": "kube-c18ler8d06m877hrn7jg-roks8-default-00000319.iks.mycorp",
    "ciscat/loomt-true-cis_input-20250101T000000Z.json": "loomt-true",  # from the file's name
    "pandora/spool/00c7104be58a82a3a1164f3ffa4c7344.1795290775.data": "web01.example.net",
}
# What the table has for a host and is none: then an address, or who is given for files that name nobody.
NO_NAMES = ("localhost", "localhost.localdomain")
GIVEN = "given.example"
HOSTS.update({file: address for address, file in (
    ("10.18.57.26", "xccdf12/openscap-test_fix_resultid_by_suffix.xml"),
    ("10.0.2.15", "xccdf12/saf-xccdf-results-openscap-rhel8.xml"),
    ("192.168.158.30", "scc/saf-xccdf-results-scc-rhel8.xml"))})
POLICIES = {  # our policy where the row names none: what the file calls the report, or the reader's own name
    ("nessus", "10.1.2.4"): "CIS Debian 11 Compliance",
    ("nessus", "doesntexist.org"): "compliance-s0",
    ("pandora", "web01.example.net"): "pandora_hardening",
}
ENDS = {"ciscat/loomt-true-cis_input-20250101T000000Z.json": "2025-01-01T00:00:00Z"}  # from the file's name
VERSIONS = {"cklb/stigman-OnlyRootResultEngine.cklb": "Release: 8 Benchmark Date: 26 Jan 2023"}  # "None" is none
FORMATS = {"xccdf12/openscap-test_report_check_with_empty_selector.xccdf.xml.result.xml": "xccdf-1.1"}

wrong = []


def differ(row, what, got, want):
    wrong.append(f"{row['file']} [{row['format']}] {row['policy_id']}: {what}: got {got!r}, want {want!r}")


def seconds(text):
    """Epoch of any time of the table; without a zone it is the site's, UTC in this test."""
    if re.fullmatch(r"\d+", text):
        return int(text)
    for form in ("%Y/%m/%d %H:%M:%S", "%a %b %d %H:%M:%S %Y"):
        try:
            when = datetime.datetime.strptime(text, form)
            break
        except ValueError:
            continue
    else:
        when = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if when.tzinfo is None:
        when = when.replace(tzinfo=datetime.timezone.utc)
    return int(when.timestamp())


def given(text):
    return text and text[0] not in "(<"


def expected_host(row):
    if row["file"] in HOSTS:
        return HOSTS[row["file"]]
    return row["host"] if given(row["host"]) and row["host"].lower() not in NO_NAMES else GIVEN


def is_of(row, scan):
    """The scan a row speaks of, where a file has several that are told apart by host, policy or profile."""
    policy, profile = row["policy_id"], row["profile"]
    title = re.fullmatch(r'policy="(.*)"', policy)
    if scan["asset"]["name"] != expected_host(row):
        return False
    if title:
        return scan["policy"]["title"] == title[1]
    if policy and scan["policy"]["id"] != policy:
        return False
    return not profile or not re.match(r"xccdf|kube", row["format"]) or scan["policy"]["profile"] == profile


def compare_words(row, scan):
    native = scan["native_counts"]
    if row["other"]:
        want = dict(pair.rsplit("=", 1) for pair in row["other"].replace("finding:", "").split(";"))
    else:
        want = {word: row[word] for word in WORDS if row[word] != "0"}
    want = {word: int(n) for word, n in want.items()}
    if native != want:
        differ(row, "words", native, want)
    if sum(native.values()) != int(row["total"]):
        differ(row, "total", sum(native.values()), row["total"])
    if sum(scan["counts"].values()) != int(row["total"]):
        differ(row, "sum of our statuses", sum(scan["counts"].values()), row["total"])


def compare_times(row, scan):
    start, end = row["scan_start"], row["scan_end"]
    if row["format"] == "prowler-ocsf":  # time_dt has no zone; `time`, an epoch, has
        start = end = ""
    if row["format"] == "pandora":  # one time, which is that of the end
        start, end = "", start
    if row["file"] in ENDS:
        end = ENDS[row["file"]]
    if start and (scan["start"] is None or seconds(scan["start"]) != seconds(start)):
        differ(row, "start", scan["start"], start)
    if end and seconds(scan["end"]) != seconds(end):
        differ(row, "end", scan["end"], end)
    zone = end and re.search(r"(Z|[+-]\d\d:?\d\d)$|^\d+$", end)
    if end and row["file"] not in ENDS and scan["zone_assumed"] != (not zone):
        differ(row, "zone_assumed", scan["zone_assumed"], not zone)


def compare_scores(row, scan):
    """`score a=1/2;b=3/4` of the note are the scores as reported, in that order."""
    note = re.match(r"(?:.*; )?score ([^ ;=]+=[0-9.]+/[0-9.]+(?:;[^ ;=]+=[0-9.]+/[0-9.]+)*)", row["note"])
    if not note or not row["format"].startswith(("xccdf", "arf")):
        return
    want = [round(float(part.rsplit("=", 1)[1].split("/")[0]), 6) for part in note[1].split(";")]
    got = [score["value"] for score in scan["reported_scores"]]
    if got != want:
        differ(row, "scores", got, want)


def compare_row(row, scan):
    policy = POLICIES.get((row["format"], scan["asset"]["name"]), row["policy_id"])
    if row["policy_id"].startswith("policy="):
        policy = "cis_debian12"  # the summary alert names the id
    if scan["policy"]["id"] != policy:
        differ(row, "policy", scan["policy"]["id"], policy)
    version = VERSIONS.get(row["file"], row["policy_version"].strip())
    if version and scan["policy"]["version"] != version:
        differ(row, "version", scan["policy"]["version"], version)
    if re.match(r"xccdf|arf|kube|ciscat|lynis", row["format"]) and scan["policy"]["profile"] != row["profile"]:
        differ(row, "profile", scan["policy"]["profile"], row["profile"])
    form = FORMATS.get(row["file"], row["format"].split(" ")[0])
    form = {"arf": "arf-1.1", "xccdf-1.2-scc/stig": "xccdf-1.2", "ciscat-json": "ciscat"}.get(form, form)
    if scan["format"] != form:
        differ(row, "format", scan["format"], form)
    compare_words(row, scan)
    compare_times(row, scan)
    compare_scores(row, scan)
    nothing = scan["counts"]["pass"] + scan["counts"]["fixed"] + scan["counts"]["fail"] == 0
    if nothing != (scan["score"] is None):
        differ(row, "score of nothing evaluated", scan["score"], None)


def compare_file(assay, folder, name, rows):
    who = [] if name in HOSTS else ["--agent", GIVEN]
    run = subprocess.run([assay, "inspect", *who, f"{folder}/{name}"], capture_output=True, text=True, check=False)
    scans = [json.loads(line) for line in run.stdout.splitlines()]
    rows = [row for row in rows if row["format"] != "inspec (results)"]  # counted by control in the next row
    if name in REFUSED or not rows[0]["total"]:
        if run.returncode != 3 or scans or REFUSED.get(name, name) not in run.stderr:
            differ(rows[0], "verdict", (run.returncode, run.stderr), "refused")
        return
    if run.returncode != (3 if name in UNKEPT else 0) or UNKEPT.get(name, "") not in run.stderr or len(scans) != len(rows) + EXTRA.get(name, 0):
        differ(rows[0], "scans", (run.returncode, run.stderr, len(scans)), len(rows))
        return
    for row in rows:
        scan = next((s for s in scans if is_of(row, s)), None)
        if scan is None:
            differ(row, "host, policy or profile", [(s["asset"]["name"], s["policy"]) for s in scans], "")
            continue
        scans.remove(scan)
        compare_row(row, scan)


def main():
    assay, folder = sys.argv[1:3]
    with open(f"{folder}/EXPECTED.tsv", encoding="utf-8") as table:
        lines = [line.rstrip("\n").split("\t") for line in table]
    rows = [dict(zip(lines[0], line)) for line in lines[1:]]
    files = {}
    for row in rows:
        files.setdefault(row["file"], []).append(row)
    for name, of_file in files.items():
        compare_file(assay, folder, name, of_file)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(rows)} rows of {len(files)} files compared, {len(wrong)} differ")
    return 1 if wrong or len(rows) < 100 else 0


sys.exit(main())
