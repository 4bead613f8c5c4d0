// The terms of the ontology that the page knows by name.

export const PG = "https://w3id.org/pilotgraph/def#";

/** What the proof needs to know of a data set: the terms that tie claims together, the derived graph, the rules. */
export function modelOf(base, rules) {
  return {
    derived: `${base}graph/derived`,
    rules,
    evidence: `${PG}evidence`,
    joins: `${PG}joins`,
    preferred: `${PG}preferredClaim`,
    record: `${PG}Record`,
    alignmentKind: `${PG}alignmentKind`,
    contradictedBy: `${PG}contradictedBy`,
  };
}
