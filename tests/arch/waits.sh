#!/usr/bin/env bash
# End-to-end tests wait for a state (wait_for of tests/e2e/lib/wait.sh), not for a time: a sleep stands where time
# itself is tested, or between two looks, and says on its line which of them it is.
set -eu
cd "$(dirname "$0")/../.."
n=0 bad=0
while IFS= read -r line; do
    n=$((n + 1))
    case $line in *'sleep'*'# '?*) ;; *) printf 'a sleep that does not say why: %s\n' "$line" >&2; bad=$((bad + 1)) ;; esac
done < <(grep -rnE --include='*.sh' --include='*.py' --include='*.js' '(^|[^a-z_-])sleep[ (]' tests/e2e | grep -vE '^[^:]+:[0-9]+: *(#|//)')
[ "$n" -gt 0 ] || { echo "no sleep was found: the test looks in the wrong place" >&2; bad=1; }
echo "$n sleeps, $bad broken"
[ "$bad" -eq 0 ]
