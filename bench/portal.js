// What pages cost in a browser: for each page one line "MAIN SCRIPT LAYOUT STYLE NODES", milliseconds of processor time of the main
// thread (CDP Performance, threadTicks) until a second after the page was loaded; in a new tab each.
//   node portal.js BROWSER PROFILE FILE…
"use strict";
const { start } = require("../tests/e2e/lib/browser.js");

(async () => {
  const [program, profile, ...files] = process.argv.slice(2);
  const b = await start(program, profile);
  for (const file of files) {
    await b.send("Performance.enable", { timeDomain: "threadTicks" });
    await b.send("Emulation.setDeviceMetricsOverride", { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false });
    await b.open(file);
    await new Promise((resolve) => setTimeout(resolve, 1000)); // what the page does after it was loaded counts, too
    const v = Object.fromEntries((await b.send("Performance.getMetrics")).result.metrics.map((m) => [m.name, m.value]));
    const ms = ["TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration"].map((n) => Math.round(1000 * v[n]));
    const nodes = await b.evaluate("(() => { let n = 0; const w = document.createTreeWalker(document); while (w.nextNode()) n++; return n; })()");
    console.log(ms.join(" "), nodes);
  }
  await b.end();
})();
