// The SPARQL page in a real browser, on a bare file server.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { browser, folder, NO_CHROMIUM, python, ROOT, served, siteFolder, watched } from "./support.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const DONE = /\d.* s\.|Yes|Ja|Nee/;
const PILOTS = "SELECT ?pilot { ?pilot a pg:Pilot } ORDER BY ?pilot";
const ENDLESS =
  "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STRLEN(STR(?c)) > STRLEN(STR(?i))) }";
const options = { skip: NO_CHROMIUM };
let chromium;
let context;
let expected;
let site;
let root;

before(async () => {
  if (NO_CHROMIUM) return;
  execFileSync("node", ["build.mjs", "sparql", "sparql-editor", "sparql-worker", "ask"], { cwd: `${ROOT}viz` });
  root = siteFolder();
  expected = JSON.parse(python("viz/tests/sparql_expected.py"));
  site = await served(root);
  chromium = await browser();
  context = await chromium.newContext({ viewport: { width: 1300, height: 900 } });
});

after(async () => {
  await chromium?.close();
  await site?.close();
});

/** Opens the page in a language with a state, and hands it over with what must not happen. */
async function opened(language, state = "", where = context) {
  const { page, troubles } = await watched(where, site.origin);
  await page.goto(`${site.origin}/${language}/sparql/index.html${state}`);
  await page.locator(".sq-run").waitFor();
  return { page, troubles };
}

const text = (query, more = "") => `#text=${encodeURIComponent(query)}&run=1${more}`;
const status = (page) => page.locator(".sq-main > .sq-status");

async function answered(page, pattern = DONE) {
  await page.waitForFunction(
    ([source]) => new RegExp(source).test(document.querySelector(".sq-main > .sq-status")?.textContent ?? ""),
    [pattern.source],
    { timeout: 60_000 },
  );
  return status(page).textContent();
}

/** What a button downloads. Clicked again if nothing comes: a browser lets some of many quick downloads go. */
async function downloaded(page, name, tries = 4) {
  const [file] = await Promise.all([
    page.waitForEvent("download", { timeout: 4_000 }).catch((error) => {
      if (tries <= 1) throw error;
      return null;
    }),
    page.getByRole("button", { name }).click(),
  ]);
  return file ? readFileSync(await file.path(), "utf8") : downloaded(page, name, tries - 1);
}

/** Asks the questions one after another in one page, as a visitor does who clicks them. */
async function allAnswers(language) {
  const { page, troubles } = await opened(language);
  const found = {};
  for (const name of Object.keys(expected.answers)) {
    const given = new URLSearchParams({ query: name, ...expected.required[name], view: "table" });
    await page.evaluate((hash) => {
      document.querySelector(".sq-main > .sq-status").textContent = "";
      location.hash = hash;
    }, `#${given}`);
    await answered(page);
    const csv = await downloaded(page, "Download CSV");
    const json = JSON.parse(await downloaded(page, "Download JSON"));
    const claims = json.results.bindings.map((row) => [...new Set(row.claims.value.split(" ").filter(Boolean))].sort());
    found[name] = { csv, claims };
  }
  await page.close();
  return { found, troubles };
}

/** A CSV as cells. SPARQL does not say in which order GROUP_CONCAT joins its values: those are sorted. */
function cells(csv) {
  const values = csv.matchAll(/("(?:[^"]|"")*"|[^,\n]*)([,\n])/g);
  return [...values].map(([, value, end]) => [value.replace(/^"|"$/g, "").split("; ").sort().join("; "), end]);
}

for (const language of ["en", "nl"]) {
  test(`every named question gives the rows and claims that the command line gives: ${language}`, options, async () => {
    const { found, troubles } = await allAnswers(language);
    for (const [name, { csv, claims }] of Object.entries(found)) {
      const wanted = expected.answers[name][language];
      assert.deepEqual(cells(csv), cells(wanted.csv), name);
      assert.deepEqual(claims, wanted.claims, name);
    }
    assert.ok(Object.keys(found).length > 40);
    assert.deepEqual(troubles, []);
  });
}

test(
  "a parameter is chosen from the things in the graph, narrows the answer, and stands in the address",
  options,
  async () => {
    const { page, troubles } = await opened("nl", "#query=partners-of-pilots");
    await answered(page);
    await page.getByLabel("?pilot").selectOption({ label: "ZSM (intensivering rechtsbijstand)" });
    await page.waitForFunction(() => document.querySelector(".sq-status").textContent.startsWith("9 rijen"));
    assert.equal(new URL(page.url()).hash, "#query=partners-of-pilots&pilot=zsm");
    assert.deepEqual(
      await page.locator(".sq-table tbody tr:not(.sq-proof-row) td:nth-child(2)").allTextContents(),
      Array(9).fill("ZSM (intensivering rechtsbijstand)"),
    );
    assert.deepEqual(troubles, []);
  },
);

test("a required parameter is asked for first; a value that names nothing is left out and said", options, async () => {
  const { page } = await opened("en", "#query=pilot-dossier");
  assert.equal(await answered(page, /Choose/), "Choose a value first: pilot.");
  await page.goto(`${site.origin}/en/sparql/index.html#query=status&pilot=nothing`);
  assert.match(await answered(page), /^There is no “nothing” for pilot; it was left out\. \d+ rows/);
  await page.close();
});

test("the whole state comes back from the address: question, parameter, view, order and filter", options, async () => {
  const { page, troubles } = await opened(
    "en",
    "#query=most-connected-organisations&exclude=scheme-administrator&view=table&sort=-pilots&filter=aid",
  );
  await answered(page);
  const rows = page.locator(".sq-table tbody tr:not(.sq-proof-row)");
  const seen = {
    value: await page.getByLabel("?exclude").evaluate((select) => select.selectedOptions[0].textContent),
    rows: await rows.allTextContents(),
    hash: new URL(page.url()).hash,
  };
  assert.equal(seen.value, "administrator of the subsidy scheme");
  assert.ok(seen.rows.length > 0 && seen.rows.every((row) => /aid/i.test(row)));
  await page.reload();
  await answered(page);
  assert.deepEqual(
    {
      value: await page.getByLabel("?exclude").evaluate((select) => select.selectedOptions[0].textContent),
      rows: await rows.allTextContents(),
      hash: new URL(page.url()).hash,
    },
    seen,
  );
  assert.equal(await page.getByRole("button", { name: "Table", exact: true }).getAttribute("aria-pressed"), "true");
  assert.deepEqual(troubles, []);
});

test("one's own query stands in the address, and going back brings the earlier one", options, async () => {
  const { page } = await opened("en", text(PILOTS));
  assert.match(await answered(page), /^34 rows/);
  await page.getByRole("link", { name: "What was read and left out, and why?" }).click();
  await answered(page);
  await page.goBack();
  await page.waitForFunction(() => document.querySelector(".sq-status").textContent.startsWith("34 rows"));
  assert.equal(await page.locator(".sq-title").textContent(), "Your own query");
});

test("an endless query is stopped by the visitor, and the next one is answered", options, async () => {
  const { page, troubles } = await opened("en", text(ENDLESS));
  await answered(page, /being answered/);
  await page.getByRole("button", { name: "Stop" }).click();
  assert.equal(await status(page).textContent(), "Stopped. There is no answer.");
  assert.equal(await page.locator(".sq-answer").isHidden(), true);
  const begun = Date.now();
  await page.evaluate((hash) => (location.hash = hash), text(PILOTS));
  assert.match(await answered(page), /^34 rows/);
  assert.ok(Date.now() - begun < 20_000);
  await page.evaluate((hash) => (location.hash = hash), text(ENDLESS));
  await answered(page, /being answered/);
  await page.evaluate((hash) => (location.hash = hash), "#query=status&pilot=zsm");
  assert.match(await answered(page), /^\d+ rows/);
  assert.deepEqual(troubles, []);
});

test("the time limit ends a query and says so", options, async () => {
  const { page } = await opened("en", text(ENDLESS, "&seconds=10"));
  assert.match(
    await answered(page, /Stopped after/),
    /^Stopped after 10 seconds, the limit .* There is no answer, not even in part/,
  );
});

test("the row limit cuts an answer and says so, also beside the table, and can be raised", options, async () => {
  const { page } = await opened("en", text("SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o", "&rows=1000"));
  const said = "Only the first 1,000 are shown: there are more.";
  const names = [];
  page.on("download", (file) => names.push(file.suggestedFilename()));
  assert.ok((await answered(page)).includes(said));
  assert.ok((await page.locator(".sq-answer .notice").textContent()).startsWith(said));
  assert.equal((await downloaded(page, "Download CSV")).trim().split("\n").length, 1001);
  assert.deepEqual(names, ["answer-first-1000.csv"]);
  await page.getByLabel("At most").selectOption("100000");
  await page.getByRole("button", { name: "Ask the question" }).click();
  await page.waitForFunction(() => /^[56]\d,\d+ rows/.test(document.querySelector(".sq-status").textContent), null, {
    timeout: 60_000,
  });
  assert.equal(await page.locator(".sq-answer .notice").count(), 0);
});

test("a query that breaks the engine is told so, and the next one is answered", options, async () => {
  const { page } = await opened("en");
  await page.evaluate((hash) => (location.hash = hash), text(`SELECT (1${"+1".repeat(60_000)} AS ?n) {}`));
  assert.match(await answered(page, /more memory or nesting/), /There is no answer/);
  await page.evaluate((hash) => (location.hash = hash), text(PILOTS));
  assert.match(await answered(page), /^34 rows/);
});

const MISTAKES = [
  [
    "SELECT * WHERE {\n  ?s a pg:Pilot .\n  FILTR(?s > 3)\n}",
    "Line 3, column 3: “FILTR” is not understood here; did you mean FILTER?",
    "FILTR",
  ],
  [
    "SELECT ?b\nWHERE { ?a pg:about ?b }\nGROUP BY ?a",
    "Line 3, column 10: SELECT has a variable that is neither grouped nor aggregated, or that no pattern has.",
    "?a",
  ],
  ["SELECT * {\n  ?s foo:bar ?o }", "Line 2, column 6: the prefix foo: is not declared.", "foo:bar"],
  [
    `ASK { ${"{ ".repeat(150)}${"} ".repeat(150)} }`,
    "Line 1, column 205: this is nested more than 100 levels deep; ask in smaller steps.",
    "{",
  ],
  [
    "ASK { SERVICE <http://example.org/> { ?s ?p ?o } }",
    "Line 1, column 7: SERVICE does not work here: the page asks no other host.",
    "SERVICE",
  ],
];

test("a mistake is said with line and column, and marked there", options, async () => {
  const { page, troubles } = await opened("en");
  for (const [query, message, marked] of MISTAKES) {
    await page.evaluate((hash) => (location.hash = hash), text(query));
    await page.waitForFunction((wanted) => document.querySelector(".sq-mistake").textContent === wanted, message);
    assert.equal(await page.locator(".cm-lintRange-error").first().textContent(), marked);
  }
  assert.deepEqual(troubles, []);
});

test("Escape, then Tab, leaves the editor; Tab alone indents", options, async () => {
  const { page } = await opened("en", text("ASK {}"));
  await answered(page);
  const inEditor = () => page.evaluate(() => document.activeElement === document.querySelector(".sq-editor"));
  await page.locator(".cm-content").click();
  await page.keyboard.press("Tab");
  assert.equal(await inEditor(), true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.equal(await inEditor(), false);
});

test("a term is completed from its label, and its prefix is declared", options, async () => {
  const { page } = await opened("nl", text("SELECT * { ?s ?p ?o } LIMIT 1"));
  await answered(page);
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("SELECT * { ?claim pg:participant Juridisch");
  await page.keyboard.press("Control+Space");
  const option = page.locator(".cm-tooltip-autocomplete li", { hasText: "organisation:juridisch-loket" });
  await option.waitFor();
  await option.click();
  const written = await page.locator(".cm-content").evaluate((content) => content.innerText);
  assert.match(written, /^PREFIX organisation: <https:\/\/w3id\.org\/pilotgraph\/rechtsbijstand\/id\/organisation\/>/);
  assert.match(written, /pg:participant organisation:juridisch-loket/);
});

async function proofOfFirst(page) {
  await page.locator(".sq-proof-button").first().click();
  await page.locator(".sq-proof-row .sq-proof").first().waitFor();
  return page.locator(".sq-proof-row").first();
}

test("a row of a question opens the passages that the command line gives with --evidence", options, async () => {
  const { page, troubles } = await opened("nl");
  for (const [name, passages] of Object.entries(expected.evidence)) {
    await page.evaluate((hash) => (location.hash = hash), `#query=${name}&view=table`);
    await page.waitForFunction(
      (wanted) => document.querySelector(".sq-side a[aria-current]").hash.includes(wanted),
      name,
    );
    await answered(page);
    await page.waitForFunction(() => !document.querySelector(".sq-old"));
    const proof = await proofOfFirst(page);
    const more = proof.getByRole("button", { name: "Toon alle" });
    if (await more.count()) await more.click();
    const words = ({ starts_with: starts, ends_with: ends }) => (starts === ends ? starts : `${starts} … ${ends}`);
    assert.deepEqual((await proof.locator("q").allTextContents()).sort(), passages.map(words).sort(), name);
    const links = await proof
      .locator(".sq-passage a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    assert.deepEqual(
      links.sort(),
      passages
        .map(({ link }) => link)
        .filter(Boolean)
        .sort(),
      name,
    );
  }
  assert.deepEqual(troubles, []);
});

test(
  "a row of a free query opens its proof, through the rules that derived it, or says why it cannot tell",
  options,
  async () => {
    const { page, troubles } = await opened(
      "en",
      text("SELECT ?pilot ?partner { ?pilot pg:hasPartner ?partner } ORDER BY ?pilot ?partner"),
    );
    await answered(page);
    const derived = await proofOfFirst(page);
    assert.match(await derived.textContent(), /One claim carries this row\..*derived.*Derived by rule 10-shortcuts\./s);
    const cases = {
      "SELECT ?l { ?p a pg:Pilot ; skos:prefLabel ?l FILTER(LANG(?l) = 'en') } ORDER BY ?l":
        "This row rests on the register or the vocabulary only, and on no claim.",
      "SELECT ?c { { SELECT ?c { ?c a pg:Finding } ORDER BY ?c LIMIT 1 } }":
        "It cannot be told which claims carry this row: LIMIT in a sub-select.",
    };
    for (const [query, words] of Object.entries(cases)) {
      await page.evaluate((hash) => (location.hash = hash), text(query));
      await page.waitForFunction(
        () => !document.querySelector(".sq-old") && document.querySelector(".sq-proof-row[hidden]"),
      );
      await answered(page);
      assert.equal(await (await proofOfFirst(page)).textContent(), words);
      await page.evaluate(() => document.querySelector(".sq-table").remove());
    }
    assert.deepEqual(troubles, []);
  },
);

test("ASK says yes or no; CONSTRUCT gives triples, a network and N-Triples", options, async () => {
  const { page, troubles } = await opened("en", text("ASK { ?s a pg:Pilot }"));
  assert.match(await answered(page), /^Yes/);
  await page.evaluate(
    (hash) => (location.hash = hash),
    text("CONSTRUCT { ?pilot pg:hasPartner ?o } WHERE { ?pilot a pg:Pilot ; pg:hasPartner ?o }", "&view=graph"),
  );
  assert.match(await answered(page, /triples/), /^\d+ triples/);
  assert.ok((await page.locator(".sq-network .sq-node").count()) > 30);
  const triples = await downloaded(page, "Download N-Triples");
  assert.match(triples, /^(<[^>]+> <https:\/\/w3id\.org\/pilotgraph\/def#hasPartner> <[^>]+> \.\n)+$/);
  assert.deepEqual(troubles, []);
});

test("each kind of picture is drawn for the question that asks for it, with the table below", options, async () => {
  const { page, troubles } = await opened("nl");
  const pictures = {
    "most-connected-organisations": ".sq-bars li",
    "goals-and-pilots": "table.matrix td.sq-full",
    "places-map": ".sq-map circle",
    "running-times": ".sq-time .sq-span",
    "partners-of-pilots": ".sq-network .sq-node",
  };
  for (const [name, mark] of Object.entries(pictures)) {
    await page.evaluate((hash) => (location.hash = hash), `#query=${name}`);
    await page.locator(`.sq-answer:not(.sq-old) ${mark}`).first().waitFor();
    assert.ok((await page.locator(mark).count()) >= 10, name);
    assert.ok((await page.locator(".sq-table tbody tr").count()) > 0, name);
  }
  assert.deepEqual(troubles, []);
});

test("a hostile data set stays inert: no script, no dialog, no address that runs", options, async () => {
  const hostile = folder();
  python("viz/tests/sparql_site.py", hostile, "--hostile");
  const own = await served(hostile);
  const { page, troubles } = await watched(context, own.origin);
  const views = ["table", "chart", "matrix", "graph", "raw"];
  for (const view of views) {
    await page.goto(`${own.origin}/nl/sparql/index.html#query=hostile&view=${view}`);
    await answered(page);
    await page.reload();
    await answered(page);
    assert.match(await page.locator("body").textContent(), /<img src=x onerror="alert\(1\)">/);
    assert.equal(await page.locator("img, svg[onload], script:not([src]):not([type='application/json'])").count(), 0);
    const hrefs = await page
      .locator("a")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? link.getAttribute("xlink:href")));
    assert.deepEqual(
      hrefs.filter((href) => /^(javascript|data):/i.test(href ?? "")),
      [],
    );
  }
  await page.goto(
    `${own.origin}/nl/sparql/index.html${text('SELECT ?x (1 AS ?n) { VALUES ?x { <javascript:alert(1)> "<b>" } } #<script>alert(1)</script>')}`,
  );
  await answered(page);
  await page.goto(`${own.origin}/nl/ask/index.html`);
  await page.locator(".sq-table").waitFor();
  assert.match(await page.locator(".sq-table").textContent(), /<img src=x/);
  await page.locator("#ask-add").selectOption("dimension-domain");
  await page.getByRole("button", { name: "Voeg toe" }).click();
  await page.locator(".ask-option").first().waitFor();
  assert.deepEqual(troubles, []);
  await page.close();
  await own.close();
});

test("a spreadsheet does not run what a label holds", options, async () => {
  const { page } = await opened("en", text('SELECT ?x { VALUES ?x { "=1+1" "a,\\"b" } }'));
  await answered(page);
  assert.equal(await downloaded(page, "Download CSV"), 'x\n\'=1+1\n"a,""b"\n');
});

test("opened as a file, the page says in one line that it needs a host", options, async () => {
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(root, "nl/sparql/index.html")).href);
  // A module of scripts loads from a file; data and workers do not.
  assert.match(
    await page.locator("#sparql").textContent(),
    /^Deze pagina is als bestand geopend\..*zet de map op een webserver/,
  );
  assert.equal(await page.locator("#sparql .sq-run").count(), 0);
});

test("nothing is loaded before it is used", options, async () => {
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url().split("/").at(-1)));
  await page.goto(`${site.origin}/en/sparql/index.html`);
  await page.locator(".sq-run").waitFor();
  await page.waitForTimeout(500);
  assert.deepEqual(
    asked.filter((name) => /wasm|\.nq|worker/.test(name)),
    [],
  );
});

/** The rows of a CSV as a program prints it, without its heading. */
const rowsOf = (csv) => csv.trim().split(/\r?\n/).slice(1).sort();

test("the code for the command line, curl and Python gives the rows of the page", options, async () => {
  const { page } = await opened("en", "#query=goals-served&pillar=tweede-lijn&view=table");
  await answered(page);
  const wanted = JSON.parse(await downloaded(page, "Download JSON"))
    .results.bindings.map((row) => row.goal.value)
    .sort();
  await page.getByText("Get the code").click();
  const code = async (name) => {
    await page.getByRole("button", { name, exact: true }).click();
    return page.locator(".sq-code code").allTextContents();
  };
  const [command] = await code("pilotgraph");
  assert.equal(command, "pilotgraph query goals-served -p pillar=tweede-lijn --lang en --evidence\n");
  const [script] = await code("Python");
  const file = join(folder(), "ask.py");
  writeFileSync(file, script);
  const goal = (row) => /https:[^,]*\/concept\/goal\/[^,]*/.exec(row)?.[0];
  assert.deepEqual(await lines(`${ROOT}.venv/bin/python`, [file], goal), wanted);
  const [, curl] = await code("curl");
  const endpoint = await localEndpoint();
  try {
    assert.deepEqual(await lines("bash", ["-c", curl.replace("http://localhost:7878", endpoint.origin)], goal), wanted);
  } finally {
    endpoint.stop();
  }
  const [, r] = await code("R");
  assert.match(r, /^# install\.packages\("httr2"\)/);
});

/** Runs a program beside the server of this test, and gives what one column of its CSV says. */
async function lines(program, given, column) {
  const child = spawn(program, given);
  const out = [];
  child.stdout.on("data", (part) => out.push(part));
  const errors = [];
  child.stderr.on("data", (part) => errors.push(part));
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0, Buffer.concat(errors).toString());
  return rowsOf(Buffer.concat(out).toString()).map(column).filter(Boolean).sort();
}

/** A SPARQL server with the data of the site, made as the page says. */
async function localEndpoint() {
  const store = folder();
  const data = join(store, "data.nq");
  execFileSync("bash", ["-c", `gunzip -c '${root}/data/pilotgraph.nq.gz' > '${data}'`]);
  const program = `${ROOT}.venv/bin/oxigraph`;
  execFileSync(program, ["load", "--location", join(store, "store"), "--file", data], { stdio: "ignore" });
  const port = 20_000 + (process.pid % 20_000);
  const server = spawn(
    program,
    ["serve-read-only", "--location", join(store, "store"), "--union-default-graph", "--bind", `127.0.0.1:${port}`],
    { stdio: "ignore" },
  );
  const origin = `http://127.0.0.1:${port}`;
  for (let turn = 0; turn < 100; turn += 1) {
    if (
      await fetch(origin).then(
        () => true,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { origin, stop: () => server.kill() };
}

const STATES = {
  question: "#query=most-connected-organisations",
  network: "#query=pilots-sharing-partners",
  matrix: "#query=goals-and-pilots",
  timeline: "#query=running-times",
  map: "#query=places-map",
  raw: "#query=status&view=raw",
  mistake: text("SELECT * { ?s ?p }"),
};

for (const language of ["nl", "en"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing: ${language}, ${colorScheme}`, options, async () => {
      const where = await chromium.newContext({ viewport: { width: 1300, height: 900 }, colorScheme, bypassCSP: true });
      const { page } = await opened(language, "", where);
      for (const [name, state] of Object.entries(STATES)) {
        await page.evaluate((hash) => (location.hash = hash), state);
        if (name === "mistake") await page.locator(".sq-mistake:not([hidden])").waitFor();
        else {
          await page.waitForFunction((wanted) => location.hash.startsWith(wanted), state.split("&")[0]);
          await answered(page);
          await page.waitForFunction(() => !document.querySelector(".sq-old"));
        }
        if (name === "question") {
          await page.locator(".sq-box > summary").first().click();
          await page.locator(".sq-box > summary").last().click();
          await proofOfFirst(page);
        }
        assert.deepEqual(await violations(page), [], name);
      }
      await where.close();
    });
  }
}

async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }),
  );
  return found.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`)
        .join(" | ")}`,
  );
}

test("on a phone nothing is wider than the page, and the list of questions is folded away", options, async () => {
  const where = await chromium.newContext({ viewport: { width: 390, height: 844 } });
  const { page } = await opened("nl", "#query=partners-of-pilots", where);
  await answered(page);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  assert.equal(await page.locator(".sq-side-box").evaluate((box) => box.open), false);
  await where.close();
});
