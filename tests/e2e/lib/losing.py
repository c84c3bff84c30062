"""Stands between a client and a MariaDB server, and loses the answer to one COMMIT.
usage: losing.py PORT SERVER-PORT NTH WHEN REFUSAL TIMES LOG

NTH      which COMMIT, counted over all connections from 1; 0 = none
WHEN     answer   the server carries it out, and the answer is lost
         before   the server never sees it
         late     the server sees it only when the next connection asks for the lock on the head of the log; where
                  this one has never asked for it, the server does not see it
REFUSAL  what the next connections get, TIMES times (-1 = for ever):
         close    the end of the connection
         NUMBER   this error instead of a greeting
         qNUMBER  this error as the answer to the first statement
LOG      gets a line when it listens, when the COMMIT is lost and for every refusal
"""
import socket
import sys
import threading

PORT, SERVER, NTH = (int(word) for word in sys.argv[1:4])
WHEN, REFUSAL, TIMES, LOG = sys.argv[4], sys.argv[5], int(sys.argv[6]), sys.argv[7]
QUERY, PREPARE, EXECUTE = 3, 22, 23
HEAD_LOCK = b"FROM audit_head WHERE one = 1 FOR UPDATE"

lock = threading.Lock()
state = {"commits": 0, "lost": False, "refused": 0, "held": None}


def note(line):
    with open(LOG, "a", encoding="ascii") as log:
        log.write(line + "\n")


def end(*sides):
    for side in sides:
        try:
            side.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def error_packet(number, seq, state_text=b""):
    body = b"\xff" + number.to_bytes(2, "little") + state_text + b"refused by the test"
    return len(body).to_bytes(3, "little") + bytes([seq]) + body


def read_packet(stream):
    head = stream.read(4)
    body = stream.read(int.from_bytes(head[:3], "little")) if len(head) == 4 else b""
    return head + body if body else None


def is_refused():
    """True for the connections behind the lost COMMIT that get nothing."""
    with lock:
        if not state["lost"] or state["refused"] == TIMES:
            return False
        state["refused"] += 1
        return True


def is_the_one(packet):
    if packet[3] != 0 or packet[4] != QUERY or packet[5:].strip().upper() != b"COMMIT":
        return False
    with lock:
        state["commits"] += 1
        state["lost"] = state["lost"] or state["commits"] == NTH
        return state["commits"] == NTH


class Connection:
    def __init__(self, client):
        self.client = client
        self.server = socket.create_connection(("127.0.0.1", SERVER))
        self.is_losing, self.has_answer = threading.Event(), threading.Event()
        threading.Thread(target=self.pump, daemon=True).start()

    def pump(self):
        """From the server to the client, until the client is cut off."""
        while data := self.receive():
            if self.is_losing.is_set():
                self.has_answer.set()
            else:
                self.client.sendall(data)
        end(self.client, self.server)

    def receive(self):
        try:
            return self.server.recv(65536)
        except OSError:
            return b""

    def carry_out(self, packet):
        self.server.sendall(packet)
        self.has_answer.wait(60)
        end(self.server)

    def lose(self, packet, locks):
        self.is_losing.set()
        if WHEN == "answer":
            self.carry_out(packet)
        elif WHEN == "late" and locks:
            state["held"] = (self, packet)
        else:
            end(self.server)
        note("lost")
        end(self.client)

    def serve(self, refusal):
        """From the client to the server; refusal is the number of the error for its first statement."""
        stream = self.client.makefile("rb")
        locks = False
        while packet := read_packet(stream):
            is_command = packet[3] == 0
            if is_command and refusal:
                self.client.sendall(error_packet(refusal, 1, b"#08S01"))
                break
            if is_the_one(packet):
                self.lose(packet, locks)
                return
            locks = locks or (is_command and packet[4] == PREPARE and HEAD_LOCK in packet)
            self.server.sendall(packet)
            if is_command and packet[4] == EXECUTE and locks and state["held"]:
                (held, commit), state["held"] = state["held"], None
                held.carry_out(commit)
        end(self.client, self.server)


def serve(client):
    refused = is_refused()
    if refused:
        note("refused")
    try:
        if refused and not REFUSAL.startswith("q"):
            if REFUSAL != "close":
                client.sendall(error_packet(int(REFUSAL), 0))
            end(client)
        else:
            Connection(client).serve(int(REFUSAL[1:]) if refused else 0)
    except OSError:
        end(client)


def main():
    listener = socket.create_server(("127.0.0.1", PORT))
    note("listens")
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


main()
