// The pages of a portal in a browser: found and filtered without a server, whole without script, as wide as a phone, and no request
// to anybody.
//   node portal-page.js BROWSER PROFILE AXE SITE          from the disk
//   node portal-page.js BROWSER PROFILE AXE SITE URL COOKIE    the same site from a web server
"use strict";
const fs = require("fs");
const path = require("path");
const { start } = require("../lib/browser.js");

(async () => {
  const [program, profile, axe, site, url, cookie] = process.argv.slice(2);
  const b = await start(program, profile);
  const fleet = JSON.parse(fs.readFileSync(path.join(site, "fleet.json"), "utf8"));
  const worst = fleet.agents[0], n = fleet.agents.length;
  const check = JSON.parse(fs.readFileSync(path.join(site, "checks.json"), "utf8")).checks[0];
  const pages = ["index.html", "checks.html", "changes.html", "reports.html", worst.path + ".html", check.path + ".html"];
  const screen = (width, height) => b.send("Emulation.setDeviceMetricsOverride",
    { width, height, deviceScaleFactor: 1, mobile: false });
  const scheme = (value) => b.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });

  if (url) {
    const at = new URL(url);
    await b.send("Security.setIgnoreCertificateErrors", { ignore: true });
    await b.send("Network.setCookie", { name: "session", value: cookie, url });
    await b.send("Page.navigate", { url });
    for (let i = 0; i < 100 && (await b.evaluate("document.readyState + location.host")) !== "complete" + at.host; i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    await b.check("the first page of who asks", `document.querySelectorAll(".agents tbody tr").length === ${n}`);
    await b.check("with its style", `getComputedStyle(document.querySelector(".agents tr")).display === "grid"`);
    await b.check("and its script", `!document.querySelector(".tools").hidden`);
    const foreign = b.complaints.filter((c) => c.startsWith("request to ") && !c.startsWith("request to " + at.origin + "/"));
    const errors = b.complaints.filter((c) => !c.startsWith("request to ") && !c.includes("favicon"));
    b.say(foreign.length === 0 && errors.length === 0, "no request leaves the site, and no rule is broken", foreign.concat(errors).join("\n"));
    await b.end();
    return;
  }

  await screen(1280, 900);
  await b.open(path.join(site, "index.html"));
  const shown = `Array.from(document.querySelectorAll(".agents tbody tr")).filter((r) => !r.hidden)`;
  await b.check("all agents", `${shown}.length === ${n}`);
  await b.check("a word finds agents", `(async () => { const f = document.getElementById("find"); f.value = ${JSON.stringify(worst.name.toUpperCase())};
    f.dispatchEvent(new Event("input")); await new Promise((r) => setTimeout(r, 300));
    const ok = ${shown}.length >= 1 && ${shown}.every((r) => r.textContent.includes(${JSON.stringify(worst.name)}));
    f.value = ""; f.dispatchEvent(new Event("input")); await new Promise((r) => setTimeout(r, 300)); return ok && ${shown}.length === ${n}; })()`);
  if (new Set(fleet.agents.map((a) => a.group)).size > 1)
    await b.check("a group", `(() => { const s = document.getElementById("group"); s.value = ${JSON.stringify(worst.group)};
      s.dispatchEvent(new Event("change")); const k = ${shown}.length; s.value = ""; s.dispatchEvent(new Event("change"));
      return k === ${fleet.agents.filter((a) => a.group === worst.group).length}; })()`);
  await b.check("a state", `(() => { const s = document.getElementById("state"); s.value = ${JSON.stringify(worst.state)};
    s.dispatchEvent(new Event("change")); const k = ${shown}.length; s.value = ""; s.dispatchEvent(new Event("change"));
    return k === ${fleet.agents.filter((a) => a.state === worst.state).length}; })()`);
  await b.check("sorting by score, downwards", `(() => { document.querySelector("th.score button").click();
    const scores = ${JSON.stringify(Object.fromEntries(fleet.agents.map((a) => [a.path + ".html", a.score])))};
    const v = Array.from(document.querySelectorAll(".agents tbody th a"), (a) => scores[a.getAttribute("href")]).filter((s) => s !== null);
    return v.length > 1 && v.every((s, i) => i === 0 || v[i - 1] >= s) && document.querySelector("th.score").getAttribute("aria-sort") === "descending"; })()`);
  await b.check("sorting by name", `(() => { document.querySelector(".agents thead th button").click();
    const v = Array.from(document.querySelectorAll(".agents tbody tr th a"), (e) => e.textContent);
    const c = new Intl.Collator(document.documentElement.lang, { numeric: true });
    return v.every((s, i) => i === 0 || c.compare(v[i - 1], s) <= 0); })()`);

  for (const page of pages) {
    await scheme("light");
    await screen(1280, 900);
    await b.open(path.join(site, page));
    await b.check(page + ": a heading, a language, a title", `document.querySelectorAll("h1").length === 1 && document.documentElement.lang.length === 2 && document.title.length > 3`);
    await b.axe(page, axe);
    await scheme("dark");
    await b.check(page + ": dark", `getComputedStyle(document.body).backgroundColor === "rgb(20, 24, 28)"`);
    if (page !== "checks.html" && page !== "changes.html") /* long, and of the same cells */
      await b.axe(page + ", dark", axe);
    await screen(360, 740);
    await b.check(page + ": no wider than a phone", `document.documentElement.scrollWidth <= 360`);
    if (page === "index.html")
      await b.axe(page + ", phone", axe);
    await b.send("Page.setBypassCSP", { enabled: false });
  }

  await b.send("Emulation.setScriptExecutionDisabled", { value: true });
  await screen(1280, 900);
  await b.open(path.join(site, "index.html"));
  await b.send("Emulation.setScriptExecutionDisabled", { value: false });
  await b.check("without script: all agents, and no filter that would do nothing",
    `document.querySelectorAll(".agents tbody tr").length === ${n} && document.querySelector(".tools").hidden`);
  b.say(b.complaints.length === 0, "no request, no error, no rule broken", b.complaints.join("\n"));
  await b.end();
})();
