// The worker: holds the store, answers queries over the union of all graphs, and proves rows.
// One message in, one message out; whoever wants to stop a query ends the worker and starts another.

import { initSync, Store } from "oxigraph";
import { Prover, states } from "./prove.js";
import { passagesOf } from "./passages.js";

const JSON_RESULTS = "application/sparql-results+json";
const TSV_RESULTS = "text/tab-separated-values";
const UNION = { use_default_graph_as_union: true };

let store;
let empty;
let model;
let prover = { text: null };

const actions = {
  /** Compiles nothing: the page has compiled the module, so that a second worker starts at once. */
  async start({ module, data, model: given }) {
    initSync({ module });
    store = new Store();
    empty = new Store();
    store.load(await unpacked(data), { format: "application/n-quads", no_transaction: true, lenient: true });
    model = given;
    return { quads: store.size };
  },

  /** Answers a query: rows and booleans as SPARQL JSON, a graph as N-Triples. */
  query({ text, graph }) {
    if (!graph) return { json: store.query(text, { ...UNION, results_format: JSON_RESULTS }) };
    return { quads: store.query(text, UNION).map((quad) => [quad.subject, quad.predicate, quad.object].map(jsonTerm)) };
  },

  /** Finds the mistakes in a query without answering it: an empty store has no solutions to look for. */
  check({ text }) {
    empty.query(text, UNION);
    return {};
  },

  /** The proof of a row of the answer to a query that does not name its claims. */
  prove({ text, variables, row, ask, language }) {
    if (prover.text !== text) {
      const rows = ask ? [[]] : select(text);
      prover = { text, proofs: new Prover(text, variables, rows, select, model) };
    }
    const proof = prover.proofs.row(row);
    return { ...proof, passages: passagesOf([...proof.claims, ...proof.records], language, rows) };
  },

  /** The proof of a row that names its claims itself. */
  claims({ claims, language }) {
    return {
      claims,
      reason: "",
      rules: [],
      records: [],
      knowing: states(claims, null, select, model),
      passages: passagesOf(claims, language, rows),
    };
  },
};

/** Answers a query as rows of terms in TSV notation, null for what is unbound. */
function select(text) {
  const lines = store.query(text, { ...UNION, results_format: TSV_RESULTS }).split("\n");
  return lines.slice(1, -1).map((line) => line.split("\t").map((cell) => cell || null));
}

/** Answers a query as objects of bare texts by variable. */
function rows(text) {
  const answer = JSON.parse(store.query(text, { ...UNION, results_format: JSON_RESULTS }));
  return answer.results.bindings.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value])),
  );
}

function jsonTerm(term) {
  if (term.termType === "NamedNode") return { type: "uri", value: term.value };
  if (term.termType !== "Literal") return { type: "bnode", value: term.value };
  return {
    type: "literal",
    value: term.value,
    ...(term.language ? { "xml:lang": term.language } : { datatype: term.datatype.value }),
  };
}

/** The data as text: a host may have unpacked what it sent, so look at the first bytes. */
async function unpacked(data) {
  const bytes = new Uint8Array(data);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

self.onmessage = async ({ data: { id, action, ...given } }) => {
  try {
    self.postMessage({ id, result: await actions[action](given) });
  } catch (error) {
    // The engine reports mistakes as plain errors; anything else has broken it.
    self.postMessage({ id, error: String(error?.message ?? error), broken: error?.constructor !== Error });
  }
};
