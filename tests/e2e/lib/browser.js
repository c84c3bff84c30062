// A browser on its debugging pipe.
//   const { start } = require("../lib/browser.js"); const b = await start(BROWSER, PROFILE);
// Gives:     b.open(FILE), b.evaluate(TEXT), b.send(METHOD, PARAMS); b.check(WHAT, TEXT): TEXT is true in the page, and a line that
//            says so; b.say(OK, WHAT, MORE); b.axe(WHAT, AXE, PART): axe-core finds nothing, in an element only where PART selects it; b.complaints: errors, rules broken,
//            requests; b.end(): its status is that of the test.
// Needs:     a chromium; AXE is the path of axe.min.js, or "-" for no such check.
// Cleans up: the browser, when the test ends or five minutes are over; PROFILE is the caller's.
"use strict";
const fs = require("fs");
const { spawn } = require("child_process");

async function start(program, profile) {
  const child = spawn(program, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--hide-scrollbars", "--user-data-dir=" + profile, "--remote-debugging-pipe"],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const waiting = new Map();
  const b = { complaints: [], failed: 0 };
  let next = 1, pending = "", loaded = () => {}, session;

  child.stdio[4].on("data", (bytes) => {
    pending += bytes;
    for (let at; (at = pending.indexOf("\0")) >= 0; pending = pending.slice(at + 1)) {
      const m = JSON.parse(pending.slice(0, at));
      if (m.id)
        waiting.get(m.id)(m);
      else if (m.method === "Log.entryAdded" || m.method === "Runtime.exceptionThrown")
        b.complaints.push(JSON.stringify(m.params).slice(0, 300));
      else if (m.method === "Network.requestWillBeSent" && !m.params.request.url.startsWith("file:"))
        b.complaints.push("request to " + m.params.request.url);
      else if (m.method === "Page.loadEventFired")
        loaded();
    }
  });
  setTimeout(() => { console.log("FAILED timeout"); child.kill(); process.exit(1); }, 300000).unref();

  function ask(method, params, sessionId) {
    const id = next++;
    child.stdio[3].write(JSON.stringify({ id, method, params: params || {}, sessionId }) + "\0");
    return new Promise((resolve) => waiting.set(id, resolve));
  }
  b.send = (method, params) => ask(method, params, session);
  b.say = (ok, what, more) => {
    console.log(ok ? "ok" : "FAILED", what, ok ? "" : more);
    b.failed += ok ? 0 : 1;
  };
  b.evaluate = async (expression) => {
    const r = await b.send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    return r.result.result.value === undefined ? JSON.stringify(r.result) : r.result.result.value;
  };
  b.check = async (what, expression) => {
    const value = await b.evaluate(expression);
    b.say(value === true, what, JSON.stringify(value));
  };
  b.open = async (file) => {
    const done = new Promise((resolve) => { loaded = resolve; });
    await b.send("Page.navigate", { url: "file://" + file });
    await done;
  };
  b.axe = async (what, axe, part) => {
    if (axe === "-")
      return;
    await b.send("Page.setBypassCSP", { enabled: true });
    await b.send("Runtime.evaluate", { expression: fs.readFileSync(axe, "utf8") });
    await b.check(what + ": axe-core finds nothing", `axe.run(${part ? "document.querySelector(" + JSON.stringify(part) + ")" : "document"}, { resultTypes: ["violations"], preload: false }).then((r) =>
      r.violations.length === 0 || r.violations.map((v) => v.id + " " + v.nodes.length + " " + v.nodes[0].html.slice(0, 150)).join("; "))`);
  };
  b.end = async () => {
    process.exitCode = b.failed ? 1 : 0;
    await ask("Browser.close");
    setTimeout(() => process.exit(), 300).unref();
  };

  const target = await ask("Target.createTarget", { url: "about:blank" });
  const at = await ask("Target.attachToTarget", { targetId: target.result.targetId, flatten: true });
  session = at.result.sessionId;
  for (const domain of ["Page", "Log", "Runtime", "Network"])
    await b.send(domain + ".enable");
  return b;
}

module.exports = { start };

// node lib/browser.js BROWSER PROFILE AXE FILE...: axe-core over each file.
if (require.main === module)
  (async () => {
    const [program, profile, axe, ...files] = process.argv.slice(2);
    const b = await start(program, profile);
    for (const file of files) {
      await b.open(file);
      await b.axe(file, axe);
    }
    await b.end();
  })();
