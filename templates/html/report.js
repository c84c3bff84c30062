"use strict";
/* Sorting, filtering and folding. The page is whole without it; it only adds controls. */
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
    body.append(...keyed.map((k) => k.row));
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

  /* ---- filtering ---- */

  function makeFilter(table) {
    const rows = Array.from(table.tBodies[0].rows);
    const input = element("input", { type: "search" });
    const count = element("output", {});
    count.setAttribute("aria-live", "polite");
    input.addEventListener("input", () => {
      const terms = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = terms.length ? row.textContent.toLowerCase() : "";
        row.hidden = !terms.every((t) => text.includes(t));
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = terms.length
        ? words.filter_count.replace("{shown}", shown).replace("{all}", rows.length) : "";
    });
    return [element("label", {}, words.filter, input), count];
  }

  /* ---- folding ---- */

  function makeFolding(table) {
    const all = Array.from(table.querySelectorAll("details.more"));
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
      tools.unshift(...makeFilter(table));
    if (tools.length)
      table.closest(".frame").before(element("div", { className: "tools" }, ...tools));
  }

  function openTarget() {
    const row = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row)
      for (const d of row.querySelectorAll("details.more"))
        d.open = true;
  }

  /* On paper everything is open. */
  const closed = new Set();
  addEventListener("beforeprint", () => {
    for (const d of document.querySelectorAll("details.more:not([open])")) {
      closed.add(d);
      d.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const d of closed)
      d.open = false;
    closed.clear();
  });

  for (const table of document.querySelectorAll("table.data")) {
    makeSortable(table);
    makeTools(table);
  }
  /* A frame that scrolls must be reachable by keyboard. */
  for (const frame of document.querySelectorAll(".frame"))
    if (frame.scrollWidth > frame.clientWidth) {
      const caption = frame.querySelector("caption");
      frame.tabIndex = 0;
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", caption ? caption.textContent : "");
    }
  openTarget();
  addEventListener("hashchange", openTarget);
})();
