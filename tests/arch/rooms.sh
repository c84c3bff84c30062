#!/usr/bin/env bash
# Every #include below src/ against src/ROOMS: own rooms and third-party headers.
set -eu
cd "$(dirname "$0")/../.."

grep -rHE --include='*.[ch]' '^[ \t]*#[ \t]*include' src | awk '
    BEGIN {
        libc = " assert.h ctype.h dirent.h endian.h errno.h fcntl.h float.h fnmatch.h glob.h grp.h inttypes.h limits.h locale.h" \
            " math.h poll.h pthread.h pwd.h signal.h spawn.h stdalign.h stdarg.h stdbool.h stddef.h stdint.h stdio.h stdlib.h" \
            " string.h strings.h termios.h time.h unistd.h arpa/inet.h netdb.h netinet/tcp.h sys/file.h sys/inotify.h" \
            " sys/mman.h sys/prctl.h sys/random.h sys/resource.h sys/socket.h sys/stat.h sys/statvfs.h sys/syscall.h" \
            " sys/time.h sys/types.h sys/un.h sys/wait.h "
        while ((getline line <"src/ROOMS") > 0) {
            if (line ~ /^#/ || line ~ /^[ \t]*$/) continue
            split(line, half, "|"); split(half[1], left, ":")
            gsub(/[ \t]+/, "", left[1])
            own[left[1]] = " " left[2] " "; n_foreign[left[1]] = split(half[2], list, " ")
            for (i = 1; i <= n_foreign[left[1]]; i++) foreign[left[1], i] = list[i]
        }
    }
    function complain(text) { print text >"/dev/stderr"; bad++ }
    # The room of a path below src/: the longest line of ROOMS that it begins with.
    function room_of(path) {
        while (sub(/\/[^\/]*$/, "", path))
            if (path in own) return path
        return ""
    }
    function may_include(room, header,    i) {
        if (index(libc, " " header " ")) return 1
        for (i = 1; i <= n_foreign[room]; i++)
            if (index(header, foreign[room, i]) == 1) return 1
        return 0
    }
    {
        at = index($0, ":"); file = substr($0, 1, at - 1); line = substr($0, at + 1)
        room = room_of(substr(file, 5))
        header = line; sub(/^[ \t]*#[ \t]*include[ \t]*[<"]/, "", header); sub(/[>"].*/, "", header)
        n++
        if (room == "") complain(file ": its folder is not in src/ROOMS")
        else if (line ~ /</) { if (!may_include(room, header)) complain(file ": room " room " must not include <" header ">") }
        else if (room_of(header) != room && !index(own[room], " " room_of(header) " "))
            complain(file ": room " room " must not include \"" header "\"")
        # Narrower than the rooms: see the end of src/ROOMS.
        if (room ~ /^render/ && header ~ /^model\/(scan|fleet|event)\.h$/) complain(file ": render knows reports only")
        if (room == "audit" && header ~ /^model\// && header !~ /^model\/(event|result)\.h$/) complain(file ": audit knows events only")
    }
    END {
        if (n <= 100) complain("only " n " includes were found: the test looks in the wrong place")
        # Who includes whom goes one way: a room that another may include never includes it back, however far around.
        for (a in own) { m = split(own[a], list, " "); for (i = 1; i <= m; i++) reach[a, list[i]] = 1 }
        for (k in own) for (a in own) if ((a, k) in reach) for (b in own) if ((k, b) in reach) reach[a, b] = 1
        for (a in own) if ((a, a) in reach) complain("src/ROOMS: " a " comes back to itself")
        printf "%d includes checked, %d broken\n", n, bad
        exit bad > 0
    }'
