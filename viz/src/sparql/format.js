// Lays out a query: a level of braces is a level of indentation, a clause or pattern begins a line, keywords are in
// capitals. A short group that the author wrote on one line stays on one line, and where no space was none comes.
// Only white space and the case of keywords change, which a test proves on every query of the project.

import { tokenize } from "./tokens.js";

const words = (text) => new Set(text.split(" "));
const KEYWORDS = words(
  "BASE PREFIX SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK FROM NAMED WHERE GROUP BY HAVING ORDER ASC DESC LIMIT " +
    "OFFSET VALUES UNDEF OPTIONAL GRAPH UNION MINUS SERVICE SILENT BIND AS FILTER NOT EXISTS IN",
);
const FUNCTIONS = words(
  "STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE SUBSTR " +
    "ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW " +
    "UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT REGEX REPLACE COUNT SUM MIN MAX AVG SAMPLE " +
    "GROUP_CONCAT ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC SAMETERM",
);
const CAMEL = {
  ISIRI: "isIRI",
  ISURI: "isURI",
  ISBLANK: "isBlank",
  ISLITERAL: "isLiteral",
  ISNUMERIC: "isNumeric",
  SAMETERM: "sameTerm",
};
const CLAUSES = words("PREFIX BASE SELECT CONSTRUCT DESCRIBE ASK FROM GROUP HAVING ORDER LIMIT");
const STARTERS = words("OPTIONAL FILTER BIND VALUES MINUS GRAPH SERVICE");
const AFTER_GROUP = words("UNION AS . ; , ) } WHERE");
const STEP = "  ";
const MAX_INLINE = 90;
const MAX_BEFORE_WHERE = 70;

/** The query, laid out. */
export function formatted(text) {
  const tokens = tokenize(text, { comments: true });
  return new Layout(text, tokens).text();
}

class Layout {
  constructor(source, tokens) {
    this.source = source;
    this.tokens = tokens;
    this.kinds = kindsOfBraces(source, tokens);
    this.lines = [];
    this.line = "";
    this.depth = 0;
    this.round = 0;
    this.within = [];
    this.isStatement = true;
    tokens.forEach((token, at) => this.add(token, at));
    this.end();
  }

  text() {
    return `${this.lines.join("\n")}\n`;
  }

  /** Whether a line may be broken here: not inside round brackets, nor in a group or block on one line. */
  get isOpen() {
    return this.round === 0 && (this.within.at(-1) ?? "broken") === "broken";
  }

  add(token, at) {
    const before = this.tokens[at - 1];
    const word = written(token, this.tokens[at + 1]);
    const kind = this.kinds.get(at);
    if (word === "}" && kind === "broken") this.depth -= 1;
    if (this.breaksBefore(token, at, word)) this.end();
    this.put(word, token, before);
    if ("([".includes(word)) this.round += 1;
    if (")]".includes(word)) this.round -= 1;
    if (word === "{") this.within.push(kind);
    if (word === "}") this.within.pop();
    if (word === "{" && kind === "broken") this.depth += 1;
    this.isStatement = this.isOpen && (word === "." || word === "{" || word === "}" || token.kind === "comment");
  }

  breaksBefore(token, at, word) {
    const before = this.tokens[at - 1];
    if (!before) return false;
    const newline = this.gap(at).includes("\n");
    if (token.kind === "comment") return newline;
    if (before.kind === "comment") return true;
    if (this.kinds.get(at) === "broken" && word === "}") return true;
    if (this.kinds.get(at - 1) === "broken" && before.text === "{") return true;
    if (!this.isOpen) return false;
    const previous = before.text.toUpperCase();
    if (before.text === "}") return !AFTER_GROUP.has(word);
    if (token.kind === "word" && (CLAUSES.has(word) || STARTERS.has(word))) return true;
    if (word === "WHERE") return newline || this.line.length > MAX_BEFORE_WHERE;
    if (word === "{") return previous === ".";
    return newline || previous === ".";
  }

  gap(at) {
    return this.source.slice(this.tokens[at - 1]?.to ?? 0, this.tokens[at].from);
  }

  put(word, token, before) {
    if (!this.line) {
      const starts = this.isStatement || token.kind === "word" || word === "}" || token.kind === "comment";
      this.line = STEP.repeat(this.depth + (starts || !this.isOpen ? 0 : 1)) + word;
      if (this.depth === 0 && token.kind !== "word" && token.kind !== "comment" && word !== "}")
        this.line = STEP + word;
      return;
    }
    const apart = token.from > before.to || word === "}" || before.text === "{" || word === "{";
    const tight = before.text === "(" || word === ")";
    this.line += (apart && !tight ? " " : "") + word;
  }

  end() {
    if (this.line) this.lines.push(this.line.trimEnd());
    this.line = "";
  }
}

/** For each brace whether its group is broken over lines: `broken`, or `inline`. */
function kindsOfBraces(source, tokens) {
  const kinds = new Map();
  const open = [];
  tokens.forEach((token, at) => {
    if (token.text === "{") open.push(at);
    if (token.text !== "}" || !open.length) return;
    const start = open.pop();
    const inside = source.slice(tokens[start].from, token.to);
    const isShort =
      !inside.includes("\n") && inside.length <= MAX_INLINE && (open.length > 0 || isValues(tokens, start));
    const kind = isShort ? "inline" : "broken";
    kinds.set(start, kind).set(at, kind);
  });
  return kinds;
}

function isValues(tokens, brace) {
  let at = brace - 1;
  while (at > 0 && (tokens[at].kind === "variable" || "()".includes(tokens[at].text))) at -= 1;
  return tokens[at]?.text.toUpperCase() === "VALUES";
}

/** Keywords in capitals; a name of a function only where it is called. */
function written(token, after) {
  if (token.kind !== "word") return token.text;
  const upper = token.text.toUpperCase();
  if (FUNCTIONS.has(upper) && after?.text === "(") return CAMEL[upper] ?? upper;
  return KEYWORDS.has(upper) ? upper : token.text;
}
