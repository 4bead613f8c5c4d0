// The same question from a program: from this tool, curl, Python and R.

import { copyText, fill, h } from "./dom.js";

const LOCAL = "http://localhost:7878/query";
const DELIMITER = "SPARQL";

/** The ways to ask: `[{name, code}]`. `query` is the bound text; `dump` the address of the data, `endpoint` may be null. */
export function codesFor({ query, question, values, lang, dump, endpoint }) {
  const address = endpoint ?? LOCAL;
  return [
    ...(question ? [{ name: "pilotgraph", code: commandLine(question, values, lang) }] : []),
    { name: "curl", code: curl(query, address) },
    { name: "Python", code: endpoint ? pythonRemote(query, address) : pythonLocal(query, dump) },
    { name: "R", code: r(query, address) },
  ];
}

/** How to make an endpoint of one's own of the published data. */
export function ownEndpoint(dump) {
  const file = dump.split("/").at(-1);
  return [
    "pip install oxigraph",
    `curl -fsSLO ${shell(dump)}`,
    `gunzip ${shell(file)}`,
    `oxigraph load --location store --file ${shell(file.replace(/\.gz$/, ""))}`,
    "oxigraph serve-read-only --location store --union-default-graph",
    "",
  ].join("\n");
}

function shell(text) {
  return /^[A-Za-z0-9_./:=@%+~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function commandLine(question, values, lang) {
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return (
    [
      `pilotgraph query ${shell(question)}`,
      ...given.map(([name, value]) => `-p ${shell(`${name}=${value}`)}`),
      `--lang ${lang}`,
      "--evidence",
    ].join(" ") + "\n"
  );
}

function curl(query, address) {
  const mark = freeMark(query);
  return `curl -fsS -H 'Accept: text/csv' --data-urlencode query@- ${shell(address)} <<'${mark}'\n${query.trimEnd()}\n${mark}\n`;
}

/** A line that does not occur in the text, to end it. */
function freeMark(query) {
  const lines = new Set(query.split("\n"));
  let mark = DELIMITER;
  while (lines.has(mark)) mark += "_";
  return mark;
}

function pythonLocal(query, dump) {
  return `# pip install pyoxigraph
import gzip
import urllib.request

import pyoxigraph

data = urllib.request.urlopen(${quoted(dump)}).read()
if data[:2] == b"\\x1f\\x8b":
    data = gzip.decompress(data)
store = pyoxigraph.Store()
store.bulk_load(data, format=pyoxigraph.RdfFormat.N_QUADS)
query = ${pythonText(query)}
answer = store.query(query, use_default_graph_as_union=True)
print(answer.serialize(format=pyoxigraph.QueryResultsFormat.CSV).decode())
`;
}

function pythonRemote(query, address) {
  return `# pip install sparqlwrapper
from SPARQLWrapper import CSV, POST, SPARQLWrapper

query = ${pythonText(query)}
endpoint = SPARQLWrapper(${quoted(address)})
endpoint.setMethod(POST)
endpoint.setReturnFormat(CSV)
endpoint.setQuery(query)
print(endpoint.query().convert().decode())
`;
}

/** A text as a Python literal of many lines. */
function pythonText(text) {
  return `"""\\\n${text.trimEnd().replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"').replace(/"$/, '\\"')}\n"""`;
}

/** A text as a literal of one line, in Python and R alike. */
function quoted(text) {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function r(query, address) {
  return `# install.packages("httr2")
library(httr2)

query <- ${rText(query)}
answer <- request(${quoted(address)}) |>
  req_headers(Accept = "text/csv") |>
  req_body_form(query = query) |>
  req_perform()
table <- read.csv(text = resp_body_string(answer))
print(table)
`;
}

/** A raw text of R 4: no mark in it means anything, if its closing one does not occur. */
function rText(text) {
  let dashes = "";
  while (text.includes(`]${dashes}"`)) dashes += "-";
  return `r"${dashes}[\n${text.trimEnd()}\n]${dashes}"`;
}

/** Fills an element with the ways to ask, one at a time. */
export function codeView(element, codes, { dump, endpoint, texts }) {
  const shown = h("div", {});
  const choose = (name) => {
    const { code } = codes.find((each) => each.name === name);
    const needsEndpoint = !endpoint && (name === "curl" || name === "R");
    fill(
      shown,
      needsEndpoint ? h("p", { class: "soft small" }, texts.codeEndpoint) : null,
      needsEndpoint ? block(ownEndpoint(dump), texts) : null,
      block(code, texts),
    );
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.textContent === name));
  };
  const buttons = codes.map(({ name }) =>
    h("button", { type: "button", class: "sq-choice", click: () => choose(name) }, name),
  );
  fill(
    element,
    h("p", { class: "soft small" }, texts.codeIntro),
    h("div", { class: "sq-choices", role: "group", "aria-label": texts.code }, buttons),
    shown,
  );
  choose(codes[0].name);
}

function block(code, texts) {
  const copied = h("span", { role: "status", class: "small soft" });
  const copy = h(
    "button",
    {
      type: "button",
      class: "sq-quiet",
      click: async () => {
        await copyText(code);
        copied.textContent = texts.copied;
      },
    },
    texts.copyCode,
  );
  return h(
    "div",
    { class: "sq-code" },
    h("pre", { tabindex: "0" }, h("code", {}, code)),
    h("div", {}, copy, " ", copied),
  );
}
