// Where a query is wrong, and what is wrong there. The engine's parser reports the furthest place that it tried, which
// is often behind the mistake; the editor's own parser stops exactly at it. So the engine says whether there is a
// mistake, and the place is the editor's, unless only the engine sees one.

import { tokenize } from "./tokens.js";

const UPDATES = /^(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)$/i;
const MOST_LEVELS = 100;
const WORDS = (
  "SELECT ASK CONSTRUCT DESCRIBE PREFIX BASE WHERE DISTINCT REDUCED FROM OPTIONAL FILTER UNION MINUS GRAPH BIND VALUES " +
  "SERVICE EXISTS GROUP ORDER HAVING LIMIT OFFSET UNDEF COUNT SAMPLE CONTAINS REGEX REPLACE STRSTARTS STRENDS COALESCE " +
  "BOUND LANG DATATYPE CONCAT LCASE UCASE SUBSTR"
).split(" ");

/**
 * Finds the mistake that the engine reported: `{from, to, message}` in the text, or null.
 *
 * `fault` has the engine's words, line and column; `added` is what was put before the first line; `parser` is the
 * editor's.
 */
export function diagnose(text, fault, added, texts, parser) {
  const own = ownMistake(text, texts, parser);
  if (own) return own;
  const place = offsetOf(text, fault.line, fault.column, added);
  const token =
    (fault.line ? null : tokenize(text).find((each) => /^SERVICE$/i.test(each.text))) ?? tokenAt(text, place);
  const known = phraseOf(fault.message, texts);
  return { from: token.from, to: token.to, message: known ?? texts.engineSays(expectedOf(fault.message)) };
}

/** Finds a mistake without the engine; null if none is seen. The engine knows more than the grammar of the editor. */
export function ownMistake(text, texts, parser) {
  return refused(text, texts) ?? undeclared(tokenize(text), texts) ?? misplaced(text, tokenize(text), texts, parser);
}

/** What is not handed to the engine at all; null for anything that may be a query. */
export function refused(text, texts) {
  const tokens = tokenize(text);
  if (!tokens.length) return { from: 0, to: 0, message: texts.empty };
  const first = tokens[prologueLength(tokens)];
  if (first && UPDATES.test(first.text)) return { from: first.from, to: first.to, message: texts.update };
  return tooDeep(tokens, texts);
}

/** Line and column, from 1, of an offset. */
export function placeOf(text, offset) {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: [...before.slice(before.lastIndexOf("\n") + 1)].length + 1 };
}

function prologueLength(tokens) {
  let at = 0;
  while (/^(?:BASE|PREFIX)$/i.test(tokens[at]?.text ?? "")) at += tokens[at].text.toUpperCase() === "BASE" ? 2 : 3;
  return at;
}

/** Neither parser survives a very deep query, so it is refused as the command line refuses it. */
function tooDeep(tokens, texts) {
  let depth = 0;
  for (const token of tokens) {
    depth += ("{([".includes(token.text) ? 1 : 0) - ("})]".includes(token.text) ? 1 : 0);
    if (depth > MOST_LEVELS) return { from: token.from, to: token.to, message: texts.tooDeep(MOST_LEVELS) };
  }
  return null;
}

function undeclared(tokens, texts) {
  const declared = new Set(texts.prefixes);
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "name") continue;
    const prefix = token.text.slice(0, token.text.indexOf(":"));
    if (/^PREFIX$/i.test(tokens[at - 1]?.text ?? "")) declared.add(prefix);
    else if (!declared.has(prefix)) return { from: token.from, to: token.to, message: texts.noPrefix(prefix) };
  }
  return null;
}

/** The first place that the editor's grammar does not understand. */
function misplaced(text, tokens, texts, parser) {
  let found = null;
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError && found === null) found = node.from;
      return found === null;
    },
  });
  if (found === null) return null;
  const token = tokens.find((each) => each.to > found);
  const open = unclosed(tokens);
  if (!token && open) return { from: open.from, to: open.to, message: texts.notClosed(open.text) };
  if (!token) return { from: tokens.at(-1).from, to: tokens.at(-1).to, message: texts.endsTooSoon };
  if (token.text === '"' || token.text === "'")
    return { from: token.from, to: token.to, message: texts.notClosed(token.text) };
  const meant = token.kind === "word" ? nearest(token.text.toUpperCase()) : null;
  const message = meant ? texts.didYouMean(token.text, meant) : texts.notUnderstood(token.text);
  return { from: token.from, to: token.to, message };
}

function unclosed(tokens) {
  const open = [];
  for (const token of tokens) {
    if ("{([".includes(token.text)) open.push(token);
    if ("})]".includes(token.text)) open.pop();
  }
  return open.at(-1) ?? null;
}

/** The keyword that a word was meant to be, at most two typing mistakes away. */
function nearest(word) {
  if (WORDS.includes(word)) return null;
  const [best] = WORDS.map((keyword) => [distance(word, keyword), keyword]).sort((a, b) => a[0] - b[0]);
  return best[0] <= Math.min(2, word.length / 2) ? best[1] : null;
}

/** Typing mistakes between two words: a letter too many, too few, another, or two that changed places. */
function distance(a, b) {
  const table = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array(b.length).fill(0)]);
  for (let j = 0; j <= b.length; j += 1) table[0][j] = j;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      table[i][j] = Math.min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) table[i][j] = Math.min(table[i][j], table[i - 2][j - 2] + 1);
    }
  }
  return table[a.length][b.length];
}

function phraseOf(message, texts) {
  const found = Object.keys(texts.engine).find((phrase) => message.includes(phrase));
  return found ? texts.engine[found] : null;
}

/** The engine's words without the classes of characters that nobody types by name. */
function expectedOf(message) {
  const list = message.replace(/\s+/g, " ").replace(/^expected (?:one of )?/, "");
  const words = list.split(", ").filter((word) => !word.startsWith("[") && word !== "");
  return words.slice(0, 8).join(", ") || message.slice(0, 120);
}

function offsetOf(text, line, column, added) {
  if (!line) return 0;
  const lines = text.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const row = [...(lines[line - 1] ?? "")];
  const skipped = line === 1 ? column - 1 - added : column - 1;
  return start + row.slice(0, Math.max(skipped, 0)).join("").length;
}

/** The token at or just before a place. */
function tokenAt(text, place) {
  const tokens = tokenize(text);
  return (
    tokens.find((token) => token.from <= place && token.to > place) ??
    tokens.findLast((token) => token.to <= place) ??
    tokens[0]
  );
}
