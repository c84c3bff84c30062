// The first page of a portal whose fleet it does not hold, from the disk: all agents are found, filtered, sorted, turned to, printed.
//   node portal-large.js BROWSER PROFILE AXE SITE PDF [AGAIN]      PDF: where what is printed goes; AGAIN: the same pages in another
//                                                                  language, of which axe-core sees two
"use strict";
const fs = require("fs");
const path = require("path");
const { start } = require("../lib/browser.js");

(async () => {
  const [program, profile, axe, site, pdf, again] = process.argv.slice(2);
  const moreAxe = again ? "-" : axe;
  const b = await start(program, profile);
  const fleet = JSON.parse(fs.readFileSync(path.join(site, "fleet.json"), "utf8")).agents;
  const n = fleet.length, far = fleet[n - 1], odd = fleet.find((a) => a.name.startsWith("zz"));
  const byPath = Object.fromEntries(fleet.map((a) => [a.path, a]));
  const screen = (width, height) => b.send("Emulation.setDeviceMetricsOverride",
    { width, height, deviceScaleFactor: 1, mobile: false });

  /* what stands in the page: paths of its rows, numbers of its sentences */
  const rows = async () => JSON.parse(await b.evaluate(`JSON.stringify(Array.from(document.querySelectorAll(".agents tbody tr:not([hidden]) th a"),
    (a) => a.getAttribute("href").replace(/\\.html$/, "")))`));
  const numbers = async (id) => JSON.parse(await b.evaluate(`JSON.stringify(document.getElementById("${id}").textContent.replace(/,/g, "").match(/[0-9]+/g).map(Number).sort((x, y) => x - y))`));
  const choose = (id, value) => b.evaluate(`(() => { const s = document.getElementById("${id}"); s.value = ${JSON.stringify(value)}; s.dispatchEvent(new Event("change")); return 1; })()`);
  const find = (text) => b.evaluate(`(async () => { const f = document.getElementById("find"); f.value = ${JSON.stringify(text)}; f.dispatchEvent(new Event("input"));
    await new Promise((r) => setTimeout(r, 200)); return 1; })()`);
  const sort = (column) => b.evaluate(`(() => { document.querySelectorAll(".agents thead th button")[${column}].click(); return 1; })()`);
  const press = (id) => b.evaluate(`(() => { document.getElementById("${id}").click(); return 1; })()`);
  const key = async (name) => {
    for (const type of ["keyDown", "keyUp"])
      await b.send("Input.dispatchKeyEvent", { type, key: name, code: name, windowsVirtualKeyCode: name === "Enter" ? 13 : 9, text: name === "Enter" && type === "keyDown" ? "\r" : undefined });
  };
  const same = (what, got, want) => b.say(JSON.stringify(got) === JSON.stringify(want), what,
    "\n  got  " + JSON.stringify(got).slice(0, 300) + "\n  want " + JSON.stringify(want).slice(0, 300));
  /* every agent that fits, whatever the page holds of them */
  const all = async () => { await press("whole"); const v = await rows(); await press("whole"); return v; };
  const count = async (what, fits) => {
    const want = fleet.filter(fits);
    same(what + ": how many", await numbers("shown"), [want.length, n].sort((x, y) => x - y));
    same(what + ": which", (await all()).sort(), want.map((a) => a.path).sort());
  };

  await screen(1280, 900);
  await b.open(path.join(site, "index.html"));
  const paths = fleet.map((a) => a.path);
  same("the worst 200", await rows(), paths.slice(0, 200));
  same("of how many", await numbers("shown"), [n, n]);
  await b.check("the far end is not among them", `!document.querySelector('a[href="${far.path}.html"]')`);
  await b.check("few nodes", `(() => { let k = 0; const w = document.createTreeWalker(document); while (w.nextNode()) k++; return k < 6000 || k; })()`);
  await b.axe("first page", axe);

  await find(far.name);
  b.say((await rows()).includes(far.path) && (await rows()).length < 12, "found at the far end", JSON.stringify(await rows()));
  b.say(fs.existsSync(path.join(site, far.path + ".html")), "and its page is there", far.path);
  await find("");

  for (const group of new Set(fleet.map((a) => a.group))) {
    await choose("group", group);
    await count("group " + group, (a) => a.group === group);
  }
  const states = ["bad", "watch", "good"].filter((s) => fleet.some((a) => a.state === s));
  b.say(states.length >= 2, "more than one state is there", states.join());
  for (const state of states) {
    await choose("group", "Servers");
    await choose("state", state);
    await count("Servers, " + state, (a) => a.group === "Servers" && a.state === state);
  }
  await choose("group", "");
  await choose("state", "");
  same("and all again", await numbers("shown"), [n, n]);

  /* the page is sorted by score at first: the first click turns it */
  const ordered = (v, value, down) => v.every((p, i) => i === 0 || (down ? value(byPath[v[i - 1]]) >= value(byPath[p]) : value(byPath[v[i - 1]]) <= value(byPath[p])));
  await sort(1);
  const scored = (await all()).filter((p) => byPath[p].score !== null);
  b.say(scored.length > 400 && ordered(scored, (a) => a.score, true), "by score, downwards, all of them", scored.slice(0, 5).join());
  same("the best on the first page", byPath[(await rows())[0]].score, Math.max(...fleet.map((a) => a.score)));
  await sort(3);
  const failed = await all();
  b.say(failed.length === n && ordered(failed, (a) => a.failed, false), "by failed checks, all of them", failed.slice(0, 5).join());
  await sort(0);
  const c = new Intl.Collator("en", { numeric: true });
  const named = await all();
  b.say(named.length === n && named.every((p, i) => i === 0 || c.compare(byPath[named[i - 1]].name, byPath[p].name) <= 0 ||
    [p, named[i - 1]].some((q) => /[^ -~]/.test(byPath[q].name))), "by name, all of them", named.slice(0, 5).join());

  /* pages are turned by the keyboard, and the next thing then is the first row */
  await b.evaluate(`(() => { document.getElementById("next").focus(); return 1; })()`);
  await key("Enter");
  same("the second page", await rows(), named.slice(200, 400));
  same("says which", await numbers("where"), [201, 400, n]);
  await key("Tab");
  await b.check("what comes next is in the list", `document.activeElement.closest(".agents") !== null`);
  await b.check("whose head is in sight", `document.querySelector(".agents").getBoundingClientRect().top >= -1`);
  await b.axe("second page", moreAxe);
  await press("next");
  same("the last page", await rows(), named.slice(400));
  await b.check("there is none behind it", `document.getElementById("next").disabled && !document.getElementById("previous").disabled`);
  await find("sw");
  same("who looks for something begins with the first page", await rows(), named.filter((p) => /sw/.test(byPath[p].name)));
  same("and finds all of them", await numbers("shown"), [fleet.filter((a) => /sw/.test(a.name)).length, n]);
  await find("");

  /* a name that would be markup is a text: in the row, and nothing of it runs */
  await find("document.title=1");
  same("who calls itself a script", await rows(), [odd.path]);
  await b.check("is called that", `document.querySelector(".agents tbody th a").textContent === ${JSON.stringify(odd.name)}`);
  await b.check("its system is spelled out", `document.querySelector(".agents tbody th small").textContent.includes("a\u27e8U+2028\u27e9b</script>")`);
  await b.check("and runs nothing", `document.title !== "1" && document.scripts.length === 2 && document.querySelectorAll(".agents script").length === 0`);
  await find("");

  await screen(360, 740);
  await b.check("no wider than a phone", `document.documentElement.scrollWidth <= 360`);
  await screen(1280, 900);
  const printed = await b.send("Page.printToPDF", {});
  fs.writeFileSync(pdf, Buffer.from(printed.result.data, "base64"));
  same("after printing a page as before", (await rows()).length, 200);

  await b.open(path.join(site, "names/3.html"));
  await b.axe("by name", axe);
  await screen(360, 740);
  await b.check("by name: no wider than a phone", `document.documentElement.scrollWidth <= 360`);
  await screen(1280, 900);
  await b.send("Emulation.setScriptExecutionDisabled", { value: true });
  await b.open(path.join(site, "index.html"));
  await b.send("Emulation.setScriptExecutionDisabled", { value: false });
  await b.check("without script: no filter, nothing to turn", `document.querySelector(".tools").hidden && document.querySelector(".pages").hidden`);
  const last = await b.evaluate(`(() => { const a = document.querySelector("#names li:last-child a"); return a && a.offsetParent && new URL(a.href).pathname; })()`);
  b.say(typeof last === "string" && last.endsWith("/names/3.html"), "but a way to the last ones", String(last));
  await b.axe("without script", moreAxe);
  b.say(b.complaints.length === 0, "no request, no error, no rule broken", b.complaints.join("\n"));
  await b.end();
})();
