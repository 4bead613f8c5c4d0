// A matrix: two columns across each other, and what a third says where they meet. Empty cells stay: they are news too.

import { h } from "../dom.js";

const MOST_ROWS = 120;
const MOST_COLUMNS = 60;

export function matrix({ answer, rows, columns: [down, across, value], texts, link, states }) {
  const cells = new Map();
  const heads = { down: new Map(), across: new Map() };
  for (const row of rows) {
    const [left, top] = [answer.cell(row, down), answer.cell(row, across)];
    if (!left.text || !top.text) continue;
    heads.down.set(left.text, left);
    heads.across.set(top.text, top);
    const key = `${left.text}\n${top.text}`;
    cells.set(key, [...(cells.get(key) ?? []), value ? answer.text(row, value) : ""]);
  }
  const sides = [...heads.down.keys()].slice(0, MOST_ROWS);
  const tops = [...heads.across.keys()].slice(0, MOST_COLUMNS);
  const head = h(
    "tr",
    {},
    h("td", {}),
    tops.map((top) => h("th", { scope: "col", class: "turned" }, h("span", {}, link(heads.across.get(top))))),
  );
  const body = sides.map((side) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, link(heads.down.get(side))),
      tops.map((top) => cell(cells.get(`${side}\n${top}`), texts, states)),
    ),
  );
  const isCut = sides.length < heads.down.size || tops.length < heads.across.size;
  const table = h("table", { class: "matrix" }, h("thead", {}, head), h("tbody", {}, body));
  const name = `${down.title} × ${across.title}`;
  const wrap = h("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": name }, table);
  return h(
    "div",
    {},
    legend(cells, states),
    wrap,
    isCut ? h("p", { class: "soft small" }, texts.matrixCut(sides.length, tops.length)) : null,
  );
}

function cell(values, texts, states) {
  if (!values) return h("td", { class: "empty" }, h("span", { "aria-hidden": "true" }, "·"));
  const shown = [...new Set(values.filter(Boolean))].join(", ");
  if (states.has(shown))
    return h(
      "td",
      { class: "sq-full" },
      h("span", { class: `state-${states.get(shown)}`, title: shown }, h("span", { class: "visually-hidden" }, shown)),
    );
  if (shown) return h("td", { class: "sq-full" }, h("span", {}, shown));
  const many = values.length > 1 ? String(values.length) : "●";
  return h(
    "td",
    { class: "sq-full" },
    h("span", { "aria-label": values.length > 1 ? String(values.length) : texts.present, role: "img" }, many),
  );
}

/** What the signs of the states of knowing mean. */
function legend(cells, states) {
  const found = new Set([...cells.values()].flat().filter((value) => states.has(value)));
  if (!found.size) return null;
  return h(
    "ul",
    { class: "legend" },
    [...found].map((value) => h("li", {}, h("span", { class: `badge state-${states.get(value)}` }, value))),
  );
}
