"use strict";
/* Sorting, filtering, paging and folding. The page is whole without it; it only adds controls. */
(function () {
  const words = document.body.dataset;
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

  function element(tag, props, ...children) {
    const e = Object.assign(document.createElement(tag), props);
    e.append(...children);
    return e;
  }

  /* ---- sorting ---- */

  function valueOf(row, index, numeric) {
    const cell = row.cells[index];
    if (cell.dataset.v !== undefined)
      return cell.dataset.v === "" ? null : Number(cell.dataset.v);
    const text = (cell.querySelector(".t") || cell).textContent.trim();
    if (text === "" || text === "–")
      return null;
    return numeric ? Number(text) : text;
  }

  function compare(a, b) {
    return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);
  }

  /* Rows without a value stay last in both directions; equal rows keep their order. */
  function sortBy(table, th, index) {
    const descending = th.getAttribute("aria-sort") === "ascending";
    const numeric = th.hasAttribute("data-num");
    const body = table.tBodies[0];
    const keyed = Array.from(body.rows, (row) => ({ row, key: valueOf(row, index, numeric) }));
    keyed.sort((a, b) => {
      if (a.key === null || b.key === null)
        return (a.key === null) - (b.key === null);
      return descending ? compare(b.key, a.key) : compare(a.key, b.key);
    });
    for (const other of table.tHead.rows[0].cells)
      other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const fragment = document.createDocumentFragment(); /* as arguments, too many rows are an error */
    for (const k of keyed)
      fragment.append(k.row);
    body.append(fragment);
    if (pagers.has(table))
      pagers.get(table)();
  }

  function makeSortable(table) {
    if (!table.tHead || !table.tBodies[0] || table.tBodies[0].rows.length < 2)
      return;
    Array.from(table.tHead.rows[0].cells).forEach((th, index) => {
      if (th.tagName !== "TH")
        return;
      const name = th.textContent;
      const button = element("button", { type: "button", textContent: name });
      button.title = words.sort.replace("{column}", name);
      button.addEventListener("click", () => sortBy(table, th, index));
      th.replaceChildren(button);
    });
  }

  /* ---- paging: a browser draws some hundred rows at once, and more when they are asked for ---- */

  const PAGE = 300;
  const pagers = new Map();
  let printing = false;

  /* A row that a filter leaves out has "out" set; a row of a later page is hidden all the same. */
  function makePaging(table) {
    const body = table.tBodies[0];
    if (!body || body.rows.length <= PAGE)
      return;
    let limit = PAGE;
    const button = element("button", { type: "button" });
    const more = element("div", { className: "tools" }, button);
    function show() {
      let n = 0;
      for (const row of body.rows) {
        const hidden = Boolean(row.out) || (++n > limit && !printing);
        if (row.hidden !== hidden)
          row.hidden = hidden;
      }
      more.hidden = n <= limit;
      button.textContent = words.more.replace("{shown}", Math.min(n, limit)).replace("{all}", n);
    }
    button.addEventListener("click", () => {
      limit *= 4;
      show();
    });
    table.closest(".frame").after(more);
    pagers.set(table, (reset) => {
      limit = reset ? PAGE : limit;
      show();
    });
    show();
  }

  /* ---- filtering ---- */

  const pause = () => new Promise((go) => setTimeout(go));

  /* Does a step for each element, and lets the page live in between; false = told to stop. */
  async function forEach(list, step, mayGoOn) {
    let until = performance.now() + 12;
    for (const item of list) {
      step(item);
      if (performance.now() < until)
        continue;
      await pause();
      if (!mayGoOn())
        return false;
      until = performance.now() + 12;
    }
    return true;
  }

  function describe(row) {
    const status = row.querySelector(".st");
    return { row, text: row.textContent.toLowerCase(),
      status: status ? status.lastChild.textContent.trim() : "" };
  }

  /* What another page of the report was asked for, and handed on. */
  const asked = new URLSearchParams(location.search);

  function labelled(text, control) {
    return element("label", {}, text, control);
  }

  function makeSelect(values) {
    const select = element("select", {}, element("option", { value: "", textContent: words.all }));
    for (const value of values)
      select.append(element("option", { value, textContent: value }));
    return select;
  }

  const unique = (values) => Array.from(new Set(values)).filter(Boolean).sort(collator.compare);

  /* One filter over lists of rows: { of: their agent or null, table, words }. */
  function makeFilter(lists, selects) {
    const input = element("input", { type: "search" });
    const count = element("output", {});
    count.setAttribute("aria-live", "polite");
    const status = makeSelect([]);
    let indexing = null, run = 0, n_all = 0;

    async function index() {
      const seen = new Set();
      for (const list of lists) {
        list.rows = [];
        await forEach(list.table.tBodies[0].rows, (row) => {
          const entry = describe(row);
          seen.add(entry.status);
          list.rows.push(entry);
        }, () => true);
        n_all += list.rows.length;
      }
      const chosen = status.value || asked.get("status") || "";
      asked.delete("status");
      status.replaceChildren(...makeSelect(unique(seen)).children);
      status.value = chosen;
    }

    async function apply() {
      const mine = ++run, mayGoOn = () => mine === run;
      indexing = indexing || index();
      await indexing;
      const terms = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const list of lists) {
        const wanted = selects.every(({ name, control }) => !control.value || list[name] === control.value);
        let n = 0;
        const whole = await forEach(list.rows, (e) => {
          e.row.out = !wanted || (status.value && e.status !== status.value) ||
            !terms.every((t) => e.text.includes(t) || list.words.includes(t));
          n += e.row.out ? 0 : 1;
          if (!pagers.has(list.table) && e.row.hidden !== Boolean(e.row.out))
            e.row.hidden = Boolean(e.row.out);
        }, mayGoOn);
        if (!whole || !mayGoOn())
          return;
        if (pagers.has(list.table))
          pagers.get(list.table)(true);
        list.n = n;
        shown += n;
      }
      const on = terms.length || status.value || selects.some((s) => s.control.value);
      for (const of of new Set(lists.map((l) => l.of).filter(Boolean)))
        of.hidden = on && lists.every((l) => l.of !== of || l.n === 0);
      count.textContent = on
        ? words.filter_count.replace("{shown}", shown).replace("{all}", n_all) : "";
    }

    if (lists[0].of && (asked.has("find") || asked.has("status"))) {
      input.value = asked.get("find") || "";
      apply().then(() => { /* what was above it has other heights now */
        const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        if (target)
          target.scrollIntoView({ behavior: "instant" });
      });
    }
    input.addEventListener("input", apply);
    for (const control of [status, ...selects.map((s) => s.control)])
      control.addEventListener("change", apply);
    const controls = [labelled(words.filter, input)];
    if (lists.some((l) => l.table.querySelector(".st"))) {
      controls.push(labelled(words.status, status));
      status.addEventListener("focus", () => { indexing = indexing || index(); });
      requestIdleCallback(() => { indexing = indexing || index(); });
    }
    for (const s of selects)
      controls.push(labelled(s.label, s.control));
    return [...controls, count];
  }

  /* The lists of all agents of a section have one filter together. */
  function makeListFilter(section, tables) {
    const lists = tables.map((table) => {
      const { agent, group } = table.dataset;
      return { table, of: table.closest(".of"), agent, group,
        words: (agent + " " + group).toLowerCase() };
    });
    const selects = [];
    for (const [name, label] of [["group", words.group], ["agent", words.agent]]) {
      const values = unique(lists.map((l) => l[name]));
      if (values.length > 1)
        selects.push({ name, label, control: makeSelect(values) });
    }
    section.querySelector("h2").after(element("div", { className: "tools" },
      ...makeFilter(lists, selects), ...makeFolding(section)));
  }

  /* ---- one filter over the lists of all files of a report ---- */

  /* A row is a number: its text times the number of statuses, and its status. Each text is looked at once. */
  function makeFinder(island) {
    const data = JSON.parse(island.textContent), n_status = data.status.length;
    const texts = data.texts.map((t) => t.toLowerCase());
    const input = element("input", { type: "search" });
    const used = new Set();
    for (const list of data.lists) {
      list.words = (list.agent + " " + list.group).toLowerCase();
      for (const row of list.rows)
        used.add(row % n_status);
    }
    const n_all = data.lists.reduce((n, l) => n + l.rows.length, 0);
    const selects = { status: makeSelect(unique(Array.from(used, (s) => data.status[s]))),
      group: makeSelect(unique(data.lists.map((l) => l.group))),
      agent: makeSelect(unique(data.lists.map((l) => l.agent))) };
    const count = element("output", {});
    count.setAttribute("aria-live", "polite");
    const body = element("tbody", {});
    const table = element("table", { className: "data" },
      element("caption", { className: "hidden", textContent: words.find }),
      element("thead", {}, element("tr", {}, ...["agent", "group", "check", "status"].map((name) =>
        element("th", { scope: "col", textContent: words[name] })))), body);
    const button = element("button", { type: "button" });
    const more = element("div", { className: "tools" }, button);
    const frame = element("div", { className: "frame", hidden: true }, table, more);
    let run = 0, limit = PAGE;

    /* A bit for each term; of a list only those count that its own words do not have. */
    async function search(mayGoOn) {
      const terms = input.value.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 30);
      const has = (text) => terms.reduce((bits, t, i) => bits | (text.includes(t) ? 1 << i : 0), 0);
      const all = terms.reduce((bits, t, i) => bits | 1 << i, 0), bits = new Int32Array(texts.length);
      let at = 0, n = 0;
      const hits = [];
      if (!await forEach(texts, (text) => { bits[at++] = has(text); }, mayGoOn))
        return null;
      const status = selects.status.value;
      const done = await forEach(data.lists, (list) => {
        if ((selects.group.value && list.group !== selects.group.value) ||
            (selects.agent.value && list.agent !== selects.agent.value))
          return;
        const own = has(list.words);
        for (const row of list.rows) {
          if ((status && data.status[row % n_status] !== status) ||
              ((bits[Math.floor(row / n_status)] | own) & all) !== all)
            continue;
          if (n++ < limit)
            hits.push({ list, row });
        }
      }, mayGoOn);
      return done ? { n, hits } : null;
    }

    function makeRow({ list, row }) {
      const asks = new URLSearchParams();
      if (input.value.trim())
        asks.set("find", input.value.trim());
      if (selects.status.value)
        asks.set("status", selects.status.value);
      const query = asks.toString(), { file } = list;
      const link = element("a", { href: data.files[file] + (query && file ? "?" + query : "") +
        "#" + list.id, textContent: list.agent });
      return element("tr", {}, element("th", { scope: "row" }, link),
        ...[list.group, data.texts[Math.floor(row / n_status)], data.status[row % n_status]].map((textContent) =>
          element("td", { textContent })));
    }

    async function apply() {
      const mine = ++run;
      const on = input.value.trim() || Object.values(selects).some((s) => s.value);
      const found = on ? await search(() => mine === run) : { n: 0, hits: [] };
      if (!found || mine !== run)
        return;
      body.replaceChildren(...found.hits.map(makeRow));
      frame.hidden = found.n === 0;
      more.hidden = found.n <= limit;
      button.textContent = words.more.replace("{shown}", found.hits.length).replace("{all}", found.n);
      count.textContent = on ? words.filter_count.replace("{shown}", found.n).replace("{all}", n_all) : "";
    }

    function begin() {
      limit = PAGE;
      apply();
    }
    input.addEventListener("input", begin);
    for (const s of Object.values(selects))
      s.addEventListener("change", begin);
    button.addEventListener("click", () => {
      limit *= 4;
      apply();
    });
    island.after(element("div", { className: "finder" }, element("h3", { textContent: words.find }),
      element("div", { className: "tools" }, labelled(words.filter, input),
        ...Object.keys(selects).map((name) => labelled(words[name], selects[name])), count), frame));
  }

  /* ---- folding ---- */

  function makeFolding(part) {
    const all = Array.from(part.querySelectorAll("details.more"));
    if (all.length === 0)
      return [];
    for (const d of all)
      d.open = false;
    const button = element("button", { type: "button", textContent: words.open_all });
    button.addEventListener("click", () => {
      const open = button.textContent === words.open_all;
      for (const d of all)
        d.open = open;
      button.textContent = open ? words.close_all : words.open_all;
    });
    return [button];
  }

  function makeTools(table) {
    const tools = makeFolding(table);
    if (table.classList.contains("long"))
      tools.unshift(...makeFilter([{ of: null, table, words: "" }], []));
    if (tools.length)
      table.closest(".frame").before(element("div", { className: "tools" }, ...tools));
  }

  function openTarget() {
    const row = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!row)
      return;
    if (row.hidden) {
      row.hidden = false;
      row.scrollIntoView();
    }
    for (const d of row.querySelectorAll("details.more"))
      d.open = true;
  }

  /* On paper everything is open, and of what a filter leaves all pages are there. */
  const closed = new Set();
  function setPrinting(on) {
    printing = on;
    for (const show of pagers.values())
      show();
  }
  addEventListener("beforeprint", () => {
    setPrinting(true);
    for (const d of document.querySelectorAll("details.more:not([open])")) {
      closed.add(d);
      d.open = true;
    }
  });
  addEventListener("afterprint", () => {
    setPrinting(false);
    for (const d of closed)
      d.open = false;
    closed.clear();
  });

  for (const table of document.querySelectorAll("table.data"))
    makeSortable(table);
  if (document.getElementById("find"))
    makeFinder(document.getElementById("find"));
  for (const section of document.querySelectorAll("main > section")) {
    const lists = Array.from(section.querySelectorAll("table.data[data-agent]"));
    if (lists.length)
      makeListFilter(section, lists);
    for (const table of section.querySelectorAll("table.data:not([data-agent])"))
      makeTools(table);
    for (const table of section.querySelectorAll("table.data"))
      makePaging(table);
  }

  /* A frame that scrolls must be reachable by keyboard. The lists of agents are measured when they come
   * into sight: all at once would draw all of a long report. */
  function settleFrame(frame) {
    const scrolls = frame.scrollWidth > frame.clientWidth;
    const caption = frame.querySelector("caption");
    frame.tabIndex = scrolls ? 0 : -1;
    if (!scrolls)
      frame.removeAttribute("tabindex");
    for (const [name, value] of [["role", "region"], ["aria-label", caption ? caption.textContent : ""]])
      if (scrolls)
        frame.setAttribute(name, value);
      else
        frame.removeAttribute(name);
  }
  const frames = new ResizeObserver((entries) => entries.forEach((e) => settleFrame(e.target)));
  for (const frame of document.querySelectorAll(".frame"))
    frames.observe(frame);
  openTarget();
  addEventListener("hashchange", openTarget);
})();
