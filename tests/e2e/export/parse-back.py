"""Records with hostile texts, and what receivers and parsers make of them in every format.
   export/parse-back.py events [SAMPLES.py]        events for audit_append on standard output
   export/parse-back.py texts LOG.json EVENTS      the log holds the texts of the events
   export/parse-back.py FORMAT LOG.json RECEIVED   every field of every record came back
FORMAT: rsyslog, syslog-ng (RFC 5424 as JSON objects of these receivers), cef (through lognormalizer), leef,
ecs, gelf, ocsf. LOG is the log in the format json, of the same records. Prints what differs."""
import datetime
import hashlib
import importlib.util
import json
import re
import sys

VALUE_MAX, HEAD = 4096, 256


# ---- hostile texts

def own_texts():
    yield from (chr(c) for c in range(1, 128))
    yield from (f"a{chr(c)}z" for c in range(128))
    yield from (f"{chr(c)}{chr(c)}" for c in b"\"\\]=|^~;!`$ ")
    for c in (0x80, 0x85, 0x9b, 0xad, 0x200b, 0x2028, 0x2029, 0x202e, 0x2066, 0x27e8, 0x27e9, 0xfeff, 0xfffd, 0xfffe, 0x1f512, 0x10ffff):
        yield f"a{chr(c)}z"
    yield from ("^~;!`$", "^~;!`$|=", "⟨U+000A⟩", "⟨U+", "… (cut, 5 bytes)", "a\\", "a\\\\", "a\\=b", "a\\|b", "\\n", "x\r\ny",
                'q" ] [x@1 a="b"', '"] <13>1 - - - - - -', "CEF:0|a|b|c|d|e|9|x=y", "x suser=root act=none", "  two  blanks  ",
                "LEEF:2.0|a|b|c|d|^|usrName=root", '","seq":7,"', "%s%n$!all-json%", "${HOST} $(echo x)", "監査ログ「最小長」𠮷😀",
                "<script>alert(1)</script>", "'; DROP TABLE audit_log; --", "@cee: {}", "5 <1>1")
    for n in (63, 64, 255, 256, 257, 1022, 1023, 1024, 1025, 2048, 4000, 4001, 4093, 4094, 4095, 4096, 4097, 8192, 65535, 65536, 131072):
        yield "x" * n
    yield from ("日" * 1365, "\"" * 2040, "\\" * 1500, "\n" * 2000, "\x01" * 680, "]=|" * 1300, "^" * 4000)


def sample_texts(path):
    """Whole messages that were made to confuse receivers, and the texts inside them."""
    spec = importlib.util.spec_from_file_location("samples", path)
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    for _, message, expect in module.samples():
        yield message
        for value in expect.values():
            if isinstance(value, dict):
                for params in value.values():
                    for name, inner in params.items():
                        yield name
                        yield from inner if isinstance(inner, list) else [inner]
            elif value is not None:
                yield value


def events(samples):
    seen = set()
    texts = [*own_texts(), b"\xff\xfe", b"a\xffz", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe3\x81"]
    texts += list(sample_texts(samples)) if samples else []
    for t in texts:
        raw = t if isinstance(t, bytes) else t.encode()
        if raw in seen:
            continue
        seen.add(raw)
        v = {"hex": raw.hex()}
        base = {"name": "config.change", "severity": len(seen) % 11, "outcome": ["success", "failure"][len(seen) % 2]}
        if len(raw) <= 10:  # a column of the database; types are words of the program's own
            yield {**base, "type": v, "id": "1", "reason": "in the type"}
        yield {**base, "type": "t", "id": v, "reason": v if len(raw) < 500 else ""}
        yield {**base, "object_name": v, "id": "x", "user": v if len(raw) < 500 else "u", "host": v if len(raw) < 500 else ""}
        if len(raw) < 64 and len(seen) % 4 == 0:  # who logged in is named by the system, the rest by the environment
            peer = ["192.0.2.7 50222", "2001:db8::7 22", v][len(seen) // 4 % 3]
            yield {**base, "id": "person", "user": "root", "login": v, "sudo": v, "ssh": peer}
        yield {**base, "id": "changes", "changes": [["plain", v, ""], ["plain2", "", v if len(raw) < 500 else "-"], [v if len(raw) < 200 else "long", "a", "b"], ["secret"]]}


# ---- what a record says

def repaired(raw):
    """As records have it: bytes that are no text, and NUL, are one U+FFFD."""
    return re.sub("\ufffd+", "\ufffd", raw.decode("utf-8", "replace").replace("\0", "\ufffd"))


def quoted_len(s):
    escapes = {'"': 2, "\\": 2, "\b": 2, "\f": 2, "\n": 2, "\r": 2, "\t": 2}
    return 2 + sum(escapes.get(c, 6 if ord(c) < 32 else len(c.encode())) for c in s)


def stored(raw):
    s = repaired(raw)
    if quoted_len(s) <= VALUE_MAX + 2:
        return s
    data = s.encode()
    head = data[:HEAD].decode("utf-8", "ignore")
    return {"head": head, "len": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def text(v):
    if isinstance(v, dict):
        return f"{v['head']}… ({v['len']} bytes, SHA-256 {v['sha256']})"
    return "" if v is None else str(v)


def fields(line):
    """One record of the log: its fields as texts, with the names of the structured data."""
    r = line["rec"]
    f = {"seq": r["seq"], "origin": r["origin"], "event": r["event"], "outcome": r["outcome"], "sev": r["sev"], "actor": r["actor"]["name"],
         "actor_id": r["actor"]["id"], "host": r["host"], "via": r["via"], "run": r["run"], "object_type": r["object"]["type"],
         "object_id": r["object"]["id"], "object_name": r["object"]["name"], "reason": r["reason"], "app": r["app"], "v": r["v"],
         "salt": r["salt"], "prev_hash": r["prev"], "rec_hash": line["leaf"], "ts": r["ts"],
         "actor_login": r["actor"].get("login"), "actor_login_id": r["actor"].get("login_id"), "actor_sudo": r["actor"].get("sudo"),
         "actor_ssh": r["actor"].get("ssh")}
    f = {k: text(v) for k, v in f.items()}
    has_login = bool(f["actor_login"])
    f["person"], f["person_id"] = (f["actor_login"], f["actor_login_id"]) if has_login else (f["actor"], f["actor_id"])
    f["account"], f["account_id"] = (f["actor"], f["actor_id"]) if has_login else ("", "")
    peer = re.fullmatch(r"([0-9a-f.:]+) (\d+)", f["actor_ssh"])
    f["peer"], f["peer_port"] = peer.groups() if peer else ("", "")
    f["changes"] = [(text(c["f"]), None if c.get("changed") else (text(c["old"]), text(c["new"]))) for c in r["changes"]]
    return f


# ---- reading back

def shown(s):
    return re.sub("⟨U\\+([0-9A-F]{4,6})⟩", lambda m: chr(int(m.group(1), 16)), s)


def parse_changes(s):
    out, at, decoder = [], 0, json.JSONDecoder(strict=False)
    while at < len(s):
        if s[at] == '"':
            name, at = decoder.raw_decode(s, at)
        else:
            name = re.compile(r"[A-Za-z0-9_.-]+").match(s, at).group()
            at += len(name)
        assert s.startswith(": ", at), s[at:at + 20]
        at += 2
        if s.startswith("(changed)", at):
            out.append((name, None))
            at += len("(changed)")
        else:
            old, at = decoder.raw_decode(s, at)
            assert s.startswith(" -> ", at)
            new, at = decoder.raw_decode(s, at + 4)
            out.append((name, (old, new)))
        assert at == len(s) or s.startswith("; ", at)
        at += 2
    return out


def same(name, want, got, may_be_cut):
    """got is the text of a format; one that was cut is the beginning and says so."""
    got = got or ""
    cut = re.search(r"…( \(cut, \d+ bytes\))?$", got) if may_be_cut else None
    if name == "changes":
        try:
            if parse_changes(shown(got)) == want:
                return True
        except (ValueError, AssertionError, AttributeError):
            pass
        return bool(cut)
    if shown(got) == want:
        return True
    return bool(cut) and want.startswith(shown(re.sub("⟨[^⟩]*$", "", got[:cut.start()])))


def header(want):
    """HOSTNAME, APP-NAME, PROCID, MSGID of RFC 5424."""
    def ascii_only(s, most):
        return "".join(chr(b) if 32 < b < 127 else "?" for b in s.encode())[:most]
    host = "".join(c if c.isalnum() or c in "._-" else "?" for c in ascii_only(want["host"], 255))
    return {"host": host, "app": "assay", "proc": ascii_only(want["run"], 128), "msgid": want["event"][:32]}


def syslog_level(sev):
    return 2 if sev >= 9 else 3 if sev >= 7 else 4 if sev >= 5 else 5 if sev >= 2 else 6


def from_syslog(o):
    sd = (o.get("rfc5424-sd") or o.get("_SDATA") or {}).get("assay@32473", {})
    return {k: v if isinstance(v, str) else str(v) for k, v in sd.items()}


def check_syslog(want, o):
    sd = from_syslog(o)
    is_cut = sd.get("truncated") == "1"
    for k, v in want.items():
        if k not in ("ts", "person", "person_id", "account", "account_id", "peer", "peer_port") and not same(k, v, sd.get(k, ""), is_cut):
            yield k, v, sd.get(k)
    for k, v in header(want).items():
        if k == "host" and v in ("", "-"):  # nobody: receivers put the address of the peer
            continue
        if (o.get(k) or "-") != (v or "-"):
            yield "header " + k, v, o.get(k)
    if int(o["pri"]) != 13 * 8 + syslog_level(int(want["sev"])):
        yield "pri", want["sev"], o["pri"]
    when = datetime.datetime.fromisoformat(o["ts"].replace("Z", "+00:00"))
    if when != datetime.datetime.fromisoformat(want["ts"].replace("Z", "+00:00")):
        yield "ts", want["ts"], o["ts"]
    message = o.get("msg", "").lstrip(" ")
    if message.startswith("{"):
        leaf = hashlib.sha256(b"\0" + message.encode()).hexdigest()
        if leaf != want["rec_hash"]:
            yield "the record's hash", want["rec_hash"], leaf
    elif "too many to stand here" not in message:
        yield "msg", "the record", message


CEF = {"seq": "externalId", "person_id": "suid", "event": "act", "outcome": "outcome", "person": "suser", "account": "duser", "account_id": "duid",
       "actor_sudo": "flexString1", "actor_ssh": "flexString2", "peer_port": "spt", "origin": "deviceExternalId",
       "via": "deviceProcessName", "object_type": "fileType", "object_id": "fileId", "object_name": "fname", "reason": "reason",
       "changes": "cs1", "run": "cs2", "ts": "cs3", "salt": "cs4", "prev_hash": "cs5", "rec_hash": "cs6", "v": "cn1"}
LEEF = {"seq": "seq", "person_id": "uid", "person": "usrName", "account": "accountName", "account_id": "accountUid", "actor_sudo": "sudoUser",
        "actor_ssh": "sshPeer", "peer": "src", "host": "identHostName", "outcome": "outcome", "reason": "reason",
        "object_name": "resource", "object_type": "objectType", "object_id": "objectId", "changes": "changes", "origin": "origin",
        "via": "via", "run": "run", "ts": "time", "salt": "salt", "prev_hash": "prevHash", "rec_hash": "recHash", "sev": "severity",
        "v": "recordVersion"}


def check_cef(want, o):
    if "unparsed-data" in o:
        yield "line", "", o["unparsed-data"]
        return
    o = o["f"]
    x = o["Extensions"]
    is_cut = "cn2" in x
    for k, key in CEF.items():
        if not same(k, want[k], x.get(key, ""), is_cut):
            yield k, want[k], x.get(key)
    peer = x.get("src") or x.get("c6a2") or ""
    if peer != want["peer"]:
        yield "peer", want["peer"], peer
    host = x.get("dvchost") or x.get("dvc") or x.get("c6a1") or ""
    if not same("host", want["host"], host, is_cut):
        yield "host", want["host"], host
    for k, key in (("event", "SignatureID"), ("event", "Name"), ("sev", "Severity"), ("app", "DeviceVersion")):
        if not same(k, want[k], o[key], is_cut):
            yield key, want[k], o[key]


def check_leef(want, line):
    """The format has no escapes: the delimiter that the header names parts the attributes."""
    head = line.rstrip("\n").split("|", 6)
    x = dict(p.split("=", 1) for p in head[6].split(head[5]))
    is_cut = "truncatedFrom" in x
    if len(head[6].split(head[5])) != len(x):
        yield "keys", "each once", head[6]
    for k, key in LEEF.items():
        if not same(k, want[k], x.get(key, ""), is_cut):
            yield k, want[k], x.get(key)
    for k, got in (("app", head[3]), ("event", head[4])):
        if shown(got) != want[k].replace("|", "/"):
            yield k, want[k], got


def at(o, path):
    for key in path.split("/"):
        o = o.get(key) if isinstance(o, dict) else None
    return o


JSON_PATHS = {
    "ecs": {"seq": "event/sequence", "origin": "assay/audit/origin", "event": "event/action", "outcome": "event/outcome", "sev": "event/severity",
            "person": "user/name", "person_id": "user/id", "account": "user/effective/name", "account_id": "user/effective/id",
            "actor_login": "assay/audit/login", "actor_sudo": "assay/audit/sudo", "actor_ssh": "assay/audit/ssh", "peer": "source/ip",
            "peer_port": "source/port", "host": "host/name", "via": "assay/audit/via", "run": "assay/audit/run",
            "object_type": "assay/audit/object/type", "object_id": "assay/audit/object/id", "object_name": "assay/audit/object/name",
            "reason": "event/reason", "app": "observer/version", "v": "assay/audit/version", "salt": "assay/audit/salt",
            "prev_hash": "assay/audit/prev", "rec_hash": "event/hash", "ts": "@timestamp", "changes": "assay/audit/changes"},
    "gelf": {"seq": "_seq", "origin": "_origin", "event": "_event", "outcome": "_outcome", "sev": "_severity", "actor": "_actor",
             "actor_login": "_actor_login", "actor_login_id": "_actor_login_id", "actor_sudo": "_actor_sudo", "actor_ssh": "_actor_ssh",
             "actor_id": "_actor_id", "via": "_via", "run": "_run", "object_type": "_object_type", "object_id": "_object_id",
             "object_name": "_object_name", "reason": "_reason", "app": "_app", "v": "_record_version", "salt": "_salt",
             "prev_hash": "_prev", "rec_hash": "_leaf", "ts": "_ts"},
    "ocsf": {"seq": "metadata/sequence", "origin": "unmapped/origin", "event": "metadata/event_code", "sev": "unmapped/severity",
             "person": "actor/user/name", "person_id": "actor/user/uid", "account": "actor/process/user/name", "account_id": "actor/process/user/uid",
             "actor": "unmapped/account", "actor_id": "unmapped/account_id", "actor_login": "unmapped/login", "actor_sudo": "unmapped/sudo",
             "actor_ssh": "unmapped/ssh", "via": "unmapped/via", "run": "unmapped/run",
             "object_type": "unmapped/object_type", "object_id": "unmapped/object_id", "object_name": "unmapped/object_name",
             "reason": "status_detail", "app": "metadata/product/version", "v": "unmapped/record_version", "salt": "unmapped/salt",
             "prev_hash": "unmapped/prev", "rec_hash": "unmapped/leaf", "ts": "metadata/original_time", "changes": "unmapped/changes"}}
# Where a text stands whole that is too long for the field of the schema.
WHOLE = {"reason": "assay/audit/reason", "person": "assay/audit/actor", "host": "assay/audit/host", "app": "assay/audit/app"}


def check_json(kind, want, o):
    for k, path in JSON_PATHS[kind].items():
        got = at(o, path)
        if kind == "ecs" and k in WHOLE and at(o, WHOLE[k]) is not None:
            cut = got
            got = at(o, WHOLE[k])
            if not got.startswith(cut[:-1]):
                yield k + ", cut", got, cut
        if k == "changes":
            got = [(c["field"], None if c.get("changed") else (c["old"], c["new"])) for c in got]
        else:
            got = "" if got is None else str(got)
        if got != want[k]:
            yield k, want[k], got
    host = {"gelf": "host", "ocsf": "src_endpoint/hostname"}.get(kind)
    if kind == "ocsf" and o["class_uid"] == 6002:  # this class has no endpoint
        host = "device/hostname"
    if host and at(o, host) != (want["host"] or "unknown"):
        yield "host", want["host"], at(o, host)
    if kind == "gelf" and parse_changes(o.get("_changes", "")) != want["changes"]:
        yield "changes", want["changes"], o.get("_changes")


def read_json(line):
    """As a strict receiver reads: an object that has a member twice is refused."""
    def once(pairs):
        names = [k for k, _ in pairs]
        assert len(names) == len(set(names)), ("a member twice", sorted({n for n in names if names.count(n) > 1}), line[:200])
        return dict(pairs)
    return json.loads(line, strict=False, object_pairs_hook=once)


def read_lines(path):
    with open(path, encoding="utf-8", newline="\n") as f:
        return f.read().split("\n")[:-1]


def check(kind, log, path):
    wants = {w["seq"]: w for w in map(fields, map(json.loads, read_lines(log)))}
    seen = set()
    for line in read_lines(path):
        o = line if kind == "leef" else (json.loads(line, strict=False) if kind in ("rsyslog", "syslog-ng", "cef") else read_json(line))
        if kind in ("rsyslog", "syslog-ng"):
            seq = from_syslog(o).get("seq")
        elif kind == "cef":
            seq = o.get("f", {}).get("Extensions", {}).get("externalId")
        elif kind == "leef":
            seq = (re.search(r"[|^~;!`$]seq=(\d+)", o) or [0, None])[1]
        else:
            seq = at(o, JSON_PATHS[kind]["seq"])
        if seq is None or str(seq) not in wants:
            if seq is None:
                yield "a line", "", line[:300]
            continue
        want = wants[str(seq)]
        seen.add(str(seq))
        problems = {"rsyslog": check_syslog, "syslog-ng": check_syslog, "cef": check_cef, "leef": check_leef}.get(kind)
        for name, a, b in problems(want, o) if problems else check_json(kind, want, o):
            yield f"record {seq}, {name}", a, b
    for seq in sorted(set(wants) - seen, key=int):
        yield f"record {seq}", "is there", "is missing"


def check_texts(log, path):
    records = [json.loads(x)["rec"] for x in read_lines(log)]
    records = [r for r in records if r["event"] == "config.change"][-len(read_lines(path)):]
    def raw(v):
        return bytes.fromhex(v["hex"]) if isinstance(v, dict) else v.encode()
    for r, e in zip(records, map(json.loads, read_lines(path)), strict=True):
        for name, got in (("type", r["object"]["type"]), ("id", r["object"]["id"]), ("object_name", r["object"]["name"]),
                          ("reason", r["reason"] or ""), ("user", r["actor"]["name"]), ("host", r["host"])):
            if name in e and not (name in ("user", "host") and not raw(e[name])) and stored(raw(e[name])) != got:
                yield f"record {r['seq']}, {name}", stored(raw(e[name])), got
        own = [c for c in r["changes"] if c["f"] != "facts"]  # the state of the facts is told by assay itself
        for c, w in zip(own, e.get("changes", []), strict=True):
            if len(w) == 3 and [c["f"], c["old"], c["new"]] != [stored(raw(x)) for x in w]:
                yield f"record {r['seq']}, change", w, c


if sys.argv[1] == "events":
    for event in events(sys.argv[2] if len(sys.argv) > 2 else ""):
        print(json.dumps(event))
    sys.exit(0)
found = list(check_texts(*sys.argv[2:]) if sys.argv[1] == "texts" else check(*sys.argv[1:]))
for place, a, b in found[:int(12)]:
    print(f"{sys.argv[1]}: {place}: want {str(a)[:150]!r}, got {str(b)[:150]!r}", file=sys.stderr)
print(f"{sys.argv[1]}: {len(read_lines(sys.argv[2]))} records, {len(found)} differences")
sys.exit(1 if found else 0)
