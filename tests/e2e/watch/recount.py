"""Computes from Pandora data files what status, agent list and check have to say, and compares.
usage: recount.py NOW EXPECT-DAYS OVERDUE-DAYS STATUS.json AGENTS.jsonl CHECK.txt FILE…

Reads <hardening> with <check status=…> and nothing else; NOW is seconds UTC. Counts by its own means: the newest scan of each
agent and policy within EXPECT-DAYS, the score of an agent over all of them, that of a group as the mean of its agents.
"""
import calendar
import collections
import fractions
import json
import re
import sys
import time
import xml.etree.ElementTree as xml

now, expect, overdue = (int(a) for a in sys.argv[1:4])
DAY = 86400
scans, seen, group_of, wrong = {}, collections.defaultdict(int), {}, []


def seconds(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


for path in sys.argv[7:]:
    root = xml.parse(path).getroot()
    agent = root.get("agent_name")
    for part in root.iter("hardening"):
        end = seconds(part.get("end"))
        words = collections.Counter(c.get("status") for c in part.iter("check"))
        counts = (words["PASS"], words["FAIL"], sum(words.values()) - words["PASS"] - words["FAIL"])
        if end >= seen[agent]:
            seen[agent] = end
            group_of[agent] = root.get("group") or ""
        key = agent, part.get("policy_id")
        if end >= now - expect * DAY and end > scans.get(key, (0,))[0]:
            scans[key] = end, counts


class Sum:
    def __init__(self):
        self.agents = self.scanned = self.silent = self.overdue = self.passed = self.failed = self.not_applied = 0
        self.shares = []

    def add(self, counts, scanned, contact):
        self.agents += 1
        self.scanned += scanned is not None
        self.silent += contact < now - overdue * DAY
        self.overdue += scanned is None or scanned < now - overdue * DAY
        self.passed += counts[0]
        self.failed += counts[1]
        self.not_applied += counts[2]
        if counts[0] + counts[1]:
            self.shares.append(fractions.Fraction(counts[0], counts[0] + counts[1]))

    def score(self):
        return percent(sum(self.shares) / len(self.shares)) if self.shares else None


def percent(share):
    units = int(share * 10000 + fractions.Fraction(1, 2))
    if units == 10000 and share < 1:
        units = 9999
    if units == 0 and share > 0:
        units = 1
    return units / 100


def compare(what, got, want):
    if got != want:
        wrong.append(f"{what}: it says {got}, the files say {want}")


everything, groups, agents = Sum(), collections.defaultdict(Sum), {}
for agent, contact in seen.items():
    own = [s for (name, _), s in scans.items() if name == agent]
    if not own and contact < now - expect * DAY:
        continue
    counts = tuple(sum(c[i] for _, c in own) for i in range(3))
    scanned = max((end for end, _ in own), default=None)
    agents[agent] = counts, scanned, contact
    everything.add(counts, scanned, contact)
    groups[group_of[agent]].add(counts, scanned, contact)

status = json.load(open(sys.argv[4]))
names = ("agents", "scanned", "silent", "overdue", "passed", "failed", "not_applied")
for name in names:
    compare(f"status: {name}", status[name], getattr(everything, name))
compare("status: score", status["score"], everything.score())
compare("groups", sorted(g["group"] for g in status["groups"]), sorted(groups))
for g in status["groups"]:
    want = groups[g["group"]]
    for name in names:
        compare(f"group {g['group']}: {name}", g[name], getattr(want, name))
    compare(f"group {g['group']}: score", g["score"], want.score())

listed = {a["name"]: a for a in map(json.loads, open(sys.argv[5]))}
compare("agents", sorted(listed), sorted(agents))
for name, (counts, scanned, contact) in agents.items():
    a = listed.get(name)
    if not a:
        continue
    compare(f"{name}: counts", (a["passed"], a["failed"], a["not_applied"]), counts)
    compare(f"{name}: score", a["score"], percent(fractions.Fraction(counts[0], counts[0] + counts[1])) if counts[0] + counts[1] else None)
    compare(f"{name}: scanned", a["scanned"] and seconds(a["scanned"]), scanned)
    compare(f"{name}: contact", seconds(a["last_contact"]), contact)
    compare(f"{name}: group", a["group"], group_of[name])

line = open(sys.argv[6]).readline()
values = {n: (float(v), m) for n, v, m in re.findall(r"'([a-z-]+)'=([0-9.]+)[%s]?;[^; ]*;[^; ]*;0(?:;([0-9.]+))?", line)}
compare("check: score", values["score"][0], everything.score())
for mine, theirs in (("failed", "failed"), ("not-applied", "not_applied"), ("passed", "passed"), ("silent", "silent"), ("overdue", "overdue")):
    compare(f"check: {mine}", values[mine][0], getattr(everything, theirs))
compare("check: agents", values["agents"], (everything.scanned, str(everything.agents)))
for text in wrong:
    print(text)
print(f"{len(agents)} agents, {len(groups)} groups, {len(scans)} scans")
sys.exit(1 if wrong or not agents else 0)
