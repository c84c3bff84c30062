"""A receiver of syslog that dies with what it has read: forgetful.py PORT FILE DEATHS [at-once]

Gives:     octet counting over TCP, one connection at a time: it reads to the end, ends the connection, and only then
           writes the messages to FILE, a line each. In each of its first DEATHS lives it dies between the two, behind
           the second connection that brought something. FILE.deaths has a line for each death. With at-once it
           is there again before anybody can see that it was not: with the listener falls what waits there.
Needs:     a port where nobody listens; somebody who starts it again.
Cleans up: nothing; it runs until it is killed, and FILE stays.
"""
import os
import socket
import sys

port, path, deaths = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
died = len(open(path + ".deaths", encoding="ascii").readlines()) if os.path.exists(path + ".deaths") else 0
listener = socket.create_server(("127.0.0.1", port))
brought = 0
while True:
    conn, _ = listener.accept()
    parts = []
    while part := conn.recv(1 << 20):
        parts.append(part)
    data = b"".join(parts)
    brought += bool(data)
    conn.close()
    if brought == 2 and died < deaths:
        with open(path + ".deaths", "a", encoding="ascii") as f:
            f.write("died\n")
        if len(sys.argv) < 5:
            os._exit(1)
        died, brought = died + 1, 0
        listener.close()
        listener = socket.create_server(("127.0.0.1", port))
        continue
    with open(path, "ab") as f:
        at = 0
        while at < len(data):
            length, _, _ = data[at:at + 12].partition(b" ")
            begin = at + len(length) + 1
            at = begin + int(length)
            f.write(data[begin:at] + b"\n")
