// Drives a browser over its debugging pipe:
//   node report/html-page.js BROWSER PROFILE AXE PAGE WORDS MANY PARTS
// PAGE has a long list, WORDS words of 120 letters, MANY 50,000 rows of checks, PARTS the same in several files; AXE is axe.min.js or "-".
// Prints one line a check and ends with status 1 when one of them fails.
"use strict";
const { start } = require("../lib/browser.js");
const [browser, profile, axe, page, words, many, parts] = process.argv.slice(2);
const fs = require("fs");
let b;
const send = (...all) => b.send(...all), check = (...all) => b.check(...all), open = (file) => b.open(file);

const size = (width, height) => send("Emulation.setDeviceMetricsOverride",
  { width, height, deviceScaleFactor: 1, mobile: width < 500 });
const media = (type) => send("Emulation.setEmulatedMedia", { media: type });

/* What is wider than the place it has; of a frame that scrolls, only what is outside of it. */
const tooWide = `(() => {
  const wide = [...document.querySelectorAll("main *, header *, nav *, footer *")].filter((e) =>
    !e.closest("svg") && !e.closest(".hidden") && e.getBoundingClientRect().right > innerWidth + 1 &&
    ![...document.querySelectorAll(".frame, pre")].some((f) => f !== e && f.contains(e) &&
      getComputedStyle(f).overflowX !== "visible" && f.getBoundingClientRect().right <= innerWidth + 1));
  return document.documentElement.scrollWidth <= innerWidth && wide.length === 0 ? true :
    document.documentElement.scrollWidth + ": " + wide.slice(0, 5).map((e) => e.outerHTML.slice(0, 80)).join(" ");
})()`;

async function checkWidths(name, file) {
  await open(file);
  for (const width of [320, 390, 768, 1280]) {
    await size(width, 844);
    await check(name + " fits in " + width, tooWide);
  }
  await size(390, 844);
  await check(name + ": every score is in sight on a phone", `[...document.querySelectorAll("td.score")].every((c) => {
    const r = c.getBoundingClientRect(); return r.width > 0 && r.left >= 0 && r.right <= innerWidth; })`);
  await send("Emulation.clearDeviceMetricsOverride", {});
}

/* On A4 the text is 170 mm wide: 642 CSS pixels, on its side 971. */
async function checkPaper(name, file) {
  await open(file);
  await media("print");
  await size(642, 900);
  await check(name + " has no column outside of the paper", `[...document.querySelectorAll("table")].filter((t) =>
    t.offsetWidth > (t.closest(".wide") ? 971 : t.parentElement.clientWidth + 1) ||
    t.getBoundingClientRect().right > (t.closest(".wide") ? 1100 : innerWidth + 1)).map((t) => t.id + t.offsetWidth).join() || true`);
  await media("");
  await send("Emulation.clearDeviceMetricsOverride", {});
  const pdf = await send("Page.printToPDF", { preferCSSPageSize: true });
  fs.writeFileSync(profile + "." + name + ".pdf", Buffer.from(pdf.result.data, "base64"));
}

/* 50,000 rows: what a reader waits for is told in ms, and held to what no slow machine needs. */
async function checkMany(file) {
  const begin = Date.now();
  await open(file);
  await b.evaluate(`new Promise((go) => requestAnimationFrame(() => setTimeout(go)))`);
  const ms = Date.now() - begin;
  console.log("# 50,000 rows open in", ms, "ms");
  b.say(ms < 20000, "50,000 rows open", ms);
  await check("one filter for all of them", `document.querySelectorAll("#s-checks-2 input[type=search]").length === 1 &&
    document.querySelectorAll("#s-checks-2 .data").length === 250`);
  const frames = `(() => { window.longest = 0; let last = performance.now();
    (function frame() { const now = performance.now(); longest = Math.max(longest, now - last); last = now;
      if (!window.counted) setTimeout(frame); })(); return true; })()`;
  const shown = `[...document.querySelectorAll("#s-checks-2 .of:not([hidden]) tbody tr")].filter((r) => !r.hidden).length`;
  const said = (text) => `new Promise((go) => { const o = document.querySelector("#s-checks-2 output");
    const t = setInterval(() => { if (o.textContent === ${JSON.stringify(text)}) { clearInterval(t); go(true); } }, 20);
    setTimeout(() => go(o.textContent), 20000); })`;
  const type = (text) => `(() => { const i = document.querySelector("#s-checks-2 input[type=search]");
    i.value = ${JSON.stringify(text)}; i.dispatchEvent(new Event("input")); return true; })()`;
  const choose = (n, value) => `(() => { const s = document.querySelectorAll("#s-checks-2 .tools select")[${n}];
    s.value = ${JSON.stringify(value)}; s.dispatchEvent(new Event("change")); return s.value === ${JSON.stringify(value)}; })()`;
  await check("frames are counted", frames);
  const typed = Date.now();
  await check("the text filter", type("ensure 30057"));
  await check("finds one row an agent", said("250 of 50000 rows"));
  console.log("# filtered in", Date.now() - typed, "ms");
  await check("and hides the others", shown + " === 250");
  await check("by agent", choose(2, "host007.example"));
  await check("leaves one row", said("1 of 50000 rows"));
  await check("and one list", `document.querySelectorAll("#s-checks-2 .of:not([hidden])").length === 1`);
  await check("no text again", type(""));
  await check("leaves its checks", said("200 of 50000 rows"));
  await check("by status", choose(0, "Fail"));
  await check("leaves a quarter of them", said("50 of 50000 rows"));
  await check("all agents", choose(2, ""));
  await check("of one group", choose(1, "Desktops"));
  await check("leaves a quarter of its rows", said("4200 of 50000 rows"));
  const longest = await b.evaluate("window.counted = 1; longest");
  console.log("# the page stood still for at most", Math.round(longest), "ms");
  b.say(longest < 5000, "the page never stands still for long", longest);
}

/* One filter for what lies in several files; it leads into them, and takes what was asked for along. */
async function checkParts(folder) {
  const many = fs.readdirSync(folder).length;
  const begin = Date.now();
  await open(folder + "/many.html");
  console.log("# the first of", many, "files opens in", Date.now() - begin, "ms");
  b.say(many > 5, "several files", many);
  await check("one filter over all of them", `document.querySelectorAll("#contents .finder input[type=search]").length === 1`);
  const said = (text) => `new Promise((go) => { const o = document.querySelector(".finder output");
    const t = setInterval(() => { if (o.textContent === ${JSON.stringify(text)}) { clearInterval(t); go(true); } }, 20);
    setTimeout(() => go(o.textContent), 20000); })`;
  const type = (text) => `(() => { const i = document.querySelector(".finder input");
    i.value = ${JSON.stringify(text)}; i.dispatchEvent(new Event("input")); return true; })()`;
  const choose = (n, value) => `(() => { const s = document.querySelectorAll(".finder select")[${n}];
    s.value = ${JSON.stringify(value)}; s.dispatchEvent(new Event("change")); return s.value === ${JSON.stringify(value)}; })()`;
  const rows = `document.querySelectorAll(".finder tbody tr").length`;
  const typed = Date.now();
  await check("a check", type("ensure 30057"));
  await check("is found with every agent", said("250 of 50000 rows"));
  console.log("# filtered all files in", Date.now() - typed, "ms");
  await check("each in a row", rows + " === 250");
  await check("all of a group", `${type("")} && ${choose(1, "Desktops")}`);
  await check("is counted, too", said("16800 of 50000 rows"));
  await check("and shown page by page", `${rows} === 300 && (document.querySelector(".finder .frame button").click(), true)`);
  await check("more of it", `new Promise((go) => setTimeout(() => go(${rows}), 500)).then((n) => n === 1200)`);
  await check("one that fails, of one agent", `${choose(1, "")} && ${choose(2, "host249.example")} && ${choose(0, "Fail")} && ${type("30056")}`);
  await check("is one row", said("1 of 50000 rows"));
  const to = await b.evaluate(`document.querySelector(".finder tbody a").href`);
  b.say(/many\.part-\d+\.html\?find=30056&status=Fail#t-checks-249$/.test(to), "which leads to the file that has it", to);
  await b.axe("the filter over all files", axe, "#contents");
  await open(to.slice(7));
  await check("where the same is asked for", `new Promise((go) => { const t = setInterval(() => {
    const lists = [...document.querySelectorAll(".of:not([hidden])")];
    if (!lists.length || !document.querySelector("output").textContent) return;
    clearInterval(t); go(lists.every((l) => [...l.querySelectorAll("tbody tr:not([hidden])")].length === 1)); }, 20);
    setTimeout(() => go(document.querySelector("output").textContent), 20000); })`);
  await check("and the agent is in sight", `new Promise((go) => { const t = setInterval(() => {
    const r = document.getElementById("t-checks-249").getBoundingClientRect();
    if (r.bottom > 0 && r.top < innerHeight) { clearInterval(t); go(true); } }, 20);
    setTimeout(() => go(document.getElementById("t-checks-249").getBoundingClientRect().top), 10000); })`);
  await check("the way back", `[...document.querySelectorAll("nav a")].some((a) => a.getAttribute("href") === "many.html#contents")`);
}

async function main() {
  b = await start(browser, profile);
  await open(page);
  const column = (n) => `[...document.querySelectorAll("#t-top-agents tbody tr")].map(r => r.cells[${n}].textContent)`;
  const click = (n) => `document.querySelectorAll("#t-top-agents thead tr > *")[${n}].querySelector("button").click()`;
  await check("numbers sort as numbers", `${click(5)}; ${column(5)}.join() === "0,32,87,102,206,209,430"`);
  await check("aria-sort says so", `document.querySelectorAll("[aria-sort=ascending]").length === 1`);
  await check("a second click turns round", `${click(5)}; ${column(5)}.join() === "430,209,206,102,87,32,0"`);
  await check("text sorts", `${click(1)}; ${column(1)}[0] === "CT101" && ${column(1)}[6] === "web-09"`);
  await check("no value stays last, up", `${click(7)}; ${column(1)}[6] === "web-09" && ${column(1)}[0] === "DESKTOP-UUKUE87"`);
  await check("no value stays last, down", `${click(7)}; ${column(1)}[6] === "web-09" && ${column(1)}[0] === "CT101"`);
  await check("the total stays in the foot", `document.querySelector("#t-top-agents tfoot th").textContent === "All agents"`);
  const filter = (text, said) => `(() => { const i = document.querySelector("input[type=search]");
    i.value = ${JSON.stringify(text)}; i.dispatchEvent(new Event("input")); })();
    new Promise((go) => { const t = setInterval(() => { if (document.querySelector("output").textContent === ${JSON.stringify("SAID")}) {
      clearInterval(t); go(); } }, 10); setTimeout(go, 60000); })`.replace("SAID", said);
  const shown = `document.querySelectorAll("#t-long tbody tr:not([hidden])").length`;
  await check("the filter takes all terms, any case", `${filter("FAIL 57", "2 of 60 rows")}.then(() => ${shown} === 2)`);
  await check("and counts the rows", `document.querySelector("output").textContent === "2 of 60 rows"`);
  await check("an empty filter shows all", `${filter(" ", "")}.then(() => ${shown} === 60 &&
    document.querySelector("output").textContent === "")`);
  await check("long notes are folded", `document.querySelector("#check-19583 details").open === false`);
  await check("a link to a check opens them", `location.hash = "#check-19583"; dispatchEvent(new HashChangeEvent("hashchange"));
    document.querySelector("#check-19583 details").open`);
  await check("paper shows them all", `dispatchEvent(new Event("beforeprint"));
    !document.querySelector("details.more:not([open])")`);
  const pdf = await send("Page.printToPDF", { preferCSSPageSize: true });
  fs.writeFileSync(profile + ".pdf", Buffer.from(pdf.result.data, "base64"));
  await check("the policy stops foreign script", `(() => { const e = document.createElement("script");
    e.textContent = "window.broken = 1"; document.body.append(e); return window.broken === undefined; })()`);
  const blocked = b.complaints.filter((c) => c.includes("Content Security Policy"));
  await check("the page itself breaks no rule", blocked.length === 1 && b.complaints.length === 1 ? "true"
    : JSON.stringify(b.complaints.join("\n")));
  await b.axe("page", axe);
  await checkWidths("page", page);
  await checkPaper("page", page);
  await checkWidths("words", words);
  await checkPaper("words", words);
  await b.axe("words", axe);
  await checkMany(many);
  await checkParts(parts);
  await b.end();
}
main();
