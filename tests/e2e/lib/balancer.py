#!/usr/bin/env python3
"""A balancer with one active back end: balancer.py PORT FILE, where FILE holds the port on 127.0.0.1 that new connections go to.
Connections stay where they are until either side ends."""
import socket
import sys
import threading


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for s in (source, sink):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client):
    try:
        with open(sys.argv[2]) as f:
            server = socket.create_connection(("127.0.0.1", int(f.read())))
    except (OSError, ValueError):
        client.close()
        return
    threading.Thread(target=pump, args=(server, client), daemon=True).start()
    pump(client, server)


door = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=serve, args=(door.accept()[0],), daemon=True).start()
