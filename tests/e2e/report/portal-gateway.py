"""A sign-on gateway as nginx asks it: who has the cookie session=NAME is NAME@example.net. usage: portal-gateway.py PORT"""
import http.server
import re
import sys


class Gateway(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        who = re.search(r"session=([a-z]+)", self.headers.get("Cookie", ""))
        if self.path == "/oauth2/auth" and who:
            self.send_response(202)
            self.send_header("X-Auth-Request-User", who.group(1) + "@example.net")
        else:
            self.send_response(401 if self.path == "/oauth2/auth" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Gateway).serve_forever()
