#!/usr/bin/env python3
"""The three category sections of report.json beside rows of v_latest (category TAB status), counted here.

rebuild.py REPORT.json LATEST.tsv LANGUAGE.json: prints what differs, nothing when all agrees.
"""
import collections
import json
import sys

PASSED, FAILED, SKIPPED = (1, 2), (3,), (4, 5, 6, 7, 8)


def tables(node):
    if isinstance(node, dict):
        if "rows" in node and "columns" in node:
            yield node
        for value in node.values():
            yield from tables(value)
    elif isinstance(node, list):
        for value in node:
            yield from tables(value)


def main():
    texts = json.load(open(sys.argv[3], encoding="utf-8"))
    want = collections.defaultdict(lambda: [0, 0, 0])
    for line in open(sys.argv[2], encoding="utf-8"):
        category, status = line.rstrip("\n").split("\t")
        for i, of in enumerate((PASSED, FAILED, SKIPPED)):
            want[category or texts["category.none"]][i] += int(status) in of
    want = {k: v for k, v in want.items() if sum(v)}
    found = {t["key"]: t for t in tables(json.load(open(sys.argv[1], encoding="utf-8")))}
    rows = {k: [r["cells"] for r in t["rows"] if not r.get("is_total")] for k, t in found.items()}

    top = {r["category"]: [r["failed_checks"]["n"], r["failed_checks"]["of"]] for r in rows["top-categories"]}
    failing = {k: [v[1], v[0] + v[1]] for k, v in want.items() if v[1]}
    if top != failing:
        print("top-categories:", top, "want", failing)
    order = [r["failed_checks"]["n"] for r in rows["top-categories"]]
    if order != sorted(order, reverse=True):
        print("top-categories: not by failures:", order)
    if "category-shares" in rows:  # many categories are one table
        pies = {r["category"]: [r["passed"], r["failed"], r["skipped"]] for r in rows["category-shares"]}
        if {k: v[:2] for k, v in pies.items()} != {k: v[:2] for k, v in want.items()}:
            print("category-shares:", pies, "want", want)
    else:
        pies = {t["title"]: [r["cells"]["checks"] for r in t["rows"] if not r.get("is_total")]
                for k, t in found.items() if k.startswith("category-pie")}
    if {k: sum(v) for k, v in pies.items()} != {k: sum(v) for k, v in want.items()}:
        print("category-pie:", pies, "want", want)
    total = sum(r["results"]["n"] for r in rows["method-categories"])
    if total != sum(v[0] + v[1] for v in want.values()):
        print("method-categories:", total)


main()
