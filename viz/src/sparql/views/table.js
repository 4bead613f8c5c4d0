// The table: sorted, filtered, page by page; each row opens its proof.

import { fill, freshId, h } from "../dom.js";

const PAGE = 50;

/**
 * Draws the rows with these numbers.
 *
 * `on.sort(name)` is called when a heading is pressed, `on.page(number)` when another page is asked for;
 * `openProof(at, element)` fills an element with the proof of a row, null if rows have none.
 */
export function table({ answer, order, sort, page, showIris, texts, link, openProof, on }) {
  const pages = Math.max(1, Math.ceil(order.length / PAGE));
  const at = Math.min(Math.max(page, 1), pages);
  const shown = order.slice((at - 1) * PAGE, at * PAGE);
  const heads = answer.columns.map((column) => head(column, sort, texts, on.sort));
  const first = openProof ? h("th", { scope: "col", class: "sq-proof-head" }, texts.proof) : null;
  const body = h(
    "tbody",
    {},
    shown.flatMap((number) => rowOf(number, { answer, showIris, texts, link, openProof })),
  );
  const grid = h("table", { class: "data sq-table" }, h("thead", {}, h("tr", {}, first, heads)), body);
  const wrap = h("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": texts.views.table }, grid);
  return h("div", {}, wrap, pages > 1 ? pager(at, pages, texts, on.page) : null);
}

function head(column, sort, texts, onSort) {
  const direction = sort === column.name ? "ascending" : sort === `-${column.name}` ? "descending" : null;
  const next = direction === "ascending" ? `-${column.name}` : direction === "descending" ? "" : column.name;
  const button = h(
    "button",
    {
      type: "button",
      class: "sq-sort",
      title: texts.sortBy(column.title),
      "data-column": column.name,
      click: () => onSort(next, column.name),
    },
    column.title,
  );
  return h("th", { scope: "col", class: column.numeric ? "number" : null, "aria-sort": direction }, button);
}

function rowOf(number, { answer, showIris, texts, link, openProof }) {
  const row = answer.rows[number];
  const cells = answer.columns.map((column) => {
    const cell = answer.cell(row, column);
    const iri = showIris && cell.iri ? h("span", { class: "sq-iri" }, answer.short(cell.iri)) : null;
    const kind = column.numeric ? "number" : column.long ? "long" : null;
    return h("td", { class: kind, lang: cell.language ?? null }, link(cell), iri);
  });
  if (!openProof) return [h("tr", {}, cells)];
  const proofId = freshId("proof");
  const panel = h("td", { colspan: answer.columns.length + 1 });
  const detail = h("tr", { id: proofId, class: "sq-proof-row", hidden: true }, panel);
  const button = h(
    "button",
    {
      type: "button",
      class: "sq-proof-button",
      "aria-expanded": "false",
      "aria-controls": proofId,
      "aria-label": texts.proofOf(number + 1),
    },
    "▸",
  );
  button.addEventListener("click", () => {
    const opens = detail.hidden;
    detail.hidden = !opens;
    button.setAttribute("aria-expanded", String(opens));
    fill(button, opens ? "▾" : "▸");
    if (opens && !panel.hasChildNodes()) openProof(number, panel);
  });
  return [h("tr", {}, h("td", { class: "sq-proof-cell" }, button), cells), detail];
}

function pager(at, pages, texts, onPage) {
  const step = (label, to) =>
    h("button", { type: "button", class: "sq-quiet", disabled: to < 1 || to > pages, click: () => onPage(to) }, label);
  return h(
    "nav",
    { class: "sq-pager", "aria-label": texts.page(at, pages) },
    step(`‹ ${texts.previous}`, at - 1),
    h("span", {}, texts.page(at, pages)),
    step(`${texts.next} ›`, at + 1),
  );
}
