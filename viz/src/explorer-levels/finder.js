// Finds pilots and organisations of the whole network by name, from the pieces that the first letters of a word lead to.

import { fill, make } from "../explorer/dom.js";
import { fold } from "../explorer/model.js";
import { Search } from "../explorer/search.js";
import { addressOf } from "./address.js";

const MOST = 10;
const MOST_PIECES = 12;
const WORD = /[\p{L}\p{N}]+/gu;

const wordsIn = (text) => fold(text).match(WORD) ?? [];

/** Look for names that have all words, as they are or as beginnings; gives the best, how many, and a word too common. */
export const find = async (text, { keys, load }) => {
  const words = wordsIn(text);
  const numbers = words
    .filter((word) => word.length > 1)
    .flatMap((word) =>
      keys.flatMap((key, at) => (word.startsWith(key) || key.startsWith(word) ? [at] : [])).slice(0, MOST_PIECES),
    );
  const pieces = await Promise.all([...new Set(numbers)].map((number) => load(`names-${number}`)));
  const found = new Map();
  for (const { names } of pieces)
    for (const [label, mode, id, part, links] of names) {
      const own = wordsIn(label);
      if (words.every((word) => own.some((other) => other.startsWith(word))))
        found.set(id, { label, mode, id, part, links, first: fold(label).startsWith(fold(text.trim())) });
    }
  const cut = new Set(pieces.flatMap((piece) => piece.cut));
  const ranked = [...found.values()].sort(
    (p, q) => q.first - p.first || p.mode - q.mode || q.links - p.links || p.label.localeCompare(q.label),
  );
  return { best: ranked.slice(0, MOST), total: ranked.length, common: words.length === 1 && cut.has(words[0]) };
};

/** The search of the explorer, over the names of the whole network. */
export class NameSearch extends Search {
  constructor(app) {
    super(app);
    this.field.placeholder = app.say("findHint");
    this.said = make("p", { class: "refine", hidden: true });
    this.element.append(this.said);
  }

  async suggest() {
    const { app } = this;
    const text = this.field.value;
    const { best, total, common } = await find(text, app.names).catch(() => ({ best: [], total: 0, common: false }));
    // An answer that comes after the reader typed on is none.
    if (text !== this.field.value || document.activeElement !== this.field) return;
    this.found = best;
    this.active = -1;
    fill(
      this.list,
      best.map(({ label, mode, part }, place) =>
        make(
          "li",
          {
            id: `explorer-found-${place}`,
            role: "option",
            "aria-selected": "false",
            onmousedown: (event) => this.take(event, place),
          },
          make("span", { class: `mark ${app.modes[mode] === "pilot" ? "disc" : "square"}`, "aria-hidden": "true" }),
          make("span", {}, label),
          make("span", { class: "quiet" }, `${app.say(app.modes[mode])}${part === app.number ? "" : `, ${app.say("group")} ${part}`}`),
        ),
      ),
    );
    this.toggle(best.length > 0);
    this.said.hidden = !common;
    this.said.textContent = common ? app.say("refine", { words: text.trim() }) : "";
    if (text.trim().length > 1) app.tell(total ? app.say("found", { n: total }) : app.say("nothingFound"));
  }

  take(event, place) {
    event.preventDefault();
    const { id, mode, label, part } = this.found[place];
    this.field.value = label;
    this.close();
    location.hash = addressOf(part, id, this.app.modes[mode]);
  }
}
