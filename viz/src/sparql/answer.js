// An answer as people read it: columns with names before IRIs, rows in the order and selection that was asked for.

import { cellText, compact, isDate, isNumber, plain } from "./terms.js";
import { tokenize } from "./tokens.js";

export const CLAIMS = "claims";
const ALWAYS_BOUND = 0.999;

/** The rows of a SELECT, as columns and cells. */
export class Answer {
  constructor({ vars, rows }, text, { base, prefixes, lang, titles = {} }) {
    this.vars = ordered(vars, text);
    this.rows = rows;
    this.context = { base, prefixes };
    this.namesClaims = vars.includes(CLAIMS);
    this.collator = new Intl.Collator(lang, { numeric: true });
    this.numbers = new Intl.NumberFormat(lang, { maximumFractionDigits: 20, useGrouping: "min2" });
    this.labels = new Map();
    this.columns = columnsOf(this.vars, rows).map((column) => ({
      ...column,
      title: titles[column.name] ?? column.name,
    }));
  }

  /** The IRIs that need a name from the graph. */
  get iris() {
    const bare = this.columns.filter((column) => column.iri && !column.label);
    return bare.flatMap((column) =>
      this.rows
        .map((row) => row[column.iri])
        .filter((term) => term?.type === "uri")
        .map((term) => term.value),
    );
  }

  /** What a cell shows: its text, and the IRI that it stands for. */
  cell(row, column) {
    const term = row[column.iri];
    const iri = term?.type === "uri" ? term.value : null;
    const named = column.label ? plain(row[column.label]) : "";
    if (iri)
      return {
        text: named || this.labels.get(iri) || this.short(iri),
        iri,
        term,
        language: row[column.label]?.["xml:lang"],
      };
    const value = row[column.label] ?? row[column.name];
    const text = isNumber(value) && column.numeric ? this.numbers.format(value.value) : plain(value);
    return { text, iri: null, term: value, language: value?.["xml:lang"] };
  }

  text(row, column) {
    return this.cell(row, column).text;
  }

  number(row, column) {
    const term = row[column.name];
    return isNumber(term) ? Number(term.value) : null;
  }

  short(iri) {
    return compact(iri, this.context.base, this.context.prefixes);
  }

  /** The claims that a row names. */
  claims(row) {
    return [...new Set(plain(row[CLAIMS]).split(" ").filter(Boolean))].sort();
  }

  /** The column that a variable of a `#+ chart:` line means. */
  column(name) {
    const bare = name.replace(/^[?$]/, "");
    return this.columns.find((column) => column.name === bare || column.label === bare || column.iri === bare);
  }

  /** The numbers of the rows that hold a text, in an order: by a column, `-` in front for downwards. */
  selected(filter, sort) {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    const all = this.rows.map((_, at) => at).filter((at) => words.every((word) => this.searchable(at).includes(word)));
    const down = sort.startsWith("-");
    const column = this.column(sort.replace(/^-/, ""));
    if (!column) return all;
    const by = (a, b) => this.compare(this.rows[a], this.rows[b], column, down ? -1 : 1) || a - b;
    return all.sort(by);
  }

  searchable(at) {
    this.lower ??= [];
    this.lower[at] ??= this.columns
      .map((column) => this.text(this.rows[at], column))
      .join("\n")
      .toLowerCase();
    return this.lower[at];
  }

  /** What is not there comes last, whichever the direction. */
  compare(a, b, column, sign) {
    const [left, right] = [this.number(a, column), this.number(b, column)];
    if (left !== null && right !== null) return sign * (left - right);
    const [first, second] = [this.text(a, column), this.text(b, column)];
    if (!first || !second) return Number(!first) - Number(!second);
    return sign * this.collator.compare(first, second);
  }

  /** The answer as a spreadsheet reads it, as `pilotgraph query --format csv` writes it. */
  csv() {
    const names = this.vars.filter((name) => name !== CLAIMS);
    const lines = this.rows.map((row) => names.map((name) => this.neutral(row[name])));
    return [names, ...lines].map((line) => `${line.map(quoted).join(",")}\n`).join("");
  }

  /** A text that would be run as a formula gets an apostrophe in front. */
  neutral(term) {
    const text = cellText(term, this.context.base, this.context.prefixes);
    return /^[=+\-@\t\r]/.test(text) && !isNumber(term) ? `'${text}` : text;
  }

  /** The answer in the SPARQL 1.1 Query Results JSON Format. */
  json() {
    return `${JSON.stringify({ head: { vars: this.vars }, results: { bindings: this.rows } }, null, 1)}\n`;
  }
}

function quoted(text) {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** SELECT * promises no order of columns: then the order is that in which the text names them. */
function ordered(vars, text) {
  const tokens = tokenize(text);
  const select = tokens.findIndex((token) => token.text.toUpperCase() === "SELECT");
  const star = tokens.slice(select + 1, select + 3).some((token) => token.text === "*");
  if (select < 0 || !star) return vars;
  const named = tokens.filter((token) => token.kind === "variable").map((token) => token.text.slice(1));
  return [...new Set(named.filter((name) => vars.includes(name)).concat(vars))];
}

/** `?x` and `?xLabel` are one column: what is meant, under its name. */
function columnsOf(vars, rows) {
  const isIri = (name) => rows.some((row) => row[name]?.type === "uri");
  const iris = new Set(vars.filter(isIri));
  const stems = new Map(
    vars.filter((name) => name.endsWith("Label")).map((name) => [name, name.slice(0, -"Label".length)]),
  );
  const joined = new Set([...stems.values()].filter((stem) => iris.has(stem)));
  const shown = vars.filter((name) => name !== CLAIMS && !joined.has(name));
  return shown.map((name) => {
    const stem = stems.get(name);
    if (joined.has(stem)) return described({ name: stem, label: name, iri: stem }, rows);
    if (stem) return described({ name: vars.includes(stem) ? name : stem, label: name, iri: null }, rows);
    return described({ name, label: null, iri: iris.has(name) ? name : null }, rows);
  });
}

function described(column, rows) {
  const terms = rows.map((row) => row[column.label ?? column.name]).filter(Boolean);
  const numeric = !column.iri && terms.length > 0 && terms.filter(isNumber).length >= terms.length * ALWAYS_BOUND;
  const dated = !column.iri && terms.some(isDate);
  const long = terms.some((term) => plain(term).length > 60);
  return { ...column, numeric, dated, long };
}
