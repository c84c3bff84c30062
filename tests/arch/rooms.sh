#!/usr/bin/env bash
# Every #include below src/ against src/ROOMS: own rooms and third-party headers.
set -eu
cd "$(dirname "$0")/../.."
bad=0 n=0

# allowed ROOM own|foreign: the list of that column
allowed() {
    awk -v room="$1" -v col="$2" '
        /^#/ || !NF { next }
        { split($0, half, "|"); split(half[1], left, ":"); gsub(/[ \t]+/, "", left[1]) }
        left[1] == room { print col == "own" ? left[2] : half[2] }' src/ROOMS
}

complain() { printf '%s\n' "$1" >&2; bad=$((bad + 1)); }

is_libc() {
    case $1 in
    assert.h|ctype.h|dirent.h|errno.h|fcntl.h|float.h|fnmatch.h|glob.h|grp.h|inttypes.h|limits.h|locale.h|math.h|poll.h|pthread.h|pwd.h|\
    signal.h|stdalign.h|stdarg.h|stdbool.h|stddef.h|stdint.h|stdio.h|stdlib.h|string.h|strings.h|termios.h|time.h|unistd.h|\
    sys/file.h|sys/inotify.h|sys/prctl.h|sys/random.h|sys/resource.h|sys/socket.h|sys/stat.h|sys/statvfs.h|sys/time.h|sys/types.h|\
    arpa/inet.h|netdb.h|netinet/tcp.h|sys/un.h|sys/wait.h|sys/mman.h|sys/syscall.h) return 0 ;;
    esac
    return 1
}

check_own() { # file room header
    local other=${3%%/*} ok
    [ "$other" = "$2" ] && return
    for ok in $(allowed "$2" own); do [ "$ok" = "$other" ] && return; done
    complain "$1: room $2 must not include \"$3\""
}

check_foreign() { # file room header
    local ok
    is_libc "$3" && return
    for ok in $(allowed "$2" foreign); do case $3 in "$ok"*) return ;; esac; done
    complain "$1: room $2 must not include <$3>"
}

while IFS=: read -r file line; do
    room=${file#src/}; room=${room%%/*}
    header=$(printf '%s' "$line" | sed -E 's/^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]*)[>"].*/\1/')
    n=$((n + 1))
    case $line in
    *'<'*) check_foreign "$file" "$room" "$header" ;;
    *) check_own "$file" "$room" "$header" ;;
    esac
done < <(grep -rHE --include='*.[ch]' '^[ \t]*#[ \t]*include' src)

# Narrower than the rooms: see the end of src/ROOMS.
for f in $(grep -lE '"model/(scan|fleet|event)\.h"' src/render/*.[ch] || true); do
    complain "$f: render knows reports only"
done
for f in $(grep -lE '"model/(scan|fleet|report|definition)\.h"' src/audit/*.[ch] || true); do
    complain "$f: audit knows events only"
done

[ "$n" -gt 100 ] || complain "only $n includes were found: the test looks in the wrong place"
printf '%d includes checked, %d broken\n' "$n" "$bad"
[ "$bad" -eq 0 ]
