"""Recomputes what a portal says of its agents from what the scanners' files say, and whether its pages agree with each other.
usage: portal.py EXPECTED.tsv SITE DAY [GROUP]

EXPECTED.tsv is what scripts/make-fleet wrote beside the files: agent group date format policy pass fail other. SITE is the folder of a
site as it was made on DAY; of a group when GROUP is given.
"""
import collections
import csv
import datetime
import fractions
import html.parser
import json
import os
import sys

WINDOW, BACK = 90, 30


def half_up(value, decimals):
    scaled = value * 10 ** decimals
    return ((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)) / 10 ** decimals


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def scans_of(path, group):
    scans = collections.defaultdict(list)
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not group or row["group"] == group:
                scans[row["agent"]].append((datetime.date.fromisoformat(row["date"]), row["policy"],
                                            int(row["pass"]), int(row["fail"])))
    return scans


def counts_at(scans, day):
    newest = {}
    for when, policy, passed, failed in scans:
        if when <= day and when > day - datetime.timedelta(WINDOW):
            if policy not in newest or when >= newest[policy][0]:
                newest[policy] = (when, passed, failed)
    return sum(n[1] for n in newest.values()), sum(n[2] for n in newest.values())


class Words(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.text, self.links = [], []

    def handle_data(self, data):
        self.text.append(data)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("href", "src"):
                self.links.append(value)
            if name.startswith("on") or name == "style":
                wrong.append(f"a page has an attribute {name}")


wrong = []


def want(what, got, expected):
    if got != expected:
        wrong.append(f"{what}: {got!r}, want {expected!r}")


def check_links(site):
    """Every link of every page leads to a file of the site, and to nothing else."""
    n = 0
    for folder, _, files in os.walk(site):
        if os.sep + "reports" + os.sep in folder + os.sep:
            continue  # reports are pages of their own
        for name in files:
            if not name.endswith(".html"):
                continue
            words = Words()
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                words.feed(file.read())
            for link in words.links:
                n += 1
                target = os.path.normpath(os.path.join(folder, link.split("#")[0] or name))
                inside = target.startswith(os.path.abspath(site) + os.sep)
                if ":" in link.split("/")[0] or not inside or not os.path.isfile(target):
                    wrong.append(f"{folder}/{name} leads to {link}")
    if n < 50:
        wrong.append(f"only {n} links were found")


def main():
    expected, site, day = sys.argv[1], os.path.abspath(sys.argv[2]), datetime.date.fromisoformat(sys.argv[3])
    scans = scans_of(expected, sys.argv[4] if len(sys.argv) > 4 else "")
    fleet, shares, sums = load(site + "/fleet.json"), [], [0, 0]
    want("agents", sorted(a["name"] for a in fleet["agents"]), sorted(scans))
    failing = collections.Counter()
    for agent in fleet["agents"]:
        name, page = agent["name"], load(f"{site}/{agent['path']}.json")
        passed, failed = counts_at(scans[name], day)
        before = counts_at(scans[name], day - datetime.timedelta(BACK))
        want(name, (agent["passed"], agent["failed"]), (passed, failed))
        if passed + failed:
            share = fractions.Fraction(passed, passed + failed)
            shares.append(share)
            want(f"score of {name}", agent["score"], half_up(100 * share, 2))
        if sum(before):
            want(f"earlier score of {name}", agent["score_30_days_ago"],
                 half_up(100 * fractions.Fraction(before[0], sum(before)), 2))
        results = collections.Counter(r["status"] for r in page["results"])
        if page["results"]:
            want(f"results of {name}", (results["pass"] + results["fixed"], results["fail"]), (passed, failed))
        for r in page["results"]:
            failing[r["path"]] += r["status"] == "fail"
        newest = max((s for s in scans[name]), default=None)
        want(f"last scan of {name}", agent["last_scan"][:10], newest[0].isoformat())
        sums[0] += passed
        sums[1] += failed
    want("passed, failed", [fleet["passed"], fleet["failed"]], sums)
    want("average", fleet["score"], half_up(100 * sum(shares) / len(shares), 2))
    want("order", [a["score"] for a in fleet["agents"] if a["score"] is not None],
         sorted(a["score"] for a in fleet["agents"] if a["score"] is not None))
    with open(site + "/fleet.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    want("rows of CSV", [(r["agent"].lstrip("'"), int(r["failed"])) for r in rows],
         [(a["name"], a["failed"]) for a in fleet["agents"]])
    for check in load(site + "/checks.json")["checks"]:
        page = load(f"{site}/{check['path']}.json")
        want(f"failures of {check['id']}", (check["failed"], len(page["failing"])), (failing[check["path"]],) * 2)
        if any(f["agent"] not in scans for f in page["failing"]):
            wrong.append(f"{check['path']} names an agent that is not of the site")
    check_links(site)
    for line in wrong[:20]:
        print(line, file=sys.stderr)
    print(f"{len(fleet['agents'])} agents, {len(failing)} checks, {len(wrong)} wrong")
    return 1 if wrong or not fleet["agents"] else 0


sys.exit(main())
