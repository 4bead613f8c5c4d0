// The proof of a row in the page is the proof that the command line gives.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Store } from "oxigraph";
import { Prover } from "../src/sparql-worker/prove.js";
import { modelOf } from "../src/sparql/model.js";
import { python } from "./support.mjs";

const UNION = { use_default_graph_as_union: true };
let given;

before(() => {
  given = JSON.parse(python("viz/tests/proof_cases.py"));
});

function opened(data) {
  const store = new Store();
  store.load(data, { format: "application/n-quads" });
  return store;
}

function selector(store) {
  return (text) => {
    const lines = store.query(text, { ...UNION, results_format: "text/tab-separated-values" }).split("\n");
    return lines.slice(1, -1).map((line) => line.split("\t").map((cell) => cell || null));
  };
}

/** The proofs of all rows, as the command line writes them; rows sorted, for their order may be free. */
function proved(text, store, base, rules) {
  const select = selector(store);
  const model = modelOf(base, rules);
  const answer = JSON.parse(store.query(text, { ...UNION, results_format: "application/sparql-results+json" }));
  const ask = "boolean" in answer;
  const rows = ask ? (answer.boolean ? [[]] : []) : select(text);
  const variables = ask ? [] : answer.head.vars;
  const prover = new Prover(text, variables, rows, select, model);
  const found = rows.map((row) => ({ row: row.map(bare), ...told(prover.row(row)) }));
  return found.length || !ask
    ? found
    : [
        {
          row: [],
          ...told({
            claims: [],
            rules: [],
            records: [],
            absent: [],
            bare: false,
            knowing: {},
            reason: "rests on absence: no solution",
          }),
        },
      ];
}

function told({ claims, rules, records, absent, reason, bare: without, knowing }) {
  return { claims, rules, records, absent, reason, bare: without, knowing: knowing ?? {} };
}

/** A term without what the two notations write differently: the type of a number. */
function bare(term) {
  return (
    term?.replace(/^"([^"]*)"\^\^<http:\/\/www\.w3\.org\/2001\/XMLSchema#(?:integer|decimal|boolean|double)>$/, "$1") ??
    null
  );
}

const sorted = (rows) => rows.map((row) => JSON.stringify(row)).sort();

for (const [number, name] of ["the small graph of every construct", "the bundled data"].entries()) {
  test(`each row has the claims, rules, records and reason that pilotgraph.proof gives: ${name}`, async (t) => {
    const { cases, data, base } = given.sets[number];
    const store = opened(data);
    for (const { text, rows } of cases) {
      await t.test(text.replace(/^[^]*?(?=SELECT|ASK|CONSTRUCT)/, "").slice(0, 90), () => {
        if (/CONSTRUCT|STRUUID/.test(text)) return;
        const expected = rows.map(({ row, ...rest }) => ({ row: row.map(bare), ...told(rest) }));
        const wanted = sorted(expected);
        const found = sorted(proved(text, store, base, given.rules));
        assert.equal(found.length, wanted.length);
        found.forEach((row, at) =>
          assert.ok(row === wanted[at], `${row.slice(0, 600)}\nis not\n${wanted[at].slice(0, 600)}`),
        );
      });
    }
  });
}
