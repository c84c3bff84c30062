#!/usr/bin/env bash
# Random times, written by another language in every form and read back: the same second, or none.
. "$(dirname "$0")/../lib/lib.sh"
need python3
READ=$BUILD/tests/read_times
[ -x "$READ" ] || skip "no $READ"
python3 - "$T" <<'END' || { check "write the times" false; done_tests; exit 1; }
import calendar, random, sys
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

rnd = random.Random(20261130)
folder = sys.argv[1]
lines, want = [], []
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()

def add(site, text, t):
    lines.append(f"{site}\t{text}")
    want.append("none" if t is None else str(t))

def offset(minutes, form):
    sign, m = "-" if minutes < 0 else "+", abs(minutes)
    return form.format(sign, m // 60, m % 60)

def forms(d, site):
    """(text, names its zone) of the local time d"""
    o = int(d.utcoffset().total_seconds()) // 60
    frac = rnd.choice(["", ".5", ",25", ".%09d" % rnd.randrange(10**9)])
    ext, bas = d.strftime("%Y-%m-%d"), d.strftime("%Y%m%d")
    y, mon, day = d.year, MONTHS[d.month - 1], DAYS[d.weekday()]
    hms, h12, half = d.strftime("%H:%M:%S"), (d.hour + 11) % 12 + 1, "AM" if d.hour < 12 else "PM"
    zone = rnd.choice([offset(o, "{}{:02}:{:02}"), offset(o, "{}{:02}{:02}"), " " + offset(o, "{}{:02}{:02}")])
    yield f"{ext}T{hms}{frac}{zone}", True
    yield f"{ext} {hms}{zone}", True
    yield f"{bas}T{d:%H%M%S}{frac}{zone}", True
    yield d.isoformat(), True
    yield format_datetime(d), True
    yield f"{d.day} {mon} {y} {hms} {offset(o, '{}{:02}{:02}')}", True
    yield f"{day} {mon} {d.day:2} {hms} {offset(o, '{}{:02}{:02}')} {y}", True
    if o % 60 == 0:
        yield f"{ext}T{hms}{offset(o, '{}{:02}')}", True
    yield f"{ext} {hms}{frac}", False
    yield f"{ext}T{hms}", False
    yield f"{y:04}/{d.month:02}/{d.day:02} {hms}", False
    yield f"{bas}{d:%H%M%S}", False
    yield f"{day} {mon} {d.day:2} {hms} {y}", False
    yield f"{mon} {d.day:02} {y} {hms}", False
    yield f"{calendar.month_name[d.month]} {d.day}, {y} {h12}:{d:%M:%S} {half}", False
    yield f"{d.day:02}.{d.month:02}.{y} {hms}", False
    yield f"{d.month}/{d.day}/{y} {h12:02}:{d:%M:%S} {half}", False

for _ in range(3000):
    t = rnd.randrange(0, 4102444800)            # to 2100
    site = rnd.choice([0, 3600, -18000, 19800, 45900])
    tz = timezone(timedelta(minutes=rnd.choice([0, 60, -300, 330, 345, -570, 840, -720, rnd.randrange(-720, 841)])))
    for text, named in forms(datetime.fromtimestamp(t, tz), site):
        if named:
            add(site, text, t)
    for text, named in forms(datetime.fromtimestamp(t, timezone(timedelta(seconds=site))), site):
        if not named:
            add(site, text, f"{t} z")
    for scale in (1, 10**3, 10**6, 10**9):
        if t >= 631152000:                        # 1990: below it milliseconds look like a date
            add(site, str(t * scale + rnd.randrange(scale)), t)

# One field out of its range: datetime refuses it, and so do we.
for _ in range(3000):
    y, mo, d = rnd.randrange(1970, 2100), rnd.randrange(0, 15), rnd.randrange(0, 34)
    h, mi, s = rnd.randrange(0, 26), rnd.randrange(0, 63), rnd.randrange(0, 60)
    try:
        t = calendar.timegm(datetime(y, mo, d, h, mi, s).timetuple())
    except ValueError:
        t = None
    if (h, mi, s) == (24, 0, 0):
        continue
    add(0, f"{y}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}Z", t)
    if 1 <= mo <= 12:
        add(0, f"{d} {MONTHS[mo - 1]} {y} {h:02}:{mi:02}:{s:02} GMT", t)

open(f"{folder}/lines", "w").write("\n".join(lines) + "\n")
open(f"{folder}/want", "w").write("\n".join(want) + "\n")
END
"$READ" <"$T/lines" >"$T/got"
check "the same number of answers" equal "$(wc -l <"$T/got")" "$(wc -l <"$T/want")"
paste -d'|' "$T/lines" "$T/got" "$T/want" | awk -F'|' '$2 != $3' | head -5 >"$T/differ"
check "$(wc -l <"$T/want") times are what datetime says" equal "$(cat "$T/differ")" ""
check "most of them are times" test "$(grep -c -v none "$T/got")" -gt 50000
done_tests
