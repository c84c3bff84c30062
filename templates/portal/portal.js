"use strict";
/* Finding, filtering and sorting of agents. The page is whole without it; nothing is asked of anybody. */
(function () {
  const table = document.querySelector("table.agents");
  const tools = document.querySelector(".tools");
  if (!table || !tools || !table.tBodies.length)
    return;

  const find = document.getElementById("find"), group = document.getElementById("group");
  const os = document.getElementById("os"), state = document.getElementById("state");
  const shown = document.getElementById("shown");
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const CHUNK = 100;

  /* What is looked at of a row, read once. */
  let agents = [];
  for (const body of table.tBodies)
    for (const row of body.rows) {
      const words = row.cells[0].querySelectorAll("small span");
      agents.push({
        row,
        name: row.cells[0].firstChild.textContent,
        group: words[0] ? words[0].textContent : "",
        os: words[1] ? words[1].textContent : "",
        state: row.cells[6].className.split(" ")[1],
        score: Number(row.dataset.s),
        change: Number(row.dataset.c),
        failed: Number(row.cells[4].firstChild.textContent.replace(/[^0-9]/g, "")),
        scan: Number(row.cells[5].dataset.t),
      });
    }
  for (const a of agents)
    a.words = (a.name + " " + a.group + " " + a.os + " " + (a.row.dataset.a || "")).toLowerCase();

  function offer(select, key) {
    const words = Array.from(new Set(agents.map((a) => a[key]).filter((w) => w)));
    words.sort(collator.compare);
    for (const w of words)
      select.append(new Option(w, w));
    select.hidden = words.length < 2;
  }
  offer(group, "group");
  offer(os, "os");

  function filter() {
    const wanted = find.value.toLowerCase().split(/\s+/).filter((w) => w);
    let n = 0;
    for (const a of agents) {
      const fits = (!group.value || a.group === group.value) && (!os.value || a.os === os.value) &&
        (!state.value || a.state === state.value) && wanted.every((w) => a.words.includes(w));
      n += fits;
      if (a.row.hidden === fits)
        a.row.hidden = !fits;
    }
    /* a part of the list without a row in it takes no room */
    for (const body of table.tBodies)
      body.hidden = Array.from(body.rows).every((row) => row.hidden);
    shown.textContent = shown.dataset.text.replace("{n}", n.toLocaleString(document.documentElement.lang))
      .replace("{of}", agents.length.toLocaleString(document.documentElement.lang));
  }

  /* Those without a score, or never scanned, stay last. */
  const columns = [["name"], ["score", -1], null, ["change"], ["failed"], ["scan", 0], ["state"]];
  function sortBy(index, th) {
    const [key, none] = columns[index];
    const down = th.getAttribute("aria-sort") === "ascending";
    agents.sort((a, b) => {
      const x = a[key], y = b[key];
      if (x === y)
        return collator.compare(a.name, b.name);
      if (x === none || y === none)
        return x === none ? 1 : -1;
      const order = typeof x === "number" ? x - y : collator.compare(x, y);
      return down ? -order : order;
    });
    const bodies = Array.from(table.tBodies);
    bodies.forEach((body, i) => {
      const part = document.createDocumentFragment();
      for (const a of agents.slice(i * CHUNK, (i + 1) * CHUNK))
        part.append(a.row);
      body.append(part);
    });
    for (const other of table.tHead.rows[0].cells)
      other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
    filter();
  }

  Array.from(table.tHead.rows[0].cells).forEach((th, index) => {
    if (!columns[index])
      return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = th.textContent;
    button.addEventListener("click", () => sortBy(index, th));
    th.replaceChildren(button);
  });

  let waiting = 0;
  find.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 80); });
  for (const select of [group, os, state])
    select.addEventListener("change", filter);
  tools.hidden = false;
  filter();
})();
