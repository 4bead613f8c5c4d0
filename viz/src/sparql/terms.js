// RDF terms as in the SPARQL 1.1 Query Results JSON Format, and how they are written.

export const XSD = "http://www.w3.org/2001/XMLSchema#";
const RDF_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";
const LOCAL_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/;
const NUMERIC = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger", "positiveInteger"].map(
    (name) => XSD + name,
  ),
);
const SHORT = {
  [`${XSD}integer`]: /^[+-]?[0-9]+$/,
  [`${XSD}decimal`]: /^[+-]?[0-9]*\.[0-9]+$/,
  [`${XSD}double`]: /^[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+$/,
  [`${XSD}boolean`]: /^(?:true|false)$/,
};

/** An IRI as SPARQL, or null if it is none: what an angle bracket or white space would end never gets in. */
export function iriTerm(value) {
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^<>"{}|^`\\\u0000-\u0020]*$/.test(value) ? `<${value}>` : null;
}

/** A literal as SPARQL. */
export function literalTerm(value, datatype = `${XSD}string`) {
  const text = `"${escape(value)}"`;
  return datatype === `${XSD}string` ? text : `${text}^^<${datatype}>`;
}

function escape(value) {
  const marks = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return value.replace(/[\\"\n\r\t]/g, (mark) => marks[mark]);
}

/** A term as the engine writes it in TSV, which is SPARQL. */
export function tsvTerm(term) {
  if (!term) return null;
  if (term.type === "uri") return `<${term.value}>`;
  if (term.type === "bnode") return `_:${term.value}`;
  if (term["xml:lang"]) return `"${escape(term.value)}"@${term["xml:lang"]}`;
  if (SHORT[term.datatype]?.test(term.value)) return term.value;
  return literalTerm(term.value, term.datatype ?? `${XSD}string`);
}

/** A term as N-Triples. */
export function ntTerm(term) {
  const plain = term.type === "literal" && !term["xml:lang"] && term.datatype;
  return plain ? literalTerm(term.value, term.datatype) : tsvTerm(term);
}

/** Whether a term is a number. */
export function isNumber(term) {
  return term?.type === "literal" && NUMERIC.has(term.datatype) && Number.isFinite(Number(term.value));
}

/** Whether a term is a date, or a part of one. */
export function isDate(term) {
  return (
    term?.type === "literal" && ["date", "dateTime", "gYear", "gYearMonth"].some((name) => term.datatype === XSD + name)
  );
}

/** The bare text of a term; empty for none. */
export function plain(term) {
  return term?.value ?? "";
}

/** Writes an IRI as a prefixed name if a known prefix fits: `pilot:zsm` for a thing of the data set, else bare. */
export function compact(iri, base, prefixes) {
  const own = dataPrefix(iri, base);
  for (const [prefix, namespace] of [...(own ? [own] : []), ...Object.entries(prefixes)]) {
    if (iri.startsWith(namespace) && LOCAL_NAME.test(iri.slice(namespace.length))) {
      return `${prefix}:${iri.slice(namespace.length)}`;
    }
  }
  return iri;
}

/** The prefix and namespace under which a data set's own IRI is written; null if it is not its own. */
export function dataPrefix(iri, base) {
  const at = iri.lastIndexOf("/");
  if (!base || !iri.startsWith(base) || at < 0) return null;
  const namespace = iri.slice(0, at + 1);
  if (namespace === base) return null;
  return [namespace.slice(0, -1).split("/").at(-1), namespace];
}

/** A term as a reader of a table of values reads it: an IRI short, a literal bare. */
export function cellText(term, base, prefixes) {
  return term?.type === "uri" ? compact(term.value, base, prefixes) : plain(term);
}

/** Tells the datatypes worth showing from those that say nothing. */
export function datatypeOf(term) {
  const datatype = term?.datatype ?? "";
  return [`${XSD}string`, RDF_LANG_STRING].includes(datatype) ? "" : datatype;
}
