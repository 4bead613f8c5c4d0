// A search in pieces finds the same pages as the search in one list.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Finder } from "../src/search/finder.js";
import { PieceFinder } from "../src/search/pieces.js";
import { python } from "./support.mjs";

const ENTRIES = [
  ["Rotterdam", "Plaats", "place/rotterdam.html", "gemeente in Zuid-Holland"],
  ["Gemeente Rotterdam", "Organisatie", "organisation/rotterdam.html", "doet mee in één pilot"],
  ["Juridisch Loket", "Organisatie", "organisation/jl.html", "eerste lijn, rechtshulp"],
  ["Wijkrechtspraak", "pilot", "pilot/wijk.html", "rechtspraak in de wijk, met het Juridisch Loket"],
  ["Échtscheiding", "pilot", "pilot/scheiding.html", "hulp bij scheiding en ouderschap; happy families"],
];
const files = JSON.parse(
  python(
    "-c",
    "import json, sys\nfrom pilotgraph.publish import search\nsearch.MOST_IN_ONE = 0\n" +
      `print(json.dumps({p: c.decode() for p, c in search.search_files("nl", json.loads(${JSON.stringify(JSON.stringify(ENTRIES))}))}))`,
  ),
);

function run(text) {
  const window = { pilotgraphPiece: (_, value) => (window.piece = value) };
  new Function("window", text)(window);
  return window;
}

const told = run(files["search/nl.js"]).pilotgraphPages;
const pieces = new PieceFinder(told, "nl", async (name) => run(files[`search/nl/${name}.js`]).piece);
const whole = new Finder(ENTRIES, "nl");

for (const words of ["rotterdam", "Juridisch Loket", "juridsch loket", "rechtspraak", "scheiding", "echtsch", "in wijk", "één", "niets", ""])
  test(`the same pages for: ${words}`, async () => {
    const [one, other] = [whole.find(words), await pieces.find(words)];
    const paths = ({ pages }) => pages.map((page) => page.path).sort();
    assert.deepEqual(paths(other), paths(one));
    assert.equal(other.near, one.near);
    assert.equal(other.total, one.total);
  });

test("a page whose whole title was asked for comes first", async () => {
  const [first] = await pieces.suggest("rotterdam");
  assert.deepEqual(first, { id: 0, title: "Rotterdam", kind: "Plaats", path: "place/rotterdam.html", text: "gemeente in Zuid-Holland" });
});
