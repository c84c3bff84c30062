"""Makes the files of a small fleet, and recounts a monthly report over it.
usage: recount_month.py make DIR
       recount_month.py compare DIR REPORT PDF-TEXT ATTACHED LOG [LANGUAGE [NAME=VALUE…]]
       recount_month.py checks DIR REPORT [NAME=VALUE…]     the list of all checks
       recount_month.py empty REPORT PDF-TEXT               a period in which nothing was
NAME=VALUE is what the report was narrowed by: group, os, below (a score), severity, status.
"""
import csv
import datetime
import fractions
import glob
import hashlib
import html
import json
import os
import re
import sys
import xml.etree.ElementTree as xml

UTC = datetime.timezone.utc
NBSP = "\u00a0"


def first_of_month(moment):
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


NOW = first_of_month(datetime.datetime.now(UTC))
BEFORE = first_of_month(NOW - datetime.timedelta(days=3))


# ---- the files ----


SEVERITIES = ("low", "medium", "high")


def group_of(agent):
    return "Odd" if len(agent) % 2 else "Even"


def os_of(agent):
    return "Debian 13" if agent.startswith(("tie", "all")) else "Windows 11"


def head(agent, moment):
    return (
        f'<agent_data agent_name="{agent}" group="{group_of(agent)}" os_name="{os_of(agent)}" '
        f'timestamp="{moment:%Y/%m/%d %H:%M:%S}" timezone_offset="0">'
    )


def hardening(agent, moment, passed, failed, policy="p"):
    end = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    checks = "".join(
        f'<check id="{i}" severity="{SEVERITIES[i % 3]}" status="{"PASS" if i < passed else "FAIL"}"><title>Check {i}</title></check>'
        for i in range(passed + failed)
    )
    return (
        head(agent, moment) + f'<hardening policy_id="{policy}{passed + failed}" policy_version="1" policy_title="P" profile="" scanner="s" '
        f'start="{end}" end="{end}">{checks}</hardening></agent_data>'
    )


def modules(agent, moment, passed, failed):
    score = 100 * passed / (passed + failed)
    values = {"Passed checks": passed, "Failed checks": failed, "Score": f"{score:.2f}"}
    return (
        head(agent, moment)
        + "".join(
            f"<module><name>Hardening - {k}</name><type>generic_data</type><data>{v}</data></module>"
            for k, v in values.items()
        )
        + "</agent_data>"
    )


# Now: agent -> passed, failed. 20 agents whose mean is a tie, with what rounding must not hide.
COUNTS = {f"tie{i:02}": (5 + i % 3, 3 - i % 3) for i in range(12)}
COUNTS |= {"third1": (1, 2), "third2": (2, 1), "seventh1": (1, 6), "seventh2": (6, 1)}
COUNTS |= {"allpass": (40, 0), "allfail": (0, 9), "onefail": (2499, 1), "onepass": (1, 2499)}
ONLY = {"counts1": (30, 10), "counts2": (7, 3)}


def make(folder):
    for name in ("before", "now", "revised", "bad"):
        os.makedirs(os.path.join(folder, name))

    def put(path, text):
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            file.write(text)

    for agent, (passed, failed) in COUNTS.items():
        put(f"now/{agent}.data", hardening(agent, NOW, passed, failed))
        if agent != "third1":  # seen for the first time
            shift = min(passed, 1)
            put(f"before/{agent}.data", hardening(agent, BEFORE, passed - shift, failed + shift))
    put("before/gone.data", hardening("gone", BEFORE, 3, 4))
    for agent, (passed, failed) in ONLY.items():
        put(f"now/{agent}.data", modules(agent, NOW, passed, failed))
        put(f"before/{agent}.data", modules(agent, BEFORE, passed - 2, failed + 2))
    put("revised/tie00.data", hardening("tie00", NOW, *reversed(COUNTS["tie00"])))
    put("bad/page.data", "<html><body>no scan</body></html>")
    put("bad/cut.data", hardening("cut", NOW, 3, 3)[:300])
    put("stdin.data", hardening("stdin", NOW, 3, 5))


# ---- what is right ----


def read(path):
    root = xml.parse(path).getroot()
    policy = root.find("hardening")
    if policy is not None:
        words = [check.get("status") for check in policy.iter("check")]
        return root.get("agent_name"), words.count("PASS"), words.count("FAIL"), words
    values = {m.findtext("name"): m.findtext("data") for m in root.iter("module")}
    return root.get("agent_name"), int(values["Hardening - Passed checks"]), int(values["Hardening - Failed checks"]), None


def state(folder, names):
    """agent -> (passed, failed, words); of two results for a second the first counts."""
    agents = {}
    for path in [p for name in names for p in sorted(glob.glob(os.path.join(folder, name)))]:
        agent, passed, failed, words = read(path)
        agents.setdefault(agent, (passed, failed, words))
    return agents


def half_away(value, decimals):
    units = value * 10**decimals
    whole = units.numerator // units.denominator
    whole += 2 * (units - whole) >= 1
    return f"{whole // 10**decimals}" + (f".{whole % 10**decimals:0{decimals}}" if decimals else "")


def percent(share, decimals):
    for more in range(decimals, max(decimals, 2) + 1):
        digits = half_away(100 * share, more)
        number = fractions.Fraction(digits)
        if (number != 100 or share == 1) and (number != 0 or share == 0):
            return digits, re.sub(r"(\.\d+?)0+$", r"\1", digits)
    return ("99.99", ">" + NBSP + "99.9") if share > fractions.Fraction(1, 2) else ("0.01", "<" + NBSP + "0.1")


def changes(now, before):
    rows = dict.fromkeys(("worse", "fixed", "appeared", "gone", "counts"), 0)
    for agent in now.keys() | before.keys():
        is_now, was = now.get(agent), before.get(agent)
        if (is_now or was)[2] is None:
            rows["counts"] += (is_now[1] if is_now else 0) - (was[1] if was else 0)
            continue
        words, old = (is_now[2] if is_now else []), (was[2] if was else [])
        for i in range(max(len(words), len(old))):
            a, b = (old[i] if i < len(old) else None), (words[i] if i < len(words) else None)
            rows["worse"] += (a, b) == ("PASS", "FAIL")
            rows["fixed"] += (a, b) == ("FAIL", "PASS")
            rows["appeared"] += (a, b) == (None, "FAIL")
            rows["gone"] += (a, b) == ("FAIL", None)
    return rows


def receipts(log, others):
    """Files by what became of them, as the audit log has it; others: hashes of files that are of other agents."""
    counts = dict.fromkeys(("stored", "late", "revised", "known", "rejected", "nothing", "unchanged"), 0)
    counts |= {"elsewhere": 0} if others else {}
    hashes = []
    for line in open(log, encoding="utf-8"):
        record = json.loads(line)["rec"]
        says = {c["f"]: c.get("new") for c in record.get("changes") or []}
        if record["event"] in ("ingest.nothing", "ingest.unchanged"):
            counts[record["event"].removeprefix("ingest.")] += int(says["files"])
        if record["event"] != "ingest.file":
            continue
        if record["object"]["id"] in others:
            counts["elsewhere"] += 1
            continue
        hashes.append((record["object"]["id"], int(says["size"])))
        kind = {"duplicate": "known", "rejected": "rejected"}.get(says["verdict"], "stored")
        if kind == "stored" and says["revised"] != "0":
            kind = "revised"
        counts[kind] += 1
    return counts, hashes


def narrowed(agents, filters):
    """Those of the agents that a report is about that was narrowed so."""
    def is_in(agent, passed, failed):
        return (
            filters.get("group", group_of(agent)) == group_of(agent)
            and os_of(agent).startswith(filters.get("os", "").rstrip("*"))
            and ("below" not in filters or fractions.Fraction(100 * passed, passed + failed) < int(filters["below"]))
        )

    return {agent: row for agent, row in agents.items() if is_in(agent, row[0], row[1])}


# ---- the report ----

WORDS = {
    "en": {"percent": " %", "average": "average score is {}", "fixed": "Fixed: pass now", "received": "Received in the period"},
    "ja": {"percent": "%", "average": "平均スコアは{}", "fixed": r"改善[(\(]現在は合格[)\)]", "received": "期間中に受領した合計"},
}


class Check:
    def __init__(self):
        self.n = self.wrong = 0

    def equal(self, what, got, want):
        self.n += 1
        if got != want:
            self.wrong += 1
            print(f"{what}: the report says {got!r}, recounted {want!r}", file=sys.stderr)

    def verdict(self, least):
        """least: how many comparisons there are when none is left out."""
        print(f"{self.n} compared, {self.wrong} differ")
        return 1 if self.wrong or self.n < least else 0


def rows_of(report, key):
    (path,) = glob.glob(os.path.join(report, "**", f"*.{key}.csv"), recursive=True)
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def json_table(value, key):
    if isinstance(value, dict):
        if value.get("type") == "table" and value.get("key") == key:
            return value
        value = list(value.values())
    for one in value if isinstance(value, list) else []:
        found = json_table(one, key)
        if found:
            return found
    return None


def spaces(text):
    return re.sub(r"\s+", " ", text.replace(NBSP, " "))


def check_scores(c, report, document, page, text, now, words):
    rows = rows_of(report, "scoring")
    by_agent = {row["agent"]: row for row in rows if row["is_total"] == "0"}
    cells = {row["cells"]["agent"]: row["cells"] for row in document["scoring"]["rows"] if not row.get("is_total")}
    c.equal("agents", sorted(by_agent), sorted(now))
    for agent, (passed, failed, _) in now.items():
        data, shown = percent(fractions.Fraction(passed, passed + failed), 2)
        row = by_agent[agent]
        got = [row[k] for k in ("passed", "failed", "score", "score_n", "score_of")]
        c.equal(f"{agent} in CSV", got, [str(passed), str(failed), data, str(passed), str(passed + failed)])
        got = [cells[agent][k] for k in ("passed", "failed", "score", "score_n", "score_of")]
        c.equal(f"{agent} in JSON", got, [passed, failed, float(data), passed, passed + failed])
        shown = spaces(shown) + words["percent"]
        want = re.compile(rf"\b{agent}\b.*? {passed:,} {failed:,} {re.escape(shown)}")
        c.equal(f"{agent} in HTML", bool(want.search(page)), True)
        lines = [spaces(line) for line in text.splitlines() if re.search(rf"\b{agent}\b", line)]
        c.equal(f"{agent} in PDF", any(line.rstrip().endswith(f" {passed:,} {failed:,} {shown}") for line in lines), True)
    shares = [fractions.Fraction(p, p + f) for p, f, _ in now.values()]
    mean = sum(shares) / len(shares)
    total = next(row for row in rows if row["is_total"] == "1")
    c.equal("mean in CSV", total["score"], percent(mean, 2)[0])
    if mean.denominator < 2**63:
        c.equal("mean as a fraction", fractions.Fraction(int(total["score_n"]), int(total["score_of"])), mean)
    average = spaces(words["average"].format(percent(mean, 1)[1] + words["percent"]))
    for name, where in (("HTML", page), ("PDF", spaces(text))):
        c.equal(f"average in {name}", average in where, True)


def check_changes(c, report, document, text, now, before, words):
    want = changes(now, before)
    failed = sum(f for _, f, _ in before.values())
    numbers = [failed, want["worse"], -want["fixed"], want["appeared"], -want["gone"]]
    if any(words is None for _, _, words in [*now.values(), *before.values()]): # else there is no such row
        numbers.append(want["counts"])
    numbers.append(sum(f for _, f, _ in now.values()))
    c.equal("changes in CSV", [int(row["failed"]) for row in rows_of(report, "changes")], numbers)
    c.equal("changes in JSON", [row["cells"]["failed"] for row in document["changes"]["rows"]], numbers)
    c.equal("changes add up", sum(numbers[:-1]), numbers[-1])
    c.equal("changes in PDF", bool(re.search(rf"{words['fixed']} +-{want['fixed']:,}\b", text)), True)


def check_evidence(c, folder, report, document, text, attached, log, words, filters):
    real, others, n_late = {}, set(), 0
    for path in glob.glob(os.path.join(folder, "**", "*.data"), recursive=True):
        with open(path, "rb") as file:
            data = file.read()
        found = re.search(rb'agent_name="(\w+)"', data)
        if found and filters.get("group", group_of(found[1].decode())) != group_of(found[1].decode()):
            others.add(hashlib.sha256(data).hexdigest())
            continue
        real[hashlib.sha256(data).hexdigest()] = len(data)
        n_late += os.path.basename(os.path.dirname(path)) == "before"
    want, hashes = receipts(log, others)
    # the log does not say what a scan's time is: the files that were made with last month's
    want["late"] = n_late
    want["stored"] -= n_late
    rows = {row["key"]: int(row["files"]) for row in rows_of(report, "evidence")}
    total = rows.pop("received")
    c.equal("receipts in CSV", rows, want)
    c.equal("receipts add up", total, sum(want.values()))
    c.equal("receipts in JSON", document["evidence"]["rows"][-1]["cells"]["files"], total)
    c.equal("receipts in PDF", bool(re.search(rf"{words['received']} +{total:,}\b", text)), True)
    files = rows_of(report, "inputs")
    c.equal("one line a file", sorted((row["sha256"], int(row["bytes"])) for row in files), sorted(hashes))
    c.equal("hashes and sizes", {row["sha256"]: int(row["bytes"]) for row in files}, real)
    c.equal("no folders in reasons", [row["reason"] for row in files if folder in row["reason"]], [])
    c.equal("reasons", sorted({row["receipt"] for row in files if row["reason"]}), ["rejected"])
    (inside,) = glob.glob(os.path.join(attached, "*.inputs.csv"))
    (beside,) = glob.glob(os.path.join(report, "**", "*.inputs.csv"), recursive=True)
    with open(inside, "rb") as one, open(beside, "rb") as other:
        data = one.read()
        c.equal("attached as beside", data == other.read(), True)
    c.equal("its hash is printed", hashlib.sha256(data).hexdigest() in text, True)


def check_shares(c, report):
    for path in glob.glob(os.path.join(report, "**", "*.csv"), recursive=True):
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                for key in ("score", "share"):
                    if row.get(key + "_of"):
                        share = fractions.Fraction(int(row[key + "_n"]), int(row[key + "_of"]))
                        decimals = len(row[key].partition(".")[2])
                        got = [fractions.Fraction(percent(share, d)[0]) for d in range(3)]
                        c.equal(f"{path}: {row}", fractions.Fraction(row[key]) in got and decimals <= 2, True)


def compare(folder, report, text_path, attached, log, language="en", *filters):
    c, words = Check(), WORDS[language]
    filters = dict(word.split("=") for word in filters)
    with open(text_path, encoding="utf-8") as file:
        text = file.read()
    (path,) = [p for p in glob.glob(os.path.join(report, "**", "*.json"), recursive=True) if "manifest" not in p]
    with open(path, encoding="utf-8") as file:
        whole = json.load(file)
    document = {key: json_table(whole, key) for key in ("scoring", "changes", "evidence")}
    (path,) = glob.glob(os.path.join(report, "**", "*.html"), recursive=True)
    with open(path, encoding="utf-8") as file:
        page = spaces(html.unescape(re.sub(r"<[^>]*>", " ", file.read())))
    now = narrowed(state(folder, ("now/*", "revised/*", "stdin.data")), filters)
    before = state(folder, ("before/*",))
    # an agent without a score now is on no side of a line
    before = {a: row for a, row in before.items() if a in now} if "below" in filters else narrowed(before, filters)
    check_scores(c, report, document, page, text, now, words)
    check_changes(c, report, document, text, now, before, words)
    check_evidence(c, folder, report, document, text, attached, log, words, filters)
    check_shares(c, report)
    return c.verdict(40)


def checks(folder, report, *filters):
    """Every row of the list of all checks, and no other."""
    c = Check()
    filters = dict(word.split("=") for word in filters)
    now = narrowed(state(folder, ("now/*", "revised/*", "stdin.data")), filters)
    want = []
    for agent, (_, _, words) in now.items():
        for i, word in enumerate(words or []):
            row = (agent, f"Check {i}", SEVERITIES[i % 3], {"PASS": "pass", "FAIL": "fail"}[word])
            if row[2] in filters.get("severity", row[2]).split(",") and filters.get("status", row[3] + "ed").startswith(row[3]):
                want.append(row)
    rows = rows_of(report, "all-checks")
    got = [(row["agent"], row["title"], row["severity"], row["status"]) for row in rows]
    c.equal("number of rows", len(got), len(want))
    for row in set(got) ^ set(want):
        c.equal("row", row if row in got else None, row if row in want else None)
    c.n += len(got)
    return c.verdict(5)


def empty(report, text_path):
    c = Check()
    for key in ("scoring", "inputs", "groups", "top-agents"):
        c.equal(f"rows of {key}", rows_of(report, key), [])
    counted = [row for row in rows_of(report, "evidence") if row["files"] != "0"]
    c.equal("files received", counted, [])
    with open(text_path, encoding="utf-8") as file:
        text = spaces(file.read())
    for word in ("Nothing was assessed", "Agents expected 0", "Agents assessed 0", "Scans counted 0", "Received in the period 0"):
        c.equal(word, word in text, True)
    for word in ("100 %", "100.0 %", "0 %", "0.0 %"): # a percentage of nothing
        c.equal(f"no {word}", f" {word}" in text, False)
    return c.verdict(10)


if __name__ == "__main__":
    verb = {"make": make, "compare": compare, "checks": checks, "empty": empty}[sys.argv[1]]
    sys.exit(verb(*sys.argv[2:]))
