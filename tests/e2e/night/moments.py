"""Invents calendar expressions and compares the next moments that calendar_next finds with those of systemd-analyze.

moments.py PROGRAM N. Not compared: what systemd itself gives up on, and moments near a change of the clock, where systemd
leaves out what we take to the moment of the change.
"""
import datetime
import os
import random
import re
import subprocess
import sys
import zoneinfo

ZONES = ["UTC", "Asia/Tokyo", "Asia/Kolkata", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]
DAYS = ["Mon", "tue", "Wednesday", "THU", "Fri", "Saturday", "Sun"]
WORDS = ["minutely", "hourly", "daily", "weekly", "monthly", "quarterly", "semiannually", "yearly", "annually", "Weekly"]


def part(rnd, low, high):
    number = lambda: rnd.randint(low, high)
    a, b = sorted((number(), number()))
    return rnd.choice(["*", "*", f"{a:02}", f"{a:02}", f"{a:02},{b}", f"{a:02}..{b:02}", f"{a}..{b}/{rnd.randint(1, 5)}",
                       f"{a:02}/{rnd.randint(1, 9)}"])


def expression(rnd):
    words = []
    if rnd.random() < 0.4:
        a, b = sorted((rnd.randint(0, 6), rnd.randint(0, 6)))
        words.append(rnd.choice([DAYS[a], f"{DAYS[b]},{DAYS[a]}", f"{DAYS[a]}..{DAYS[b]}"]))
    if rnd.random() < 0.6 or not words:
        year = rnd.choice(["", "*-", "*-", "*-", "2027-", "2026..2028-", "2026/2-", "2028,2031-"])
        day = "~" + rnd.choice(["01", "07/1", "03", "05,02"]) if rnd.random() < 0.25 else "-" + part(rnd, 1, 28)
        words.append(year + part(rnd, 1, 12) + day)
    if rnd.random() < 0.7:
        words.append(part(rnd, 0, 23) + ":" + part(rnd, 0, 59) + (":" + part(rnd, 0, 59) if rnd.random() < 0.3 else ""))
    return " ".join(words)


def of_systemd(text, base, env):
    run = subprocess.run(["systemd-analyze", "calendar", "--iterations=6", f"--base-time=@{base}", text], env=env,
                         capture_output=True, text=True)
    if "Infinite loop" in run.stderr:
        return "gave up"
    if run.returncode != 0:
        return None
    mark = r"Next elapse|Iter(?:ation|\.) #\d+" if env["TZ"] == "UTC" else r"\(in UTC\)"
    times = re.findall(rf"(?:{mark}): \w+ (\S+ \S+) UTC", run.stdout)
    return [int(datetime.datetime.strptime(t + " +0000", "%Y-%m-%d %H:%M:%S %z").timestamp()) for t in times]


def of_ours(program, text, base, env):
    run = subprocess.run([program, text, str(base), "6"], env=env, capture_output=True, text=True)
    return [int(t) for t in run.stdout.split()] if run.returncode == 0 else None


def is_near_change(times, zone):
    offset = lambda t: datetime.datetime.fromtimestamp(t, zoneinfo.ZoneInfo(zone)).utcoffset()
    return any(offset(t - 7200) != offset(t + 7200) for t in times)


def main():
    rnd = random.Random(20261201)
    n = differ = given_up = near = 0
    for i in range(int(sys.argv[2])):
        zone, base = rnd.choice(ZONES), rnd.randint(1760000000, 1900000000)
        text = rnd.choice(WORDS) if i % 10 == 0 else expression(rnd)
        env = dict(os.environ, TZ=zone, LC_ALL="C")
        env.pop("LD_PRELOAD", None)
        theirs, ours = of_systemd(text, base, env), of_ours(sys.argv[1], text, base, env)
        if theirs == "gave up":
            given_up += 1
        elif theirs != ours and is_near_change((theirs or []) + (ours or []), zone):
            near += 1
        else:
            n += 1
            if theirs != ours:
                differ += 1
                print(f"{zone} {text!r} after {base}\n  ours  {ours}\n  systemd {theirs}")
    print(f"{n} compared, {differ} differ, {near} near a change of the clock, systemd gave up {given_up}")
    return 1 if differ else 0


sys.exit(main())
