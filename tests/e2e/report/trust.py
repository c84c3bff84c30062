"""Makes signed, attacked and wrongly trusted PDFs for trust.sh, with openssl as the only signer.

usage: trust.py pki DIR | files DIR | split FILE...
  pki    authorities, signers, a revocation list
  files  one PDF a case
  split  FILE.split: N.cms and N.bytes of every signature, for openssl
Everything is written byte by byte: no library of ours or of others decides what a file may be.
"""
import datetime, os, re, shutil, subprocess, sys, time

def run(*words, data=None, cwd=None):
    p = subprocess.run(words, input=data, capture_output=True, cwd=cwd)
    if p.returncode:
        sys.exit(f"{' '.join(words)}: {p.stderr.decode()}")
    return p.stdout

def day(days, seconds=0):
    t = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days, seconds=seconds)
    return t.strftime("%Y%m%d%H%M%SZ")

# ---- keys ----

CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
LEAF = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n"
STAMPER = "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"

class Pki:
    def __init__(self, d):
        self.d = d

    def at(self, name):
        return os.path.join(self.d, name)

    def key(self, name, kind="P-256"):
        how = ["EC", "-pkeyopt", f"ec_paramgen_curve:{kind}"] if kind[0] == "P" else ["RSA", "-pkeyopt", f"rsa_keygen_bits:{kind}"]
        run("openssl", "genpkey", "-algorithm", *how, "-out", self.at(name + ".key"))

    def root(self, name, cn=None):
        self.key(name)
        run("openssl", "req", "-x509", "-new", "-key", self.at(name + ".key"), "-subj", f"/O=Tests/CN={cn or name}", "-days", "30",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", self.at(name + ".pem"))
        self.authority(name)

    def authority(self, name):
        d = self.at(name + ".ca")
        os.mkdir(d)
        open(d + "/index", "w").close()
        with open(d + "/serial", "w") as f:
            f.write("%02X\n" % (0x10 + len(os.listdir(self.d))))
        with open(d + "/cnf", "w") as f:
            f.write(f"[ca]\ndefault_ca=x\n[x]\ndatabase={d}/index\nserial={d}/serial\nnew_certs_dir={d}\ndefault_md=sha256\n"
                    f"default_crl_days=20\npolicy=p\nunique_subject=no\n[p]\nO=optional\nCN=supplied\n")

    def issue(self, name, by, ext=LEAF, start=-1, end=30, end_seconds=0, kind="P-256", md="sha256", cn=None):
        self.key(name, kind)
        run("openssl", "req", "-new", "-key", self.at(name + ".key"), "-subj", f"/O=Tests/CN={cn or name}", "-out", self.at(name + ".csr"))
        with open(self.at(name + ".ext"), "w") as f:
            f.write(ext)
        run("openssl", "ca", "-batch", "-notext", "-config", self.at(by + ".ca/cnf"), "-cert", self.at(by + ".pem"), "-keyfile",
            self.at(by + ".key"), "-in", self.at(name + ".csr"), "-extfile", self.at(name + ".ext"), "-startdate", day(start),
            "-enddate", day(end, end_seconds), "-md", md, "-out", self.at(name + ".pem"))
        if "CA:TRUE" in ext:
            self.authority(name)

    def self_signed(self, name, cn):
        self.key(name)
        run("openssl", "req", "-x509", "-new", "-key", self.at(name + ".key"), "-subj", f"/O=Tests/CN={cn}", "-days", "30", "-out", self.at(name + ".pem"))

    def revoke(self, name, by):
        cnf = ["-config", self.at(by + ".ca/cnf"), "-cert", self.at(by + ".pem"), "-keyfile", self.at(by + ".key")]
        if name:
            run("openssl", "ca", *cnf, "-revoke", self.at(name + ".pem"))
        run("openssl", "ca", *cnf, "-gencrl", "-out", self.at(by + ".crl"))

def answer(p, name, by, ca="quiet", index=None):
    """An OCSP response about a certificate of the authority, signed by another or by itself; its index says what it says."""
    run("openssl", "ocsp", "-issuer", p.at(ca + ".pem"), "-cert", p.at(name + ".pem"), "-no_nonce", "-reqout", p.at("request"))
    to = p.at(f"{name}-by-{by}.ocsp")
    run("openssl", "ocsp", "-index", index or p.at(ca + ".ca/index"), "-CA", p.at(ca + ".pem"), "-rsigner", p.at(by + ".pem"), "-rkey",
        p.at(by + ".key"), "-reqin", p.at("request"), "-respout", to, "-ndays", "10")
    with open(to, "rb") as f:
        return f.read()

def crl_der(p, name):
    return run("openssl", "crl", "-in", p.at(name), "-outform", "DER")

def make_pki(d):
    p = Pki(d)
    p.root("root"); p.root("stranger", "root")
    p.issue("middle", "root", CA)
    p.issue("tlsca", "root", CA + "extendedKeyUsage=serverAuth\n")
    p.issue("oldca", "root", CA, -20, -5)
    for name in ("good", "revoked", "late"):
        p.issue(name, "root")
    p.issue("below", "middle"); p.issue("undertls", "tlsca"); p.issue("underold", "oldca")
    p.issue("lookalike", "stranger", cn="good")
    p.self_signed("namesake", "good")
    p.issue("expired", "root", start=-20, end=-2)
    p.issue("future", "root", start=2)
    p.issue("tls", "root", LEAF + "extendedKeyUsage=serverAuth,clientAuth\n")
    p.issue("code", "root", LEAF + "extendedKeyUsage=codeSigning\n")
    p.issue("mail", "root", LEAF + "extendedKeyUsage=emailProtection\n")
    p.issue("crypt", "root", "keyUsage=critical,keyEncipherment\n")
    p.issue("rsa1024", "root", kind="1024"); p.issue("rsa2048", "root", kind="2048")
    p.issue("sha1cert", "root", md="sha1")
    p.authority("good"); p.issue("undergood", "good")
    p.issue("tsa", "root", STAMPER); p.issue("strangetsa", "stranger", STAMPER)
    # an authority whose newest list only files carry: the operator has the one of before
    p.issue("quiet", "root", CA); p.issue("gone", "quiet"); p.issue("stays", "quiet")
    p.issue("responder", "quiet", "keyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning\n")
    p.root("stranger-quiet", "quiet")
    p.revoke(None, "quiet")
    shutil.copy(p.at("quiet.crl"), p.at("quiet-before.crl"))
    p.revoke("revoked", "root")
    p.revoke(None, "middle")

# ---- time stamps and CMS ----

def length(n):
    if n < 128:
        return bytes([n])
    b = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(b)]) + b

def tlv(tag, inside):
    return bytes([tag]) + length(len(inside)) + inside

def items(der, most=100):
    out = []
    while der and len(out) < most:
        n, at = der[1], 2
        if n & 0x80:
            at += n & 0x7f
            n = int.from_bytes(der[2:at], "big")
        out.append((der[0], der[at:at + n], der[:at + n]))
        der = der[at + n:]
    return out

def stamp(p, data, by="tsa"):
    cnf, query = p.at(by + ".tsacnf"), p.at("query")
    if not os.path.exists(cnf):
        with open(p.at(by + ".serial"), "w") as f:
            f.write("01\n")
        with open(cnf, "w") as f:
            f.write(f"[tsa]\nserial={p.at(by + '.serial')}\ncrypto_device=builtin\nsigner_cert={p.at(by + '.pem')}\nsigner_key={p.at(by + '.key')}\n"
                    "signer_digest=sha256\ndefault_policy=1.3.6.1.4.1.32473.1\ndigests=sha256\ness_cert_id_alg=sha256\n")
    with open(query, "wb") as f:
        f.write(run("openssl", "ts", "-query", "-sha256", "-cert", "-data", "/dev/stdin", data=data))
    return run("openssl", "ts", "-reply", "-config", cnf, "-section", "tsa", "-queryfile", query, "-token_out")

def forge_stamp(p, data, by):
    """A token whose signer is no authority of time stamps: openssl ts would refuse to make it."""
    with open(p.at("token"), "wb") as f:
        f.write(stamp(p, data))
    info = run("openssl", "cms", "-verify", "-noverify", "-inform", "DER", "-binary", "-in", p.at("token"))
    return run("openssl", "cms", "-sign", "-binary", "-cades", "-nodetach", "-nosmimecap", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-outform", "DER",
               "-signer", p.at(by + ".pem"), "-inkey", p.at(by + ".key"), data=info)

def value_of(cms):
    signed = items(items(items(cms)[0][1])[1][1])[0][1]
    signer = items(items(signed)[-1][1])[0][1]
    return [i for i in items(signer) if i[0] == 4][0][1]

def with_stamp(cms, token):
    """The token as unsigned attribute of the only signer."""
    attr = tlv(0x30, bytes.fromhex("060b2a864886f70d010910020e") + tlv(0x31, token))
    oid, explicit = items(items(cms)[0][1])
    signed = items(items(explicit[1])[0][1])
    signer = items(signed[-1][1])[0][1]
    signers = tlv(0x31, tlv(0x30, signer + tlv(0xa1, attr)))
    return tlv(0x30, oid[2] + tlv(0xa0, tlv(0x30, b"".join(i[2] for i in signed[:-1]) + signers)))

def sign(p, data, by, more=(), md="sha256"):
    with open(p.at("covered"), "wb") as f:
        f.write(data)
    extra = [w for m in more for w in ("-certfile", p.at(m + ".pem"))]
    return run("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-md", md, "-outform", "DER", "-in", p.at("covered"), "-signer", p.at(by + ".pem"),
               "-inkey", p.at(by + ".key"), *extra)

# ---- PDFs ----

ROOM = 6000
BASE = {
    1: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>",
    2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Annots[6 0 R 7 0 R]/Resources<</Font<</F 8 0 R>>>>>>",
    4: b"<</Length 45>>stream\nBT /F 12 Tf 20 100 Td (Score 49.5 percent)Tj ET\nendstream",
    5: b"<</Fields[6 0 R 7 0 R]/SigFlags 3>>",
    6: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/F 132/P 3 0 R/Rect[0 0 0 0]>>",
    7: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Approval)/F 132/P 3 0 R/Rect[0 0 0 0]>>",
    8: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    9: b"<</Title(Report)>>",
}
BASE[4] = BASE[4].replace(b"45", b"%d" % (BASE[4].index(b"\nendstream") - BASE[4].index(b"stream\n") - 7))
FORGED = BASE[4].replace(b"49.5", b"99.5")

def update(pdf, objects, size):
    """Objects by number behind the file, with a table and a trailer."""
    out, rows = bytearray(pdf), {}
    for n in sorted(objects):
        rows[n] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (n, objects[n])
    prev = re.findall(rb"startxref\s+(\d+)", bytes(pdf))
    at = len(out)
    out += b"xref\n"
    if not prev:
        out += b"0 1\n0000000000 65535 f \n"
    for n in sorted(rows):
        out += b"%d 1\n%010d 00000 n \n" % (n, rows[n])
    out += b"trailer\n<</Size %d/Root 1 0 R/Info 9 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, b"/Prev " + prev[-1] if prev else b"", at)
    return bytes(out)

def put_signature(pdf, number, objects, make, kind=b"/Type/Sig", sub=b"adbe.pkcs7.detached", size=40):
    """The signature dictionary `number`, with other objects of the same update; make(covered) gives the CMS."""
    hole = b"<" + b"0" * (2 * ROOM) + b">"
    body = b"<<%s/Filter/Adobe.PPKLite/SubFilter/%s/M(D:20261101000000Z)/ByteRange %s/Contents %s>>" % (kind, sub, b"[0 0 0 0]".ljust(48), hole)
    out = bytearray(update(pdf, dict(objects, **{}) | {number: body}, size))
    at = out.rindex(hole)
    end = at + len(hole)
    text = b"[0 %d %d %d]" % (at, end, len(out) - end)
    place = out.rindex(b"[0 0 0 0]".ljust(48))
    out[place:place + 48] = text.ljust(48)
    cms = make(bytes(out[:at] + out[end:]))
    out[at + 1:at + 1 + 2 * len(cms)] = cms.hex().encode()
    return bytes(out)

def field(old, number):
    return old[:-2] + b"/V %d 0 R>>" % number

def files(d):
    p = Pki(os.path.join(d, "pki"))
    base = update(b"%PDF-1.7\n", BASE, 10)
    out = {}

    def seal(by, more=(), md="sha256", lift=None, pdf=base):
        make = lambda covered: sign(p, covered, by, more, md)
        if lift:
            inner = make
            make = lambda covered: lift(inner(covered))
        return put_signature(pdf, 10, {6: field(BASE[6], 10)}, make)

    def approve(pdf, by="good", objects=None):
        return put_signature(pdf, 12, {7: field(BASE[7], 12)} | (objects or {}), lambda c: sign(p, c, by))

    def archive(pdf, make=None, objects=None):
        new = {14: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Archive)/F 132/Rect[0 0 0 0]/V 13 0 R>>", 5: b"<</Fields[6 0 R 7 0 R 14 0 R]/SigFlags 3>>"}
        return put_signature(pdf, 13, new | (objects or {}), make or (lambda c: stamp(p, c)), b"/Type/DocTimeStamp", b"ETSI.RFC3161")

    # signers
    for name in ("good", "revoked", "lookalike", "namesake", "expired", "future", "tls", "code", "mail", "crypt", "rsa1024", "rsa2048", "sha1cert"):
        out[name] = seal(name)
    out["below"] = seal("below", ["middle"])
    out["chain-missing"] = seal("below")
    out["under-tls-ca"] = seal("undertls", ["tlsca"])
    out["under-expired-ca"] = seal("underold", ["oldca"])
    out["issuer-is-no-ca"] = seal("undergood", ["good"])
    out["sha1-digest"] = seal("good", md="sha1")
    # times
    ended = int(time.time()) + 8
    p.issue("brief", "root", end=0, end_seconds=7)
    out["stamped-then-expired"] = seal("brief", lift=lambda c: with_stamp(c, stamp(p, value_of(c))))
    out["expired-since"] = seal("brief")
    out["stamped-then-revoked"] = seal("late", lift=lambda c: with_stamp(c, stamp(p, value_of(c))))
    out["revoked-later-unstamped"] = seal("late")
    out["stamped"] = seal("good", lift=lambda c: with_stamp(c, stamp(p, value_of(c))))
    out["stamp-of-other"] = seal("good", lift=lambda c: with_stamp(c, stamp(p, b"another signature")))
    out["stamp-by-stranger"] = seal("good", lift=lambda c: with_stamp(c, stamp(p, value_of(c), "strangetsa")))
    out["stamp-by-signer"] = seal("good", lift=lambda c: with_stamp(c, forge_stamp(p, value_of(c), "good")))
    good = out["good"]
    out["archived"] = archive(good)
    out["archive-of-other"] = archive(good, lambda c: stamp(p, b"another file"))
    out["archive-by-stranger"] = archive(good, lambda c: stamp(p, c, "strangetsa"))
    # revisions
    dss = {1: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/DSS 20 0 R>>", 20: b"<</Type/DSS/CRLs[]>>"}
    out["approved"] = approve(good)
    out["approved-archived"] = archive(approve(good))
    out["dss"] = update(good, dss, 40)
    # what the file carries says who is revoked
    def carry(pdf, lists=(), answers=(), vri=False):
        streams = {30 + i: b"<</Length %d>>stream\n%s\nendstream" % (len(x), x) for i, x in enumerate(list(lists) + list(answers))}
        refs = [b"%d 0 R " % n for n in streams]
        where = (b"/CRLs[", b"]/OCSPs[") if not vri else (b"/VRI<</00<</CRL[", b"]/OCSP[")
        end = b"]>>" if not vri else b"]>>>>>>"
        body = b"<</Type/DSS" + where[0] + b"".join(refs[:len(lists)]) + where[1] + b"".join(refs[len(lists):]) + end
        return update(pdf, {1: BASE[1][:-2] + b"/DSS 20 0 R>>", 20: body} | streams, 60)
    gone, stays = seal("gone", ["quiet"]), seal("stays", ["quiet"])
    stamped = seal("gone", ["quiet"], lift=lambda c: with_stamp(c, stamp(p, value_of(c))))
    time.sleep(1.1) # the clock itself is waited for: it is revoked behind that stamp
    p.revoke("gone", "quiet")
    p.self_signed("index-of-strangers", "x")
    forged = p.at("forged.index")
    with open(p.at("quiet.ca/index")) as f, open(forged, "w") as g:
        for line in f: # says of everybody that he is revoked
            v = line.split("\t")
            g.write("\t".join(["R", v[1], v[2] or "261101000000Z"] + v[3:]))
    with open(p.at("stranger-quiet.ca/index"), "w") as g, open(forged) as f:
        g.write(f.read())
    p.revoke(None, "stranger-quiet")
    newest, foreign = crl_der(p, "quiet.crl"), crl_der(p, "stranger-quiet.crl")
    out["dss-list-revoked"] = carry(gone, [newest])
    out["dss-list-in-vri"] = carry(gone, [newest], vri=True)
    out["dss-list-of-others"] = carry(stays, [newest])
    out["dss-list-forged"] = carry(stays, [foreign])
    out["dss-answer-revoked"] = carry(gone, (), [answer(p, "gone", "quiet")])
    out["dss-answer-delegated"] = carry(gone, (), [answer(p, "gone", "responder")])
    out["dss-answer-in-vri"] = carry(gone, (), [answer(p, "gone", "responder")], vri=True)
    out["dss-answer-good"] = carry(stays, (), [answer(p, "stays", "responder")])
    out["dss-answer-by-no-responder"] = carry(stays, (), [answer(p, "stays", "gone", index=forged)])
    out["dss-answer-forged"] = carry(stays, (), [answer(p, "stays", "stranger-quiet", index=forged)])
    out["dss-answer-of-others"] = carry(stays, (), [answer(p, "gone", "quiet")])
    out["dss-answer-behind-stamp"] = carry(stamped, [newest], [answer(p, "gone", "quiet")])
    out["dss-nonsense"] = carry(stays, [b"no list", b""], [b"\x30\x03\x0a\x01\x06", b"\x30\x80"])
    out["dss-gone"] = update(approve(update(good, dss, 40)), {1: BASE[1]}, 40)
    out["page-changed"] = update(good, {4: FORGED}, 40)
    out["page-changed-archived"] = archive(update(good, {4: FORGED}, 40))
    out["page-changed-approved"] = approve(update(good, {4: FORGED}, 40))
    out["page-changed-in-approval"] = approve(good, objects={4: FORGED})
    out["page-swapped-archived"] = archive(update(good, {2: b"<</Type/Pages/Kids[30 0 R]/Count 1>>", 30: BASE[3].replace(b"4 0 R", b"31 0 R"), 31: FORGED}, 40))
    out["dss-and-page"] = update(good, dss | {4: FORGED}, 40)
    out["font-changed-archived"] = archive(update(good, {8: BASE[8].replace(b"Helvetica", b"Symbol")}, 40))
    out["note-added-archived"] = archive(update(good, {3: BASE[3].replace(b"7 0 R]", b"7 0 R 21 0 R]"), 21: b"<</Type/Annot/Subtype/FreeText/Contents(Approved)/Rect[10 10 90 90]>>"}, 40))
    out["javascript-archived"] = archive(update(good, {1: BASE[1][:-2] + b"/OpenAction<</S/JavaScript/JS(x)>>>>"}, 40))
    out["title-changed-archived"] = archive(update(good, {9: b"<</Title(Another)>>"}, 40))
    out["seal-look-archived"] = archive(update(good, {6: field(BASE[6], 10)[:-2] + b"/AP<</N 4 0 R>>>>"}, 40))
    out["appended"] = good + b"% more\n"
    out["flipped"] = good.replace(b"49.5", b"99.5")
    out["cut-out"] = update(good, {5: b"<</Fields[7 0 R]/SigFlags 3>>", 3: BASE[3].replace(b"6 0 R ", b"")}, 40)
    out["unsigned"] = base
    for name, pdf in out.items():
        with open(os.path.join(d, name + ".pdf"), "wb") as f:
            f.write(pdf)
    with open(os.path.join(d, "UPPER.PDF"), "wb") as f:
        f.write(good)
    # "brief" ends, and "late" is revoked behind its stamp: times are whole seconds
    then = max(ended, int(time.time()) + 1)
    while int(time.time()) <= then:
        time.sleep(0.05) # the clock itself is waited for
    p.revoke("late", "root")

def split(path):
    d, pdf = path + ".split", open(path, "rb").read()
    os.mkdir(d)
    n = 0
    for m in re.finditer(rb"/SubFilter/(\S+?)/M.*?/ByteRange \[0 (\d+) (\d+) (\d+)\]", pdf, re.S):
        a, b, c = (int(x) for x in m.groups()[1:])
        hexed = pdf[a + 1:b - 1]
        der = bytes.fromhex(hexed.decode())
        if der[1] != 0x80:
            der = items(der, 1)[0][2]
        n += 1
        with open(f"{d}/{n}.cms", "wb") as f:
            f.write(der)
        with open(f"{d}/{n}.bytes", "wb") as f:
            f.write(pdf[:a] + pdf[b:b + c])
        with open(f"{d}/{n}.kind", "wb") as f:
            f.write(m.group(1))

if sys.argv[1] == "pki":
    make_pki(sys.argv[2])
elif sys.argv[1] == "files":
    files(sys.argv[2])
else:
    for path in sys.argv[2:]:
        split(path)
