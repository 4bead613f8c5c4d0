// What is done to the text of a query: reading its header, binding its parameters, limiting it, laying it out, and
// finding its mistakes.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, test } from "node:test";
import { diagnose, ownMistake, placeOf } from "../src/sparql/diagnose.js";
import { parser } from "../src/sparql-editor/grammar.js";
import { formatted } from "../src/sparql/format.js";
import { bind, faultIn, parametersOf, readHeader } from "../src/sparql/queries.js";
import { readState, writeState } from "../src/sparql/state.js";
import { TEXTS } from "../src/sparql/texts.js";
import { tokenize, withLimit } from "../src/sparql/tokens.js";
import { compact, iriTerm, literalTerm } from "../src/sparql/terms.js";
import { python, ROOT } from "./support.mjs";

const BASE = "https://w3id.org/pilotgraph/rechtsbijstand/";
const LITERALS = ["integer", "date", "string"];
const texts = { ...TEXTS.en, prefixes: ["pg", "skos"] };
let expected;
let prefixes;
const queries = new Map();

before(() => {
  expected = JSON.parse(python("viz/tests/sparql_expected.py"));
  prefixes = JSON.parse(
    python("-c", "import json; from pilotgraph.terms import PREFIXES; print(json.dumps(PREFIXES))"),
  );
  for (const kind of ["question", "check", "network"]) {
    for (const file of readdirSync(`${ROOT}queries/${kind}`)) {
      queries.set(file.replace(/\.rq$/, ""), readFileSync(`${ROOT}queries/${kind}/${file}`, "utf8"));
    }
  }
});

test("binding gives the text that pilotgraph.queries gives, for every parameter of every question", () => {
  for (const { name, given, text } of expected.bound) {
    const parameters = parametersOf(queries.get(name), null);
    const values = Object.fromEntries(
      Object.entries(given).map(([key, value]) => {
        const { kind } = parameters.find((parameter) => parameter.name === key);
        // The page gives whole IRIs: the one that the command line found for this value.
        const found = new RegExp(`<(${BASE}id/(?:${kind.replaceAll(",", "|")})/${value})>`).exec(text);
        return [key, LITERALS.includes(kind) ? value : found[1]];
      }),
    );
    assert.equal(bind(queries.get(name), parameters, values, "en", prefixes).text, text, name);
  }
  assert.ok(expected.bound.length > 60);
});

test("a value never becomes syntax: what is no IRI or no number is refused", () => {
  const thing = { name: "x", kind: "pilot" };
  const evil = [
    "> } INSERT DATA { <a:b> <c:d> <e:f> } #",
    "a:b> <c",
    "a b:c",
    'x:"',
    "x:{",
    "no-colon",
    "javascript:alert(1)\n",
  ];
  for (const value of evil) {
    assert.equal(iriTerm(value), null, value);
    assert.equal(faultIn(thing, value), "iri");
    assert.throws(() => bind("SELECT * { VALUES ?x { UNDEF } }", [thing], { x: value }, "en", {}), RangeError);
  }
  assert.equal(literalTerm('a"b\\c\n} #'), '"a\\"b\\\\c\\n} #"');
  assert.equal(faultIn({ name: "n", kind: "integer" }, "1 2"), "integer");
  const dollar = bind("SELECT * { VALUES ?s { UNDEF } }", [{ name: "s", kind: "string" }], { s: "$& $1 $`" }, "en", {});
  assert.equal(dollar.text, 'SELECT * { VALUES ?s { "$& $1 $`" } }');
});

test("the header of a query is read as pilotgraph.queries reads it", () => {
  const header = readHeader(queries.get("partners-of-pilots"));
  assert.equal(header.summary, "Who takes part in what, and how?");
  assert.equal(header.chart, "network ?pilot ?actor");
  assert.deepEqual(
    header.params.map(({ name, kind, required }) => [name, kind, required]),
    [
      ["pilot", "pilot,programme", false],
      ["actor", "organisation,concept/organisation-kind", false],
      ["role", "concept/role", false],
      ["lang", "string", false],
    ],
  );
});

test("a limit is put on the outermost level only, before a block of values, and never raises the author's own", () => {
  const cases = {
    "SELECT * { ?s ?p ?o }": "SELECT * { ?s ?p ?o } LIMIT 11 ",
    "SELECT * { ?s ?p ?o { SELECT ?s { ?s ?a ?b } LIMIT 3 } } ORDER BY ?s":
      "SELECT * { ?s ?p ?o { SELECT ?s { ?s ?a ?b } LIMIT 3 } } ORDER BY ?s LIMIT 11 ",
    "SELECT * { ?s ?p ?o } LIMIT 5": "SELECT * { ?s ?p ?o } LIMIT 5",
    "SELECT * { ?s ?p ?o } limit 500 offset 3": "SELECT * { ?s ?p ?o } limit 11 offset 3",
    "SELECT * { ?s ?p ?o } VALUES ?s { <a:b> }": "SELECT * { ?s ?p ?o }  LIMIT 11 VALUES ?s { <a:b> }",
    "SELECT * { VALUES ?s { <a:b> } }": "SELECT * { VALUES ?s { <a:b> } } LIMIT 11 ",
    "SELECT * { ?s ?p 'LIMIT 9 }' } # LIMIT 2": "SELECT * { ?s ?p 'LIMIT 9 }' } LIMIT 11  # LIMIT 2",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 11 ",
    "ASK { ?s ?p ?o }": "ASK { ?s ?p ?o }",
  };
  for (const [given, wanted] of Object.entries(cases)) assert.equal(withLimit(given, 11), wanted);
});

test("laying out changes white space and the case of keywords only, and twice is once: every query of the project", () => {
  const tokens = (text) => tokenize(text, { comments: true }).map((token) => token.text.trimEnd().toUpperCase());
  for (const [name, text] of queries) {
    const laidOut = formatted(text);
    assert.deepEqual(tokens(laidOut), tokens(text), name);
    assert.equal(formatted(laidOut), laidOut, name);
  }
});

test("a query on one line is laid out by clauses and patterns", () => {
  const text = `prefix pg: <https://w3id.org/pilotgraph/def#> select ?s (count( * ) as ?n) where { ?s a pg:Pilot ; pg:x ?y . optional { ?y pg:z ?w . filter(?w > 3) } filter not exists { ?s pg:q ?r } { ?a ?b ?c } union { ?d ?e ?f } values ?k { 1 2 } } group by ?s having(count(*) > 1) order by desc(?n) limit 10 offset 3`;
  assert.equal(
    formatted(text),
    `PREFIX pg: <https://w3id.org/pilotgraph/def#>
SELECT ?s (COUNT(*) AS ?n) WHERE {
  ?s a pg:Pilot ; pg:x ?y .
  OPTIONAL { ?y pg:z ?w . FILTER(?w > 3) }
  FILTER NOT EXISTS { ?s pg:q ?r }
  { ?a ?b ?c } UNION { ?d ?e ?f }
  VALUES ?k { 1 2 }
}
GROUP BY ?s
HAVING(COUNT(*) > 1)
ORDER BY DESC(?n)
LIMIT 10 OFFSET 3
`,
  );
});

const MISTAKES = [
  ["SELECT * WHERE { ?s ?p ?o } LIMTI 3", "1:29", "“LIMTI” is not understood here; did you mean LIMIT?"],
  [
    "# é😀\nSELECT ?a\nWHERE { ?a pg:b 'é😀' .\n  OPTIONL { ?a ?d ?e } }",
    "4:3",
    "“OPTIONL” is not understood here; did you mean OPTIONAL?",
  ],
  ["SELECT * {\n  ?s rdf:type ?o }", "2:6", "the prefix rdf: is not declared"],
  ["SELECT ?x {\n ?x ?y ?z", "1:11", "this { is never closed"],
  ["SELECT ?s { ?s ?p }", "1:19", "“}” is not understood here"],
  ["SELECT ?s { ?s ?p 'x }", "1:19", "this ' is never closed"],
  ["selct * {}", "1:1", "“selct” is not understood here; did you mean SELECT?"],
  ["INSERT DATA { <a:b> <c:d> <e:f> }", "1:1", TEXTS.en.update],
  ["", "1:1", TEXTS.en.empty],
];

test("a mistake is marked where it is, in lines and columns as people count them", () => {
  for (const [text, place, message] of MISTAKES) {
    const mistake = ownMistake(text, texts, parser);
    const { line, column } = placeOf(text, mistake.from);
    assert.deepEqual([`${line}:${column}`, mistake.message], [place, message], text);
  }
  for (const [name, text] of queries)
    assert.equal(ownMistake(text, { ...texts, prefixes: Object.keys(prefixes) }, parser), null, name);
});

test("a mistake that only the engine sees is marked at its place behind the prefixes that were put in front", () => {
  const text = "SELECT ?b { ?a pg:x ?b } GROUP BY ?a";
  const fault = {
    message: "expected one of X, The SELECT contains a variable that is unbound, [_]",
    line: 1,
    column: 37 + 44,
  };
  assert.deepEqual(diagnose(text, fault, 44, texts, parser), {
    from: 34,
    to: 36,
    message: TEXTS.en.engine["The SELECT contains a variable that is unbound"],
  });
});

test("the state survives the address, whatever is in it", () => {
  const state = {
    query: "q",
    text: 'SELECT * {\n ?s ?p "é & = # %" }',
    values: { pilot: "zsm", view: "odd" },
    view: "chart",
    rows: 1000,
    seconds: 600,
    sort: "-n",
    filter: "a b",
    columns: "x,y",
    run: true,
  };
  assert.deepEqual(readState(writeState(state)), state);
  assert.equal(
    writeState({ query: "", text: null, values: {}, view: "", rows: 0, seconds: 0, sort: "", filter: "", columns: "" }),
    "",
  );
});

test("an IRI is written short as pilotgraph.terms writes it", () => {
  assert.equal(compact(`${BASE}id/pilot/zsm`, BASE, prefixes), "pilot:zsm");
  assert.equal(compact(`${BASE}id/concept/role/lead`, BASE, prefixes), "role:lead");
  assert.equal(compact("https://w3id.org/pilotgraph/def#Pilot", BASE, prefixes), "pg:Pilot");
  assert.equal(compact("https://example.org/a.b", BASE, prefixes), "https://example.org/a.b");
});
