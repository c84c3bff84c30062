#!/usr/bin/env bash
# What holds for every end-to-end test. It waits for a state (wait_for of tests/e2e/lib/wait.sh), not for a time: a
# sleep stands where time itself is tested, or between two looks, and says on its line which of them it is. It ends by
# lib.sh, so that a check that failed fails it: a trap of its own would end with the status of the last clean-up.
set -eu
cd "$(dirname "$0")/../.."
n=0 bad=0
complain() { printf '%s\n' "$1" >&2; bad=$((bad + 1)); }
while IFS= read -r line; do
    n=$((n + 1))
    case $line in *'sleep'*'# '?*) ;; *) complain "a sleep that does not say why: $line" ;; esac
done < <(grep -rnE --include='*.sh' --include='*.py' --include='*.js' '(^|[^a-z_-])sleep[ (]' tests/e2e | grep -vE '^[^:]+:[0-9]+: *(#|//)')
[ "$n" -gt 0 ] || complain "no sleep was found: the test looks in the wrong place"

while IFS= read -r file; do
    ! grep -qE '^[^#]*\btrap\b' "$file" || complain "$file: a trap of its own; at_end of lib.sh keeps the status"
done < <(grep -rlF '/lib/lib.sh"' tests/e2e)

# begin COMMAND…: a test made of these lines.
export SRC=$PWD ASSAY=${ASSAY:-none}
begin() { printf '%s\n' '. "$SRC/tests/e2e/lib/lib.sh"' 'at_end true' 'tail -f /dev/null &' "$@" done_tests | bash >/dev/null 2>&1; }
begin 'check good true' || complain "a test in which all is well fails"
! begin 'check good true' 'check bad false' || complain "a test with a check that failed does not fail"
! begin 'exit 1' || complain "a test that ends early does not fail"
! begin || complain "a test without a check does not fail"
echo "$n sleeps, $bad broken"
[ "$bad" -eq 0 ]
