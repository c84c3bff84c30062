# The fleet of scripts/make-fleet: one pass over the catalogue, then every agent and week.
BEGIN {
    FS = "\t"
    srand(seed)
    n_groups = split("Servers Network Applications Workstations Databases", group_name, " ")
    if (groups < n_groups) n_groups = groups
    split("S N S W D", group_kind, " ")
    split("srv sw app pc db", prefix, " ")
    split("Debian GNU/Linux 12|Switch OS 9.3|Debian GNU/Linux 12|Ubuntu 24.04 LTS|Debian GNU/Linux 11", os, "|")
    split("Tokyo Osaka Madrid Bilbao Berlin", site, " ")
}
/^#/ || NF < 7 { next }
{ n_checks++; id[n_checks] = $1; where[n_checks] = $2; cat[n_checks] = $3; sev[n_checks] = $4
  title[n_checks] = $5; why[n_checks] = $6; fix[n_checks] = $7 }

END {
    times = out "/.times"
    print "agent\tgroup\tdate\tformat\tpolicy\tpass\tfail\tother" > expected
    for (a = 1; a <= agents; a++) make_agent(a)
}

function rnd(n) { return int(rand() * n) }
function xml(s) { gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s); gsub(/"/, "\\&quot;", s); return s }
function json(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); gsub(/\t/, " ", s); return s }
# Days since 1970 to a date, and seconds to the forms the formats want.
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

function make_agent(a,   g, k, w, t, format) {
    g = (a - 1) % n_groups + 1
    kind = group_kind[g]; group = group_name[g]
    host = sprintf("%s%02d.example.net", prefix[g], int((a - 1) / n_groups) + 1)
    alias = sprintf("%s%02d %s", prefix[g], int((a - 1) / n_groups) + 1, site[a % 5 + 1])
    if (a == 7) alias = "東京ファイルサーバー"
    if (a == 12) alias = "大阪支店の端末"
    if (a == 9) alias = "<script>alert(1)</script>"
    address = sprintf("192.0.2.%d", a % 250 + 1)
    # How good the host is, and how fast it gets better.
    level = a == 5 ? 0.01 : 0.35 + rand() * 0.5; pace = a == 5 ? 0 : rand() * 0.03
    for (k = 1; k <= n_checks; k++) luck[k] = rand()
    format = a % 4
    for (w = weeks - 1; w >= 0; w--) {
        if (a == 3 && w < 6) continue          # silent for forty days
        if (a > 20 && rnd(12) == 0) continue   # a scan that did not happen
        t = end - w * 7 * 86400 + (a % 7) * 7200 + 3600 + rnd(3000)
        if (a % 7 == 0 && a != 7) write_score_only(a, t, w)
        else if (format == 0) write_pandora(a, t, w)
        else if (format == 1) write_xccdf(a, t, w)
        else if (format == 2) write_wazuh(a, t, w)
        else write_lynis(a, t, w)
        if (a % 10 == 0 && format != 3) write_lynis(a, t + 600, w)
    }
}

# pass, fail or not applicable: luck is the check's own, the level moves with the weeks.
function result(k, w,   x) {
    if (luck[k] > 0.93) return "na"
    x = level + pace * (weeks - w)
    if (w == 2 && k % 17 == 0) x -= 0.3        # a bad week for some
    return luck[k] / 0.93 < x ? "pass" : "fail"
}
function applies(k) { return index(where[k], kind) > 0 }
function evidence(k, r) {
    if (r != "fail") return ""
    if (k % 13 == 0) return "=cmd|' /C calc'!A0 was found in the output"
    if (k % 11 == 0) return "expected: yes, found: \342\200\256on\342\200\254"
    return "expected: as the baseline says, found: setting " id[k] " is missing on " host
}
function note(t, format, policy, p, f, o) {
    printf "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\n", host, group, day(t), format, policy, p, f, o > expected
}
function done(file, t) { close(file); printf "%d\t%s\n", t, file > times }
function policy_of() { return kind == "N" ? "house-network" : kind == "W" ? "house-workstation" : kind == "D" ? "house-database" : "house-server" }

function pandora_head(file, t) {
    printf "<?xml version='1.0' encoding='UTF-8'?>\n<agent_data description='' group='%s' os_name='%s' os_version='' interval='300' version='1.0.0' timestamp='%s' agent_name='%s' agent_alias='%s' timezone_offset='0' address='%s' agent_mode='1'>\n", group, xml(os[(a_group = index_of(group))]), slashed(t), host, xml(alias), address > file
}
function index_of(g,   i) { for (i = 1; i <= 5; i++) if (group_name[i] == g) return i; return 1 }

function write_pandora(a, t, w,   file, k, r, p, f, o, word) {
    file = out "/" host "." t ".data"; p = f = o = 0
    pandora_head(file, t)
    printf "<hardening policy_id='%s' policy_version='2026.1' policy_title='House baseline, %s' profile='standard' scanner='house-audit 3.2' start='%s' end='%s'>\n", policy_of(), group, iso(t - 40), iso(t) > file
    for (k = 1; k <= n_checks; k++) if (applies(k)) {
        r = result(k, w); p += r == "pass"; f += r == "fail"; o += r == "na"
        word = r == "pass" ? "PASS" : r == "fail" ? "FAIL" : "INVALID"
        printf "<check id='%s' category='%d' status='%s' severity='%s'><title>%s</title><rationale>%s</rationale><remediation>%s</remediation><compliance framework='cis_csc' edition='v8' control='%d.%d'/><evidence>%s</evidence></check>\n", id[k], cat[k], word, sev[k], xml(title[k]), xml(why[k]), xml(fix[k]), cat[k], k % 9 + 1, xml(evidence(k, r)) > file
    }
    print "</hardening>\n</agent_data>" > file
    done(file, t); note(t, "pandora", policy_of(), p, f, o)
}
function module(file, name, type, value) {
    printf "<module>\n\t<name><![CDATA[%s]]></name>\n\t<type>%s</type>\n\t<data><![CDATA[%s]]></data>\n\t<module_group>Security</module_group>\n</module>\n", name, type, value > file
}
function write_score_only(a, t, w,   file, k, r, p, f, o) {
    file = out "/" host "." t ".data"; p = f = o = 0
    for (k = 1; k <= n_checks; k++) if (applies(k)) { r = result(k, w); p += r == "pass"; f += r == "fail"; o += r == "na" }
    pandora_head(file, t)
    module(file, "Hardening - Failed checks", "generic_data", f)
    module(file, "Hardening - Not applied checks", "generic_data", o)
    module(file, "Hardening - Passed checks", "generic_data", p)
    module(file, "Hardening - Score", "generic_data", sprintf("%.1f", p + f ? 100 * p / (p + f) : 0))
    print "</agent_data>" > file
    done(file, t); note(t, "pandora", "pandora_hardening", p, f, o)
}
function write_xccdf(a, t, w,   file, k, r, p, f, o, rule) {
    file = out "/" host "@" t ".xccdf.xml"; p = f = o = 0
    print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Benchmark xmlns=\"http://checklists.nist.gov/xccdf/1.2\" id=\"xccdf_net.example_benchmark_" policy_of() "\">\n<status>accepted</status><title>House baseline, " group "</title><version>2026.1</version>" > file
    for (k = 1; k <= n_checks; k++) if (applies(k))
        printf "<Rule id=\"xccdf_net.example_rule_%s\" severity=\"%s\" selected=\"true\"><title>%s</title><description>%s</description><reference href=\"https://www.cisecurity.org/controls/\">%d.%d</reference><rationale>%s</rationale><fixtext>%s</fixtext></Rule>\n", id[k], sev[k] == "critical" ? "high" : sev[k], xml(title[k]), xml(why[k]), cat[k], k % 9 + 1, xml(why[k]), xml(fix[k]) > file
    printf "<TestResult id=\"xccdf_net.example_testresult_1\" start-time=\"%s\" end-time=\"%s\" version=\"2026.1\" test-system=\"cpe:/a:example:house-audit:3.2\"><benchmark href=\"#b\" id=\"xccdf_net.example_benchmark_%s\"/><title>scan</title><profile idref=\"xccdf_net.example_profile_standard\"/><target>%s</target><target-address>%s</target-address>\n", iso(t - 60), iso(t), policy_of(), host, address > file
    for (k = 1; k <= n_checks; k++) if (applies(k)) {
        r = result(k, w); p += r == "pass"; f += r == "fail"; o += r == "na"
        printf "<rule-result idref=\"xccdf_net.example_rule_%s\" time=\"%s\"><result>%s</result>%s</rule-result>\n", id[k], iso(t), r == "na" ? "notapplicable" : r, r == "fail" ? "<message severity=\"info\">" xml(evidence(k, r)) "</message>" : "" > file
    }
    printf "<score system=\"urn:xccdf:scoring:default\" maximum=\"100\">%.4f</score></TestResult></Benchmark>\n", p + f ? 100 * p / (p + f) : 0 > file
    done(file, t); note(t, "xccdf-1.2", "xccdf_net.example_benchmark_" policy_of(), p, f, o)
}
function write_wazuh(a, t, w,   file, k, r, p, f, o) {
    file = out "/" host "@" t ".jsonl"; p = f = o = 0
    for (k = 1; k <= n_checks; k++) if (applies(k)) {
        r = result(k, w); p += r == "pass"; f += r == "fail"; o += r == "na"
        printf "{\"type\":\"check\",\"id\":%d,\"policy\":\"House baseline, %s\",\"policy_id\":\"%s\",\"check\":{\"id\":%d,\"title\":\"%s\",\"description\":\"%s\",\"rationale\":\"%s\",\"remediation\":\"%s\",\"compliance\":{\"cis_csc_v8\":\"%d.%d\"},\"rules\":[\"f:/etc/house/%d\"],\"condition\":\"all\",\"file\":\"/etc/house/%d\",%s}}\n", t, group, policy_of(), 19000 + id[k], json(title[k]), json(why[k]), json(why[k]), json(fix[k]), cat[k], k % 9 + 1, id[k], id[k], r == "na" ? "\"status\":\"Not applicable\",\"reason\":\"" json("the file is not there") "\"" : "\"result\":\"" (r == "pass" ? "passed" : "failed") "\"" > file
    }
    printf "{\"type\":\"summary\",\"scan_id\":%d,\"name\":\"House baseline, %s\",\"policy_id\":\"%s\",\"file\":\"%s.yml\",\"passed\":%d,\"failed\":%d,\"invalid\":%d,\"total_checks\":%d,\"score\":%.4f,\"start_time\":%d,\"end_time\":%d,\"hash\":\"%064d\",\"hash_file\":\"%s\"}\n", t, group, policy_of(), policy_of(), p, f, o, p + f + o, p + f ? 100 * p / (p + f) : 0, t - 9, t, a, "2026010000000000000000000000000000000000000000000000000000000000" > file
    done(file, t); note(t, "wazuh-sca", policy_of(), p, f, o)
}
function write_lynis(a, t, w,   file, k, r, p, f, o, ran, skipped, test) {
    file = out "/" host "@" t ".lynis-report.dat"; p = f = o = 0; ran = skipped = ""
    printf "# Lynis Report\nreport_version_major=1\nreport_version_minor=0\nreport_datetime_start=%s\nlynis_version=3.0.8\nos=Linux\nos_name=%s\nos_fullname=%s\nhostname=%s\nhostid=%040d\n", spaced(t - 50), os[index_of(group)], os[index_of(group)], host, a > file
    for (k = 1; k <= n_checks; k++) if (applies(k)) {
        test = sprintf("%s-%04d", substr("INVESOFTDATACONFACCTAUTHPKGSLOGGMAILMALWBACKNETWFIRETRNGSUPPAPPSINCD", (cat[k] - 1) * 4 + 1, 4), id[k] * 10)
        r = result(k, w); p += r == "pass"; f += r == "fail"; o += r == "na"
        if (r == "na") skipped = skipped test "|"
        else ran = ran test "|"
        if (r == "fail") printf "%s[]=%s|%s|%s|%s|\n", sev[k] == "high" ? "warning" : "suggestion", test, title[k], "-", "-" > file
    }
    printf "tests_executed=%s\ntests_skipped=%s\nhardening_index=%d\nlynis_tests_done=%d\ntest_category=all\ntest_group=all\nreport_datetime_end=%s\nfinish=true\n", ran, skipped, p + f ? 100 * p / (p + f) : 0, p + f, spaced(t) > file
    done(file, t); note(t, "lynis", "lynis", p, f, o)
}
