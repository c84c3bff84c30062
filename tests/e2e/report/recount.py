"""Counts results in files by its own means and compares with what a report says of their agents.
usage: recount.py SCORING.csv REPORT.json FILE…

Knows XCCDF results, STIG checklists (CKL, CKLB), Pandora's modules and <hardening>, and Prowler. Of several results of one check
the worst counts (but in XCCDF each is one); of several scans of an agent under one policy the newest.
"""
import collections
import csv
import json
import sys
import xml.etree.ElementTree as xml

PASSED, FAILED, OTHER = "passed", "failed", "other"
WORDS = {
    "pass": PASSED, "fixed": PASSED, "fail": FAILED,
    "NotAFinding": PASSED, "not_a_finding": PASSED, "Open": FAILED, "open": FAILED,
    "PASS": PASSED, "FAIL": FAILED,
}
WORST_FIRST = (FAILED, OTHER, PASSED)
ERRORS = {"error"}  # worse than a failure, and neither passed nor failed


def name_of(element):
    return element.tag.rsplit("}", 1)[-1]


def children(element, name):
    return [e for e in element.iter() if name_of(e) == name]


def text_of(element, name):
    found = children(element, name)
    return (found[0].text or "").strip() if found else ""


def count(results):
    """results: (check, word) pairs -> how many passed and failed."""
    words = collections.defaultdict(set)
    for check, word in results:
        words[check].add(word)
    tally = collections.Counter()
    for of_check in words.values():
        if of_check & ERRORS:
            tally[OTHER] += 1
            continue
        kinds = {WORDS.get(word, OTHER) for word in of_check}
        tally[next(kind for kind in WORST_FIRST if kind in kinds)] += 1
    return tally[PASSED], tally[FAILED]


def xccdf(root):
    for result in children(root, "TestResult"):
        # each is a result of its own: a rule may be checked several times, of several parts of a host
        pairs = [(i, text_of(r, "result")) for i, r in enumerate(children(result, "rule-result"))]
        benchmark = children(result, "benchmark")
        policy = (benchmark[0].get("id") or benchmark[0].get("href")) if benchmark else "?"
        profile = children(result, "profile")
        line = (policy, profile[0].get("idref") if profile else "")
        yield text_of(result, "target"), line, result.get("end-time", ""), count(pairs)


def ckl(root):
    pairs = [(i, text_of(v, "STATUS")) for i, v in enumerate(children(root, "VULN"))]
    yield text_of(root, "HOST_NAME"), "ckl", "", count(pairs)


def pandora(root):
    agent, when = root.get("agent_name"), root.get("timestamp")
    values = {text_of(m, "name"): text_of(m, "data") for m in children(root, "module")}
    if "Hardening - Passed checks" in values and not children(root, "hardening"):
        numbers = int(values["Hardening - Passed checks"]), int(values["Hardening - Failed checks"])
        yield agent, "modules", when, numbers
    for policy in children(root, "hardening"):
        pairs = [(c.get("id"), c.get("status")) for c in children(policy, "check")]
        yield agent, policy.get("policy_id"), policy.get("end", when), count(pairs)


def cklb(document):
    host = document["target_data"]["host_name"]
    for stig in document["stigs"]:
        yield host, stig["stig_id"], "", count((r["rule_id"], r["status"]) for r in stig["rules"])


def prowler(findings):
    accounts = collections.defaultdict(list)
    for f in findings:
        accounts[f["cloud"]["account"]["uid"]].append((f["metadata"]["event_code"], f["status_code"]))
    for account, pairs in accounts.items():
        yield account, "prowler", "", count(pairs)


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    if data.lstrip()[:1] in (b"{", b"["):
        document = json.loads(data)
        return list(prowler(document) if isinstance(document, list) else cklb(document))
    root = xml.fromstring(data)
    reader = {"agent_data": pandora, "CHECKLIST": ckl}.get(name_of(root), xccdf)
    return list(reader(root))


def expected(paths):
    newest = {}
    for path in paths:
        for agent, line, when, numbers in read(path):
            if when >= newest.get((agent, line), ("", None))[0]:
                newest[agent, line] = (when, numbers)
    sums = collections.defaultdict(lambda: [0, 0])
    for (agent, _), (_, numbers) in newest.items():
        for i in range(2):
            sums[agent][i] += numbers[i]
    return {agent: tuple(numbers) for agent, numbers in sums.items()}


def from_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["is_total"] == "0"]
    return {row["agent"]: (int(row["passed"]), int(row["failed"])) for row in rows}


def numbers_in(value, agent):
    """Every row of a table of the JSON that names the agent, as the set of its integers."""
    if isinstance(value, list):
        if any(cell == agent or (isinstance(cell, dict) and agent in cell.values()) for cell in value):
            yield {n for cell in value for n in (cell.values() if isinstance(cell, dict) else [cell]) if isinstance(n, int)}
        for cell in value:
            yield from numbers_in(cell, agent)
    elif isinstance(value, dict):
        if agent in value.values():
            yield {n for n in value.values() if isinstance(n, int)}
        for cell in value.values():
            yield from numbers_in(cell, agent)


def main():
    want, got = expected(sys.argv[3:]), from_csv(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        document = json.load(file)
    wrong = 0
    for agent in sorted(want.keys() | got.keys()):
        if want.get(agent) != got.get(agent):
            print(f"{agent}: counted {want.get(agent)}, the report says {got.get(agent)}", file=sys.stderr)
            wrong += 1
        elif not any(set(want[agent]) <= numbers for numbers in numbers_in(document, agent)):
            print(f"{agent}: {want[agent]} stands in no row of the JSON", file=sys.stderr)
            wrong += 1
    print(f"{len(want)} agents counted, {wrong} differ")
    return 1 if wrong or len(want) < 10 else 0


sys.exit(main())
