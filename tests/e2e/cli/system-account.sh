#!/usr/bin/env bash
# assay init as root: the account, its folders, and whose they are. In a copy of /etc and an empty /var, which only this
# test sees.
. "$(dirname "$0")/../lib/lib.sh"
need unshare runuser setpriv
[ "$(id -u)" -eq 0 ] || skip "accounts are made by root"
chmod 755 "$T"
check "not for others" status 64 setpriv --reuid 65534 --regid 65534 --clear-groups "$ASSAY" init --system --state-dir /tmp/x
check "says so" says "that is for root to do"

cp -a /etc "$T/etc"
sed -i '/^assay:/d' "$T"/etc/{passwd,group,shadow,gshadow}
rm -rf "$T/etc/assay"
mkdir "$T/var"
cat >"$T/in.sh" <<'SH'
mount --bind "$T/etc" /etc && mount --bind "$T/var" /var/lib && mount -t tmpfs tmpfs /var/log || exit 9
exec "$@"
SH
alone() { T=$T unshare --mount --propagation private env -u ASSAY_CONFIG bash "$T/in.sh" "$@"; }
alone true || skip "no name space for mounts here"

check "init --system" status 0 alone "$ASSAY" init --system
account=$(alone id -u assay)
check "made the account" test -n "$account"
check "its state is its own" equal "$(alone stat -c '%a %U:%G' /var/lib/assay)" "750 assay:assay"
check "others of its group put files into the spool" equal "$(alone stat -c '%a %U:%G' /var/lib/assay/spool)" "2770 assay:assay"
check "settings are root's, for it to read" equal "$(alone stat -c '%a %U:%G' /etc/assay/conf.d)" "750 root:assay"
check "nothing there is root's" equal "$(find "$T/var/assay" -not -uid "$account")" ""
check "the account works there, whoever's HOME it has" status 0 alone runuser -u assay -- "$ASSAY" audit verify
# root, later: what init makes is the account's again.
rm "$T/var/assay/sign.key" "$T/var/assay/sign.crt"
check "init by root" status 0 alone "$ASSAY" init -v
check "says as whom" says "as assay, whose state folder it is"
check "nothing there is root's" equal "$(find "$T/var/assay" -not -uid "$account")" ""
echo "organisation = Example" >"$T/etc/assay/assay.conf"
chmod 600 "$T/etc/assay/assay.conf"
check "settings that the account cannot read" status 78 alone "$ASSAY" init
check "says whose and how" says "/etc/assay/assay.conf: assay cannot read these settings: chgrp assay them, chmod 640"

# Others may not look into /etc/assay: they have no settings, and look at files all the same.
check "somebody else" status 0 alone setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/nonexistent \
    "$ASSAY" inspect "$SRC/samples/lynis/web01-report.dat"

mv "$T/var/assay" "$T/var/was"
mkdir "$T/var/assay"
touch "$T/var/assay/something"
check "a folder of somebody else" status 78 alone "$ASSAY" init --system
check "says whose it is" says "/var/lib/assay: the folder was there and belongs to uid 0, not to assay: chown -R assay: it"
check "is left alone" equal "$(stat -c %u "$T/var/assay")" 0
done_tests
