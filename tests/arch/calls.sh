#!/usr/bin/env bash
# Who calls whom, as the compiler's output has it: a room calls only rooms that src/ROOMS lets it include, whatever
# headers it came by, and no files call each other in a circle.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:?the build folder}
command -v nm >/dev/null || { echo "skipped: no nm"; exit 77; }

# Objects of files that are gone stay in a build folder: they call nobody.
find "$build/CMakeFiles" -path '*/room_*.dir/src/*.c.o' | LC_ALL=C sort | while read -r object; do
    source=${object##*.dir/}
    [ ! -e "${source%.o}" ] || echo "$object"
done | xargs nm -A | awk '
    BEGIN {
        while ((getline line <"src/ROOMS") > 0) {
            if (line ~ /^#/ || line ~ /^[ \t]*$/) continue
            split(line, half, "|"); split(half[1], left, ":")
            gsub(/[ \t]+/, "", left[1]); own[left[1]] = " " left[2] " "
        }
    }
    function complain(text) { print text >"/dev/stderr"; bad++ }
    function room_of(path) {
        while (sub(/\/[^\/]*$/, "", path))
            if (path in own) return path
        return ""
    }
    # Every file that can be reached from one, along calls; a file that reaches itself is in a circle.
    function walk(f,    i) {
        if (f in seen) return
        seen[f] = 1
        for (i = 1; i <= n_calls[f]; i++) walk(calls[f, i])
    }
    {
        file = $1; sub(/:.*/, "", file); sub(/.*\.dir\/src\//, "", file); sub(/\.o$/, "", file)
        symbol = $NF; kind = $(NF - 1)
        if (kind == "U") { n++; user[n] = file; used[n] = symbol }
        else if (kind ~ /^[TW]$/) home[symbol] = file # functions; a list may name the rows below it
    }
    END {
        for (i = 1; i <= n; i++) {
            if (!(used[i] in home) || (to = home[used[i]]) == user[i]) continue
            checked++
            from = room_of(user[i]); there = room_of(to)
            if (from != there && !index(own[from], " " there " "))
                complain("src/" user[i] ": room " from " must not use " used[i] " of src/" to)
            if (!((user[i], to) in edge)) {
                edge[user[i], to] = used[i]
                calls[user[i], ++n_calls[user[i]]] = to
                files[user[i]] = 1
            }
        }
        for (f in files) {
            split("", seen)
            for (i = 1; i <= n_calls[f]; i++) walk(calls[f, i])
            if (!(f in seen)) continue
            circle = ""
            for (i = 1; i <= n_calls[f]; i++) {
                g = calls[f, i]
                split("", seen); for (k = 1; k <= n_calls[g]; k++) walk(calls[g, k])
                if (f in seen) circle = circle " " g "(" edge[f, g] ")"
            }
            complain("src/" f ": in a circle through" circle)
        }
        if (checked <= 1000) complain("only " checked " calls were found: the test looks in the wrong place")
        printf "%d calls checked, %d broken\n", checked, bad
        exit bad > 0
    }'
