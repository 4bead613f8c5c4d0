// The builder: what is looked for, conditions from lists with counts, the answer with its proof, and the SPARQL of it.

import "../sparql/style.css";
import "./style.css";
import { fill, h } from "../sparql/dom.js";
import { Broken, TimedOut, Unreachable } from "../sparql/engine.js";
import { Labels, statesOf } from "../sparql/labels.js";
import { Result } from "../sparql/result.js";
import { engineOf, libraryOf, obstacle, outlineOf, pageOf, readSettings } from "../sparql/settings.js";
import { writeState } from "../sparql/state.js";
import { facet } from "./facet.js";
import { columnsOf, DIMENSIONS, facetQuery, featuresOf, queryFor, reachQuery, SUBJECTS } from "./model.js";
import { readWish, writeWish } from "./state.js";
import { ASK_TEXTS } from "./texts.js";

const LIMITS = { rows: 10_000, seconds: 60, form: "SELECT" };

class Builder {
  constructor(settings, texts) {
    this.settings = settings;
    this.texts = texts;
    this.library = libraryOf(settings);
    this.engine = engineOf(settings, this.library);
    this.labels = new Labels(this.engine, settings.lang);
    this.pageOf = (iri) => pageOf(iri, settings);
    this.states = statesOf(settings.base, settings.lang, this.engine);
    this.turn = 0;
    this.written = "";
  }

  async open(element) {
    const { prefixes } = await this.library();
    this.outline = await outlineOf(this.settings);
    this.prefixes = prefixes;
    this.byLabel = new Intl.Collator(this.settings.lang, { numeric: true });
    this.build(element);
    this.say(this.texts.loading);
    this.dimensions = await this.named(DIMENSIONS, "dimension");
    window.addEventListener("hashchange", () => location.hash !== this.written && this.restore());
    await this.restore();
  }

  build(element) {
    const { texts } = this;
    const subject = ({ id }) => h("option", { value: id }, texts.nouns[id][1]);
    this.subjectBox = h(
      "select",
      { id: "ask-for", change: () => this.lookFor(this.subjectBox.value) },
      SUBJECTS.map(subject),
    );
    this.conditionList = h("div", { class: "ask-conditions" });
    this.addBox = h("select", { id: "ask-add" });
    // A button of its own: who chooses with the keyboard passes other options on the way.
    const add = h(
      "button",
      { type: "button", class: "sq-quiet", click: () => this.addCondition(this.addBox.value) },
      texts.addNow,
    );
    this.showBox = h("div", { class: "ask-options ask-show" });
    this.byBox = h("select", {
      id: "ask-by",
      change: () => this.change({ by: this.feature(this.byBox.value) ?? null }),
    });
    this.status = h("p", { class: "sq-status", role: "status" });
    this.query = h("code", {});
    this.editorLink = h("a", { class: "button" }, texts.openEditor);
    const result = h("section", { class: "sq-answer", "aria-label": texts.answer, hidden: true });
    const again = h(
      "button",
      { type: "button", class: "sq-quiet", click: () => this.lookFor(this.wish.subject.id) },
      texts.startAgain,
    );
    const box = h(
      "details",
      { class: "sq-box" },
      h("summary", {}, texts.theQuery),
      h("p", { class: "soft small" }, texts.queryIntro),
      h("pre", { tabindex: "0" }, this.query),
      h("p", {}, this.editorLink),
    );
    const form = h(
      "form",
      { class: "ask-form", submit: (event) => event.preventDefault() },
      h(
        "div",
        { class: "ask-part" },
        h("label", { for: "ask-for", class: "ask-label" }, texts.lookFor),
        this.subjectBox,
      ),
      h(
        "div",
        { class: "ask-part" },
        h("h2", { class: "ask-label" }, texts.conditions),
        this.conditionList,
        h("label", { for: "ask-add", class: "visually-hidden" }, texts.add),
        h("div", { class: "ask-add" }, this.addBox, add),
      ),
      h("details", { class: "ask-part ask-extra" }, h("summary", {}, texts.alsoShow), this.showBox),
      h("div", { class: "ask-part" }, h("label", { for: "ask-by", class: "ask-label" }, texts.count), this.byBox),
      again,
    );
    fill(element, h("div", { class: "ask" }, form, h("div", { class: "ask-result" }, this.status, result, box)));
    this.result = new Result(result, this);
    this.result.onchange = (part) => {
      Object.assign(this.shown, part);
      this.save();
    };
  }

  get context() {
    const { base, lang } = this.settings;
    return { base, prefixes: this.prefixes, lang, titles: this.titles() };
  }

  /** Headings in words. */
  titles() {
    const { features, nouns } = this.texts;
    const { subject } = this.wish;
    const found = Object.entries(columnsOf(this.wish)).map(([name, feature]) => [name, this.titleOf(feature)]);
    return { ...features, [subject.variable ?? subject.id]: nouns[subject.id][0], ...Object.fromEntries(found) };
  }

  titleOf(feature) {
    return feature.label ?? this.texts.features[feature.id];
  }

  feature(id) {
    return this.features.find((feature) => feature.id === id);
  }

  // From the address and back.

  async restore() {
    const given = readWish(location.hash, this.settings.base);
    const subject = SUBJECTS.find(({ id }) => id === given.subject) ?? SUBJECTS[0];
    await this.useSubject(subject);
    const conditions = given.conditions
      .map(({ id, ...rest }) => ({ feature: this.feature(id), ...rest }))
      .filter(({ feature }) => feature);
    const show = given.show.map((id) => this.feature(id)).filter(Boolean);
    this.shown = given.shown;
    this.wish = { subject, conditions, show, by: this.feature(given.by) ?? null };
    await this.update();
  }

  save() {
    this.written = writeWish(this.wish, this.shown, this.settings.base);
    history.replaceState(null, "", `${location.pathname}${location.search}${this.written}`);
  }

  /** The features of a subject, without those that nothing in the data has. */
  async useSubject(subject) {
    const all = featuresOf(subject, this.dimensions);
    const rows = await this.engine.rows(reachQuery(subject, all, this.prefixes));
    const counts = new Map(rows.map(({ feature, n }) => [Number(feature.value), Number(n.value)]));
    this.reach = new Map(all.map((feature, at) => [feature, counts.get(at) ?? 0]));
    this.features = all
      .filter((feature) => this.reach.get(feature))
      .sort((a, b) => this.byLabel.compare(this.titleOf(a), this.titleOf(b)));
    this.subjectBox.value = subject.id;
  }

  // What the visitor does.

  async lookFor(id) {
    const subject = SUBJECTS.find((each) => each.id === id);
    await this.useSubject(subject);
    this.shown = {};
    this.wish = { subject, conditions: [], show: [], by: null };
    await this.update();
  }

  async addCondition(id) {
    const feature = this.feature(id);
    this.addBox.value = "";
    if (!feature) return;
    this.wish.conditions.push({ feature, not: false, values: [] });
    await this.update();
    this.conditionList.lastElementChild?.querySelector("input")?.focus();
  }

  async change(part, condition) {
    if (condition) Object.assign(condition, part);
    else Object.assign(this.wish, part);
    this.shown = { view: this.shown.view };
    await this.update();
  }

  removeCondition(condition) {
    this.wish.conditions = this.wish.conditions.filter((each) => each !== condition);
    this.addBox.focus();
    return this.update();
  }

  // What follows from it.

  async update() {
    this.turn += 1;
    const { turn, texts, settings } = this;
    this.save();
    const text = queryFor(this.wish, settings.lang, this.prefixes);
    this.query.textContent = text;
    this.editorLink.href = `${settings.root}${settings.lang}/sparql/index.html${writeState({ text, values: {}, run: true })}`;
    this.drawChoices();
    this.result.fade();
    const slow = setTimeout(() => this.say(texts.updating), 400);
    try {
      const facets = await Promise.all(this.wish.conditions.map((condition) => this.options(condition)));
      if (turn !== this.turn) return;
      this.drawConditions(facets);
      const raw = await this.engine.query(text, LIMITS);
      if (turn !== this.turn) return;
      const hint = this.wish.by ? `bar ${Object.keys(columnsOf(this.wish))[0]} count` : "";
      this.result.page = this;
      const said = await this.result.show(raw, { ...this.shown, text, name: this.wish.subject.id, hint });
      clearTimeout(slow);
      this.say(this.summary(raw, said));
    } catch (error) {
      if (turn === this.turn) this.explain(error);
    } finally {
      clearTimeout(slow);
    }
  }

  summary({ rows, truncated }, said) {
    const { texts, wish } = this;
    if (truncated || !rows.length) return said;
    const [one, many] = texts.nouns[wish.subject.id];
    return wish.by ? texts.foundCounts(rows.length) : texts.found(rows.length, rows.length === 1 ? one : many);
  }

  explain(error) {
    const { texts } = this;
    this.result.clear();
    console.info(error.message);
    if (error instanceof TimedOut) this.say(texts.timedOut(LIMITS.seconds));
    else if (error instanceof Broken) this.say(texts.broken);
    else if (error instanceof Unreachable) this.say(texts.unreachable);
    else throw error;
  }

  /** The values of a feature with their counts, the most frequent first. */
  async options({ feature, values }) {
    const rows = await this.engine.rows(facetQuery(this.wish, feature, this.prefixes));
    const found = new Map();
    for (const { value, label, n } of rows) {
      if (!value) continue;
      const known = found.get(value.value);
      if (known && label?.["xml:lang"] !== this.settings.lang) continue;
      found.set(value.value, { value: value.value, label: label?.value ?? value.value, count: Number(n.value) });
    }
    for (const value of values)
      if (!found.has(value))
        found.set(value, { value, label: this.labels.get(value) || value.split("/").at(-1), count: 0 });
    const order = feature.isText
      ? (a, b) => this.byLabel.compare(a.label, b.label)
      : (a, b) => b.count - a.count || this.byLabel.compare(a.label, b.label);
    return [...found.values()].sort(order);
  }

  drawConditions(facets) {
    const { texts, wish } = this;
    const focused = focusOf(this.conditionList);
    const made = wish.conditions.map((condition, at) =>
      facet(condition, {
        title: this.titleOf(condition.feature),
        options: facets[at],
        texts,
        on: { change: (part) => this.change(part, condition), remove: () => this.removeCondition(condition) },
      }),
    );
    fill(this.conditionList, made.length ? made : h("p", { class: "soft small" }, texts.noConditions));
    refocus(this.conditionList, focused);
  }

  drawChoices() {
    const { texts, wish } = this;
    const option = (feature, selected) => h("option", { value: feature.id, selected }, this.titleOf(feature));
    const counted = (feature) =>
      h("option", { value: feature.id }, `${this.titleOf(feature)} (${this.reach.get(feature)})`);
    fill(this.addBox, h("option", { value: "" }, texts.addOne), this.features.map(counted));
    fill(
      this.byBox,
      h("option", { value: "" }, texts.countNone),
      this.features.map((feature) => option(feature, feature === wish.by)),
    );
    const boxes = this.features.map((feature) => {
      const toggle = ({ target }) =>
        this.change({ show: target.checked ? [...wish.show, feature] : wish.show.filter((each) => each !== feature) });
      return h(
        "label",
        { class: "ask-option" },
        h("input", {
          type: "checkbox",
          "data-value": feature.id,
          checked: wish.show.includes(feature),
          disabled: wish.by !== null,
          change: toggle,
        }),
        this.titleOf(feature),
      );
    });
    const focused = focusOf(this.showBox);
    fill(this.showBox, boxes);
    refocus(this.showBox, focused);
  }

  /** Things with their names, the page's language before others. */
  async named(text, variable) {
    const found = new Map();
    for (const row of await this.engine.rows(text)) {
      const iri = row[variable].value;
      if (!found.has(iri) || row.label["xml:lang"] === this.settings.lang)
        found.set(iri, { iri, label: row.label.value });
    }
    return [...found.values()];
  }

  say(message) {
    this.status.textContent = message;
  }
}

/** Which control has the focus, so that it keeps it when its list is drawn again. */
function focusOf(element) {
  const active = document.activeElement;
  if (!element.contains(active)) return null;
  const parts = [...element.children];
  const part = parts.findIndex((each) => each.contains(active));
  return { part, value: active.dataset.value ?? null, name: active.className };
}

function refocus(element, focused) {
  if (!focused) return;
  const part = element.children[focused.part] ?? element;
  const controls = [...part.querySelectorAll("input, select, button")];
  const same = ({ dataset, className }) =>
    focused.value === null ? className === focused.name : dataset.value === focused.value;
  controls.find(same)?.focus();
}

async function start() {
  const settings = readSettings();
  const texts = ASK_TEXTS[settings.lang] ?? ASK_TEXTS.en;
  const element = document.getElementById("ask");
  const why = obstacle(texts);
  if (why) {
    fill(element, h("p", { class: "notice warning" }, why));
    return;
  }
  try {
    await new Builder(settings, texts).open(element);
  } catch (error) {
    console.info(error.message);
    fill(element, h("p", { class: "notice warning", role: "alert" }, texts.unreachable));
  }
}

start();
