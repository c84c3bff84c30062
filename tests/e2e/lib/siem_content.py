"""What packaging/siem names against what the exporter writes: fields, types, events, settings, metrics; and its expressions
tried over real lines.
   siem_content.py PART SAMPLES
PART: splunk elastic sentinel graylog wazuh sigma grafana names. SAMPLES holds a.FORMAT (records and results in each format) and
metrics.prom. SRC names the project root.

Gives:     status 1 and one line for each thing that does not fit: file, and what.
Needs:     nothing but Python; sigma and the files .yaml need its module yaml.
Cleans up: it writes nothing but its output."""
import configparser
import csv
import datetime
import json
import os
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

PART, SAMPLES = sys.argv[1], pathlib.Path(sys.argv[2])
SRC = pathlib.Path(os.environ["SRC"])
SIEM = SRC / "packaging" / "siem"
EVENTS = set()
for row in re.findall(r"^\| ([a-z][a-z., ]*\.[a-z., ]*) \|", (SRC / "doc/audit-events.md").read_text(), re.M):
    EVENTS |= {e.strip() for e in row.split(",")}
RESULT_EVENTS = {"result.scan", "result.new", "result.changed", "result.fixed"}
RESULT_FIELDS = dict(re.findall(r'X\(\w+, "(\w+)", (\w+)\)', (SRC / "src/model/result.h").read_text())) | {"sev": "INTEGER"}
SETTINGS = set(re.findall(r'"([a-z][a-z-]+)"', (SRC / "src/settings/keys.h").read_text()))
WORDS = re.compile(r"[A-Za-z_@][\w.@]*(?:\{\}[\w.]*)?")


def lines(fmt):
    return (SAMPLES / f"a.{fmt}").read_text(encoding="utf-8").splitlines()


def objects(fmt):
    return [json.loads(x) for x in lines(fmt)]


def leaves(value, path=""):
    """Each value with its path; what stands in an array has {} behind the name, as Splunk has it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path + "{}")
    else:
        yield path, value


def paths(events):
    return {p for e in events for p, _ in leaves(e)}


def plain(found):
    """Paths as everybody but Splunk has them."""
    return {p.replace("{}", "") for p in found}


def unquoted(text):
    return re.sub(r'"(?:[^"\\]|\\.)*"', ' "" ', text)


def cef(line):
    head, at = [], 0
    for m in re.finditer(r"((?:[^|\\]|\\.)*)\|", line[line.index("CEF:0"):]):
        head.append(re.sub(r"\\(.)", r"\1", m.group(1)))
        at = m.end()
        if len(head) == 7:
            break
    rest = line[line.index("CEF:0"):][at:].rstrip()
    pairs = re.findall(r"(?:^|\s)(\w+)=((?:[^=\\]|\\.)*?)(?=\s\w+=|$)", rest)
    return head, {k: v for k, v in pairs}


def sd(line):
    m = re.search(r"\[(assay|result)@\d+ ((?:[^\]\\]|\\.)*)\]", line)
    return m.group(1), {k: re.sub(r"\\(.)", r"\1", v) for k, v in re.findall(r'([a-z0-9_]+)="((?:[^"\\\]]|\\.)*)"', m.group(2))}


def compiled(where, pattern):
    try:
        return re.compile(pattern)
    except re.error as e:
        problem(where, f"no regular expression: {pattern}: {e}")
        return re.compile("(?!)")


problems = []


def problem(where, what):
    problems.append(f"packaging/siem/{where}: {what}")


# ---- Splunk

def read_conf(name):
    """Settings of Splunk: the names of members keep their case, a value is one line here."""
    text = (SIEM / "splunk/default" / name).read_text()
    for n, line in enumerate(text.splitlines(), 1):
        if line and not re.match(r"#|\[[^\]]+\]$|[A-Za-z_][\w.-]* = .", line):
            problem(f"splunk/default/{name}:{n}", f"neither a comment, a stanza nor NAME = VALUE: {line[:60]}")
    c = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",), strict=True)
    c.optionxform = str
    c.read_string(text)
    return {s: dict(c[s]) for s in c.sections()}


SPL = set("search stats table where convert ctime latest min max dc BY AS IN NOT OR AND relative_time now _time sourcetype index".split())
EVAL_WORDS = set("coalesce mvindex split if isnotnull null".split())


def check_spl(where, text, known, macros):
    for macro in re.findall(r"`(\w+)`", text):
        if macro not in macros:
            problem(where, f"no macro {macro}")
    text = unquoted(re.sub(r"`\w+`", " ", text))
    named = set(re.findall(r"\bAS ([\w.]+)", text))
    for word in WORDS.findall(text):
        if word not in known | named | SPL:
            problem(where, f"no event has the field {word}, and no setting makes it")


def splunk():
    written = paths(objects("json")) | set(RESULT_FIELDS) - {"mappings"}
    conf = {n: read_conf(f"{n}.conf") for n in "app props transforms fields eventtypes tags macros savedsearches".split()}
    props, transforms, made = conf["props"]["assay:json"], conf["transforms"], set()
    for name, value in props.items():
        if name.startswith("FIELDALIAS-"):
            for field, alias in re.findall(r"(\S+) AS (\S+)", value):
                made.add(alias)
                if field not in written:
                    problem("splunk/default/props.conf", f"{name}: no event has the field {field}")
        elif name.startswith("EVAL-"):
            made.add(name[5:])
            for field in re.findall(r"'([^']+)'", value):
                if field not in written:
                    problem("splunk/default/props.conf", f"{name}: no event has the field {field}")
            for word in WORDS.findall(unquoted(re.sub(r"'[^']+'", " ", value))):
                if word not in EVAL_WORDS:
                    problem("splunk/default/props.conf", f"{name}: {word} is neither quoted nor a function")
        elif name.startswith("LOOKUP-"):
            table, column, field, out = re.fullmatch(r"(\w+) (\w+) AS (\S+) OUTPUT (\w+) AS \w+", value).groups()
            made.add(out)
            with open(SIEM / "splunk/lookups" / transforms[table]["filename"], newline="") as f:
                rows = list(csv.DictReader(f))
            if field not in written or not {column, out} <= rows[0].keys():
                problem("splunk/default/props.conf", f"{name}: {value}")
            if column == "event" and {r["event"] for r in rows} != EVENTS:
                problem("splunk/lookups", f"events: {sorted({r['event'] for r in rows} ^ EVENTS)}")
    known = written | made | {"assay_id"}
    for kind, key in (("eventtypes", "search"), ("savedsearches", "search")):
        for stanza, values in conf[kind].items():
            check_spl(f"splunk/default/{kind}.conf [{stanza}]", values[key], known, conf["macros"])
    for stanza in conf["tags"]:
        if stanza.removeprefix("eventtype=") not in conf["eventtypes"]:
            problem("splunk/default/tags.conf", f"no event type {stanza}")
    if len(conf["savedsearches"]) < 5:
        problem("splunk/default/savedsearches.conf", "five detections are promised")
    splunk_texts(conf)


def splunk_texts(conf):
    where = "splunk/default/transforms.conf"
    rules = {n: compiled(where, conf["transforms"][n]["REGEX"]) for n in re.split(r",\s*", conf["props"]["assay:text"]["REPORT-assay"])}
    for line in lines("cef"):
        head, pairs = cef(line)
        m = rules["assay_cef_head"].search(line)
        if not m or m.group(2) != head[4] or m.group(4) != head[6]:
            problem(where, f"assay_cef_head: {line[:100]}")
        got = dict(rules["assay_cef_pairs"].findall(line[m.end() - 1:] if m else line))
        if got != pairs:
            problem(where, f"assay_cef_pairs: {sorted(set(got.items()) ^ set(pairs.items()))[:4]}")
    for line in lines("rfc5424"):
        got = dict(rules["assay_sd_pairs"].findall(line))
        if not all(re.sub(r"\\(.)", r"\1", got.get(k, "")) == v for k, v in sd(line)[1].items()):
            problem(where, f"assay_sd_pairs: {line[:100]}")


# ---- Elastic

def mapped(properties, path=""):
    for name, m in properties.items():
        here = f"{path}.{name}" if path else name
        if "properties" in m:
            yield from mapped(m["properties"], here)
        else:
            yield here, m["type"]


def fits(kind, value):
    if kind == "date":
        try:
            return isinstance(value, str) and bool(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")))
        except ValueError:
            return False
    if kind == "long":
        return type(value) is int
    return isinstance(value, {"double": float, "boolean": bool}.get(kind, str))


def get(event, path):
    for key in path.split("."):
        event = event.get(key) if isinstance(event, dict) else None
    return event


def put(event, path, value):
    *above, last = path.split(".")
    for key in above:
        event = event.setdefault(key, {})
    event[last] = value


def holds(condition, event):
    """The conditions that the pipeline has, and no others: ctx.a?.b == 'x' joined by || or &&."""
    def one(m):
        value = get(event, m.group(1).replace("?", ""))
        return str((value == m.group(3)) == (m.group(2) == "=="))
    text = re.sub(r"ctx\.([\w.?]+) (==|!=) '([^']*)'", one, condition).replace("||", "or").replace("&&", "and")
    return eval(text, {"__builtins__": {}})


def run_pipeline(pipeline, event):
    for processor in pipeline["processors"]:
        (kind, p), = processor.items()
        assert kind == "set", kind
        value = get(event, p["copy_from"]) if "copy_from" in p else p["value"]
        skips = (value in (None, "") and p.get("ignore_empty_value")) or (not p.get("override", True) and get(event, p["field"]) is not None)
        if skips or ("if" in p and not holds(p["if"], event)):
            continue
        put(event, p["field"], "2026-12-01T00:00:00.000Z" if "_ingest" in str(value) else value)
    return event


def check_template(name, events, also):
    template = json.loads((SIEM / "elastic" / name).read_text())
    types = dict(mapped(template["template"]["mappings"]["properties"]))
    seen = plain(paths(events))
    for path in sorted(seen - types.keys()):
        problem(f"elastic/{name}", f"the field {path} has no mapping")
    for path in sorted(types.keys() - seen - also):
        problem(f"elastic/{name}", f"no event has the field {path}")
    for event in events:
        for path, value in leaves(event):
            kind = types.get(path.replace("{}", ""), "keyword")
            if not fits(kind, value):
                problem(f"elastic/{name}", f"{path} is to be {kind}, and is {value!r:.60}")
    return types


EVALUATIONS = {"pass": "passed", "fixed": "passed", "fail": "failed"}
ESQL = set("FROM WHERE STATS EVAL MAX MIN COUNT BY NOW days IN CASE".split())


def elastic():
    events = objects("ecs")
    records = [e for e in events if e["event"]["dataset"] == "assay.audit"]
    results = [e for e in events if e["event"]["dataset"] == "assay.result"]
    pipeline = json.loads((SIEM / "elastic/ingest-pipeline-results.json").read_text())
    for e in results:
        status = e["assay"]["result"].get("status")
        run_pipeline(pipeline, e)
        want = EVALUATIONS.get(status, "unknown") if status else None
        if get(e, "result.evaluation") != want or get(e, "resource.id") != e["host"]["name"]:
            problem("elastic/ingest-pipeline-results.json", f"{status} becomes {get(e, 'result.evaluation')}")
    rare = {f"assay.result.{f}" for f in RESULT_FIELDS}
    both = {"event.ingested", "event.created", "event.start", "event.end", "event.reason", "related.user", "tags", "observer.name"}
    types = check_template("index-template-results.json", results, rare | both | {"related.ip", "host.ip"})
    types |= check_template("index-template-audit.json", records, both)
    for p in pipeline["processors"]:
        for path in filter(None, (p["set"]["field"], p["set"].get("copy_from"))):
            if path not in types:
                problem("elastic/ingest-pipeline-results.json", f"{path} has no mapping")
    latest = json.loads((SIEM / "elastic/transform-latest.json").read_text())
    for path in latest["latest"]["unique_key"] + [latest["latest"]["sort"], latest["sync"]["time"]["field"]]:
        if path not in types:
            problem("elastic/transform-latest.json", f"{path} has no mapping")
    rules = [json.loads(x) for x in (SIEM / "elastic/detections.ndjson").read_text().splitlines()]
    for rule in rules:
        query, own = unquoted(rule["query"]), set()
        if rule["language"] == "esql":
            own = set(re.findall(r"(\w+) = ", query)) | ESQL
            query = re.sub(r"FROM \S+", " ", query)
        else:
            query = " ".join(re.findall(r"([\w.@]+)\s*(?::|>=)", query))
        for word in WORDS.findall(query):
            if word not in types and word not in own:
                problem(f"elastic/detections.ndjson {rule['rule_id']}", f"no event has the field {word}")
    if len(rules) < 5:
        problem("elastic/detections.ndjson", "five detections are promised")


# ---- Sentinel

COLUMNS = {"DeviceAction": "act", "EventOutcome": "outcome", "SourceUserName": "suser", "SourceUserID": "suid", "DestinationUserName": "duser",
           "ExtID": "externalId", "DeviceName": "dvchost", "DeviceExternalID": "deviceExternalId", "FileType": "fileType", "FileID": "fileId",
           "FileName": "fname", "Reason": "reason", "ReceiptTime": "rt", "EndTime": "end", "StartTime": "start", "DestinationHostName": "dhost",
           "DestinationIP": "dst", "SourceIP": "src", "SourcePort": "spt", "DeviceEventCategory": "cat", "Message": "msg", "FileHash": "fileHash",
           **{f"DeviceCustomString{i}": f"cs{i}" for i in range(1, 7)}}
OF_HEADER = {"DeviceVendor", "DeviceProduct", "DeviceVersion", "LogSeverity", "Activity", "TimeGenerated", "Type", "AdditionalExtensions",
             "CommonSecurityLog", "AssayFindings"}
KQL = set("""let datatable string where not disabled and or isnull isempty array_length has_any lookup kind leftouter on left right extend int
iff todatetime strcat case toint tostring tolong extract project rename by summarize max min count ago in arg_max matches regex
starttime endtime actorusername_has_any operation_has_any eventresult""".split())


def check_kql(where, text, keys):
    text = re.sub(r"//.*", "", text)
    for field in re.findall(r"\b(assay_\w+)=", text):
        if field not in keys and field.removeprefix("assay_") not in RESULT_FIELDS:
            problem(where, f"CEF has no key {field}")
    text = re.sub(r'@?"(?:[^"\\]|\\.)*"', ' "" ', text)
    text = re.sub(r"\b\d+[dhm]\b", " ", text)
    own = set(re.findall(r"(\w+)\s*(?:=(?!=)|: string)", text))
    for word in re.findall(r"[A-Za-z_]\w*", text):
        if word in COLUMNS:
            if COLUMNS[word] not in keys:
                problem(where, f"CEF has no key {COLUMNS[word]} for the column {word}")
        elif word not in KQL | OF_HEADER | own:
            problem(where, f"no column {word}")
    return own


def sentinel():
    keys = {k for line in lines("cef") for k in cef(line)[1]}
    own = set()
    for path in sorted((SIEM / "sentinel").glob("*.kql")):
        own |= check_kql(f"sentinel/{path.name}", path.read_text(), keys)
    KQL.update(own)
    rules = read_yaml("sentinel/detections.yaml")
    for rule in rules or []:
        check_kql(f"sentinel/detections.yaml {rule['id']}", rule["query"], keys)
    if rules is not None and len(rules) < 5:
        problem("sentinel/detections.yaml", "five detections are promised")


# ---- Graylog

def graylog():
    fields = {p.removeprefix("_") for p in paths(objects("gelf"))} | set(RESULT_FIELDS)
    for e in json.loads((SIEM / "graylog/extractors.json").read_text())["extractors"]:
        for pattern in (e["condition_value"], e["extractor_config"].get("regex")):
            if pattern:
                compiled("graylog/extractors.json", pattern)
        if e["extractor_type"] == "regex_replace":
            pattern = compiled("graylog/extractors.json", e["extractor_config"]["regex"])
            for line in lines("rfc5424"):
                m = pattern.match(line)
                if not m or not re.search(r"(^| )seq=\"\d+\"", m.group(2)):
                    problem("graylog/extractors.json", f"no data found in {line[:100]}")
    text = (SIEM / "graylog/pipeline.txt").read_text()
    for field in re.findall(r'\$message\.(\w+)|has_field\("(\w+)"\)', text):
        if not set(filter(None, field)) <= fields:
            problem("graylog/pipeline.txt", f"no event has the field {field}")
    if not text.count("rule \"") == len(re.findall(r"^when$", text, re.M)) == len(re.findall(r"^then$", text, re.M)) == len(re.findall(r"^end$", text, re.M)):
        problem("graylog/pipeline.txt", "a rule has no when, then or end")
    for pattern in re.findall(r'regex\("([^"]*)"', text):
        compiled("graylog/pipeline.txt", pattern)


# ---- Wazuh

def wazuh():
    rules = {}
    for r in xml.fromstring(f"<all>{(SIEM / 'wazuh/assay_rules.xml').read_text()}</all>").iter("rule"):
        fields = [(f.get("name"), compiled("wazuh/assay_rules.xml", f.text)) for f in r.iter("field")]
        rules[r.get("id")] = (r.findtext("if_sid"), fields)
    json_fields = plain(paths(objects("json"))) | set(RESULT_FIELDS)
    described = re.findall(r"\$\(([\w.]+)\)", (SIEM / "wazuh/assay_rules.xml").read_text())
    for name in [n for _, fields in rules.values() for n, _ in fields] + described:
        if name not in json_fields:
            problem("wazuh/assay_rules.xml", f"no event has the field {name}")
    fired = set()
    for event in with_waivers(objects("json")):
        def fires(rule):
            above, fields = rules[rule]
            return (not above or fires(above)) and all(p.search(str(get(event, n) if get(event, n) is not None else "")) for n, p in fields)
        fired |= {rule for rule in rules if fires(rule)}
    for rule in sorted(rules.keys() - fired):
        problem("wazuh/assay_rules.xml", f"rule {rule} finds nothing among the samples")
    wazuh_decoders()


def wazuh_decoders():
    where = "wazuh/assay_decoders.xml"
    decoders = xml.fromstring(f"<all>{(SIEM / where).read_text()}</all>")
    regexes = [(compiled(where, d.findtext("regex")), re.split(r",\s*", d.findtext("order"))) for d in decoders if d.find("regex") is not None]
    prematch = compiled(where, decoders.findtext("decoder/prematch"))
    for line in lines("rfc5424"):
        kind, data = sd(line)
        got = {}
        for pattern, order in regexes:
            m = pattern.search(line)
            got |= {k: v for k, v in zip(order, m.groups())} if m else {}
        want = {"rec.event": data["event"], "rec.seq": data["seq"], "rec.outcome": data["outcome"]} if kind == "assay" else \
            {k: data[k] for k in ("event", "uid", "seq", "sev", "agent", "status", "old_status") if k in data}
        if not prematch.search(line) or any(got.get(k) is None or re.sub(r"\\(.)", r"\1", got[k]) != v for k, v in want.items()):
            problem(where, f"{line[:80]}: {({k: got.get(k) for k in want})}")


def with_waivers(events):
    """What scans of waivers would bring, made of a finding that is there."""
    yield from events
    finding = next(e for e in events if e.get("event") == "result.new")
    yield finding | {"event": "result.changed", "old_status": "fail", "status": "waived"}
    yield finding | {"event": "result.changed", "old_status": "waived", "status": "fail", "sev": 8}


# ---- Sigma

def read_yaml(name):
    try:
        import yaml
    except ImportError:
        print("skipped: no module yaml", file=sys.stderr)
        return None
    documents = list(yaml.safe_load_all((SIEM / name).read_text()))
    return documents if name.startswith("sigma/assay") else documents[0]


def selects(selection, event):
    for key, wants in selection.items():
        name, _, how = key.partition("|")
        value = event.get(name, "")
        wants = wants if isinstance(wants, list) else [wants]
        if how == "gte":
            if not value or int(value) < wants[0]:
                return False
        elif how == "re":
            if not any(re.search(w, value) for w in wants):
                return False
        elif value not in map(str, wants):
            return False
    return True


def sigma():
    if read_yaml("sigma/pipeline-splunk.yml") is None:
        return
    by_service = {"audit": [], "results": []}
    for line in lines("rfc5424"):
        kind, data = sd(line)
        by_service["audit" if kind == "assay" else "results"].append(data)
    by_service["results"] = list(with_waivers(by_service["results"]))
    used, names = {"audit": set(), "results": set()}, set()
    for path in sorted((SIEM / "sigma").glob("assay_*.yml")):
        where = f"sigma/{path.name}"
        for rule in read_yaml(where):
            if "correlation" in rule:
                if not set(rule["correlation"]["rules"]) <= names:
                    problem(where, "the correlation names a rule that is not there")
                continue
            names.add(rule.get("name"))
            service = rule["logsource"]["service"]
            events, detection = by_service[service], dict(rule["detection"])
            condition = detection.pop("condition")
            fields = {k.partition("|")[0] for s in detection.values() for k in s} | set(rule.get("fields", []))
            used[service] |= fields
            for field in sorted(fields - {k for e in events for k in e} - set(RESULT_FIELDS)):
                problem(where, f"no event has the field {field}")
            fired = [e for e in events if eval(condition, {"__builtins__": {}}, {n: selects(s, e) for n, s in detection.items()})]
            if not fired or len(fired) == len(events):
                problem(where, f"finds {len(fired)} of {len(events)} events among the samples")
    known = {"elastic": plain(paths(objects("ecs"))) | {f"assay.result.{f}" for f in RESULT_FIELDS}, "splunk": paths(objects("json"))}
    for product, fields in known.items():
        where = f"sigma/pipeline-{product}.yml"
        for t in read_yaml(where)["transformations"]:
            service = t["rule_conditions"][0]["service"]
            for name, to in t["mapping"].items():
                if to not in fields:
                    problem(where, f"no event has the field {to}")
            if used[service] - t["mapping"].keys():
                problem(where, f"the rules for {service} have fields without a name there: {sorted(used[service] - t['mapping'].keys())}")


# ---- metrics

def grafana():
    written = set(re.findall(r"^(assay_\w+)", (SAMPLES / "metrics.prom").read_text(), re.M))
    board = json.loads((SIEM / "grafana/assay-delivery.json").read_text())
    for path in sorted((SIEM / "grafana").iterdir()):
        for name in sorted(set(re.findall(r"\bassay_\w+", path.read_text())) - written):
            problem(f"grafana/{path.name}", f"no metric is called {name}")
    if len({p["id"] for p in board["panels"]}) != len(board["panels"]):
        problem("grafana/assay-delivery.json", "two panels have one id")
    alerts = read_yaml("grafana/assay-alerts.yaml")
    if alerts is not None and not all({"alert", "expr"} <= r.keys() for g in alerts["groups"] for r in g["rules"]):
        problem("grafana/assay-alerts.yaml", "a rule has no name or no expression")


# ---- names of events and settings, wherever they stand

def names():
    first = sorted({e.split(".")[0] for e in EVENTS | RESULT_EVENTS})
    made = plain(paths(json.loads(p.read_text()) for p in SIEM.glob("elastic/*.json")))
    event = re.compile(r"(?<![\w.@{-])((?:%s)(?:\\?\.[a-z]+)+)\b(?![.*:]|_)" % "|".join(first))
    for path in sorted(p for p in SIEM.rglob("*") if p.is_file() and p.suffix not in (".md",)):
        text = path.read_text()
        for name in {m.replace("\\", "") for m in event.findall(text)}:
            is_field = name.startswith(("result.evaluation", "result.evidence"))
            if name not in EVENTS | RESULT_EVENTS and not is_field and "." in name:
                problem(path.relative_to(SIEM), f"there is no event {name}")
        for group in re.findall(r"\(\?:sign-[^)]*\)|\(\"sign-[^)]*\)|\(sign-[^)]*\)", text):
            for key in re.findall(r"[a-z][a-z-]+", group):
                if not any(s == key or s.startswith(key) for s in SETTINGS) and key not in ("or",):
                    problem(path.relative_to(SIEM), f"there is no setting {key}")


{"splunk": splunk, "elastic": elastic, "sentinel": sentinel, "graylog": graylog, "wazuh": wazuh, "sigma": sigma, "grafana": grafana,
 "names": names}[PART]()
for p in list(dict.fromkeys(problems))[:20]:
    print(p, file=sys.stderr)
sys.exit(1 if problems else 0)
