"""What arrived, read by another program than the one that wrote it: mail.py FILE prints JSON; with a second word, a
folder, the attachments are put there."""
import email, email.policy, hashlib, json, os, re, sys

raw = open(sys.argv[1], 'rb').read()
m = email.message_from_bytes(raw, policy=email.policy.default)
parts = [p for p in m.walk() if not p.is_multipart()]
text = [p for p in parts if p.get_content_type() == 'text/plain' and not p.get_filename()]
html = [p for p in parts if p.get_content_type() == 'text/html' and not p.get_filename()]
files = [p for p in parts if p.get_content_disposition() == 'attachment']
if len(sys.argv) > 2:
    os.makedirs(sys.argv[2], exist_ok=True)
    for p in files:
        open(os.path.join(sys.argv[2], os.path.basename(p.get_filename())), 'wb').write(p.get_payload(decode=True))
page = html[0].get_content() if html else ''
cids = [c.strip('<>') for c in (p['Content-ID'] for p in parts) if c]
lines = raw.split(b'\n')
# RFC 9788: the part that is meant, below all signatures, says so by a parameter and has the headers that are meant.
meant = [p for p in m.walk() if p.get_content_type().startswith('multipart/') and p['Content-Type'].params.get('hp')]


def outer_of(part):
    """HP-Outer, each read as the header that it repeats."""
    raw = [v.split(':', 1) for k, v in part.raw_items() if k == 'HP-Outer']
    return [f'{k.strip()}: {email.policy.default.header_fetch_parse(k.strip(), v.strip())}' for k, v in raw]


print(json.dumps({
    'subject': m['Subject'], 'from': m['From'], 'to': m['To'], 'id': m['Message-ID'], 'bcc': m['Bcc'],
    'type': m.get_content_type(), 'headers': sorted(set(m.keys())),
    'text': text[0].get_content() if text else '', 'html': page,
    'files': [p.get_filename() for p in files],
    'pictures_shown': sorted(re.findall(r'src="cid:([^"]*)"', page)), 'pictures': sorted(cids),
    'fetched': re.findall(r'(?:src|href|url\()\s*=?\s*["\']?(https?:[^"\')]*)', page),
    'ascii': all(b < 128 for b in raw), 'longest': max(len(l) for l in lines),
    'meant': [{'hp': p['Content-Type'].params['hp'], 'v1': p['Content-Type'].params.get('protected-headers'), 'subject': p['Subject'], 'from': p['From'],
               'to': p['To'], 'id': p['Message-ID'], 'date': p['Date'], 'bcc': p['Bcc'], 'outer': outer_of(p)} for p in meant],
    'outer': [f'{k}: {v}' for k, v in m.items() if k not in ('MIME-Version', 'Content-Type', 'Content-Transfer-Encoding', 'Content-Disposition')],
    'defects': [type(d).__name__ for p in m.walk() for d in p.defects],
}, ensure_ascii=False))
