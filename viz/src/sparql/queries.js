// The query library: headers, parameters, prefixes. A port of pilotgraph/queries.py: a parameter is a
// `VALUES ?name { … }` block, and binding replaces what stands between the braces by a serialised term, never by text.

import { iriTerm, literalTerm, XSD } from "./terms.js";

export const LANGUAGES = ["en", "nl"];
const HEADER = /^#\+ ?([a-z_]+):\s*(.*)$/gm;
const TYPES = {
  integer: { pattern: /^[+-]?[0-9]+$/, datatype: `${XSD}integer` },
  date: { pattern: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, datatype: `${XSD}date` },
  string: { pattern: /^[^]*$/, datatype: `${XSD}string` },
};

/** What the `#+` lines of a query say: `{summary, reading, chart, params, …}`; null parameters lines are skipped. */
export function readHeader(text) {
  const header = { params: [] };
  for (const [, key, value] of text.matchAll(HEADER)) {
    if (key === "param") header.params.push(...readParameter(value));
    else header[key] = key in header ? `${header[key]} ${value.trim()}` : value.trim();
  }
  return header;
}

function readParameter(value) {
  const fields = value.split("|").map((field) => field.trim());
  if (fields.length !== 5) return [];
  const [name, kind, need, en, nl] = fields;
  return [{ name, kind, required: need === "required", about: { en, nl } }];
}

/** The parameters of a text: those of its header and of the library's query that still have their VALUES block. */
export function parametersOf(text, question) {
  const declared = new Map();
  for (const parameter of [...(question?.params ?? []), ...readHeader(text).params]) {
    if (parameter.name !== "lang" && block(parameter.name).test(text)) declared.set(parameter.name, parameter);
  }
  return [...declared.values()];
}

/** Whether the value of a parameter can be written as a term: null if so, else what is expected. */
export function faultIn(parameter, value) {
  const type = TYPES[parameter.kind];
  if (type) return type.pattern.test(value) ? null : parameter.kind;
  return iriTerm(value) ? null : "iri";
}

/**
 * Puts values into the VALUES blocks and declares the prefixes.
 *
 * `values` maps names to whole IRIs or literal texts; empty ones are left at the query's default. Gives the text and
 * the number of characters that were put before the first line.
 */
export function bind(text, parameters, values, language, prefixes) {
  let bound = text;
  if (block("lang").test(bound)) bound = replaceBlock(bound, "lang", literalTerm(language));
  for (const parameter of parameters) {
    const value = values[parameter.name] ?? "";
    if (value === "") continue;
    const type = TYPES[parameter.kind];
    if (faultIn(parameter, value) !== null) throw new RangeError(parameter.name);
    bound = replaceBlock(bound, parameter.name, type ? literalTerm(value, type.datatype) : iriTerm(value));
  }
  return withPrefixes(bound, prefixes);
}

/** Declares known prefixes where a query has not done so itself, on its first line: line numbers stay the same. */
export function withPrefixes(text, prefixes) {
  const declared = new Set([...text.matchAll(/PREFIX\s+([\w-]*):/gi)].map((match) => match[1]));
  const used = Object.keys(prefixes).filter((name) => new RegExp(`(?:^|[^\\w-])${name}:`).test(text));
  const missing = used.filter((name) => !declared.has(name)).sort();
  const head = missing.map((name) => `PREFIX ${name}: <${prefixes[name]}> `).join("");
  return { text: head + text, added: head.length };
}

function block(name) {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(VALUES\\s+\\?${escaped}\\s*\\{)[^{}]*(\\})`, "gi");
}

function replaceBlock(text, name, term) {
  return text.replace(block(name), (_, open, close) => `${open} ${term} ${close}`);
}
