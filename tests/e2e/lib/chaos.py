"""The exporter under fire. Runs the real program against a receiver until all is delivered, hurting one of
them now and then, and counts what arrived.

Gives:     one line of figures, and the verdict as its status.
Needs:     the program, a log that was exported as JSON, the command of a receiver that writes what it gets.
Cleans up: receiver and exporters end with it; what was received stays.

  chaos.py FAULT COUNT TARGET GOT LOG RECEIVER-COMMAND…

FAULT     what is hurt, COUNT times, each at an even part of the way:
          receiver   hangs (SIGSTOP, 0.2 to 0.3 s), dies (SIGKILL), comes again
          exporter   dies (SIGKILL) at a random moment
          points     dies at each named point of ASSAY_FAULT in turn
          database   the embedded server dies
          network    a proxy in between: stalls, resets, closes after accepting, is not there, reads byte by byte
          two        two exporters for the same target; one of them dies now and then
TARGET    as of `assay audit export -o`; the port is the receiver's
GOT       what the receiver writes: structured data, a tab, the message; or, of a door of HTTP, an object
LOG       `assay audit export --format json` of the records that must arrive
Prints one line; status 1 when a record is lost, altered, out of order, or comes twice more often than promised.
With FORWARDER, LINES and FEED a program of others is tried in the place of ours (bench/forwarders).
Environment: ASSAY, SEED, WINDOW (records that a death may bring twice; 128), FORMAT (rfc5424), FOLLOW (no), OPTIONS (of
the target, "KEY=VALUE KEY=VALUE")."""
import atexit
import hashlib
import json
import os
import random
import re
import select
import shlex
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

fault, count, target, got, log = sys.argv[1], int(sys.argv[2]), *sys.argv[3:6]
receiver_command = sys.argv[6:]
assay, window = os.environ["ASSAY"], int(os.environ.get("WINDOW", "128"))
dice = random.Random(int(os.environ.get("SEED", "1")))
new_port = random.SystemRandom()  # not of the seed: every run is to have a target of its own
options = [word for o in os.environ.get("OPTIONS", "").split() for word in ("--option", o)]
POINTS = os.environ.get("POINTS", "before_send after_send after_ack after_cursor").split()
port = int(re.search(r":(\d+)(?:[/?#]|$)", target).group(1))


def wait_for(is_so, seconds):
    """Until it is so; whether it was within the time. The seconds are for a machine that has none to give."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)  # between two looks
    return True


# ---- the receiver

class Receiver:
    def __init__(self):
        self.process = None
        self.start()
        atexit.register(self.stop)

    def start(self):
        for name in ("rsyslog.pid", "ng.pid"):
            path = os.path.join(os.path.dirname(got), name)
            if os.path.exists(path):
                os.unlink(path)
        out = open(got + ".out", "ab")
        self.process = subprocess.Popen(receiver_command, stdout=out, stderr=out)
        if not wait_for(self.listens, 60):
            sys.exit("the receiver does not listen")

    @staticmethod
    def listens():
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return True
        except OSError:
            return False

    def die(self):
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(dice.uniform(0.2, 0.3))  # time itself: so long it hangs, and the exporter sends into it
        self.process.kill()
        self.process.wait()
        time.sleep(dice.uniform(0, 0.2))  # time itself: so long nobody is there
        self.start()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()


# ---- the network

class Proxy:
    """Hands bytes on, and fails in the way that is set: every connection, until `until`."""

    def __init__(self):
        self.mode, self.until = "pass", 0.0
        self.port = 0
        self.listener = self.listen()
        self.port = self.listener.getsockname()[1]
        self.pairs = []
        threading.Thread(target=self.accept, daemon=True).start()

    def listen(self):
        """Below the ports of receivers: one that was a receiver's is a target that has everything. And
        below those that the system gives to connections, so that nobody takes it in between."""
        while True:
            try:
                return socket.create_server(("127.0.0.1", self.port or new_port.randrange(10000, 15000)))
            except OSError:
                time.sleep(0.05)  # until whoever has the port gives it back

    def hurt(self, mode, seconds):
        self.mode, self.until = mode, time.time() + seconds
        if mode == "refuse":  # close() alone does not wake the thread that accepts
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
        if mode in ("refuse", "reset", "close"):
            for pair in self.pairs:
                self.cut(pair, mode == "reset")
            self.pairs.clear()
        time.sleep(seconds)  # time itself: so long it lasts
        if mode == "refuse":
            self.listener = self.listen()
            threading.Thread(target=self.accept, daemon=True).start()
        if mode == "stall":  # a half-open peer: what was taken in is gone
            for pair in self.pairs:
                self.cut(pair, True)
            self.pairs.clear()
        self.mode = "pass"

    @staticmethod
    def cut(pair, is_reset):
        for s in pair:
            try:
                if is_reset:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                s.shutdown(socket.SHUT_RDWR) if not is_reset else None
                s.close()
            except OSError:
                pass

    def accept(self):
        listener = self.listener
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            if self.mode in ("reset", "close"):
                self.cut((near,), self.mode == "reset")
                continue
            try:
                far = socket.create_connection(("127.0.0.1", port), 2)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self.pairs.append((near, far))
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(a, b, a is near), daemon=True).start()

    def pump(self, a, b, is_outward):
        try:
            while True:
                while is_outward and self.mode == "stall":
                    time.sleep(0.01)  # until it passes
                # Nobody may sleep in recv(): a connection is only reset when the last use of it ends.
                if not select.select([a], [], [], 0.02)[0]:
                    continue
                slow = is_outward and self.mode == "slow"
                data = a.recv(1 if slow else 65536)
                if slow:
                    time.sleep(0.001)  # time itself: that is what is slow about it
                if not data:
                    b.shutdown(socket.SHUT_WR)
                    return
                b.sendall(data)
        except (OSError, ValueError):
            self.cut((a, b), False)


# ---- the exporter

follow = ["--follow"] if os.environ.get("FOLLOW") == "yes" else []


class Exporter(threading.Thread):
    """The program, started again whenever it ends before all is there: as cron would. With FOLLOW=yes it stays,
    and is asked to end when the last record has come, or nothing for half a minute: what is on its way is not lost."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.url, self.process, self.point, self.is_done, self.runs = url, None, "", False, 0
        self.may_end = threading.Event()
        atexit.register(self.kill)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()

    def run(self):
        while True:
            env = dict(os.environ)
            if self.point:
                env["ASSAY_FAULT"], self.point = self.point, ""
            self.runs += 1
            self.process = subprocess.Popen(
                [assay, "audit", "export", "--quiet", "-f", os.environ.get("FORMAT", "rfc5424"), "-o", self.url, *options, *follow],
                env=env, stdout=subprocess.DEVNULL, stderr=open(got + ".err", "ab"))
            if self.process.wait() == 0 and self.may_end.is_set():
                break
            time.sleep(0.02)  # as long as whoever starts it again takes at the least
        self.is_done = True

    def end(self, newest):
        self.may_end.set()
        quiet, last = 0, -1
        while follow and quiet < 300 and not has_come(newest):
            time.sleep(0.1)  # time itself: nothing for half a minute
            quiet, last = (quiet + 1 if lines() == last else 0), lines()
        for _ in range(600):  # the one that was killed a moment ago is not the one that has to end
            if not follow or self.is_done:
                break
            self.process.terminate()
            time.sleep(0.2)  # between two words

    def die(self):
        time.sleep(dice.uniform(0, 0.05))  # time itself: not in step with what has just arrived
        self.process.kill()


class Forwarder(threading.Thread):
    """Somebody else's program in the place of ours (FORWARDER, a command), which reads the lines of LINES as
    they come into FEED, some thousands a second. It is started again when it dies."""

    def __init__(self, _):
        super().__init__(daemon=True)
        self.process, self.is_done, self.runs, self.is_over = None, False, 0, False
        self.may_end = threading.Event()
        atexit.register(self.kill)
        threading.Thread(target=self.feed, daemon=True).start()

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()

    def feed(self):
        lines_of_log = open(os.environ["LINES"], "rb").read().splitlines(True)
        with open(os.environ["FEED"], "ab", buffering=0) as f:
            for i in range(0, len(lines_of_log), 50):
                f.write(b"".join(lines_of_log[i:i + 50]))
                time.sleep(0.01)  # time itself: some thousand lines a second
        self.is_over = True

    def keep_running(self):
        out = open(got + ".err", "ab")
        while not self.is_done:
            pid = os.environ["FEED"] + ".pid"
            if os.path.exists(pid):
                os.unlink(pid)
            self.runs += 1
            self.process = subprocess.Popen(shlex.split(os.environ["FORWARDER"]), stdout=out, stderr=out)
            self.process.wait()
            time.sleep(0.1)  # as long as whoever starts it again takes at the least

    def run(self):
        """Over when nothing has come for some seconds: nobody says when all is there."""
        threading.Thread(target=self.keep_running, daemon=True).start()
        quiet, last = 0, 0
        while quiet < 80:
            time.sleep(0.1)  # time itself: nothing for eight seconds
            quiet = quiet + 1 if self.is_over and self.may_end.is_set() and lines() == last else 0
            last = lines()
        self.is_done = True
        self.kill()

    def end(self, _):
        self.may_end.set()

    def die(self):
        self.process.kill()


def kill_database():
    """The embedded server of this site, and nothing else; whether there was one."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = open(f"/proc/{pid}/cmdline", "rb").read().decode(errors="replace")
        except OSError:
            continue
        if "mariadbd" in words.split("\0")[0] and os.path.dirname(got) in words:
            os.kill(int(pid), signal.SIGKILL)
            return 1
    return 0


# ---- progress

def lines():
    try:
        with open(got, "rb") as f:
            f.seek(lines.at)
            new = f.read()
            lines.at += len(new)
            lines.n += new.count(b"\n")
    except FileNotFoundError:
        pass
    return lines.n


lines.at = lines.n = 0


def wait_until(n, newest, exporters, seconds=120):
    """Until so many lines have come, or the newest record has: then no more will."""
    end, rounds = time.time() + seconds, 0
    while lines() < n and time.time() < end and not any(e.is_done for e in exporters):
        rounds += 1
        if rounds % 50 == 0 and has_come(newest):
            break
        time.sleep(0.01)  # between two looks


def has_come(seq):
    """Whether that record is among the newest that the receiver wrote."""
    if not os.path.exists(got):
        return False
    with open(got, "rb") as f:
        f.seek(max(0, os.path.getsize(got) - 1_000_000))
        tail = f.read().split(b"\n")[1:-1]
    return any(b'"seq":%d,' % seq in line for line in tail)


def main():
    want = {}
    for line in open(log, encoding="utf-8"):
        record = json.loads(line)
        want[record["rec"]["seq"]] = record["leaf"]
    receiver, proxy, url = Receiver(), None, target
    if fault == "network":
        proxy = Proxy()
        url = target.replace(f":{port}", f":{proxy.port}")
    kind = Forwarder if "FORWARDER" in os.environ else Exporter
    exporters = [kind(url) for _ in range(2 if fault == "two" else 1)]
    began = time.time()
    for e in exporters:
        e.start()
    modes = ["stall", "reset", "close", "refuse", "slow"]
    deaths = 0
    for i in range(count):
        if i and has_come(max(want)):
            break  # nothing is left to be hurt by it
        base = lines()
        wait_until(base + max(1, (len(want) - base) // (count - i + 1)), max(want), exporters,
                   5 if "FORWARDER" in os.environ else 120)  # what others lose never comes
        victim = dice.choice(exporters)
        if fault == "receiver":
            receiver.die()
        elif fault == "network":
            mode = modes[i % len(modes)]
            is_long = mode == "stall" and os.environ.get("ASSAY_LONG") == "yes"  # longer than the program waits
            proxy.hurt(mode, 33 if is_long else dice.uniform(0.2, 0.5))
        elif fault == "database":
            # Between two runs of the exporter nobody needs it.
            if not wait_for(lambda: kill_database() or exporters[0].is_done, 60):
                sys.exit("database: it does not run")
        elif fault == "points":
            victim.point = POINTS[i % len(POINTS)]
            victim.die()
            deaths += 1
        else:
            victim.die()
        deaths += 1
    for e in exporters:
        e.end(max(want))
    for e in exporters:
        e.join(300)
        if not e.is_done:
            e.process.kill()
            sys.exit(f"{fault}: the exporter does not come to an end: " + open(got + ".err").read()[-500:])
    took = time.time() - began
    wait_for(lambda: has_come(max(want)), 60)  # a receiver without answers writes a little later
    before = -1
    while lines() != before:  # what comes behind that, twice perhaps
        before = lines()
        time.sleep(0.1)  # time itself: that nothing more comes shows in no other way
    receiver.stop()
    sys.exit(judge(want, deaths, took, sum(e.runs for e in exporters)))


def parts(line):
    """seq, hash and record of a line; None when it is none. What went through a parser of JSON is
    written again in the form that every writer of JSON without blanks gives it."""
    if line.startswith(b"{"):
        o = json.loads(line)
        o = o.get("event") or o.get("doc") or o
        record = json.dumps(o["rec"], ensure_ascii=False, separators=(",", ":")).encode()
        return o["rec"]["seq"], o["leaf"].encode(), record
    head, _, message = line.partition(b"\t")
    seq = re.match(rb'^\[assay@32473 .*?\bseq="(\d+)"', head)
    leaf = re.search(rb' rec_hash="([0-9a-f]{64})"', head)
    return (int(seq.group(1)), leaf.group(1), message.lstrip(b" ")) if seq and leaf else None


def judge(want, deaths, took, runs):
    seen, broken, altered, hashed, ahead, most = [], 0, 0, 0, 0, -1
    for line in open(got, "rb").read().split(b"\n")[:-1]:
        found = parts(line)
        if not found:
            broken += 1
            continue
        n, leaf, message = found
        if message.startswith(b"{"):
            hashed += 1
            altered += hashlib.sha256(b"\0" + message).hexdigest().encode() != leaf
        altered += n in want and want[n].encode() != leaf
        ahead += n > most + 1
        most = max(most, n)
        seen.append(n)
    lost = len(set(want) - set(seen))
    twice = len(seen) - len(set(seen))
    bound = window * deaths
    print(f"{fault}: {len(want)} records, {deaths} times hurt, {runs} runs: lost {lost}, twice {twice} (bound {bound}), "
          f"ahead {ahead}, altered {altered} of {hashed}, broken {broken}, {len(seen) / took:.0f} records/s")
    return 1 if lost or altered or ahead or broken or twice > bound or hashed < len(want) else 0


main()
