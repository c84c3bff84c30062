"""Compares the file of all checks with the scores, the JSON and the HTML of one report.
usage: all-checks.py STEM      where STEM.all-checks.csv, STEM.scoring.csv, STEM.json and STEM.html are
"""
import collections
import csv
import json
import re
import sys

stem = sys.argv[1]
CLASSES = {"pass": "passed", "fixed": "passed", "fail": "failed"}


def table(name):
    return list(csv.DictReader(open(f"{stem}.{name}.csv", encoding="utf-8", newline="")))


def lists(v):
    """All tables of one scan, wherever they stand."""
    if isinstance(v, dict):
        if "subject" in v:
            yield v
        for x in v.values():
            yield from lists(x)
    elif isinstance(v, list):
        for x in v:
            yield from lists(x)


rows = table("all-checks")
count = collections.Counter((r["agent"], CLASSES.get(r["status"], "")) for r in rows)
known = {r["agent"] for r in rows}
keys = {(r["agent"], r["policy"], r["profile"], r["check_id"]) for r in rows}
assert known and len(keys) == len(rows), "a check stands twice"
n_scores = 0
for s in table("scoring"):
    if s["agent"] in known:
        n_scores += 1
        assert (count[s["agent"], "passed"], count[s["agent"], "failed"]) == (int(s["passed"]), int(s["failed"])), s
assert n_scores == len(known)

in_json = {}
for t in lists(json.load(open(stem + ".json", encoding="utf-8"))):
    of = t["subject"]
    for r in t["rows"]:
        in_json[of["agent"], of["policy"], of["profile"], r["cells"]["id"]] = (
            r["cells"]["status"], r["facts"]["severity"], r["facts"]["native"], r["facts"]["since"], of["scanned_at"])
assert in_json.keys() == keys
for r in rows:
    mine = (r["status"], r["severity"], r["native"], r["since"], r["scanned_at"])
    assert in_json[r["agent"], r["policy"], r["profile"], r["check_id"]] == mine, r
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", r["scanned_at"]), r
    assert bool(r["since"]) == (r["status"] == "fail"), r

failed = sum(n for (_, what), n in count.items() if what == "failed")
html = open(stem + ".html", encoding="utf-8").read()
assert html.count('<span class="st failed">') == 2 * failed, "both sections list what failed"
print(len(rows), "checks of", len(known), "agents,", failed, "failed")
