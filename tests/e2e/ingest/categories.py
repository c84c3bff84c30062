#!/usr/bin/env python3
"""What `assay inspect` says of categories, measured from outside: it knows nothing of the tables.

categories.py truth ASSAY TRUTH.tsv RESULTS...   agreement, rule by rule: TRUTH is "rule TAB control[,control]"
categories.py cover ASSAY FILE...                share of evaluated results that have a category, by source
Prints a line of numbers; with -v every disagreement, or every check without a category.
"""
import collections
import json
import re
import subprocess
import sys

NAMES = """Inventory and Control of Enterprise Assets|Inventory and Control of Software Assets|Data Protection|Secure
Configuration of Enterprise Assets and Software|Account Management|Access Control Management|Continuous Vulnerability
Management|Audit Log Management|Email and Web Browser Protections|Malware Defenses|Data Recovery|Network Infrastructure
Management|Network Monitoring and Defense|Security Awareness and Skills Training|Service Provider Management|Application
Software Security|Incident Response Management|Penetration Testing""".replace("\n", " ").split("|")
EVALUATED = ("pass", "fail", "fixed")


def scans(assay, files):
    for path in files:
        done = subprocess.run([assay, "inspect", "-q", "-a", "measured", "-r", path], capture_output=True, text=True)
        for line in done.stdout.splitlines():
            yield json.loads(line)


def truth(assay, table, files, verbose):
    want = {}
    for line in open(table, encoding="utf-8"):
        rule, controls = line.rstrip("\n").split("\t")[:2]
        if re.fullmatch(r"[\d,]+", controls):
            want[rule] = {int(c) for c in controls.split(",")}
    got = {}
    for scan in scans(assay, files):
        for result in scan["results"]:
            got[re.sub(r"^.*_rule_", "", result["id"])] = (result["category"], result["category_source"])
    right = wrong = none = missing = 0
    for rule in sorted(want):
        name, source = got.get(rule, (None, ""))
        if name is None:
            missing += 1
        elif not name:
            none += 1
        elif NAMES.index(name) + 1 in want[rule]:
            right += 1
            continue
        else:
            wrong += 1
        if verbose:
            print(rule, sorted(want[rule]), name, source)
    print(right, wrong, none, missing, len(want))


def cover(assay, files, verbose):
    sources = collections.Counter()
    for scan in scans(assay, files):
        for result in scan["results"]:
            if result["status"] not in EVALUATED:
                continue
            sources[result["category_source"].split(":")[0] if result["category"] else "none"] += 1
            if verbose and not result["category"]:
                print(scan["format"], result["id"], result["title"])
    total = sum(sources.values())
    print(total - sources["none"], total, " ".join(f"{k}={v}" for k, v in sources.most_common()))


def main():
    args = [a for a in sys.argv[1:] if a != "-v"]
    verbose = "-v" in sys.argv
    if args[0] == "truth":
        truth(args[1], args[2], args[3:], verbose)
    else:
        cover(args[1], args[2:], verbose)


main()
