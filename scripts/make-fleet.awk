# The fleet of scripts/make-fleet: one pass over the catalogue, then every agent and week.
# Chance comes from a generator of our own: rand() differs between mawk, gawk and busybox.
BEGIN {
    FS = "\t"
    n_groups = split("Servers Network Applications Workstations Databases", group_name, " ")
    if (groups < n_groups) n_groups = groups
    split("S N S W D", group_kind, " ")
    split("srv sw app pc db", prefix, " ")
    split("Debian GNU/Linux 12|Switch OS 9.3|Debian GNU/Linux 12|Ubuntu 24.04 LTS|Debian GNU/Linux 11", os, "|")
    split("Tokyo Osaka Madrid Bilbao Berlin", site, " ")
    title_of["S"] = "House baseline, servers"; id_of["S"] = "house-server"
    title_of["N"] = "House baseline, network devices"; id_of["N"] = "house-network"
    title_of["W"] = "House baseline, workstations"; id_of["W"] = "house-workstation"
    title_of["D"] = "House baseline, databases"; id_of["D"] = "house-database"
    week = 7 * 86400
}
/^#/ { next }
# The tests of Lynis, by the titles that assay shows them with; those of other systems are left out.
FILENAME ~ /lynis-titles/ {
    if ($2 !~ /BSD|macOS|RPM/) { n_tests++; test_id[n_tests] = $1; test_title[n_tests] = $2 }
    next
}
NF != 9 { printf "%s:%d: %d columns, want 9\n", FILENAME, FNR, NF > "/dev/stderr"; broken = 1; exit 65 }
{
    n_checks++; id[n_checks] = $1; where[n_checks] = $2; control[n_checks] = $3; sev[n_checks] = $4
    title[n_checks] = $5; about[n_checks] = $6; why[n_checks] = $7; fix[n_checks] = $8; found[n_checks] = $9
    cat[n_checks] = int($3)
}

END {
    if (broken) exit 65
    times = out "/.times"
    printf "" > times
    print "agent\tgroup\tdate\tformat\tpolicy\tpass\tfail\tother" > expected
    start_chance(0)
    for (k = 1; k <= n_checks; k++) { hard[k] = chance(); hard[k] *= hard[k] * 0.35 }
    for (a = 1; a <= agents; a++) make_agent(a)
}

# ---- chance: Park and Miller, exact in doubles; every agent has its own sequence ----

function chance() { state = (state * 16807) % 2147483647; return state / 2147483647 }
function rnd(n) { return int(chance() * n) }
# Halves of the state are multiplied first: from seeds in a row the generator alone would give every
# agent nearly the same luck with some checks.
function start_chance(a,   i) {
    state = (seed * 7919 + a * 104729) % 2147483646 + 1
    for (i = 0; i < 10; i++) {
        state = (state % 65521) * (int(state / 65521) + 40503) % 2147483646 + 1
        chance()
    }
}

# ---- texts and times ----

function xml(s) {
    gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s)
    gsub(/"/, "\\&quot;", s); gsub(/'/, "\\&#39;", s)
    return s
}
function json(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); gsub(/\t/, " ", s); return s }
# Civil date of t: days since 1970 counted in eras of 400 years from 1 March.
function civil(t,   z, era, doe, yoe, doy, mp) {
    z = int(t / 86400) + 719468; era = int(z / 146097); doe = z - era * 146097
    yoe = int((doe - int(doe / 1460) + int(doe / 36524) - int(doe / 146096)) / 365)
    doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100)); mp = int((5 * doy + 2) / 153)
    D = doy - int((153 * mp + 2) / 5) + 1; M = mp < 10 ? mp + 3 : mp - 9
    Y = yoe + era * 400 + (M <= 2); h = int(t % 86400 / 3600); m = int(t % 3600 / 60); s = t % 60
}
function iso(t) { civil(t); return sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", Y, M, D, h, m, s) }
function slashed(t) { civil(t); return sprintf("%04d/%02d/%02d %02d:%02d:%02d", Y, M, D, h, m, s) }
function spaced(t) { civil(t); return sprintf("%04d-%02d-%02d %02d:%02d:%02d", Y, M, D, h, m, s) }
function day(t) { civil(t); return sprintf("%04d-%02d-%02d", Y, M, D) }

# ---- agents ----

# Of every four agents one is read from each format (lynis does not run on network devices); every
# seventh only sends its score, every ninth is audited with two policies.
function make_agent(a,   k, w, t, format) {
    g = (a - 1) % n_groups + 1
    kind = group_kind[g]; group = group_name[g]; policy = id_of[kind]
    host = sprintf("%s%02d.example.net", prefix[g], int((a - 1) / n_groups) + 1)
    file_name = host
    alias = sprintf("%s%02d %s", prefix[g], int((a - 1) / n_groups) + 1, site[a % 5 + 1])
    japanese = a == 4 || a == 12; odd = a == 16
    if (a == 4) alias = "東京ファイルサーバー"
    if (a == 12) alias = "大阪支店の端末"
    if (odd) { # what a host calls itself is not to be trusted
        host = "<script>alert(16)</script>"; alias = "=cmd|' /C calc'!A0"; file_name = "odd16.example.net"
    }
    address = sprintf("192.0.2.%d", a % 250 + 1)
    start_chance(a)
    # How good the host is, and how fast it gets better.
    level = 0.35 + chance() * 0.5; pace = chance() * 0.03
    hopeless = a == 5; first_check = 0
    for (k = 1; k <= n_checks; k++) {
        luck[k] = chance()
        if (!first_check && applies(k)) first_check = k
    }
    # Now and then something that was in order slips, for one to four weeks.
    for (k = 1; k <= n_checks; k++) {
        slip_from[k] = chance() < 0.12 ? rnd(weeks) : -1
        slip_to[k] = slip_from[k] - rnd(4)
    }
    for (k = 1; k <= n_tests; k++) test_luck[k] = chance()
    format = kind == "N" && a % 4 == 3 ? 0 : a % 4
    for (w = weeks - 1; w >= 0; w--) {
        t = end - w * week + (a % 7) * 1800 + rnd(1500) # at night
        missed = rnd(12) == 0
        if (a == 3 && w < 6) continue       # silent for forty days
        if (a > 20 && missed) continue      # a scan that did not happen
        if (a % 7 == 0 && a != 7) write_score_only(t, w)
        else if (format == 0) write_pandora(t, w)
        else if (format == 1) write_xccdf(t, w)
        else if (format == 3) write_lynis(a, t, w)
        else if (a % 8 == 6) write_wazuh_api(a, t, w)
        else write_wazuh(a, t, w)
        if (a % 9 == 0 && kind != "N" && format != 3) write_lynis(a, t + 600, w)
    }
}
function applies(k) { return index(where[k], kind) > 0 }

# How much of a host is in order w weeks before the end; nobody reaches all of it.
function grade(w,   x) { x = level + pace * (weeks - w); return x < 0.97 ? x : 0.97 }
# pass, fail or na: a check is as hard for everybody, luck is the host's own, the grade moves with
# the weeks.
function result(k, w,   x) {
    if (hopeless) return k == first_check ? "pass" : "fail"
    if (luck[k] > 0.93) return "na"
    if (w <= slip_from[k] && w >= slip_to[k]) return "fail"
    x = grade(w) + 0.08 - hard[k]
    if (w == 2 && k % 17 == 0) x -= 0.3     # a bad week for some
    return luck[k] / 0.93 < x ? "pass" : "fail"
}
function judge(k, w,   r) { r = result(k, w); p += r == "pass"; f += r == "fail"; o += r == "na"; return r }
function score() { return p + f ? 100 * p / (p + f) : 0 }
function evidence(k, r) {
    if (r != "fail") return ""
    if (japanese) return "期待値: 有効、検出値: 無効（設定 " id[k] "、ホスト " host "）"
    if (odd && k % 3 == 0) return "=cmd|' /C calc'!A0 was found in the output"
    if (odd && k % 3 == 1) return "found: \342\200\256\342\200\256" found[k] "\342\200\254 <b>on</b> & off"
    if (k % 7 == 0) return "$ house-audit --show " id[k] "\n" found[k] "\nhost: " host
    return found[k]
}
function note(t, format, policy_id) {
    printf "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\n", host, group, day(t), format, policy_id, p, f, o > expected
}
function begin(name, t) { file = out "/" name; p = f = o = 0; printf "%d\t%s\n", t, file > times }

# ---- Pandora ----

function pandora_head(t) {
    printf "<?xml version='1.0' encoding='UTF-8'?>\n<agent_data description='' group='%s' os_name='%s' os_version='' interval='300' version='1.0.0' timestamp='%s' agent_name='%s' agent_alias='%s' timezone_offset='0' address='%s' agent_mode='1'>\n",
        group, xml(os[g]), slashed(t), xml(host), xml(alias), address > file
}
function write_pandora(t, w,   k, r) {
    begin(file_name "." t ".data", t)
    pandora_head(t)
    printf "<hardening policy_id='%s' policy_version='2026.1' policy_title='%s' profile='standard' scanner='house-audit 3.2' start='%s' end='%s'>\n",
        policy, title_of[kind], iso(t - 40), iso(t) > file
    for (k = 1; k <= n_checks; k++) if (applies(k)) {
        r = judge(k, w)
        printf "<check id='%s' category='%d' status='%s' severity='%s'><title>%s</title><description>%s</description><rationale>%s</rationale><remediation>%s</remediation><compliance framework='cis_csc' edition='v8' control='%s'/><evidence>%s</evidence></check>\n",
            id[k], cat[k], r == "pass" ? "PASS" : r == "fail" ? "FAIL" : "INVALID", sev[k], xml(title[k]),
            xml(about[k]), xml(why[k]), xml(fix[k]), control[k], xml(evidence(k, r)) > file
    }
    print "</hardening>\n</agent_data>" > file
    close(file); note(t, "pandora", policy)
}
function module(name, type, value) {
    printf "<module>\n\t<name><![CDATA[%s]]></name>\n\t<type>%s</type>\n\t<data><![CDATA[%s]]></data>\n\t<module_group>Security</module_group>\n</module>\n",
        name, type, value > file
}
function write_score_only(t, w,   k) {
    begin(file_name "." t ".data", t)
    for (k = 1; k <= n_checks; k++) if (applies(k)) judge(k, w)
    pandora_head(t)
    module("Hardening - Failed checks", "generic_data", f)
    module("Hardening - Not applied checks", "generic_data", o)
    module("Hardening - Passed checks", "generic_data", p)
    module("Hardening - Score", "generic_data", sprintf("%.1f", score()))
    print "</agent_data>" > file
    close(file); note(t, "pandora", "pandora_hardening")
}

# ---- XCCDF ----

function write_xccdf(t, w,   k, r) {
    begin(file_name "@" t ".xccdf.xml", t)
    printf "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Benchmark xmlns=\"http://checklists.nist.gov/xccdf/1.2\" id=\"xccdf_net.example_benchmark_%s\">\n<status>accepted</status><title>%s</title><version>2026.1</version>\n",
        policy, title_of[kind] > file
    for (k = 1; k <= n_checks; k++) if (applies(k))
        printf "<Rule id=\"xccdf_net.example_rule_%s\" severity=\"%s\" selected=\"true\"><title>%s</title><description>%s</description><reference href=\"https://www.cisecurity.org/controls/v8\">%s</reference><rationale>%s</rationale><fixtext>%s</fixtext></Rule>\n",
            id[k], sev[k], xml(title[k]), xml(about[k]), control[k], xml(why[k]), xml(fix[k]) > file
    printf "<TestResult id=\"xccdf_net.example_testresult_1\" start-time=\"%s\" end-time=\"%s\" version=\"2026.1\" test-system=\"cpe:/a:example:house-audit:3.2\"><benchmark href=\"#b\" id=\"xccdf_net.example_benchmark_%s\"/><title>scan</title><profile idref=\"xccdf_net.example_profile_standard\"/><target>%s</target><target-address>%s</target-address>\n",
        iso(t - 60), iso(t), policy, xml(host), address > file
    for (k = 1; k <= n_checks; k++) if (applies(k)) {
        r = judge(k, w)
        printf "<rule-result idref=\"xccdf_net.example_rule_%s\" time=\"%s\"><result>%s</result>%s</rule-result>\n",
            id[k], iso(t), r == "na" ? "notapplicable" : r,
            r == "fail" ? "<message severity=\"info\">" xml(evidence(k, r)) "</message>" : "" > file
    }
    printf "<score system=\"urn:xccdf:scoring:default\" maximum=\"100\">%.4f</score></TestResult></Benchmark>\n",
        score() > file
    close(file); note(t, "xccdf-1.2", "xccdf_net.example_benchmark_" policy)
}

# ---- Wazuh: neither shape names the agent, the file name does, before the @ ----

function wazuh_texts(k) {
    return sprintf("\"id\":%d,\"title\":\"%s\",\"description\":\"%s\",\"rationale\":\"%s\",\"remediation\":\"%s\"",
        19000 + id[k], json(title[k]), json(about[k]), json(why[k]), json(fix[k]))
}
function wazuh_word(r) { return r == "pass" ? "passed" : r == "fail" ? "failed" : "not applicable" }
function wazuh_hash(  h) { h = "20260100"; while (length(h) < 64) h = h "0"; return h }
function write_wazuh(a, t, w,   k, r) {
    begin(file_name "@" t ".jsonl", t)
    for (k = 1; k <= n_checks; k++) if (applies(k)) {
        r = judge(k, w)
        printf "{\"type\":\"check\",\"id\":%d,\"policy\":\"%s\",\"policy_id\":\"%s\",\"check\":{%s,\"compliance\":{\"cis_csc_v8\":\"%s\"},\"rules\":[\"f:/etc/house/%d\"],\"condition\":\"all\",\"file\":\"/etc/house/%d\",%s}}\n",
            t, title_of[kind], policy, wazuh_texts(k), control[k], id[k], id[k],
            r == "na" ? "\"status\":\"Not applicable\",\"reason\":\"the file is not there\"" : "\"result\":\"" wazuh_word(r) "\"" > file
    }
    printf "{\"type\":\"summary\",\"scan_id\":%d,\"name\":\"%s\",\"policy_id\":\"%s\",\"file\":\"%s.yml\",\"passed\":%d,\"failed\":%d,\"invalid\":%d,\"total_checks\":%d,\"score\":%.4f,\"start_time\":%d,\"end_time\":%d,\"hash\":\"%064d\",\"hash_file\":\"%s\"}\n",
        t, title_of[kind], policy, policy, p, f, o, p + f + o, score(), t - 9, t, a, wazuh_hash() > file
    close(file); note(t, "wazuh-sca", policy)
}
# Two pages of the manager's API, one a line: the checks and the summary of the policy.
function api_tail(n) { return sprintf("],\"total_affected_items\":%d,\"total_failed_items\":0,\"failed_items\":[]},\"message\":\"All selected sca/policy information was returned\",\"error\":0}\n", n) }
function write_wazuh_api(a, t, w,   k, r, n) {
    begin(file_name "@" t ".api.json", t)
    printf "{\"data\":{\"affected_items\":[" > file
    for (k = 1; k <= n_checks; k++) if (applies(k)) {
        r = judge(k, w)
        printf "%s{\"policy_id\":\"%s\",%s,\"condition\":\"all\",\"result\":\"%s\",\"file\":\"/etc/house/%d\",\"reason\":\"%s\",\"compliance\":[{\"key\":\"cis_csc_v8\",\"value\":\"%s\"}],\"rules\":[{\"type\":\"file\",\"rule\":\"f:/etc/house/%d\"}]}",
            n++ ? "," : "", policy, wazuh_texts(k), wazuh_word(r), id[k], r == "na" ? "the file is not there" : "", control[k], id[k] > file
    }
    printf "%s", api_tail(n) > file
    printf "{\"data\":{\"affected_items\":[{\"policy_id\":\"%s\",\"name\":\"%s\",\"description\":\"\",\"references\":\"\",\"total_checks\":%d,\"pass\":%d,\"fail\":%d,\"invalid\":%d,\"score\":%d,\"start_scan\":\"%s\",\"end_scan\":\"%s\",\"hash_file\":\"%s\"}%s",
        policy, title_of[kind], n, p, f, o, int(score()), iso(t - 9), iso(t), wazuh_hash(), api_tail(1) > file
    close(file); note(t, "wazuh-api", policy)
}

# ---- Lynis ----

# A third of the tests needs what the host does not have.
function write_lynis(a, t, w,   k, r, ran, skipped, findings) {
    begin(file_name "@" t ".lynis-report.dat", t)
    for (k = 1; k <= n_tests; k++) {
        r = test_luck[k] > 0.66 ? "na" : test_luck[k] / 0.66 < grade(w) ? "pass" : "fail"
        p += r == "pass"; f += r == "fail"; o += r == "na"
        if (r == "na") skipped = skipped test_id[k] "|"
        else ran = ran test_id[k] "|"
        if (r == "fail")
            findings = findings sprintf("%s[]=%s|Not as wanted: %s|-|-|\n",
                k % 6 == 0 ? "warning" : "suggestion", test_id[k], test_title[k])
    }
    printf "# Lynis Report\nreport_version_major=1\nreport_version_minor=0\nreport_datetime_start=%s\nlynis_version=3.0.8\nos=Linux\nos_name=%s\nos_fullname=%s\nhostname=%s\nhostid=%040d\n",
        spaced(t - 50), os[g], os[g], host, a > file
    printf "%stests_executed=%s\ntests_skipped=%s\nhardening_index=%d\nlynis_tests_done=%d\ntest_category=all\ntest_group=all\nreport_datetime_end=%s\nfinish=true\n",
        findings, ran, skipped, score(), p + f, spaced(t) > file
    close(file); note(t, "lynis", "lynis")
}
