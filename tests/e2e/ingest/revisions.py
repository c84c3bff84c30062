"""What one file can say twice of one host and second: each sample is written out with a block of it doubled, of which
one is better than the other. python3 revisions.py SAMPLES OUT: OUT/<format>-{worse,better}-first.<ext>"""
import copy
import json
import re
import sys

samples, out = sys.argv[1:]


def write(name, ext, worse, better, join):
    assert worse != better, name
    for first, pair in (("worse", (worse, better)), ("better", (better, worse))):
        with open(f"{out}/{name}-{first}-first.{ext}", "w", encoding="utf-8") as f:
            f.write(join(*pair))


def text(name, path, ext, block, change):
    """The first match of block, and the same with what change() makes of it."""
    with open(f"{samples}/{path}", encoding="utf-8") as f:
        whole = f.read()
    at = re.search(block, whole, re.S)
    worse = at.group(0)
    write(name, ext, worse, change(worse), lambda a, b: whole[: at.start()] + a + "\n" + b + whole[at.end():])


def data(name, path, ext, key, change):
    """The first entry of the list that key() finds, and the same with what change() makes of it."""
    with open(f"{samples}/{path}", encoding="utf-8") as f:
        whole = json.load(f)

    def join(a, b):
        new = copy.deepcopy(whole)
        key(new)[:1] = [json.loads(a), json.loads(b)]
        return json.dumps(new)

    worse = json.dumps(key(whole)[0])
    write(name, ext, worse, change(worse), join)


def fixed(block):
    """Every failure of XCCDF passes, under another id."""
    block = re.sub(r'(<(?:\w+:)?TestResult\b[^>]*\bid=")', r"\1again-", block)
    return re.sub(r"(<(?:\w+:)?result>)fail(<)", r"\1pass\2", block)


def satisfied(block):
    """Every observation passes, in a result of another UUID."""
    block = block.replace('"value": "fail"', '"value": "pass"')
    return re.sub(r'("uuid": ")(........)', lambda m: m.group(1) + m.group(2)[::-1], block, count=1)


result = r"<(?P<p>\w+:)?TestResult\b.*?</(?P=p)TestResult>"
text("ckl", "stig/web01.ckl", "ckl", r"<iSTIG>.*?</iSTIG>", lambda b: b.replace(">Open<", ">NotAFinding<"))
text("nessus", "nessus/two-hosts.nessus", "nessus", r'<ReportHost name="192.0.2.31">.*?</ReportHost>',
     lambda b: b.replace(">FAILED<", ">PASSED<"))
text("xccdf", "xccdf/two-results.xml", "xml", result, fixed)
text("xccdf11", "xccdf/three-results-1.1.xml", "xml", r"<TestResult\b.*?</TestResult>", fixed)
text("arf", "xccdf/arf.xml", "xml", r"<(?P<p>\w+:)?report id=.*?</(?P=p)report>",
     lambda b: fixed(re.sub(r'(report id=")', r"\1again-", b)))
data("cklb", "stig/db01.cklb", "cklb", lambda w: w["stigs"],
     lambda b: b.replace('"open"', '"not_a_finding"'))
data("oscal", "oscal/assessment-results.json", "json", lambda w: w["assessment-results"]["results"], satisfied)
