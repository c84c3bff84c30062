"""A server that takes PUT over TLS only when the request is signed as AWS's Signature Version 4 says; it reckons everything
anew from the request. s3.py PORT CERT KEY FOLDER ACCESS-KEY SECRET-KEY"""
import hashlib, hmac, http.server, os, re, ssl, sys, urllib.parse

port, cert, key, folder, access, secret = sys.argv[1:]
sha = lambda b: hashlib.sha256(b).hexdigest()
mac = lambda k, s: hmac.new(k, s.encode(), hashlib.sha256).digest()


def check(h, body):
    m = re.fullmatch(r'AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})',
                     h.headers.get('Authorization', ''))
    if not m:
        return 'no signature'
    who, day, region, names, signature = m.groups()
    if who != access:
        return 'who is that'
    names = names.split(';')
    if not {'host', 'x-amz-content-sha256', 'x-amz-date'} <= set(names):
        return 'the host, the payload and the date must be signed'
    if any(n not in h.headers for n in names):
        return 'a header is signed and was not sent'
    if h.headers['x-amz-content-sha256'] != sha(body):
        return 'another payload'
    path, _, query = h.path.partition('?')
    canonical = '\n'.join(['PUT', urllib.parse.quote(urllib.parse.unquote(path), safe='/-_.~'), query,
                           ''.join(f'{n}:{" ".join(h.headers[n].split())}\n' for n in names), ';'.join(names),
                           h.headers['x-amz-content-sha256']])
    scope = f'{day}/{region}/s3/aws4_request'
    text = '\n'.join(['AWS4-HMAC-SHA256', h.headers['x-amz-date'], scope, sha(canonical.encode())])
    k = ('AWS4' + secret).encode()
    for part in (day, region, 's3', 'aws4_request'):
        k = mac(k, part)
    return None if hmac.compare_digest(mac(k, text).hex(), signature) else 'the signature does not hold'


class Handler(http.server.BaseHTTPRequestHandler):
    def do_PUT(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        wrong = check(self, body)
        if not wrong:
            to = os.path.join(folder, urllib.parse.unquote(self.path).lstrip('/'))
            os.makedirs(os.path.dirname(to), exist_ok=True)
            open(to, 'wb').write(body)
        self.send_response(403 if wrong else 200)
        self.send_header('Content-Length', '0')
        self.end_headers()
        if wrong:
            print(wrong, file=sys.stderr, flush=True)

    def log_message(self, *a):
        pass


server = http.server.ThreadingHTTPServer(('127.0.0.1', int(port)), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
