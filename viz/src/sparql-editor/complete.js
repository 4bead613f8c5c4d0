// Completion: keywords, functions, the variables of the query, and the graph's own terms by name or label.

import { snippetCompletion } from "@codemirror/autocomplete";
import { compact, dataPrefix } from "../sparql/terms.js";
import { tokenize } from "../sparql/tokens.js";

const KEYWORDS =
  "SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS GRAPH BIND VALUES ASK CONSTRUCT DESCRIBE PREFIX LIMIT OFFSET HAVING UNDEF".split(
    " ",
  );
const FUNCTIONS =
  "COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG DATATYPE BOUND CONTAINS STRSTARTS STRENDS REGEX REPLACE CONCAT LCASE UCASE STRLEN SUBSTR STRBEFORE STRAFTER COALESCE IF YEAR ABS ROUND".split(
    " ",
  );
const SNIPPETS = [
  ["GROUP BY", "GROUP BY ${?x}"],
  ["ORDER BY", "ORDER BY ${?x}"],
  ["FILTER NOT EXISTS", "FILTER NOT EXISTS { ${} }"],
  ["FILTER LANG", 'FILTER(LANG(${?label}) = "${nl}")'],
  ["OPTIONAL prefLabel", 'OPTIONAL { ${?x} skos:prefLabel ${?label} . FILTER(LANG(${?label}) = "${nl}") }'],
];
/** A source of completions; `terms` gives the graph's terms once the engine has loaded, else nothing. */
export function completionSource({ terms, prefixes, base, texts, lang }) {
  return async (context) => {
    const word = context.matchBefore(/[?$]?[\p{L}\p{N}_:.-]*/u);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const text = context.state.doc.toString();
    if (inComment(text, context.pos)) return null;
    if (/^[?$]/.test(word.text))
      return { from: word.from, options: variables(text, word.text, texts), validFor: /^[?$]\w*$/ };
    const options = [
      ...words(texts, lang),
      ...(await terms()).map((term) => option(term, { prefixes, base, texts, lang })),
    ];
    return { from: word.from, options, validFor: /^[\p{L}\p{N}_:.-]*$/u };
  };
}

function inComment(text, place) {
  return (
    tokenize(text.slice(0, place), { comments: true }).at(-1)?.kind === "comment" &&
    !/\n\s*$/.test(text.slice(0, place))
  );
}

function variables(text, typed, texts) {
  const names = tokenize(text)
    .filter((token) => token.kind === "variable")
    .map((token) => token.text);
  const others = new Set(names.filter((name) => name !== typed || names.indexOf(name) !== names.lastIndexOf(name)));
  return [...others].map((name) => ({ label: name, type: "variable", detail: texts.complete.variable }));
}

function words(texts, lang) {
  return [
    ...KEYWORDS.map((label) => ({ label, type: "keyword", detail: texts.complete.keyword, boost: -20 })),
    ...FUNCTIONS.map((label) =>
      snippetCompletion(`${label}(\${})`, { label, type: "function", detail: texts.complete.function, boost: -30 }),
    ),
    ...SNIPPETS.map(([label, text]) =>
      snippetCompletion(text.replace("${nl}", `\${${lang}}`), {
        label,
        type: "keyword",
        detail: texts.complete.keyword,
        boost: -25,
      }),
    ),
  ];
}

/** A term under its prefixed name and its labels; taking it also declares the prefix. */
function option({ iri, labels, sort }, { prefixes, base, texts }) {
  const name = compact(iri, base, prefixes);
  const [prefix] = name.split(":");
  const namespace = name === iri ? null : (prefixes[prefix] ?? dataPrefix(iri, base)?.[1]);
  const written = namespace ? name : `<${iri}>`;
  return {
    label: [written, ...labels].join("  "),
    displayLabel: labels.length ? `${labels[0]}  ${written}` : written,
    detail: texts.complete[sort],
    type: sort,
    boost: sort === "class" || sort === "property" ? 10 : 0,
    apply: (view, completion, from, to) => insert(view, written, namespace && [prefix, namespace], from, to),
  };
}

function insert(view, written, declaration, from, to) {
  const text = view.state.doc.toString();
  const missing = declaration && !new RegExp(`PREFIX\\s+${declaration[0]}:`, "i").test(text);
  const head = missing ? `PREFIX ${declaration[0]}: <${declaration[1]}>\n` : "";
  const start = headEnd(text);
  view.dispatch({
    changes: [...(missing ? [{ from: start, insert: head }] : []), { from, to, insert: written }],
    selection: { anchor: from + head.length + written.length },
    userEvent: "input.complete",
  });
}

/** Where a declaration goes: behind the header and its comments, before everything else. */
function headEnd(text) {
  return /^(?:#[^\n]*\n)*/.exec(text)[0].length;
}
