"use strict";
/* Finding, filtering, sorting of all agents, and turning pages of them. The page has the first of them as rows, fleet.js beside it has
 * all; nothing is asked of anybody. Texts go into the page as texts, never as markup. */
(function () {
  const table = document.querySelector("table.agents"), tools = document.querySelector(".tools");
  if (!self.assayFleet || !table || !tools || !table.tBodies.length)
    return;

  const ROWS = 200, CHUNK = 100; /* of a page; that are laid out together */
  const byId = (id) => document.getElementById(id);
  const find = byId("find"), group = byId("group"), os = byId("os"), state = byId("state"), shown = byId("shown");
  const turning = document.querySelector(".pages"), where = byId("where"), names = byId("names");
  const previous = byId("previous"), next = byId("next"), whole = byId("whole");
  const language = document.documentElement.lang;
  const collator = new Intl.Collator(language, { numeric: true });
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key].toLocaleString(language));

  const texts = self.assayFleet.texts;
  let agents = self.assayFleet.agents.map((v) => ({
    name: v[0], path: v[1], address: v[2], group: texts[v[3]], os: texts[v[4]], state: texts[v[5]], stateText: texts[v[6]],
    scoreText: texts[v[7]], changeText: texts[v[8]], changeClass: texts[v[9]], failedText: texts[v[10]], fresh: texts[v[11]],
    day: texts[v[12]], heard: texts[v[13]], score: v[14], percent: v[15], change: v[16], failed: v[17], scan: v[18],
  }));

  /* ---- rows, as the page has them ---- */

  function element(tag, role, cls, text) {
    const e = document.createElement(tag);
    if (role)
      e.setAttribute("role", role);
    if (cls)
      e.className = cls;
    if (text)
      e.textContent = text;
    return e;
  }

  function cell(cls, text, small) {
    const td = element("td", "cell", cls, text);
    if (small)
      td.append(element("small", "", "", small));
    return td;
  }

  function rowOf(a) {
    const tr = element("tr", "row"), th = element("th", "rowheader"), link = element("a", "", "", a.name);
    link.href = a.path + ".html";
    th.scope = "row";
    th.append(link, element("small", "", "", a.os ? a.group + " · " + a.os : a.group));
    tr.append(th,
      cell("r score" + (a.percent < 0 ? "" : " bar t" + Math.floor(a.percent / 10) + " u" + a.percent % 10), a.scoreText),
      cell("r wide " + a.changeClass, a.changeText), cell("r wide", a.failedText, a.fresh), cell("day", a.day, a.heard),
      cell("state " + a.state, a.stateText));
    return tr;
  }

  function draw(list) {
    const bodies = [];
    for (let i = 0; i < list.length; i += CHUNK) {
      const body = element("tbody", "rowgroup");
      body.append(...list.slice(i, i + CHUNK).map(rowOf));
      bodies.push(body);
    }
    for (const old of Array.from(table.tBodies))
      old.remove();
    table.append(...bodies);
  }

  /* ---- what is shown of them: those that fit, and of these a page or all ---- */

  let fitting = agents, first = 0, isWhole = false;

  function count() {
    const to = isWhole ? fitting.length : Math.min(first + ROWS, fitting.length);
    shown.textContent = say(shown.dataset.text, { n: fitting.length, of: agents.length });
    where.textContent = say(where.dataset.text, { from: first + 1, to, n: fitting.length });
    turning.hidden = fitting.length <= ROWS;
    previous.disabled = isWhole || first === 0;
    next.disabled = isWhole || to === fitting.length;
    whole.setAttribute("aria-pressed", isWhole);
  }

  function show() {
    draw(isWhole ? fitting : fitting.slice(first, first + ROWS));
    count();
  }

  function turn(to) {
    first = to;
    show();
    table.focus({ preventScroll: true }); /* what comes next by the keyboard is its first row */
    table.scrollIntoView();
  }

  function filter() {
    const wanted = find.value.toLowerCase().split(/\s+/).filter((w) => w);
    fitting = agents.filter((a) => {
      if ((group.value && a.group !== group.value) || (os.value && a.os !== os.value) || (state.value && a.state !== state.value))
        return false;
      if (wanted.length && !a.words)
        a.words = (a.name + " " + a.group + " " + a.os + " " + a.address).toLowerCase();
      return wanted.every((w) => a.words.includes(w));
    });
    first = 0;
    show();
  }

  function offer(select, key) {
    const words = Array.from(new Set(agents.map((a) => a[key]))).filter((w) => w).sort(collator.compare);
    for (const w of words)
      select.append(new Option(w, w));
    select.hidden = words.length < 2;
  }

  /* ---- order; those without a score, or never scanned, stay last ---- */

  const columns = [["name"], ["score", -1], ["change"], ["failed"], ["scan", 0], ["state"]];
  let isRanked = false;

  /* Comparing names by the rules of a language takes long: once is enough. */
  function rank() {
    if (!isRanked)
      agents.slice().sort((a, b) => collator.compare(a.name, b.name)).forEach((a, i) => { a.rank = i; });
    isRanked = true;
  }

  function sortBy(index, th) {
    const [key, none] = columns[index];
    const down = th.getAttribute("aria-sort") === "ascending";
    rank();
    agents.sort((a, b) => {
      const x = key === "name" ? a.rank : a[key], y = key === "name" ? b.rank : b[key];
      if (x === y)
        return a.rank - b.rank;
      if (x === none || y === none)
        return x === none ? 1 : -1;
      return x < y === down ? 1 : -1;
    });
    for (const other of table.tHead.rows[0].cells)
      other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
    filter();
  }

  Array.from(table.tHead.rows[0].cells).forEach((th, index) => {
    const button = element("button", "", "", th.textContent);
    button.type = "button";
    button.addEventListener("click", () => sortBy(index, th));
    th.replaceChildren(button);
  });

  let waiting = 0;
  find.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 80); });
  for (const select of [group, os, state])
    select.addEventListener("change", filter);
  previous.addEventListener("click", () => turn(Math.max(0, first - ROWS)));
  next.addEventListener("click", () => turn(first + ROWS));
  whole.addEventListener("click", () => { isWhole = !isWhole; first = 0; show(); });

  /* Paper has all that fit. */
  addEventListener("beforeprint", () => { if (!isWhole && fitting.length > ROWS) draw(fitting); });
  addEventListener("afterprint", () => { if (!isWhole && fitting.length > ROWS) show(); });

  offer(group, "group");
  offer(os, "os");
  table.tabIndex = -1;
  tools.hidden = false;
  if (names)
    names.hidden = true;
  if (find.value || state.value) /* as the browser kept them when one comes back */
    filter();
  else
    count();
})();
