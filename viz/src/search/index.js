// Search over all pages of the site, in the page itself. The list of pages is a script, so that it also loads when
// the site was opened from a disk; it is fetched when someone begins to type.
import { pagesIn, Finder } from "./finder.js";
import { loader, PieceFinder } from "./pieces.js";
import { showResults } from "./results.js";
import { suggest } from "./suggest.js";

const language = document.documentElement.lang === "nl" ? "nl" : "en";
const input = document.querySelector("input[data-index]");

let finder = null;

function load() {
  const address = input.dataset.index;
  finder ??= pagesIn(address).then((pages) =>
    Array.isArray(pages) ? new Finder(pages, language) : new PieceFinder(pages, language, loader(address)),
  );
  return finder;
}

if (input) {
  const root = input.dataset.index.replace(/search\/[^/]*$/, "");
  const href = (path) => `${root}${language}/${path}`;
  suggest(input, async (words) => (await load()).suggest(words), href);
  const results = document.getElementById(input.dataset.results ?? "");
  if (results) showResults(input, results, document.getElementById("results-status"), load, href);
}
