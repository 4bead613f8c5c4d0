// Which pages a few words lead to: stemmed in the language of the page, forgiving of spelling.
import MiniSearch from "minisearch";
import { stemmer as dutch } from "@orama/stemmers/dutch";
import { stemmer as english } from "@orama/stemmers/english";

export const STEMMERS = { nl: dutch, en: english };
export const MOST_RESULTS = 60;
export const MOST_SUGGESTIONS = 8;
const SHORTEST_PART = 5;
const WORD = /[\p{L}\p{N}]+/gu;
// Who looks for a name wants the thing itself before the pages that speak of it.
export const THINGS = new Set(["pilot", "Organisatie", "Organisation", "Plaats", "Place", "programma", "programme"]);

// The list of pages, each [title, kind, path, words], which a script puts on the window; for many, which pieces there are.
export function pagesIn(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.pilotgraphPages);
    script.onerror = () => reject(new Error(address));
    document.head.append(script);
  });
}

export class Finder {
  constructor(pages, language) {
    this.stem = memo(STEMMERS[language]);
    this.words = new Set();
    for (const [title, , , text] of pages) for (const word of wordsOf(`${title} ${text}`)) this.words.add(word);
    this.parts = memo((word) => this.partsOf(word));
    this.index = new MiniSearch({
      fields: ["title", "text"],
      storeFields: ["title", "kind", "path", "text"],
      tokenize: wordsOf,
      processTerm: (word) => this.parts(word),
      searchOptions: { tokenize: wordsOf, processTerm: (word) => this.stem(word), boost: { title: 4 } },
    });
    this.index.addAll(pages.map(([title, kind, path, text], id) => ({ id, title, kind, path, text })));
  }

  // Dutch joins words: a long one is also found by the known word at its end.
  partsOf(word) {
    const found = [this.stem(word)];
    for (let at = SHORTEST_PART; at <= word.length - SHORTEST_PART; at += 1) {
      const tail = word.slice(at);
      if (this.words.has(tail)) found.push(this.stem(tail));
    }
    return found;
  }

  // The pages, best first, and whether they were found by near words only.
  find(words) {
    const exact = { prefix: (term) => term.length > 2, combineWith: "AND", boostDocument: weight };
    const near = { ...exact, fuzzy: (term) => (term.length > 3 ? 0.3 : false) };
    for (const [options, isNear] of [[exact, false], [near, true], [{ ...near, combineWith: "OR" }, true]]) {
      const found = this.index.search(words, options);
      if (found.length) return { pages: found.slice(0, MOST_RESULTS), total: found.length, near: isNear };
    }
    return { pages: [], total: 0, near: false };
  }

  suggest(words) {
    return this.find(words).pages.slice(0, MOST_SUGGESTIONS);
  }
}

function weight(_id, _term, stored) {
  return THINGS.has(stored?.kind) ? 2 : 1;
}

export function wordsOf(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(WORD) ?? [];
}

export function memo(work) {
  const known = new Map();
  return (word) => {
    if (!known.has(word)) known.set(word, work(word));
    return known.get(word);
  };
}
