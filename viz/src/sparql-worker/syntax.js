// The structure of a SELECT, ASK or CONSTRUCT query: groups, patterns and paths; expressions stay as they were written.
// A port of pilotgraph/proof/syntax.py, with its names: only queries that the engine has accepted are read here.
// Section numbers are those of the SPARQL 1.1 Query Language (W3C, 2013).

import { tokenize } from "../sparql/tokens.js";

const AGGREGATES = new Set(["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"]);
const MODIFIERS = new Set(["GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"]);
const ELEMENTS = new Set(["OPTIONAL", "MINUS", "GRAPH", "FILTER", "BIND", "VALUES", "SERVICE", "LATERAL"]);
const UNFOLLOWED = new Map([
  ["(", "a list ( … ) in a pattern"],
  ["<<", "a quoted triple"],
  ["~", "a reifier"],
  ["|", "an annotation"],
]);

/** The query has a construct through which no claim can be followed. */
export class CannotTell extends Error {}

/** Reads a query that an engine has accepted. Throws CannotTell for what is not followed. */
export function parse(text) {
  return new Parser(text).query();
}

/** The names of the columns of a SELECT. */
export function visible(select) {
  return select.columns.length ? select.columns.map(columnName) : inScope(select.where);
}

export function columnName(column) {
  return typeof column === "string" ? column : column.variable;
}

/** The in-scope variables of a group (section 18.2.1), in order of appearance. */
function inScope(group) {
  return [...new Set(group.elements.flatMap(elementScope))];
}

function elementScope(element) {
  return scopeOf(element).filter((name) => name.startsWith("?"));
}

function scopeOf(element) {
  switch (element.type) {
    case "pattern":
      return [element.subject, element.path.type === "link" ? element.path.term : "", element.object];
    case "bind":
      return [element.variable];
    case "values":
      return element.variables;
    case "within":
      return [element.term, ...inScope(element.group)];
    case "optional":
      return inScope(element.group);
    case "union":
      return element.branches.flatMap(inScope);
    case "select":
      return visible(element);
    default:
      return [];
  }
}

/** All variables in the text of a group, in order of appearance. */
export function mentioned(group) {
  const names = tokenize(group.text).map((token) => canonical(token.text));
  return [...new Set(names.filter((name) => name[0] === "?" && name.length > 1))];
}

function canonical(token) {
  return token[0] === "$" ? `?${token.slice(1)}` : token;
}

/** Recursive descent over the tokens, after the grammar in section 19.8. */
class Parser {
  constructor(text) {
    this.whole = text;
    this.spans = tokenize(text);
    this.tokens = this.spans.map((token) => canonical(token.text));
    this.at = 0;
    this.names = 0;
    this.prefix = "?_w";
    while (
      this.tokens.some((token) => token.startsWith(this.prefix) || token.startsWith(`_:${this.prefix.slice(1)}`))
    ) {
      this.prefix += "w";
    }
  }

  freshName() {
    this.names += 1;
    return `${this.prefix}n${this.names}`;
  }

  query() {
    while (this.word() === "BASE" || this.word() === "PREFIX") this.at += this.word() === "BASE" ? 2 : 3;
    const prologue = this.text(0);
    const form = this.word();
    if (form === "SELECT") return { prologue, form, select: this.select(), fresh: this.prefix, template: [] };
    if (form !== "ASK" && form !== "CONSTRUCT") throw new CannotTell(form);
    const start = this.next();
    const template = this.template();
    return { prologue, form, select: this.afterColumns(start, false, []), fresh: this.prefix, template };
  }

  // Tokens.

  peek(ahead = 0) {
    return this.tokens[this.at + ahead] ?? "";
  }

  word() {
    return this.peek().toUpperCase();
  }

  next() {
    this.at += 1;
    return this.at - 1;
  }

  take() {
    this.at += 1;
    return this.tokens[this.at - 1];
  }

  accept(...words) {
    const found = words.includes(this.word());
    this.at += found ? 1 : 0;
    return found;
  }

  /** What was read since token `start`, as it was written. */
  text(start) {
    return start < this.at ? this.whole.slice(this.spans[start].from, this.spans[this.at - 1].to) : "";
  }

  // Queries.

  /** What CONSTRUCT makes; its short form CONSTRUCT WHERE and ASK have none. */
  template() {
    if (this.peek() !== "{" || this.tokens[this.at - 1].toUpperCase() === "ASK") return [];
    this.next();
    const found = this.triples();
    this.next();
    return found.filter((element) => element.type === "pattern");
  }

  select() {
    const start = this.next();
    const distinct = this.word() === "DISTINCT" || this.word() === "REDUCED";
    this.at += distinct ? 1 : 0;
    const columns = [];
    while (!["{", ""].includes(this.peek()) && !["FROM", "WHERE"].includes(this.word())) columns.push(this.column());
    return this.afterColumns(
      start,
      distinct,
      columns.filter((column) => column !== "*"),
    );
  }

  column() {
    return this.peek() === "(" ? this.bound() : this.take();
  }

  bound() {
    this.next();
    const expression = this.expression();
    this.next();
    const variable = this.take();
    this.next();
    return { type: "bind", expression, variable };
  }

  afterColumns(start, distinct, columns) {
    const from = this.at;
    while (this.accept("FROM")) this.at += this.word() === "NAMED" ? 2 : 1;
    const dataset = this.text(from);
    this.accept("WHERE");
    const where = this.group();
    const keys = this.groupBy();
    const having = this.having();
    this.orderBy();
    let limited = false;
    while (this.accept("LIMIT", "OFFSET")) {
      this.next();
      limited = true;
    }
    const values = this.word() === "VALUES" ? this.values().text : "";
    const computed = columns.filter((column) => typeof column !== "string").map((column) => column.expression);
    const aggregated = keys !== null || having.aggregates || computed.some((expression) => expression.aggregates);
    const unclear = aggregated && [...computed, having].some((expression) => expression.exists.length);
    return {
      type: "select",
      distinct,
      columns,
      dataset,
      where,
      keys: aggregated ? (keys ?? []) : null,
      having: having.text,
      values,
      limited,
      text: this.text(start),
      unclear,
    };
  }

  groupBy() {
    if (!this.accept("GROUP")) return null;
    this.next();
    return this.untilModifier(() => this.key());
  }

  untilModifier(read) {
    const found = [];
    while (!["", "}"].includes(this.peek()) && !MODIFIERS.has(this.word())) found.push(read());
    return found;
  }

  key() {
    if (this.peek().startsWith("?")) return this.take();
    if (this.peek() !== "(") return { type: "bind", expression: this.constraint(), variable: this.freshName() };
    this.next();
    const expression = this.expression();
    const variable = this.accept("AS") ? this.take() : this.freshName();
    this.next();
    return { type: "bind", expression, variable };
  }

  having() {
    if (!this.accept("HAVING")) return { text: "", exists: [], aggregates: false };
    const found = this.untilModifier(() => this.constraint());
    return {
      text: `HAVING ${found.map((part) => part.text).join(" ")}`,
      exists: found.flatMap((part) => part.exists),
      aggregates: true,
    };
  }

  orderBy() {
    if (!this.accept("ORDER")) return;
    this.next();
    this.untilModifier(() => {
      if (this.accept("ASC", "DESC")) return;
      if (this.peek().startsWith("?")) this.next();
      else this.constraint();
    });
  }

  // Expressions.

  /** A bracketed expression, a call of a function, or EXISTS. */
  constraint() {
    const start = this.at;
    if (this.word() === "NOT" || this.word() === "EXISTS") {
      this.accept("NOT");
      const exists = this.exists();
      return { text: this.text(start), exists: [exists], aggregates: false };
    }
    if (this.peek() !== "(") this.next();
    const opened = this.at;
    const inside = this.until((depth) => depth === 0 && this.at > opened);
    return { ...inside, text: this.text(start) };
  }

  /** Everything up to AS or to the closing bracket, neither of which is taken. */
  expression() {
    return this.until((depth) => depth === 0 && (this.word() === "AS" || this.peek() === ")"));
  }

  until(ended) {
    const start = this.at;
    const exists = [];
    let depth = 0;
    let aggregates = false;
    while (!ended(depth)) {
      if (this.word() === "EXISTS") {
        exists.push(this.exists());
        continue;
      }
      aggregates ||= AGGREGATES.has(this.word()) && this.peek(1) === "(";
      const token = this.take();
      depth += token === "(" ? 1 : token === ")" ? -1 : 0;
    }
    return { text: this.text(start), exists, aggregates };
  }

  exists() {
    let before = this.at - 1;
    while (this.tokens[before] === "(") before -= 1;
    const negative = ["NOT", "!"].includes(this.tokens[before].toUpperCase());
    this.next();
    return { group: this.group(), negative };
  }

  // Groups.

  group() {
    const start = this.next();
    const elements = [];
    if (this.word() === "SELECT") elements.push(this.select());
    while (this.peek() !== "}") {
      elements.push(...this.elements());
      this.accept(".");
    }
    this.next();
    return { elements, text: this.text(start) };
  }

  /** The next element, or all patterns of the next block of triples. */
  elements() {
    const word = this.word();
    if (ELEMENTS.has(word)) return [this.keyword(word)];
    if (word !== "{") return this.triples();
    const branches = [this.group()];
    while (this.accept("UNION")) branches.push(this.group());
    return [{ type: "union", branches }];
  }

  keyword(word) {
    if (word === "VALUES") return this.values();
    this.next();
    switch (word) {
      case "OPTIONAL":
        return { type: "optional", group: this.group() };
      case "MINUS":
        return { type: "minus", group: this.group() };
      case "GRAPH":
        return { type: "within", term: this.take(), group: this.group() };
      case "FILTER":
        return { type: "filter", expression: this.constraint() };
      case "BIND":
        return this.bound();
      default:
        throw new CannotTell(word);
    }
  }

  values() {
    const start = this.next();
    while (this.peek() !== "{") this.next();
    const variables = this.tokens.slice(start, this.at).filter((token) => token.startsWith("?"));
    while (this.take() !== "}");
    return { type: "values", text: this.text(start), variables };
  }

  // Triples.

  triples() {
    const found = [];
    while (!["}", "{", ""].includes(this.peek()) && !ELEMENTS.has(this.word())) {
      const subject = this.node(found);
      if (![".", "}"].includes(this.peek())) this.properties(subject, found);
      if (!this.accept(".")) break;
    }
    return found;
  }

  properties(subject, found) {
    while (![".", "}", "]"].includes(this.peek())) {
      const path = this.path();
      found.push({ type: "pattern", subject, path, object: this.node(found) });
      while (this.accept(",")) found.push({ type: "pattern", subject, path, object: this.node(found) });
      if (!this.accept(";")) return;
      while (this.accept(";"));
    }
  }

  node(found) {
    const token = this.take();
    if (UNFOLLOWED.has(token)) throw new CannotTell(UNFOLLOWED.get(token));
    if (token !== "[") return token;
    const node = `_:${this.freshName().slice(1)}`;
    this.properties(node, found);
    this.next();
    return node;
  }

  // Paths.

  path() {
    const parts = [this.sequence()];
    while (this.accept("|")) parts.push(this.sequence());
    return parts.length === 1 ? parts[0] : { type: "alternative", parts };
  }

  sequence() {
    const parts = [this.step()];
    while (this.accept("/")) parts.push(this.step());
    return parts.length === 1 ? parts[0] : { type: "sequence", parts };
  }

  step() {
    const inverse = this.accept("^");
    let path = this.primary();
    if (["?", "*", "+"].includes(this.peek())) path = { type: "repeat", path, mark: this.take() };
    return inverse ? { type: "inverse", path } : path;
  }

  primary() {
    if (this.accept("!")) return this.negated();
    if (!this.accept("(")) return { type: "link", term: this.take() };
    const path = this.path();
    this.next();
    return path;
  }

  negated() {
    const forward = [];
    const backward = [];
    const several = this.accept("(");
    while (this.peek() !== ")") {
      const side = this.accept("^") ? backward : forward;
      side.push(this.take());
      if (!(several && this.accept("|"))) break;
    }
    this.at += several ? 1 : 0;
    return { type: "negated", forward, backward };
  }
}
