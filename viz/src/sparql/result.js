// The answer on the page: a sentence, the choice of pictures, the picture, and always the table.

import { Answer } from "./answer.js";
import { TimedOut } from "./engine.js";
import { copyText, download, fill, h } from "./dom.js";
import { proofView } from "./proof.js";
import { isWeb } from "./settings.js";
import { ntTerm, tsvTerm } from "./terms.js";
import { bars } from "./views/bars.js";
import { candidates, pictures, rolesOf } from "./views/choice.js";
import { map } from "./views/map.js";
import { matrix } from "./views/matrix.js";
import { network, networkOfTriples } from "./views/network.js";
import { table } from "./views/table.js";
import { timeline } from "./views/timeline.js";

const DRAWERS = { chart: bars, matrix, map, timeline, graph: network };
const PROOF_SECONDS = 60;
const MOST_RAW = 200_000;
const TRIPLE = ["subject", "predicate", "object"];

/** Shows answers in an element; `page` gives texts, settings, engine, labels and the outline of the land. */
export class Result {
  constructor(element, page) {
    this.element = element;
    this.page = page;
    this.onchange = () => {};
  }

  clear() {
    fill(this.element);
    this.element.hidden = true;
    this.element.classList.remove("sq-old");
  }

  /** Marks the shown answer as that of an earlier question. */
  fade() {
    this.element.classList.add("sq-old");
  }

  /** Shows an answer of the engine to a bound query, and gives the sentence that announces it. */
  async show(raw, { text, name, hint, view = "", columns = "", sort = "", filter = "" }) {
    this.raw = raw;
    this.text = text;
    this.name = name;
    Object.assign(this, { view, sort, filter, chosen: columns ? columns.split(",") : [], at: 1, showIris: false });
    this.element.classList.remove("sq-old");
    this.element.hidden = false;
    if ("boolean" in raw) return this.showBoolean(raw);
    const solutions = raw.quads ? { vars: TRIPLE, rows: raw.quads.map(rowOfTriple) } : raw;
    this.answer = new Answer(solutions, raw.quads ? "" : text, this.page.context);
    await this.nameThings();
    this.states = await this.page.states();
    const { found, preferred } = pictures(this.answer, hint);
    this.found = raw.quads ? { graph: [] } : found;
    this.preferred = raw.quads ? "table" : preferred;
    this.draw();
    return this.sentence();
  }

  async nameThings() {
    const { labels } = this.page;
    const iris = this.answer.iris;
    await labels.find(iris);
    this.answer.labels = new Map(iris.map((iri) => [iri, labels.get(iri)]));
  }

  sentence() {
    const { texts } = this.page;
    const { rows } = this.answer;
    const count = this.raw.quads ? texts.triplesFound : texts.rowsFound;
    const cut = this.raw.truncated ? ` ${texts.truncated(rows.length)}` : "";
    return rows.length ? `${count(rows.length, this.raw.milliseconds)}.${cut}` : texts.nothing;
  }

  showBoolean({ boolean, milliseconds }) {
    const { texts } = this.page;
    this.answer = null;
    const panel = h("div", {});
    const open = () => this.openProof(null, fill(panel));
    fill(
      this.element,
      h("p", { class: "sq-yes" }, boolean ? texts.yes : texts.no),
      h("p", {}, h("button", { type: "button", class: "sq-quiet", click: open }, texts.proof)),
      panel,
    );
    return texts.yesNo(boolean, milliseconds);
  }

  get current() {
    const all = this.views();
    return all.includes(this.view) ? this.view : this.preferred;
  }

  views() {
    return ["table", ...Object.keys(this.found), "raw"];
  }

  draw() {
    const { texts } = this.page;
    this.order = this.answer.selected(this.filter, this.sort);
    this.tableBox = h("div", {});
    this.pictureBox = h("div", { class: "sq-picture" });
    this.counted = h("span", { class: "soft small", role: "status" });
    const cut = this.raw.truncated
      ? h("p", { class: "notice warning" }, texts.truncated(this.answer.rows.length))
      : null;
    const isRaw = this.current === "raw";
    fill(
      this.element,
      this.toolbar(),
      cut,
      isRaw ? this.rawView() : [this.pictureBox, this.filterBar(), this.tableBox],
    );
    if (!isRaw) this.redraw();
  }

  redraw() {
    this.order = this.answer.selected(this.filter, this.sort);
    const { texts } = this.page;
    this.counted.textContent = this.filter ? texts.filtered(this.order.length, this.answer.rows.length) : "";
    this.drawPicture();
    this.drawTable();
  }

  drawPicture() {
    const view = this.current;
    if (view === "table") {
      fill(this.pictureBox);
      return;
    }
    const { texts } = this.page;
    if (this.raw.quads) {
      const short = (iri) => this.answer.short(iri);
      const shown = { quads: this.raw.quads, labels: this.answer.labels, short, texts, pageOf: this.page.pageOf };
      fill(this.pictureBox, networkOfTriples(shown));
      return;
    }
    const columns = this.columnsFor(view);
    const rows = this.order.map((at) => this.answer.rows[at]);
    const given = {
      answer: this.answer,
      rows,
      columns,
      texts,
      link: this.link,
      states: this.states,
      outline: this.page.outline,
      pageOf: this.page.pageOf,
    };
    fill(this.pictureBox, this.pickers(view, columns), DRAWERS[view](given));
  }

  /** The columns of a picture: those chosen by the visitor, if they still fit. */
  columnsFor(view) {
    const chosen = this.chosen.map((name) => (name === "-" ? null : this.answer.column(name)));
    const fits =
      chosen.length &&
      chosen.every(
        (column, at) =>
          column === null ||
          (column !== undefined && candidates(this.answer, view, rolesOf(view)[at] ?? "value").includes(column)),
      );
    return fits && chosen[0] && chosen[1] ? chosen : this.found[view];
  }

  pickers(view, columns) {
    const { texts } = this.page;
    const roles = view === "chart" ? rolesOf(view).concat(columns.slice(2).map(() => "value")) : rolesOf(view);
    const controls = roles.map((role, at) => {
      const options = candidates(this.answer, view, role).map((column) =>
        h("option", { value: column?.name ?? "-", selected: column === (columns[at] ?? null) }, column?.title ?? "–"),
      );
      const change = ({ target }) => {
        this.chosen = roles.map((_, each) => (each === at ? target.value : (columns[each]?.name ?? "-")));
        this.changed({ columns: this.chosen.join(",") });
        this.drawPicture();
      };
      return h("label", { class: "sq-pick" }, `${texts.roles[role]} `, h("select", { change }, options));
    });
    return h("div", { class: "sq-pickers" }, controls);
  }

  drawTable() {
    const { texts } = this.page;
    const given = {
      answer: this.answer,
      order: this.order,
      sort: this.sort,
      page: this.at,
      showIris: this.showIris,
      texts,
      link: this.link,
    };
    const on = {
      sort: (name, pressed) => {
        this.sort = name;
        this.at = 1;
        this.changed({ sort: name });
        this.redraw();
        [...this.tableBox.querySelectorAll(".sq-sort")].find((button) => button.dataset.column === pressed)?.focus();
      },
      page: (at) => {
        this.at = at;
        this.drawTable();
        this.tableBox.querySelector(".table-wrap").focus();
      },
    };
    const openProof = this.raw.quads ? null : (at, panel) => this.openProof(at, panel);
    fill(this.tableBox, table({ ...given, openProof, on }));
  }

  toolbar() {
    const { texts } = this.page;
    const choose = (view) => {
      this.view = view;
      this.chosen = [];
      this.changed({ view: view === this.preferred ? "" : view, columns: "" });
      this.draw();
      this.element.querySelector(`[data-view="${view}"]`).focus();
    };
    const buttons = this.views().map((view) =>
      h(
        "button",
        {
          type: "button",
          class: "sq-choice",
          "data-view": view,
          "aria-pressed": String(view === this.current),
          click: () => choose(view),
        },
        texts.views[view],
      ),
    );
    return h(
      "div",
      { class: "sq-tools" },
      h("div", { class: "sq-choices", role: "group", "aria-label": texts.viewsName }, buttons),
      this.downloads(),
    );
  }

  downloads() {
    const { texts } = this.page;
    // A part of an answer says so in its name.
    const name = `${this.name || "answer"}${this.raw.truncated ? `-first-${this.answer.rows.length}` : ""}`;
    const save = (label, type, extension, content) =>
      h(
        "button",
        {
          type: "button",
          class: "sq-quiet",
          "aria-label": `${texts.download} ${label}`,
          click: () => download(`${name}.${extension}`, type, content()),
        },
        `↓ ${label}`,
      );
    const status = h("span", { role: "status", class: "small soft" });
    const copy = h(
      "button",
      {
        type: "button",
        class: "sq-quiet",
        click: async () => {
          await copyText(location.href);
          status.textContent = texts.copied;
        },
      },
      texts.copyLink,
    );
    const graph = this.raw.quads
      ? save(texts.nt, "application/n-triples", "nt", () => this.triples())
      : save(texts.json, "application/sparql-results+json", "json", () => this.answer.json());
    return h(
      "div",
      { class: "sq-downloads" },
      save(texts.csv, "text/csv", "csv", () => this.answer.csv()),
      graph,
      copy,
      status,
    );
  }

  triples() {
    return this.raw.quads.map((triple) => `${triple.map(ntTerm).join(" ")} .\n`).join("");
  }

  filterBar() {
    const { texts } = this.page;
    const input = h("input", {
      type: "search",
      value: this.filter,
      input: () => {
        this.filter = input.value;
        this.at = 1;
        this.changed({ filter: input.value });
        this.redraw();
      },
    });
    const iris = this.answer.columns.some((column) => column.iri)
      ? h(
          "label",
          { class: "sq-check" },
          h("input", {
            type: "checkbox",
            checked: this.showIris,
            change: ({ target }) => {
              this.showIris = target.checked;
              this.drawTable();
            },
          }),
          ` ${texts.showIris}`,
        )
      : null;
    return h("div", { class: "sq-filter" }, h("label", {}, `${texts.filter} `, input), iris, this.counted);
  }

  rawView() {
    const text = this.raw.quads ? this.triples() : this.answer.json();
    const shown = text.length > MOST_RAW ? `${text.slice(0, MOST_RAW)}\n…` : text;
    return h("pre", { tabindex: "0", class: "sq-raw" }, h("code", {}, shown));
  }

  /** A cell as text, or as a link to the page about what it names. */
  get link() {
    return ({ text, iri, term }) => {
      if (!text) return "";
      const page = iri ? this.page.pageOf(iri) : null;
      if (page) return h("a", { href: page }, h("bdi", {}, text));
      const address = iri ?? (term?.datatype === "http://www.w3.org/2001/XMLSchema#anyURI" ? term.value : null);
      if (!address && this.states.has(text)) return h("span", { class: `badge state-${this.states.get(text)}` }, text);
      if (address && isWeb(address)) return h("a", { href: address, rel: "noreferrer" }, h("bdi", {}, text));
      return h("bdi", {}, text);
    };
  }

  async openProof(at, panel) {
    const { texts, engine, settings } = this.page;
    fill(panel, h("p", { class: "soft", role: "status" }, texts.proofLoading));
    try {
      const proof = await this.proofOf(at, engine, settings.lang);
      fill(panel, proofView(proof, this.page));
    } catch (error) {
      if (!(error instanceof TimedOut)) console.info(error.message);
      fill(panel, h("p", { class: "soft" }, texts.proofFailed));
    }
  }

  proofOf(at, engine, language) {
    if (at === null) {
      const row = this.raw.boolean ? [] : null;
      return engine.call("prove", { text: this.text, variables: [], row, ask: true, language }, PROOF_SECONDS);
    }
    const row = this.answer.rows[at];
    if (this.answer.namesClaims)
      return engine.call("claims", { claims: this.answer.claims(row), language }, PROOF_SECONDS);
    const variables = this.raw.vars;
    const terms = variables.map((name) => tsvTerm(row[name]));
    return engine.call("prove", { text: this.text, variables, row: terms, ask: false, language }, PROOF_SECONDS);
  }

  changed(part) {
    this.onchange(part);
  }
}

function rowOfTriple(triple) {
  return Object.fromEntries(TRIPLE.map((name, at) => [name, triple[at]]));
}
