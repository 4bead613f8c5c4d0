// Search over so many pages that their words come in pieces: those that the first letters of a word lead to.
// The pieces are scripts, so that they also load when the site was opened from a disk.
import { MOST_RESULTS, MOST_SUGGESTIONS, memo, STEMMERS, THINGS, wordsOf } from "./finder.js";

const FIRST_LETTERS = 2;
const SHORTEST_PREFIX = 3;
// Pieces that one word may need: those of a short beginning are many, and its results are not worth all of them.
const MOST_PIECES = 24;
const TITLE = 4;
const NEAR = 0.3;

/** Load a piece by its name, from the folder that stands beside the list of pieces. */
export function loader(address) {
  const waiting = new Map();
  window.pilotgraphPiece = (name, value) => waiting.get(name)?.(value);
  return memo(
    (name) =>
      new Promise((resolve, reject) => {
        waiting.set(name, resolve);
        const script = document.createElement("script");
        script.src = `${address.replace(/\.js$/, "")}/${name}.js`;
        script.onerror = () => reject(new Error(script.src));
        document.head.append(script);
      }),
  );
}

export class PieceFinder {
  constructor({ total, atOnce, keys, kinds, lengths }, language, load) {
    Object.assign(this, { total, atOnce, keys, kinds, lengths, load });
    this.stem = memo(STEMMERS[language]);
  }

  /** The pages, best first, and whether they were found by near words only. */
  async find(words) {
    const asked = [...new Set(wordsOf(words))];
    for (const [near, every] of [
      [false, true],
      [true, true],
      [true, false],
    ]) {
      const found = joined(await Promise.all(asked.map((word) => this.pagesWith(word, near))), every);
      if (found.scores.size) return { pages: await this.best(found.scores), total: found.total, near };
    }
    return { pages: [], total: 0, near: false };
  }

  async suggest(words) {
    const { pages } = await this.find(words);
    return pages.slice(0, MOST_SUGGESTIONS);
  }

  /** The pages with a word, one that begins with it, or one like it: by number, with how well they fit. */
  async pagesWith(word, near) {
    const stem = this.stem(word);
    const scores = new Map();
    let total = 0;
    let all = true;
    for (const piece of await this.pieces(word, stem, near))
      for (const [other, [titled, ...rest]] of Object.entries(piece)) {
        const fit = this.fit(stem, this.stem(other), near);
        if (!fit) continue;
        const [others = [], number = titled.length + others.length] = rest;
        const score = fit * Math.log(1 + this.total / number);
        all &&= number === titled.length + others.length;
        total = Math.max(total, number);
        for (const page of walked(titled)) scores.set(page, Math.max(scores.get(page) ?? 0, this.inTitle(page) * score));
        for (const page of walked(others)) scores.set(page, Math.max(scores.get(page) ?? 0, score));
      }
    return { scores, all, total: Math.max(total, scores.size) };
  }

  /** How much a word counts in the title of a page: the more, the fewer other words the title has. */
  inTitle(page) {
    return TITLE * (0.5 + 1 / (1 + parseInt(this.lengths[page], 36)));
  }

  async pieces(word, stem, near) {
    // A stem may end in a letter that the word has not: happi, for happy.
    let sure = near ? FIRST_LETTERS : 0;
    if (!near) while (sure < stem.length && stem[sure] === word[sure]) sure += 1;
    const start = word.slice(0, Math.max(sure, FIRST_LETTERS));
    const wide = near || stem.length >= SHORTEST_PREFIX;
    const numbers = this.keys.flatMap((key, number) =>
      start.startsWith(key) || (wide && key.startsWith(start)) ? [number] : [],
    );
    return Promise.all(numbers.slice(0, MOST_PIECES).map((number) => this.load(`words-${number}`)));
  }

  /** How well a word fits: 1 if it is the same, less if it only begins so, less again if it is only like it. */
  fit(asked, other, near) {
    if (asked === other) return 1;
    if (asked.length >= SHORTEST_PREFIX && other.startsWith(asked)) return (0.6 * asked.length) / other.length + 0.1;
    const most = near && asked.length > 3 ? Math.round(NEAR * asked.length) : 0;
    const distance = most ? apart(asked, other, most) : Infinity;
    return distance <= most ? 0.4 / (1 + distance) : 0;
  }

  async best(scores) {
    const kindOf = this.kindsOf();
    const ranked = [...scores].map(([page, score]) => [page, score * (THINGS.has(kindOf(page)) ? 2 : 1)]);
    ranked.sort(([a, x], [b, y]) => y - x || a - b);
    return Promise.all(
      ranked.slice(0, MOST_RESULTS).map(async ([page]) => {
        const piece = await this.load(`pages-${Math.floor(page / this.atOnce)}`);
        const [title, path, text] = piece[page % this.atOnce];
        return { id: page, title, kind: kindOf(page), path, text };
      }),
    );
  }

  /** The kind of a page by its number: pages of a kind stand together. */
  kindsOf() {
    const ends = [];
    let end = 0;
    for (const [, number] of this.kinds) ends.push((end += number));
    return (page) => {
      let [low, high] = [0, ends.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (ends[middle] > page) high = middle;
        else low = middle + 1;
      }
      return this.kinds[low][0];
    };
  }
}

/** The pages of several words: those that have all, or any. A word that nearly all pages have leaves none out. */
function joined(found, every) {
  const scores = new Map();
  if (!found.length) return { scores, total: 0 };
  const strict = found.filter(({ all }) => all);
  const sieves = every ? (strict.length ? strict : found) : [];
  for (const { scores: some } of sieves.length ? sieves.slice(0, 1) : found)
    for (const page of some.keys()) if (sieves.every((sieve) => sieve.scores.has(page))) scores.set(page, 0);
  for (const { scores: some } of found)
    for (const [page, score] of some) if (scores.has(page)) scores.set(page, scores.get(page) + score);
  return { scores, total: found.length === 1 ? found[0].total : scores.size };
}

/** Numbers from the steps between them. */
function walked(steps) {
  let at = 0;
  return steps.map((step) => (at += step));
}

/** The edit distance of two words (Levenshtein), as far as it matters. */
function apart(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return Infinity;
  let row = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[other.length];
}
