// The graph's own terms, for completion.

const TERMS = `SELECT DISTINCT ?thing ?label ?sort {
  { ?thing a ?sort . VALUES ?sort { <http://www.w3.org/2002/07/owl#Class> <http://www.w3.org/2002/07/owl#ObjectProperty>
      <http://www.w3.org/2002/07/owl#DatatypeProperty> <http://www.w3.org/2002/07/owl#AnnotationProperty> } }
  UNION { ?thing a <http://www.w3.org/2004/02/skos/core#Concept> BIND(<http://www.w3.org/2004/02/skos/core#Concept> AS ?sort) }
  UNION { ?thing <http://www.w3.org/2004/02/skos/core#prefLabel> ?any FILTER NOT EXISTS { ?thing a <http://www.w3.org/2004/02/skos/core#Concept> } BIND("thing" AS ?sort) }
  OPTIONAL { ?thing <http://www.w3.org/2004/02/skos/core#prefLabel>|<http://www.w3.org/2000/01/rdf-schema#label> ?label }
}`;

/** The terms of the graph with their labels, the page's language first. */
export async function termsOf(engine, lang) {
  const sorts = {
    Class: "class",
    ObjectProperty: "property",
    DatatypeProperty: "property",
    AnnotationProperty: "property",
    Concept: "concept",
    thing: "thing",
  };
  const found = new Map();
  for (const { thing, label, sort } of await engine.rows(TERMS)) {
    if (thing.type !== "uri") continue;
    const kind = sorts[sort.value.split("#").at(-1)] ?? "thing";
    if (!found.has(thing.value)) found.set(thing.value, { iri: thing.value, labels: [], sort: kind });
    if (!label) continue;
    const { labels } = found.get(thing.value);
    if (label["xml:lang"] === lang) labels.unshift(label.value);
    else labels.push(label.value);
  }
  return [...found.values()];
}
