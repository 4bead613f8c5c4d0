// The tokens of a SPARQL query (section 19.8 of the SPARQL 1.1 Query Language), with their places.

const IRI = String.raw`<[^<>"{}|^\x60\\\x00-\x20]*>`;
const NAME = String.raw`(?:\p{L}(?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?)?:(?:(?:[\p{L}\p{N}_:%-]|\\.)(?:(?:[\p{L}\p{N}_:%.-]|\\.)*(?:[\p{L}\p{N}_:%-]|\\.))?)?`;
const STRING = String.raw`"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`;
const LITERAL = String.raw`(?:${STRING})(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\s*\^\^\s*(?:${IRI}|${NAME}))?`;
const NUMBER = String.raw`[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+)`;
const TOKEN = new RegExp(
  String.raw`(?<space>\s+)|(?<comment>#[^\n]*)|(?<iri>${IRI})|(?<literal>${LITERAL})|(?<variable>[?$][\p{L}\p{N}_]+)` +
    String.raw`|(?<blank>_:[\p{L}\p{N}_]+(?:[.-]+[\p{L}\p{N}_]+)*)|(?<name>${NAME})|(?<number>${NUMBER})` +
    String.raw`|(?<word>[\p{L}\p{N}_]+)|(?<mark>&&|\|\||!=|<=|>=|\^\^|<<|>>|.)`,
  "gsu",
);

/** Splits a query into tokens `{kind, text, from, to}`; comments only if asked for, white space never. */
export function tokenize(text, { comments = false } = {}) {
  const found = [];
  for (const match of text.matchAll(TOKEN)) {
    const [kind] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    if (kind === "space" || (kind === "comment" && !comments)) continue;
    found.push({ kind, text: match[0], from: match.index, to: match.index + match[0].length });
  }
  return found;
}

/** The form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE; empty if none comes first. */
export function formOf(text) {
  const tokens = tokenize(text);
  let at = 0;
  while (["BASE", "PREFIX"].includes(tokens[at]?.text.toUpperCase()))
    at += tokens[at].text.toUpperCase() === "BASE" ? 2 : 3;
  const form = tokens[at]?.text.toUpperCase() ?? "";
  return ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"].includes(form) ? form : "";
}

/**
 * Puts a LIMIT of at most `most` on the outermost level of a query, whose own lower one stays.
 * A LIMIT is the only way to keep an engine that answers in one go from making more rows than anyone reads.
 */
export function withLimit(text, most) {
  if (["ASK", ""].includes(formOf(text))) return text;
  const tokens = tokenize(text);
  const outside = topLevel(tokens);
  const limit = outside.find((at) => tokens[at].text.toUpperCase() === "LIMIT");
  if (limit !== undefined) {
    const number = tokens[limit + 1];
    if (!number || Number(number.text) <= most) return text;
    return text.slice(0, number.from) + most + text.slice(number.to);
  }
  const lastBrace = outside.findLast((at) => tokens[at].text === "}" && !isValuesBlock(tokens, at));
  const values = outside.find((at) => at > (lastBrace ?? -1) && tokens[at].text.toUpperCase() === "VALUES");
  const place = values === undefined ? tokens.at(-1).to : tokens[values].from;
  return `${text.slice(0, place)} LIMIT ${most} ${text.slice(place)}`;
}

/** The indexes of the tokens outside all brackets; a closing bracket of the outermost level counts as outside. */
function topLevel(tokens) {
  const found = [];
  let depth = 0;
  tokens.forEach((token, at) => {
    if ("([{".includes(token.text)) depth += 1;
    if (")]}".includes(token.text)) depth -= 1;
    if (depth === 0) found.push(at);
  });
  return found;
}

/** Whether a closing brace ends a VALUES block. */
function isValuesBlock(tokens, close) {
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    if (tokens[at].text === "}") depth += 1;
    if (tokens[at].text === "{") depth -= 1;
    if (depth === 0) {
      let before = at - 1;
      while (before > 0 && (tokens[before].kind === "variable" || "()".includes(tokens[before].text))) before -= 1;
      return tokens[before]?.text.toUpperCase() === "VALUES";
    }
  }
  return false;
}
