// The SPARQL page: questions and their parameters, the editor, the answer. Everything stays on this page.

import "./style.css";
import { codesFor, codeView } from "./code.js";
import { diagnose, ownMistake, placeOf, refused } from "./diagnose.js";
import { debounced, fill, h } from "./dom.js";
import { Editor } from "./editor.js";
import { Broken, QueryFault, Stopped, TimedOut } from "./engine.js";
import { formatted } from "./format.js";
import { Labels, statesOf } from "./labels.js";
import { library } from "./library.js";
import { Parameters } from "./parameters.js";
import { bind, parametersOf, readHeader } from "./queries.js";
import { Result } from "./result.js";
import { engineOf, libraryOf, obstacle, outlineOf, pageOf, readSettings } from "./settings.js";
import { readState, writeState } from "./state.js";
import { termsOf } from "./vocabulary.js";
import { TEXTS } from "./texts.js";
import { formOf } from "./tokens.js";

const ROWS = [1000, 10_000, 100_000];
const SECONDS = [10, 60, 600];
const STARTER = {
  en: "# The ten organisations that take part in most pilots",
  nl: "# De tien organisaties die aan de meeste pilots meedoen",
};
const STARTER_QUERY = `
PREFIX pg: <https://w3id.org/pilotgraph/def#>
SELECT ?organisation (COUNT(DISTINCT ?pilot) AS ?pilots)
WHERE {
  ?organisation a pg:Organisation .
  ?pilot a pg:Pilot ; pg:hasPartner ?organisation .
}
GROUP BY ?organisation
ORDER BY DESC(?pilots) ?organisation
LIMIT 10
`;

class Page {
  constructor(settings, texts) {
    this.settings = settings;
    this.texts = texts;
    this.library = libraryOf(settings);
    this.engine = engineOf(settings, this.library);
    this.labels = new Labels(this.engine, settings.lang);
    this.pageOf = (iri) => pageOf(iri, settings);
    this.states = statesOf(settings.base, settings.lang, this.engine);
    this.parameters = new Parameters({ settings, texts, engine: this.engine, loading: () => this.busy(texts.loading) });
    this.state = readState("");
    this.asked = 0;
  }

  async open(element) {
    const { queries, prefixes } = await this.library();
    this.outline = await outlineOf(this.settings);
    this.questions = queries;
    this.context = { base: this.settings.base, prefixes, lang: this.settings.lang };
    this.build(element);
    window.addEventListener("hashchange", () => this.restore());
    await this.restore();
  }

  build(element) {
    const { texts, settings } = this;
    this.side = library(this.questions, { texts, lang: settings.lang });
    this.title = h("h2", { class: "sq-title" });
    this.reading = h("p", { class: "soft sq-reading" });
    this.form = h("form", {
      class: "sq-form",
      "aria-label": texts.parameters,
      submit: (event) => (event.preventDefault(), this.run()),
    });
    this.status = h("p", { class: "sq-status", role: "status" });
    this.mistake = h("p", { class: "notice warning sq-mistake", role: "alert", hidden: true });
    const result = h("section", { class: "sq-answer", "aria-label": texts.answer, hidden: true });
    const code = h("div", {});
    this.codeBox = h(
      "details",
      { class: "sq-box", toggle: () => this.codeBox.open && this.showCode(code) },
      h("summary", {}, texts.code),
      code,
    );
    this.code = code;
    const main = h(
      "div",
      { class: "sq-main" },
      this.title,
      this.reading,
      this.form,
      this.editorBox(),
      this.runBar(),
      this.status,
      this.mistake,
      result,
      this.codeBox,
    );
    fill(element, h("div", { class: "sq" }, this.side.element, main));
    this.result = new Result(result, this);
    this.result.onchange = (part) => this.save(part);
  }

  editorBox() {
    const { texts, settings } = this;
    const host = h("div", { class: "sq-editor" });
    const help = h("p", { class: "soft small", "aria-hidden": "true" }, texts.editorHelp);
    const layOut = h("button", { type: "button", class: "sq-quiet", click: () => this.layOut() }, texts.format);
    this.restoreButton = h(
      "button",
      { type: "button", class: "sq-quiet", hidden: true, click: () => this.backToQuestion() },
      texts.restore,
    );
    const show = () => this.box.open && this.editor.open().catch((error) => this.explain(error, null));
    this.box = h(
      "details",
      { class: "sq-box", toggle: show },
      h("summary", {}, texts.showEditor),
      host,
      help,
      h("p", { class: "sq-actions" }, layOut, this.restoreButton),
    );
    this.editor = new Editor(host, `${settings.root}assets/sparql-editor.js`, (bundle) => this.editorOptions(bundle));
    return this.box;
  }

  editorOptions({ completionSource }) {
    const { texts, settings } = this;
    let terms;
    const known = () => (terms ??= termsOf(this.engine, settings.lang).catch(() => ((terms = null), [])));
    return {
      label: texts.editor,
      help: texts.editorHelp,
      lang: settings.lang,
      complete: completionSource({ ...this.context, texts, terms: known }),
      on: {
        change: debounced(300, () => this.typed()),
        run: () => this.run(),
        format: () => this.layOut(),
        check: (text) => this.check(text),
      },
    };
  }

  runBar() {
    const { texts } = this;
    this.runButton = h("button", { type: "button", class: "sq-run", click: () => this.run() }, texts.run);
    this.stopButton = h(
      "button",
      { type: "button", class: "sq-quiet", disabled: true, click: () => this.engine.stop() },
      texts.stop,
    );
    const limit = (name, choices, written) =>
      h(
        "select",
        {
          "aria-label": texts[`${name}Limit`],
          change: ({ target }) => this.save({ [name === "row" ? "rows" : "seconds"]: Number(target.value) }),
        },
        choices.map((n) => h("option", { value: n }, written(n))),
      );
    this.rowLimit = limit("row", ROWS, texts.rowsOf);
    this.timeLimit = limit("time", SECONDS, texts.secondsOf);
    const limits = h(
      "span",
      { class: "sq-limits soft small" },
      `${texts.rowLimit} `,
      this.rowLimit,
      ` ${texts.timeLimit} `,
      this.timeLimit,
    );
    return h("div", { class: "sq-bar-run" }, this.runButton, this.stopButton, limits);
  }

  // The state, and the address that holds it.

  async restore() {
    // What is still being answered would keep everything else waiting.
    this.asked += 1;
    if (this.engine.busy) this.engine.stop();
    this.state = readState(location.hash);
    const { query, text } = this.state;
    this.question = this.questions.find((each) => each.name === query) ?? null;
    this.warnings = query && !this.question ? [this.texts.unknownQuery(query)] : [];
    this.side.select(this.question?.name ?? null);
    this.editor.setText(text ?? this.question?.text ?? `${STARTER[this.settings.lang]}${STARTER_QUERY}`);
    this.box.open = !this.question || text !== null;
    this.rowLimit.value = ROWS.includes(this.state.rows) ? this.state.rows : ROWS[1];
    this.timeLimit.value = SECONDS.includes(this.state.seconds) ? this.state.seconds : SECONDS[1];
    this.result.clear();
    this.showMistake(null);
    this.codeBox.open = false;
    this.describe();
    await this.showForm();
    if ((this.question && text === null) || this.state.run) await this.run();
    else this.say(this.warnings.join(" "));
  }

  /** Takes over a part of the state, and writes it all into the address. */
  save(part) {
    Object.assign(this.state, part);
    const { text } = this.editor;
    const isOwn = !this.question || text !== this.question.text;
    const isStarter = !this.question && text.endsWith(STARTER_QUERY) && !this.state.run;
    const values = this.parameters.addressed(this.state.values);
    const rows = Number(this.rowLimit.value) === ROWS[1] ? 0 : this.rowLimit.value;
    const seconds = Number(this.timeLimit.value) === SECONDS[1] ? 0 : this.timeLimit.value;
    const hash = writeState({
      ...this.state,
      query: this.question?.name ?? "",
      text: isOwn && !isStarter ? text : null,
      values,
      rows,
      seconds,
    });
    history.replaceState(null, "", `${location.pathname}${location.search}${hash}`);
    this.restoreButton.hidden = !this.question || !isOwn;
  }

  /** Heading and explanation: of the question, or of the header that the visitor wrote. */
  describe() {
    const { lang } = this.settings;
    const header = readHeader(this.editor.text);
    const said = (key) => this.question?.[key]?.[lang] ?? (header[`${key}_${lang}`] || header[key]);
    this.title.textContent = said("summary") || this.texts.ownQuery;
    fill(this.reading, this.linked(said("reading") || this.texts.ownReading));
    this.restoreButton.hidden = !this.question || this.editor.text === this.question.text;
  }

  /** A text with its variables kept whole, and the names of other questions as links. */
  linked(text) {
    return text.split(/(\?\w+|[a-z]+(?:-[a-z]+)+)/).map((part) => {
      if (part.startsWith("?") && part.length > 1) return h("code", { class: "sq-variable" }, part);
      const isQuestion = this.questions.some((question) => question.name === part);
      return isQuestion ? h("a", { href: `#query=${part}` }, part) : part;
    });
  }

  async showForm() {
    const { parameters } = this;
    parameters.declare(parametersOf(this.editor.text, this.question));
    try {
      const { values, unknown } = await parameters.resolve(this.state.values);
      this.state.values = values;
      this.warnings.push(...unknown.map(([name, value]) => this.texts.unknownValue(name, value)));
      await parameters.fill(this.form, values, (name, value) => {
        this.save({ values: { ...this.state.values, [name]: value } });
        this.run();
      });
    } catch (error) {
      await this.explain(error, null);
    }
  }

  // What the visitor does.

  typed() {
    this.describe();
    this.result.fade();
    this.showMistake(null);
    const before = JSON.stringify(this.parameters.declared);
    this.save({ run: false, view: "", columns: "", sort: "", filter: "" });
    if (JSON.stringify(parametersOf(this.editor.text, this.question)) !== before) this.showForm();
  }

  layOut() {
    this.editor.setText(formatted(this.editor.text));
    this.typed();
  }

  backToQuestion() {
    this.editor.setText(this.question.text);
    this.showMistake(null);
    this.describe();
    this.save({ run: false });
    this.showForm().then(() => this.run());
  }

  /** The mistakes in a text that is being written: the engine's opinion where it has been loaded already. */
  async check(text) {
    if (!text.trim()) return [];
    const own =
      refused(text, this.mistakeTexts) ??
      (this.engine.ready ? null : ownMistake(text, this.mistakeTexts, this.editor.parser));
    if (own || !this.engine.ready || this.engine.busy) return own ? [{ ...own, severity: "error" }] : [];
    const bound = bind(text, [], {}, this.settings.lang, this.context.prefixes);
    try {
      await this.engine.call("check", { text: bound.text }, 10);
      return [];
    } catch (error) {
      return error instanceof QueryFault
        ? [{ ...diagnose(text, error, bound.added, this.mistakeTexts, this.editor.parser), severity: "error" }]
        : [];
    }
  }

  get mistakeTexts() {
    return { ...this.texts, prefixes: Object.keys(this.context.prefixes) };
  }

  async run() {
    const { editor, texts, state } = this;
    this.asked += 1;
    const turn = this.asked;
    this.showMistake(null);
    const { text } = editor;
    const never = refused(text, this.mistakeTexts);
    if (never) {
      await this.editor.open();
      return this.showMistake(never);
    }
    const bound = this.bound(text);
    if (!bound) return undefined;
    if (this.engine.busy) this.engine.stop();
    this.save({ run: !this.question || text !== this.question.text });
    this.result.fade();
    this.busy(this.engine.ready ? texts.running : texts.loading);
    try {
      await this.engine.start();
      if (turn === this.asked) this.busy(texts.running);
      const raw = await this.engine.query(bound.text, {
        rows: Number(this.rowLimit.value),
        seconds: Number(this.timeLimit.value),
        form: formOf(text),
      });
      if (turn !== this.asked) return undefined;
      const hint = this.question?.chart ?? readHeader(text).chart ?? "";
      const said = await this.result.show(raw, { ...state, text: bound.text, name: this.question?.name, hint });
      this.say([...this.warnings, said].join(" "));
      this.warnings = [];
      this.shownCode();
    } catch (error) {
      if (turn === this.asked) await this.explain(error, { text, added: bound.added });
    } finally {
      if (turn === this.asked) this.stopButton.disabled = true;
    }
    return undefined;
  }

  /** The query with its values; null, and a word about it, if one is missing or wrong. */
  bound(text) {
    const { texts } = this;
    const missing = this.parameters.missing(this.state.values);
    if (missing.length) {
      this.result.clear();
      this.say(texts.missing(missing.join(", ")));
      return null;
    }
    return bind(text, this.parameters.declared, this.state.values, this.settings.lang, this.context.prefixes);
  }

  async explain(error, asked) {
    const { texts } = this;
    this.stopButton.disabled = true;
    if (error instanceof QueryFault && asked) {
      await this.editor.open();
      this.showMistake(diagnose(asked.text, error, asked.added, this.mistakeTexts, this.editor.parser));
      return;
    }
    this.result.clear();
    if (error instanceof Stopped) this.say(texts.stopped);
    else if (error instanceof TimedOut) this.say(texts.timedOut(this.timeLimit.value), true);
    else if (error instanceof Broken) this.say(texts.broken, true);
    else {
      console.info(error.message);
      this.say(texts.unreachable, true);
    }
  }

  showMistake(mistake) {
    this.editor.mark(mistake);
    this.mistake.hidden = !mistake;
    if (!mistake) return;
    this.box.open = true;
    this.result.clear();
    this.say("");
    const { line, column } = placeOf(this.editor.text, mistake.from);
    const said = this.texts.fault(line, column, mistake.message);
    this.mistake.textContent = said.endsWith("?") ? said : `${said}.`;
  }

  busy(message) {
    this.stopButton.disabled = false;
    this.say(message);
  }

  say(message, isWarning = false) {
    this.status.textContent = message;
    this.status.classList.toggle("notice", isWarning);
    this.status.classList.toggle("warning", isWarning);
  }

  shownCode() {
    if (this.codeBox.open) this.showCode(this.code);
  }

  showCode(element) {
    const bound = this.bound(this.editor.text);
    if (!bound) return;
    const { settings } = this;
    const values = this.parameters.addressed(this.state.values);
    const isNamed = this.question && this.editor.text === this.question.text;
    const dump = new URL(settings.data, location.href).href;
    const codes = codesFor({
      query: bound.text,
      question: isNamed ? this.question.name : null,
      values,
      lang: settings.lang,
      dump,
      endpoint: settings.endpoint ?? null,
    });
    codeView(element, codes, { dump, endpoint: settings.endpoint ?? null, texts: this.texts });
  }
}

async function start() {
  const settings = readSettings();
  const texts = TEXTS[settings.lang] ?? TEXTS.en;
  const element = document.getElementById("sparql");
  const why = obstacle(texts);
  if (why) {
    fill(element, h("p", { class: "notice warning" }, why));
    return;
  }
  try {
    await new Page(settings, texts).open(element);
  } catch (error) {
    console.info(error.message);
    fill(element, h("p", { class: "notice warning", role: "alert" }, texts.unreachable));
  }
}

start();
