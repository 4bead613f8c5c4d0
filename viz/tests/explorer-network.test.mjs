// The networks that the browser makes are those that the package makes, link by link.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { citesOf } from "../src/explorer/files.js";
import { LAYERS, readModel } from "../src/explorer/model.js";
import { makeNetwork } from "../src/explorer/network.js";
import { fromHash, initial, toHash } from "../src/explorer/state.js";
import { extent, monthText, ran } from "../src/explorer/time.js";
import { explorerPages } from "./explorer-support.mjs";
import { python, ROOT } from "./support.mjs";

let model;
let expected;

before(() => {
  const page = readFileSync(`${explorerPages("explorer.nl")}/explorer.nl.html`, "utf8");
  model = readModel(JSON.parse(/id="explorer-data">(.*?)<\/script>/s.exec(page)[1]));
  expected = JSON.parse(python(`${ROOT}viz/tests/explorer_networks.py`));
});

const stateOf = ({ kinds = false, funders = true, sources = [] }, more) => ({
  ...initial(),
  kinds,
  funders,
  ...more,
  filters: { ...initial().filters, source: sources },
});

const idOf = (index) => model.nodes[index].id;
const claimsOf = (edge) => [...new Set(citesOf(edge).map(({ claim }) => model.claims[claim].id))].sort();
const sorted = (rows) => rows.map((row) => JSON.stringify(row)).sort();
const round = (number) => Math.round(number * 1e9) / 1e9;

const compare = (made, wanted, what) => assert.deepEqual(sorted(made), sorted(wanted), what);

test("two-mode networks have the links, claims and knowing of the package", () => {
  for (const [name, { options, networks }] of Object.entries(expected.cases)) {
    for (const view of ["actor", "goal", "domain", "place"]) {
      const { edges } = makeNetwork(model, stateOf(options, { view }));
      compare(
        edges.map((edge) => [idOf(edge.a), idOf(edge.b), edge.knowing, claimsOf(edge)]),
        networks[view],
        `${view}, ${name}`,
      );
    }
  }
});

test("projections have the weights of the package, by all three ways of weighing", () => {
  for (const [name, { options, networks }] of Object.entries(expected.cases)) {
    for (const weight of ["count", "newman", "inverse"]) {
      for (const [view, layers] of [
        ["pilots", ["actor"]],
        ["actors", []],
      ]) {
        const { edges } = makeNetwork(model, stateOf(options, { view, weight, layers }));
        const made = edges.map((edge) => [...[idOf(edge.a), idOf(edge.b)].sort(), round(edge.weight), claimsOf(edge)]);
        compare(made, networks[`${view} ${weight}`], `${view} by ${weight}, ${name}`);
      }
    }
  }
});

test("cross-links keep the kinds apart, as the package does", () => {
  for (const [name, { options, networks }] of Object.entries(expected.cases)) {
    const { edges } = makeNetwork(model, stateOf(options, { view: "pilots", layers: LAYERS, weight: "count" }));
    const made = edges.map((edge) => [
      ...[idOf(edge.a), idOf(edge.b)].sort(),
      edge.layer,
      edge.knowing,
      claimsOf(edge),
    ]);
    compare(made, networks.layers, name);
  }
});

test("the roles that only pay or administer are those of the package", () => {
  assert.deepEqual(
    model.roles
      .filter(({ funding }) => funding)
      .map(({ slug }) => slug)
      .sort(),
    expected.funding,
  );
});

test("a pilot of which no date is known is never left out by the month", () => {
  const [first, last] = extent(model.pilots.map((index) => model.nodes[index]));
  const dateless = model.pilots.filter((index) => !model.nodes[index].start && !model.nodes[index].end);
  assert.ok(dateless.length > 0);
  for (let month = first; month <= last; month += 1) {
    const { nodes } = makeNetwork(model, { ...initial(), month: monthText(month) });
    assert.deepEqual(
      dateless.filter((index) => !nodes.includes(index)),
      [],
    );
  }
});

test("a date counts as precisely as it is known", () => {
  const at = (text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5)) - 1;
  const cases = [
    [{ start: "2020", end: "2021-06" }, "2020-05", "perhaps"],
    [{ start: "2020", end: "2021-06" }, "2021-01", "yes"],
    [{ start: "2020", end: "2021-06" }, "2021-07", "no"],
    [{ start: "2020-03-15", end: "2021" }, "2020-02", "no"],
    [{ start: "2020-03-15", end: "2021" }, "2021-02", "perhaps"],
    [{ start: "2020-03" }, "2020-02", "no"],
    [{ start: "2020-03" }, "2025-01", "perhaps"],
    [{ end: "2020-03" }, "2019-01", "perhaps"],
    [{}, "2020-01", "unknown"],
  ];
  for (const [pilot, month, answer] of cases)
    assert.equal(ran(pilot, at(month)), answer, JSON.stringify([pilot, month]));
});

test("an address gives back the state that made it, also with letters that have a meaning in addresses", () => {
  const state = {
    ...initial(),
    view: "pilots",
    kinds: true,
    funders: false,
    layers: ["actor", "goal"],
    weight: "inverse",
    month: "2021-03",
    filters: { ...initial().filters, pillar: ["concept/pillar/a,b&c=d"], role: ["x"] },
    around: ["pilot/a~b,c"],
    chosen: "edge:pilot/a#%~organisation/b",
    clusters: true,
    tidy: true,
    pins: { "pilot/a:b,c": [12, -7] },
    tab: "why",
    list: "links",
    sort: { by: "count", down: true },
    camera: [0.25, 0.5, 0.125],
  };
  assert.deepEqual(fromHash(`#${toHash(state)}`), state);
  assert.equal(toHash(initial()), "");
});

test("an address that is damaged opens as usual", () => {
  for (const hash of ["#view=nothing&layers=%E0%A4%A&pins=a:b&camera=1,2&month=9999&tab=x", "#&&=&%", "#chosen=%"]) {
    assert.equal(typeof fromHash(hash).view, "string");
    assert.equal(fromHash(hash).view, "actor");
    assert.ok(makeNetwork(model, fromHash(hash)).nodes.length > 0);
  }
});
