// Search with suggestions: the combobox of the ARIA Authoring Practices, with a list below the field.

import { fill, make } from "./dom.js";
import { fold } from "./model.js";
import { tellMode } from "./telling.js";

const MOST = 10;
const MODES = ["pilot", "organisation", "kind", "goal", "domain", "place"];

export class Search {
  constructor(app) {
    const { say } = app;
    this.app = app;
    this.found = [];
    this.active = -1;
    this.list = make("ul", { id: "explorer-found", role: "listbox", "aria-label": say("search"), hidden: true });
    this.field = make("input", {
      id: "explorer-search",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: say("searchHint"),
      "aria-expanded": "false",
      "aria-controls": "explorer-found",
      "aria-autocomplete": "list",
      oninput: () => this.suggest(),
      onfocus: () => this.field.value && this.suggest(),
      onblur: () => this.close(),
      onkeydown: (event) => this.key(event),
    });
    this.element = make(
      "div",
      { class: "search" },
      make("label", { for: "explorer-search" }, say("search")),
      make("div", { class: "field" }, this.field, this.list),
    );
  }

  /** The best matches: the label begins with it, then a word does, then it stands inside. */
  match(text) {
    const wanted = fold(text.trim());
    if (!wanted) return [];
    const rank = ({ folded }) =>
      folded.startsWith(wanted) ? 0 : folded.includes(` ${wanted}`) ? 1 : folded.includes(wanted) ? 2 : 3;
    return this.app.model.nodes
      .filter((node) => MODES.includes(node.mode) && rank(node) < 3)
      .sort(
        (p, q) =>
          rank(p) - rank(q) ||
          MODES.indexOf(p.mode) - MODES.indexOf(q.mode) ||
          p.label.localeCompare(q.label, this.app.model.language),
      );
  }

  suggest() {
    const { app } = this;
    const all = this.match(this.field.value);
    this.found = all.slice(0, MOST);
    this.active = -1;
    const shown = new Set(app.network.nodes);
    fill(
      this.list,
      this.found.map((node, place) =>
        make(
          "li",
          {
            id: `explorer-found-${place}`,
            role: "option",
            "aria-selected": "false",
            onmousedown: (event) => this.take(event, place),
          },
          app.mark(node.index),
          make("span", {}, node.label),
          make(
            "span",
            { class: "quiet" },
            shown.has(node.index) ? tellMode(app, node.mode) : `${tellMode(app, node.mode)}, ${app.say("hiddenNow")}`,
          ),
        ),
      ),
    );
    this.toggle(this.found.length > 0);
    if (this.field.value.trim()) app.tell(all.length ? app.say("found", { n: all.length }) : app.say("nothingFound"));
  }

  toggle(open) {
    this.list.hidden = !open;
    this.field.setAttribute("aria-expanded", String(open));
    if (!open) this.field.removeAttribute("aria-activedescendant");
  }

  close() {
    this.toggle(false);
  }

  key(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.suggest();
      const count = this.found.length;
      if (count) this.activate((this.active + (key === "ArrowDown" ? 1 : this.active < 0 ? 0 : -1) + count) % count);
    } else if (key === "Enter" && this.found.length && !this.list.hidden) {
      this.take(event, Math.max(this.active, 0));
    } else if (key === "Escape") {
      if (this.list.hidden) this.field.value = "";
      this.close();
    }
  }

  activate(place) {
    this.active = place;
    [...this.list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    this.list.children[place].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", `explorer-found-${place}`);
  }

  take(event, place) {
    event.preventDefault();
    this.field.value = this.found[place].label;
    this.close();
    this.app.find(this.found[place].index);
  }
}
