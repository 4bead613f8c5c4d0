// The table beside the picture: the same nodes or links, to sort, and to choose from.

import { fill, make } from "./dom.js";
import { tellEdge, tellKnowing, tellMode } from "./telling.js";

const PAGE = 200;

/** The columns of the nodes: name, heading, value to sort by; `text` if it is shown otherwise. */
const nodeColumns = (app) => [
  { id: "name", value: ({ node }) => node.label },
  { id: "isA", value: ({ node }) => tellMode(app, node.mode), text: ({ node }) => what(app, node) },
  { id: "count", value: ({ degree }) => degree, number: true },
];

const what = (app, node) => {
  const [pillar] = node.mode === "pilot" ? app.model.traits.pillar[node.index] : [];
  return pillar === undefined
    ? tellMode(app, node.mode)
    : `${tellMode(app, node.mode)}, ${app.model.nodes[pillar].label}`;
};

const linkColumns = (app) => {
  const { model, say, state } = app;
  const projected = state.view === "pilots" || state.view === "actors";
  const label = (index) => model.nodes[index].label;
  return [
    { id: "from", value: ({ edge }) => label(edge.a) },
    { id: "to", value: ({ edge }) => label(edge.b) },
    state.view === "pilots" && { id: "joinedBy", value: ({ edge }) => say(`layer_${edge.layer}`) },
    projected && { id: "shares", value: ({ edge }) => tellEdge(app, edge) },
    projected && { id: "strength", value: ({ edge }) => edge.weight, number: true },
    state.view === "actor" && {
      id: "roles",
      value: ({ edge }) => tellEdge(app, edge),
      state: ({ edge }) => edge.knowing,
    },
    !projected &&
      state.view !== "actor" && {
        id: "known",
        value: ({ edge }) => tellKnowing(app, edge.knowing) || say("knowing_stated"),
      },
  ].filter(Boolean);
};

/** The rows that the table shows, sorted; the exports write the same. */
export const rowsOf = (app, list) => {
  const { model, network, state } = app;
  const columns = list === "nodes" ? nodeColumns(app) : linkColumns(app);
  const rows =
    list === "nodes"
      ? network.nodes.map((index) => ({
          key: `node:${model.nodes[index].id}`,
          node: model.nodes[index],
          degree: network.degree.get(index),
        }))
      : network.edges.map((edge) => ({ key: `edge:${edge.key}`, edge }));
  const by = columns.find(({ id }) => id === state.sort?.by) ?? (list === "nodes" ? columns[2] : columns[0]);
  const down = state.sort && by.id === state.sort.by ? state.sort.down : Boolean(by.number);
  const collator = new Intl.Collator(model.language, { numeric: true });
  const order = (p, q, { value, number }) => (number ? value(p) - value(q) : collator.compare(value(p), value(q)));
  // Rows that the column does not part stand by name.
  rows.sort((p, q) => (down ? -1 : 1) * order(p, q, by) || order(p, q, columns[0]) || order(p, q, columns[1]));
  return { columns, rows, by: by.id, down };
};

/** A mark where a link is not simply stated by a source. */
export const knownMark = (app, knowing) => {
  const told = tellKnowing(app, knowing);
  return told && make("span", { class: `state ${knowing}` }, told);
};

export class Table {
  constructor(app) {
    this.app = app;
    this.shown = PAGE;
    this.element = make("div", { class: "table-panel" });
  }

  update() {
    const { app } = this;
    const { say, number, state } = app;
    const { columns, rows, by, down } = rowsOf(app, state.list);
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const chosenAt = rows.findIndex(({ key }) => key === state.chosen);
    const shown = Math.max(this.shown, chosenAt + 1);
    const head = columns.map(({ id, number: isNumber }) =>
      make(
        "th",
        {
          scope: "col",
          class: isNumber && "number",
          "aria-sort": id === by ? (down ? "descending" : "ascending") : null,
        },
        make(
          "button",
          {
            type: "button",
            "data-focus": `sort-${id}`,
            onclick: () => app.set({ sort: { by: id, down: id === by ? !down : Boolean(isNumber) } }),
          },
          say(id),
          make("span", { class: "arrow", "aria-hidden": "true" }, id === by ? (down ? "▾" : "▴") : ""),
        ),
      ),
    );
    const body = rows.slice(0, shown).map((row) => this.row(row, columns));
    fill(
      this.element,
      this.lists(),
      make(
        "div",
        { class: "table-scroll", tabindex: "0", role: "region", "aria-label": say(`caption_${state.list}`) },
        make(
          "table",
          {},
          make("caption", { class: "unseen" }, say(`caption_${state.list}`)),
          make("thead", {}, make("tr", {}, head)),
          make("tbody", {}, body),
        ),
      ),
      rows.length > shown &&
        make(
          "p",
          { class: "small" },
          `${say("rowsN", { shown: number(shown), n: number(rows.length) })} `,
          make(
            "button",
            { type: "button", class: "plain", "data-focus": "more", onclick: () => this.more() },
            say("more"),
          ),
        ),
    );
    if (focused) this.element.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }

  more(rows = PAGE * 5) {
    this.shown += rows;
    this.update();
  }

  lists() {
    const { say, state } = this.app;
    const option = (list) =>
      make(
        "label",
        { class: "segment" },
        make("input", {
          type: "radio",
          name: "explorer-list",
          "data-focus": `list-${list}`,
          checked: state.list === list,
          onchange: () => this.app.set({ list, sort: null }),
        }),
        make("span", {}, say(list)),
      );
    return make(
      "fieldset",
      { class: "segments" },
      make("legend", { class: "unseen" }, say("list")),
      option("nodes"),
      option("links"),
    );
  }

  row(row, columns) {
    const { app } = this;
    const [first, ...others] = columns;
    const cell = ({ value, text, state, number: isNumber }) => [
      isNumber ? app.number(value(row)) : (text ?? value)(row),
      state && knownMark(app, state(row)),
    ];
    return make(
      "tr",
      { "aria-current": row.key === app.state.chosen ? "true" : null },
      make(
        "th",
        { scope: "row" },
        make(
          "button",
          {
            type: "button",
            class: "plain",
            "data-focus": row.key,
            onclick: () => app.choose(row.key, { from: "table" }),
          },
          row.node && app.mark(row.node.index),
          cell(first),
        ),
      ),
      others.map((column) => make("td", { class: column.number && "number" }, cell(column))),
    );
  }

  /** Mark the chosen row without making the table anew. */
  mark() {
    for (const row of this.element.querySelectorAll("tbody tr")) {
      const chosen = row.querySelector("button").dataset.focus === this.app.state.chosen;
      if (chosen) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }
}
