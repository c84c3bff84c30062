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
      const chosen = status.value;
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
