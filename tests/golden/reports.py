"""The fleets whose reports are golden, and their reports as text.
usage: reports.py make CASE DIR             the files of a fleet, a folder for each time at which they come
       reports.py page FILE.html            the text of a page, a line for each block or row
       reports.py data FILE.json            the document, a line for each value, of tables for each row
       reports.py steady FILE WORD...       FILE, with what differs from one making to the next named by what it is
"""
import html.parser
import json
import os
import re
import sys
from xml.sax.saxutils import quoteattr

# ---- files ----


def scan(agent, end, statuses, group="Servers", policy="base", alias="", title="Check {}", os_name="Debian 13"):
    """statuses: a letter a check, Pass, Fail, N for one that was not applicable."""
    words = {"P": "PASS", "F": "FAIL", "N": "NOT APPLICABLE"}
    checks = "".join(
        f'<check id="{i}" category="{i % 18 + 1}" severity="{("low", "medium", "high")[i % 3]}" status="{words[letter]}">'
        f"<title>{title.format(i)}</title></check>"
        for i, letter in enumerate(statuses, 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<agent_data agent_name={quoteattr(agent)} agent_alias={quoteattr(alias)} '
        f'group={quoteattr(group)} os_name={quoteattr(os_name)} timestamp="{end.replace("-", "/").replace("T", " ").rstrip("Z")}" '
        f'timezone_offset="0"><hardening policy_id="{policy}" policy_version="1" policy_title="House baseline" scanner="house 1" '
        f'start="{end}" end="{end}">{checks}</hardening></agent_data>\n'
    )


IN_OCTOBER, FIRST, NOVEMBER = "2026-10-12T03:00:00Z", "2026-09-14T03:00:00Z", "2026-11-01T09:00:00Z"

# case -> (folder, scan)...; the folder says when its files come (reports.sh)
FLEETS = {
    # 31.25, 43.75 and 6.25 % lie between two tenths; two agents have one rank; so does the mean, 31.25 %
    "exact-tie": [
        ("in-time", scan("tie-a", IN_OCTOBER, "P" * 5 + "F" * 11)),
        ("in-time", scan("tie-b", IN_OCTOBER, "P" * 7 + "F" * 9)),
        ("in-time", scan("tie-c", IN_OCTOBER, "F" * 9 + "P" * 7)),
        ("in-time", scan("tie-d", IN_OCTOBER, "P" + "F" * 15, group="Network")),
    ],
    "all-pass": [("in-time", scan(f"good{i}", IN_OCTOBER, "P" * (10 + i))) for i in range(3)],
    "one-failure": [("in-time", scan("large", IN_OCTOBER, "P" * 2499 + "F")), ("in-time", scan("small", IN_OCTOBER, "P" * 40))],
    "empty": [],
    "one-agent": [("before", scan("alone", FIRST, "PPFFPN")), ("in-time", scan("alone", IN_OCTOBER, "PPPFFN"))],
    "provisional": [("before", scan("early", FIRST, "PPFF")), ("in-time", scan("early", IN_OCTOBER, "PPPF")), ("before", scan("waits", FIRST, "PF"))],
    # one comes when its month is over, one is dated ahead of the clock that receives it
    "late": [
        ("in-time", scan("punctual", IN_OCTOBER, "PPPF")),
        ("after", scan("straggler", "2026-10-20T03:00:00Z", "PPFF")),
        ("after", scan("hasty", "2027-05-01T03:00:00Z", "PF")),
        ("in-time", scan("hasty", IN_OCTOBER, "PP")),
    ],
    # of two results of one second the first counts, unless an officer says otherwise
    "revised": [
        ("in-time", scan("twice", IN_OCTOBER, "PPPP")),
        ("revised", scan("twice", IN_OCTOBER, "PPFF")),
        ("in-time", scan("chosen", IN_OCTOBER, "PPPP")),
        ("revised", scan("chosen", IN_OCTOBER, "PFFF")),
    ],
    "mixed-script": [
        ("in-time", scan("サーバ東京", IN_OCTOBER, "PPF", group="サーバ", alias="東京一号", title="確認項目 {} の設定を保存する")),
        ("in-time", scan("خادم-الويب", IN_OCTOBER, "PFF", group="شبكة", title="تحقق {} من SSH (22)")),
        ("in-time", scan("שרת-3", IN_OCTOBER, "PPP", group="Servers", title="בדיקה {} של /etc/passwd")),
        ("in-time", scan("Ünïcödé-ß", IN_OCTOBER, "FPP", group="Servers & <more>", title="Ensure “{}” isn’t e\u0301\u0323 ✓ 🔒")),
        ("in-time", scan("hidden\u200bname", IN_OCTOBER, "PPF", group="Servers", title="=cmd|{}")),
    ],
}


def make(case, folder):
    for name in ("before", "in-time", "revised", "after"):
        os.makedirs(os.path.join(folder, name))
    for i, (when, text) in enumerate(FLEETS[case]):
        with open(os.path.join(folder, when, f"{i:02}.data"), "w", encoding="utf-8") as file:
            file.write(text)


# ---- texts ----


class Page(html.parser.HTMLParser):
    """A line for each row and block, so that a difference is seen where it is."""

    ENDS = {"p", "tr", "h1", "h2", "h3", "li", "div", "dl", "figure", "caption", "title", "pre", "summary", "section", "header"}
    SILENT = {"script", "style", "svg"}

    def __init__(self):
        super().__init__()
        self.lines, self.line, self.silent = [], [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in self.SILENT
        if tag in self.ENDS:
            self.end_line()

    def handle_endtag(self, tag):
        self.silent -= tag in self.SILENT
        if tag in ("td", "th", "dt", "dd"):
            self.line.append(" | ")
        if tag in self.ENDS:
            self.end_line()

    def handle_data(self, data):
        if not self.silent:
            self.line.append(data)

    def end_line(self):
        text = re.sub(r"\s+", " ", "".join(self.line)).strip(" |")
        self.lines += [text] if text else []
        self.line = []


def page(path):
    reader = Page()
    with open(path, encoding="utf-8") as file:
        reader.feed(file.read())
    reader.end_line()
    print("\n".join(reader.lines))


def lines(place, value):
    """A line for each value and each row of a table; columns are named in the rows. What is alike in all reports is in the page."""
    if isinstance(value, dict) and value.get("key") in ("method", "verify", "glossary"):
        return
    if isinstance(value, dict) and "cells" not in value:
        name = f"{place}/{value['key']}" if value.get("key") else place
        for key, item in value.items():
            if key not in ("key", "columns"):
                yield from lines(name if key in ("sections", "blocks", "rows") else f"{name} {key}", item)
    elif isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        for item in value:
            yield from lines(place, item)
    else:
        yield f"{place}: {json.dumps(value, ensure_ascii=False)}".strip()


def data(path):
    with open(path, encoding="utf-8") as file:
        print("\n".join(lines("", json.load(file))))


def steady(path, words):
    """WORD is text=name: what the maker knows of its own keys, folders and names."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for word in sorted(words, key=len, reverse=True):
        value, _, name = word.rpartition("=")
        text = text.replace(value, name) if value else text
    sys.stdout.write(text)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], sys.argv[3])
    elif sys.argv[1] == "page":
        page(sys.argv[2])
    elif sys.argv[1] == "data":
        data(sys.argv[2])
    else:
        steady(sys.argv[2], sys.argv[3:])
