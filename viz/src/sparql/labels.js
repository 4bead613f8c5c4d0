// The names of things, from the graph itself.

const LABELS = `<http://www.w3.org/2004/02/skos/core#prefLabel>|<http://www.w3.org/2000/01/rdf-schema#label>|<http://purl.org/dc/terms/title>`;
const MANY = 500;

export class Labels {
  constructor(engine, language) {
    this.engine = engine;
    this.language = language;
    this.known = new Map();
  }

  get(iri) {
    return this.known.get(iri);
  }

  /** Looks up the names of some IRIs: in the page's language, else in any. */
  async find(iris) {
    const wanted = [...new Set(iris)].filter((iri) => !this.known.has(iri) && !/[<>"{}|^`\\\s]/.test(iri));
    for (let start = 0; start < wanted.length; start += MANY) {
      const values = wanted
        .slice(start, start + MANY)
        .map((iri) => `<${iri}>`)
        .join(" ");
      const rows = await this.engine.rows(
        `SELECT ?thing ?label { VALUES ?thing { ${values} } ?thing ${LABELS} ?label }`,
      );
      for (const { thing, label } of rows) this.note(thing.value, label);
    }
    for (const iri of wanted) if (!this.known.has(iri)) this.known.set(iri, "");
  }

  note(iri, label) {
    if (!this.known.get(iri) || label["xml:lang"] === this.language) this.known.set(iri, label.value);
  }
}

/** The things that a parameter of this kind may name: `[{iri, slug, kind, label}]`, by label. */
export async function thingsOf(kind, base, language, engine) {
  const stems = kind.split(",").map((part) => `${base}id/${part}/`);
  const tests = stems.map((stem) => `STRSTARTS(STR(?thing), ${JSON.stringify(stem)})`).join(" || ");
  const rows = await engine.rows(
    `SELECT ?thing ?label { ?thing <http://www.w3.org/2004/02/skos/core#prefLabel> ?label FILTER(${tests}) }`,
  );
  const found = new Map();
  for (const { thing, label } of rows) {
    const stem = stems.find((each) => thing.value.startsWith(each));
    const known = found.get(thing.value);
    if (known && label["xml:lang"] !== language) continue;
    found.set(thing.value, { iri: thing.value, slug: thing.value.slice(stem.length), kind: stem, label: label.value });
  }
  const byLabel = new Intl.Collator(language, { numeric: true });
  return [...found.values()].sort((a, b) => byLabel.compare(a.label, b.label));
}

/** The states of knowing: their slugs by their names, looked up once. */
export function statesOf(base, language, engine) {
  let states;
  return async () => {
    states ??= new Map(
      (await thingsOf("concept/knowing", base, language, engine)).map(({ label, slug }) => [label, slug]),
    );
    return states;
  };
}
