"""endless.py MANNER: a receiver that never comes to an end; prints its port.

drip: reads all, never ends the connection, and says a byte a second, the first of an answer that would be whole in
days: of RELP when it was sent RELP, of HTTP when it was sent HTTP. talk: the same as fast as it goes.
"""
import socket
import sys
import threading
import time

manner = sys.argv[1]


def beginning(sent):
    if sent.startswith(b"POST"):
        return b"HTTP/1.1 200 OK\r\n" + (b"X-Slow: " if manner == "drip" else b"\r\n")
    if sent.split(b" ")[1:2] == [b"open"]:
        return b"1 rsp 100000 200 OK "
    return b"."


def read_all(conn):
    try:
        while conn.recv(1 << 16):
            pass
    except OSError:
        pass


def serve(conn):
    try:
        sent = conn.recv(1 << 16)
        threading.Thread(target=read_all, args=(conn,), daemon=True).start()
        conn.sendall(beginning(sent))
        while True:
            conn.sendall(b"x" if manner == "drip" else b"x" * 65536)
            if manner == "drip":
                time.sleep(1)  # time itself: the exporter's limit on all of an answer is what is tried
    except OSError:
        conn.close()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
