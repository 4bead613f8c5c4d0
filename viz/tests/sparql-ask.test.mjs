// The builder: what it counts is what it finds, and a visitor who never wrote SPARQL gets an answer with its proof.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { Store } from "oxigraph";
import { columnsOf, DIMENSIONS, facetQuery, featuresOf, queryFor, reachQuery, SUBJECTS } from "../src/ask/model.js";
import { readWish, writeWish } from "../src/ask/state.js";
import { ASK_TEXTS } from "../src/ask/texts.js";
import { formatted } from "../src/sparql/format.js";
import { browser, NO_CHROMIUM, ROOT, served, siteFolder, watched } from "./support.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const BASE = "https://w3id.org/pilotgraph/rechtsbijstand/";
const options = { skip: NO_CHROMIUM };
let chromium;
let context;
let site;
let ask;
let prefixes;
let dimensions;

before(async () => {
  execFileSync("node", ["build.mjs", "sparql", "sparql-editor", "sparql-worker", "ask"], { cwd: `${ROOT}viz` });
  const root = siteFolder();
  const store = new Store();
  store.load(gunzipSync(readFileSync(`${root}/data/pilotgraph.nq.gz`)).toString(), {
    format: "application/n-quads",
    no_transaction: true,
  });
  const union = { use_default_graph_as_union: true, results_format: "application/sparql-results+json" };
  ask = (text) => JSON.parse(store.query(text, union)).results.bindings;
  ({ prefixes } = JSON.parse(readFileSync(`${root}/queries/index.json`, "utf8")));
  dimensions = ask(DIMENSIONS)
    .filter(({ label }) => label["xml:lang"] === "en")
    .map(({ dimension, label }) => ({ iri: dimension.value, label: label.value }));
  if (NO_CHROMIUM) return;
  site = await served(root);
  chromium = await browser();
  context = await chromium.newContext({ viewport: { width: 1300, height: 900 } });
});

after(async () => {
  await chromium?.close();
  await site?.close();
});

/** Every subject with the features that something in the data has. */
function* everything() {
  for (const subject of SUBJECTS) {
    const features = featuresOf(subject, dimensions);
    const reached = new Map(
      ask(reachQuery(subject, features, prefixes)).map(({ feature, n }) => [
        features[Number(feature.value)],
        Number(n.value),
      ]),
    );
    for (const [feature, reach] of reached) yield { subject, feature, reach, features };
  }
}

const wishOf = (subject, conditions, more = {}) => ({ subject, conditions, show: [], by: null, ...more });

test("every count beside a value is the number of rows that the value leaves, and the rest is what it excludes", () => {
  let seen = 0;
  for (const { subject, feature } of everything()) {
    const all = ask(queryFor(wishOf(subject, []), "en", prefixes)).length;
    const counted = ask(facetQuery(wishOf(subject, []), feature, prefixes)).filter(
      ({ label }) => !label || label["xml:lang"] === "en",
    );
    for (const { value, n } of counted.slice(0, 3)) {
      const found = (not) =>
        ask(queryFor(wishOf(subject, [{ feature, not, values: [value.value] }]), "en", prefixes)).length;
      const name = `${subject.id} ${feature.id} ${value.value}`;
      assert.equal(found(false), Number(n.value), name);
      assert.equal(found(true), all - Number(n.value), name);
      seen += 1;
    }
  }
  assert.ok(seen > 100);
});

test("counting by a feature gives the counts of the list of its values, each row with claims where claims say so", () => {
  for (const { subject, feature } of everything()) {
    const rows = ask(queryFor(wishOf(subject, [], { by: feature }), "en", prefixes));
    const [column] = Object.keys(columnsOf(wishOf(subject, [], { by: feature })));
    const counts = new Map(rows.map((row) => [row[column].value, Number(row.count.value)]));
    const facets = new Map(
      ask(facetQuery(wishOf(subject, []), feature, prefixes)).map(({ value, n }) => [value.value, Number(n.value)]),
    );
    assert.deepEqual([...counts].sort(), [...facets].sort(), `${subject.id} ${feature.id}`);
    if (subject.isClaim || /\?claim\b/.test(feature.pattern))
      assert.ok(
        rows.every((row) => row.claims.value.trim()),
        feature.id,
      );
  }
});

test("conditions together leave what each leaves, and other columns do not change the rows", () => {
  const pilot = SUBJECTS.find(({ id }) => id === "pilot");
  const features = featuresOf(pilot, dimensions);
  const feature = (id) => features.find((each) => each.id === id);
  const loket = { feature: feature("organisation"), not: false, values: [`${BASE}id/organisation/juridisch-loket`] };
  const done = { feature: feature("dimension-status"), not: true, values: [`${BASE}id/concept/status/completed`] };
  const begun = { feature: feature("began"), not: false, values: ["2021"] };
  const pilots = (conditions, show = []) =>
    new Set(ask(queryFor(wishOf(pilot, conditions, { show }), "nl", prefixes)).map((row) => row.pilot.value));
  const each = [loket, done, begun].map((condition) => pilots([condition]));
  const together = pilots([loket, done, begun]);
  assert.deepEqual([...together].sort(), [...each[0]].filter((one) => each[1].has(one) && each[2].has(one)).sort());
  assert.ok(together.size > 0);
  assert.deepEqual(pilots([loket, done, begun], [feature("goal"), feature("place"), feature("role")]), together);
  const counts = ask(facetQuery(wishOf(pilot, [loket, done, begun]), begun.feature, prefixes));
  assert.equal(Number(counts.find(({ value }) => value.value === "2021").n.value), together.size);
});

test("the query is laid out, and everything has a name in both languages", () => {
  for (const { subject, feature } of everything()) {
    const text = queryFor(wishOf(subject, [{ feature, not: false, values: ["urn:x"] }]), "en", prefixes);
    assert.equal(formatted(text), text);
    for (const language of ["en", "nl"]) {
      const { features, nouns } = ASK_TEXTS[language];
      assert.ok(
        nouns[subject.id].length === 2 && (feature.label || features[feature.id]),
        `${language} ${subject.id} ${feature.id}`,
      );
    }
  }
});

test("a value from the address never becomes syntax", () => {
  const pilot = SUBJECTS.find(({ id }) => id === "pilot");
  const [goal, began] = ["goal", "began"].map((id) => featuresOf(pilot, []).find((feature) => feature.id === id));
  const evil = '> } } #" }';
  const text = queryFor(
    wishOf(pilot, [
      { feature: goal, not: false, values: [evil] },
      { feature: began, not: false, values: [evil] },
    ]),
    "en",
    prefixes,
  );
  assert.match(text, /VALUES \?goalFound \{ \}/);
  assert.match(text, /VALUES \?beganFound \{ "> \} \} #\\" \}" \}/);
  assert.deepEqual(ask(text), []);
});

test("a wish survives the address", () => {
  const feature = { id: "goal" };
  const wish = {
    subject: { id: "pilot" },
    conditions: [{ feature, not: true, values: [`${BASE}id/concept/goal/x`, "2021", "https://example.org/a:b"] }],
    show: [feature],
    by: feature,
  };
  const shown = { view: "chart", columns: "a,b", sort: "-a", filter: "x y" };
  const read = readWish(writeWish(wish, shown, BASE), BASE);
  assert.deepEqual(read, {
    subject: "pilot",
    conditions: [{ id: "goal", not: true, values: wish.conditions[0].values }],
    show: ["goal"],
    by: "goal",
    shown,
  });
});

async function opened(language, state = "", where = context) {
  const { page, troubles } = await watched(where, site.origin);
  await page.goto(`${site.origin}/${language}/ask/index.html${state}`);
  await page.locator(".sq-answer:not([hidden])").waitFor();
  return { page, troubles };
}

const said = (page, words) =>
  page.waitForFunction((wanted) => document.querySelector(".sq-status").textContent === wanted, words);

test(
  "with the keyboard alone: which pilots does the Juridisch Loket take part in, and which passage says so",
  options,
  async () => {
    const { page, troubles } = await opened("nl");
    await said(page, "34 pilots");
    await page.locator("#ask-for").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.type("organisatie die");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".ask-facet").waitFor();
    const focused = () =>
      page.evaluate(
        () =>
          document.activeElement.closest("label")?.textContent ??
          document.activeElement.getAttribute("aria-label") ??
          document.activeElement.textContent,
      );
    for (let turn = 0; turn < 30 && !(await focused()).startsWith("Juridisch Loket"); turn += 1)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await said(page, "13 pilots");
    assert.match(await focused(), /^Juridisch Loket/);
    for (let turn = 0; turn < 60 && (await focused()) !== "Bewijs van rij 1"; turn += 1)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".sq-proof").waitFor();
    assert.match(
      await page.locator(".sq-proof").textContent(),
      /Eén bewering draagt deze rij\.deelname: .*vermeld.*Pilotoverzicht/s,
    );
    assert.deepEqual(troubles, []);
  },
);

test("the query that it makes opens in the editor and gives the same rows", options, async () => {
  const { page, troubles } = await opened(
    "en",
    "#for=pilot&c=organisation:/organisation/juridisch-loket&c=!dimension-status:/concept/status/completed&show=goal",
  );
  await said(page, "8 pilots");
  const names = () => page.locator(".sq-table tbody tr:not(.sq-proof-row) td:nth-child(2)").allTextContents();
  const before_ = await names();
  await page.getByText("The same in SPARQL").click();
  await page.getByRole("link", { name: "Open in the SPARQL editor" }).click();
  await page.waitForFunction(
    () => /^8 rows/.test(document.querySelector(".sq-main > .sq-status")?.textContent ?? ""),
    null,
    { timeout: 30_000 },
  );
  assert.deepEqual(await names(), before_);
  assert.deepEqual(troubles, []);
});

test("choices stand in the address and come back from it; counting gives a chart", options, async () => {
  const { page } = await opened("en");
  await page.locator("#ask-by").selectOption({ label: "domain" });
  await said(page, "13 kinds counted");
  assert.equal(await page.locator(".sq-bars li").count(), 13);
  await page.reload();
  await said(page, "13 kinds counted");
  assert.equal(await page.locator("#ask-by").inputValue(), "dimension-domain");
  await page.getByRole("button", { name: "Start again" }).click();
  await said(page, "34 pilots");
  assert.equal(new URL(page.url()).hash, "#for=pilot");
});

const STATES = [
  "#for=pilot&c=organisation:/organisation/juridisch-loket&show=goal",
  "#for=finding&by=theme",
  "#for=place&view=map",
];

for (const language of ["nl", "en"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing, and nothing is wider than a phone: ${language}, ${colorScheme}`, options, async () => {
      const where = await chromium.newContext({ viewport: { width: 390, height: 844 }, colorScheme, bypassCSP: true });
      for (const state of STATES) {
        const { page } = await opened(language, state, where);
        for (const summary of await page.locator("summary").all()) await summary.click();
        await page.evaluate(AXE);
        const found = await page.evaluate(() =>
          window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }),
        );
        assert.deepEqual(
          found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`),
          [],
          state,
        );
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, state);
        await page.close();
      }
      await where.close();
    });
  }
}
