// Drives a browser over its debugging pipe: node report/html-page.js BROWSER PAGE PROFILE
// Prints one line a check and ends with status 1 when one of them fails.
"use strict";
const { spawn } = require("child_process");
const [browser, page, profile] = process.argv.slice(2);

const child = spawn(browser, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
  "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--hide-scrollbars", "--user-data-dir=" + profile, "--remote-debugging-pipe"],
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
const waiting = new Map();
const complaints = [];
let next = 1, pending = "", loaded;

child.stdio[4].on("data", (bytes) => {
  pending += bytes;
  for (let at; (at = pending.indexOf("\0")) >= 0; pending = pending.slice(at + 1)) {
    const m = JSON.parse(pending.slice(0, at));
    if (m.id)
      waiting.get(m.id)(m);
    else if (m.method === "Log.entryAdded" || m.method === "Runtime.exceptionThrown")
      complaints.push(JSON.stringify(m.params).slice(0, 300));
    else if (m.method === "Network.requestWillBeSent" && !m.params.request.url.startsWith("file:"))
      complaints.push("request to " + m.params.request.url);
    else if (m.method === "Page.loadEventFired")
      loaded();
  }
});

function send(method, params, sessionId) {
  const id = next++;
  child.stdio[3].write(JSON.stringify({ id, method, params: params || {}, sessionId }) + "\0");
  return new Promise((resolve) => waiting.set(id, resolve));
}

async function main() {
  const target = await send("Target.createTarget", { url: "about:blank" });
  const at = await send("Target.attachToTarget", { targetId: target.result.targetId, flatten: true });
  const s = at.result.sessionId;
  for (const domain of ["Page", "Log", "Runtime", "Network"])
    await send(domain + ".enable", {}, s);
  const done = new Promise((resolve) => { loaded = resolve; });
  await send("Page.navigate", { url: "file://" + page }, s);
  await done;
  let failed = 0;
  async function check(what, expression) {
    const r = await send("Runtime.evaluate", { expression, returnByValue: true }, s);
    const value = r.result.result.value;
    console.log(value === true ? "ok" : "FAILED", what, value === true ? "" : JSON.stringify(r.result));
    failed += value === true ? 0 : 1;
  }
  const column = (n) => `[...document.querySelectorAll("#t-top-agents tbody tr")].map(r => r.cells[${n}].textContent)`;
  const click = (n) => `document.querySelectorAll("#t-top-agents thead tr > *")[${n}].querySelector("button").click()`;
  await check("numbers sort as numbers", `${click(5)}; ${column(5)}.join() === "0,32,87,102,206,209,430"`);
  await check("aria-sort says so", `document.querySelectorAll("[aria-sort=ascending]").length === 1`);
  await check("a second click turns round", `${click(5)}; ${column(5)}.join() === "430,209,206,102,87,32,0"`);
  await check("text sorts", `${click(1)}; ${column(1)}[0] === "CT101" && ${column(1)}[6] === "web-09"`);
  await check("no value stays last, up", `${click(7)}; ${column(1)}[6] === "web-09" && ${column(1)}[0] === "DESKTOP-UUKUE87"`);
  await check("no value stays last, down", `${click(7)}; ${column(1)}[6] === "web-09" && ${column(1)}[0] === "CT101"`);
  await check("the total stays in the foot", `document.querySelector("#t-top-agents tfoot th").textContent === "All agents"`);
  const filter = (text) => `(() => { const i = document.querySelector("input[type=search]");
    i.value = ${JSON.stringify(text)}; i.dispatchEvent(new Event("input")); })()`;
  const shown = `document.querySelectorAll("#t-long tbody tr:not([hidden])").length`;
  await check("the filter takes all terms, any case", `${filter("FAIL 57")}; ${shown} === 2`);
  await check("and counts the rows", `document.querySelector("output").textContent === "2 of 60 rows"`);
  await check("an empty filter shows all", `${filter(" ")}; ${shown} === 60 &&
    document.querySelector("output").textContent === ""`);
  await check("long notes are folded", `document.querySelector("#check-19583 details").open === false`);
  await check("a link to a check opens them", `location.hash = "#check-19583"; dispatchEvent(new HashChangeEvent("hashchange"));
    document.querySelector("#check-19583 details").open`);
  await check("paper shows them all", `dispatchEvent(new Event("beforeprint"));
    !document.querySelector("details.more:not([open])")`);
  const pdf = await send("Page.printToPDF", {}, s);
  require("fs").writeFileSync(profile + ".pdf", Buffer.from(pdf.result.data, "base64"));
  await check("the policy stops foreign script", `(() => { const e = document.createElement("script");
    e.textContent = "window.broken = 1"; document.body.append(e); return window.broken === undefined; })()`);
  const blocked = complaints.filter((c) => c.includes("Content Security Policy"));
  await check("the page itself breaks no rule", blocked.length === 1 && complaints.length === 1 ? "true"
    : JSON.stringify(complaints.join("\n")));
  await send("Browser.close");
  process.exitCode = failed ? 1 : 0;
}
main().then(() => setTimeout(() => process.exit(), 300).unref());
setTimeout(() => { console.log("FAILED timeout"); child.kill(); process.exit(1); }, 300000).unref();
