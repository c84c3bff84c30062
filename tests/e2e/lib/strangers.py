"""Servers that are no receivers of anything: strangers.py CERT KEY HTTP HTTPS SSH DRAIN TLS-DRAIN

Gives:     at the port HTTP a web server, at HTTPS one over TLS, both with a page to log in for whoever posts
           something, and 400 for what is no HTTP; at SSH a server that says its banner, reads a line and hangs up; at
           DRAIN one that reads to the end, says nothing and ends in order; at TLS-DRAIN the same over TLS.
Needs:     certificate and key of the server; ports where nobody listens.
Cleans up: nothing; it runs until it is killed.
"""
import http.server
import socket
import ssl
import sys
import threading

cert, key = sys.argv[1:3]
ports = [int(p) for p in sys.argv[3:8]]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)


class Login(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        page = b"<!DOCTYPE html><title>Welcome</title><form>Name and password, please</form>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass


class Tls(Quiet):
    def finish_request(self, request, client_address):
        with context.wrap_socket(request, server_side=True) as conn:
            self.RequestHandlerClass(conn, client_address, self)


def ssh(conn):
    conn.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    conn.recv(4096)
    conn.sendall(b"Invalid SSH identification string.\r\n")


def drain(conn):
    while conn.recv(65536):
        pass


def tls_drain(conn):
    with context.wrap_socket(conn, server_side=True) as inner:
        drain(inner)


def serve(port, manner):
    listener = socket.create_server(("127.0.0.1", port), backlog=64)

    def one(conn):
        with conn:
            try:
                manner(conn)
                conn.shutdown(socket.SHUT_WR)
                drain(conn)
            except (OSError, ValueError):
                pass

    while True:
        threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()


for kind, port in ((Quiet, ports[0]), (Tls, ports[1])):
    threading.Thread(target=kind(("127.0.0.1", port), Login).serve_forever, daemon=True).start()
for manner, port in ((ssh, ports[2]), (drain, ports[3])):
    threading.Thread(target=serve, args=(port, manner), daemon=True).start()
serve(ports[4], tls_drain)
