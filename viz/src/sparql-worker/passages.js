// The passages of claims: where each stands, and its first and last words. As pilotgraph/answers.py gives them.

const PREFIXES = `PREFIX pg: <https://w3id.org/pilotgraph/def#> PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX dct: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>`;

/** The passages of each claim, in order of source and place; `rows` answers a query as objects of texts. */
export function passagesOf(claims, language, rows) {
  if (!claims.length) return [];
  const values = claims.map((claim) => `<${claim}>`).join(" ");
  const found = rows(`${PREFIXES}
    SELECT ?claim ?about ?kind ?passage ?source ?title ?section ?page ?starts ?ends ?link ?at {
      VALUES ?claim { ${values} }
      # A row about what a record does not say rests on the record that was read.
      { ?claim pg:evidence ?passage } UNION { ?claim a pg:Record BIND(?claim AS ?passage) }
      ?passage oa:hasSource ?document ; pg:startsWith ?starts ; pg:endsWith ?ends .
      ?document dct:identifier ?source .
      OPTIONAL { ?document dct:title ?title . FILTER(LANG(?title) = "${language}") }
      OPTIONAL { ?claim pg:about/skos:prefLabel ?about . FILTER(LANG(?about) = "${language}") }
      OPTIONAL { ?claim a ?class . ?class rdfs:label ?kind . FILTER(LANG(?kind) = "${language}") }
      OPTIONAL { ?passage pg:start ?at }
      OPTIONAL { ?passage pg:section/skos:prefLabel ?section . FILTER(LANG(?section) = "${language}") }
      OPTIONAL { ?passage pg:page ?page }
      OPTIONAL { ?passage pg:passageLink ?link }
    } ORDER BY ?claim ?source ?at ?kind`);
  const unique = new Map();
  for (const row of found)
    if (!unique.has(`${row.claim} ${row.passage}`)) unique.set(`${row.claim} ${row.passage}`, row);
  return [...unique.values()];
}
