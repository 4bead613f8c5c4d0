// From triples to claims: who contributes a triple that a solution uses.
// A port of pilotgraph/proof/attribute.py, where the definition stands.

import { BATCH, factsOf, keyOf } from "./derive.js";
import { Planner } from "./plan.js";
import { parse } from "./syntax.js";

const RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const NOTHING = new Set();
const SETS = ["claims", "direct", "rules", "records", "absent", "unclear"];
const MANY = 1000;
const REGISTER = { ways: [NOTHING], total: carriedOf({}) };

function carriedOf(sets) {
  return {
    claims: NOTHING,
    direct: NOTHING,
    rules: NOTHING,
    records: NOTHING,
    absent: NOTHING,
    unclear: NOTHING,
    bare: false,
    ...sets,
  };
}

function unionOf(sets) {
  return new Set(sets.flatMap((set) => [...set]));
}

/** All together, as derivations of the same row: without claims if one of them is. */
function merged(found) {
  const sets = Object.fromEntries(SETS.map((name) => [name, unionOf(found.map((carried) => carried[name]))]));
  return { ...sets, bare: found.some((carried) => carried.bare) };
}

/** Several solutions: of a row that takes every one of them, or that any one of them gives. */
function together(found, every) {
  const bare = every ? found.every((carried) => carried.bare) : found.some((carried) => carried.bare);
  return { ...merged(found), bare };
}

/** The different ways among some. */
function distinct(ways) {
  return [...new Map([...ways].map((way) => [[...way].sort().join(" "), way])).values()];
}

const isSubset = (some, all) => [...some].every((one) => all.has(one));

/** A rule file, and what its solutions make. */
class Rule {
  constructor({ name, text }, deriver) {
    this.name = name;
    this.query = parse(text);
    this.deriver = deriver;
    this.predicates = predicatesOf(this.query);
    this.index = null;
  }

  /** The solutions that make a triple. */
  solutions(fact) {
    if (this.predicates && !this.predicates.has(plainIri(fact.predicate))) return [];
    this.index ??= this.run();
    return this.index.get(keyOf([fact.subject, fact.predicate, fact.object])) ?? [];
  }

  run() {
    const index = new Map();
    const [plan, made] = new Planner(this.query).rule(this.query);
    for (const [row, solution] of this.deriver.solutions(plan)) {
      for (const triple of made) {
        const terms = triple.map((name) => (name ? row[plan.columns.get(name)] : null));
        if (terms.includes(null)) continue;
        const key = keyOf(terms);
        if (!index.has(key)) index.set(key, []);
        index.get(key).push(solution);
      }
    }
    return index;
  }
}

/** Tells which claims carry solutions. */
export class Attributor {
  constructor({ select, derived, rules, evidence, joins, preferred, record }, deriver) {
    this.select = select;
    this.derived = `<${derived}>`;
    this.naming = new Set([joins, preferred]);
    this.rules = rules.map((rule) => new Rule(rule, deriver));
    this.patterns = {
      claim: `?node <${evidence}> ?passage`,
      user: `?other <${evidence}> ?node`,
      joined: `?node <${joins}> ?other`,
      record: `?node a <${record}>`,
      derived: `FILTER EXISTS { GRAPH ${this.derived} { ?node ?p ?o } }`,
    };
    this.subjects = new Map();
    this.made = new Map();
    this.asserted = new Set();
    this.sources = this.rules.concat(0).map(() => new Map());
    this.solved = this.rules.concat(0).map(() => new Map());
    this.partly = this.rules.concat(0).map(() => new Map());
  }

  /** What carries a row with these solutions, about whose triples `prepare` has learnt. */
  carried(solutions, every) {
    const limit = this.rules.length;
    return together(
      solutions.map((solution) => this.solution(solution, limit)),
      every,
    );
  }

  solution(solution, limit) {
    const known = this.solved[limit];
    if (!known.has(solution)) known.set(solution, this.ofSolution(solution, limit));
    return known.get(solution);
  }

  /** Union of what is used, but where one of the ways is taken already the others add nothing. */
  ofSolution(solution, limit) {
    const found = [
      ...[...solution.facts.values()].map((fact) => this.source(fact, limit)),
      ...solution.parts.map((part) => this.part(part, limit)),
    ];
    const sources = found.filter((source) => source !== REGISTER);
    const forced = unionOf(sources.filter((source) => source.ways.length === 1).map((source) => source.ways[0]));
    const taken = (way) => way.size && isSubset(way, forced);
    const open = sources.map((source) => source.ways).filter((ways) => ways.length > 1 && !ways.some(taken));
    const claims = unionOf([forced, ...open.flat()]);
    const own = carriedOf({ absent: solution.absent, unclear: solution.unclear });
    const total = merged([own, ...sources.map((source) => source.total)]);
    const bare = sources.every((source) => source.ways.some((way) => !way.size));
    const direct = new Set([...total.direct].filter((claim) => claims.has(claim)));
    return { ...total, claims, direct, bare };
  }

  part(part, limit) {
    const known = this.partly[limit];
    if (!known.has(part)) {
      const found = part.solutions.map((solution) => this.solution(solution, limit));
      const total = together(found, part.every);
      const ways = part.every ? [total.claims] : found.map((carried) => carried.claims);
      known.set(part, { ways: distinct([...ways, ...(total.bare ? [NOTHING] : [])]), total });
    }
    return known.get(part);
  }

  // Triples.

  source(fact, limit) {
    const known = this.sources[limit];
    if (!known.has(fact.key)) known.set(fact.key, this.ofFact(fact, limit));
    return known.get(fact.key);
  }

  ofFact(fact, limit) {
    const made = (this.made.get(fact.key) ?? []).filter(([number]) => number < limit);
    const found = made.map(([number, solutions]) => this.byRule(number, solutions));
    if (!made.length || this.asserted.has(fact.key)) found.push(this.bySubject(fact));
    if (found.length === 1) return found[0];
    return {
      ways: distinct(found.flatMap((source) => source.ways)),
      total: merged(found.map((source) => source.total)),
    };
  }

  byRule(number, solutions) {
    const found = solutions.map((solution) => this.solution(solution, number));
    const bare = found.some((carried) => carried.bare) ? [NOTHING] : [];
    const total = merged(found);
    return {
      ways: distinct([...found.map((carried) => carried.claims), ...bare]),
      total: { ...total, direct: NOTHING, rules: new Set([...total.rules, this.rules[number].name]) },
    };
  }

  bySubject(fact) {
    const kind = this.subjects.get(fact.subject);
    if (!kind) return REGISTER;
    const iri = plainIri(fact.subject);
    let ways = [NOTHING];
    if (kind.claim) ways = [new Set([iri])];
    else if (kind.users.size) ways = [...kind.users].map((user) => new Set([user]));
    else if (kind.joined.size) {
      const names = this.naming.has(plainIri(fact.predicate));
      ways = [names ? new Set([plainIri(fact.object)]) : kind.joined];
    }
    const claims = unionOf(ways);
    return { ways, total: carriedOf({ claims, direct: claims, records: kind.record ? new Set([iri]) : NOTHING }) };
  }

  // What the store says about the triples.

  /** Looks up what is not known yet about these triples, and about those from which rules made them. */
  prepare(facts) {
    let waiting = [...facts.values()].filter((fact) => !this.made.has(fact.key));
    while (waiting.length) {
      this.lookUp(new Set(waiting.map((fact) => fact.subject).filter((node) => !this.subjects.has(node))));
      for (const fact of waiting) this.made.set(fact.key, []);
      const below = [];
      for (const fact of this.ofDerivedGraph(waiting)) {
        const made = this.rules
          .map((rule, number) => [number, rule.solutions(fact)])
          .filter(([, found]) => found.length);
        this.made.set(fact.key, made);
        for (const [, found] of made) below.push(...found);
      }
      waiting = [...factsOf(below).values()].filter((fact) => !this.made.has(fact.key));
    }
  }

  lookUp(subjects) {
    const nodes = [...subjects].filter((node) => node.startsWith("<"));
    for (let start = 0; start < nodes.length; start += MANY) {
      const values = `VALUES ?node { ${nodes.slice(start, start + MANY).join(" ")} }`;
      for (const [kind, pattern] of Object.entries(this.patterns)) {
        const other = kind === "user" || kind === "joined" ? "?other" : "";
        for (const [node, value] of this.select(`SELECT DISTINCT ?node ${other} { ${values} ${pattern} }`)) {
          this.note(node, kind, value);
        }
      }
    }
  }

  note(node, kind, other) {
    if (!this.subjects.has(node)) {
      this.subjects.set(node, { claim: false, users: new Set(), joined: new Set(), record: false, derived: false });
    }
    const entry = this.subjects.get(node);
    if (kind === "user") entry.users.add(plainIri(other));
    else if (kind === "joined") entry.joined.add(plainIri(other));
    else entry[kind] = true;
  }

  /** Those of the triples that are in the derived graph; what is in another too is noted as asserted. */
  ofDerivedGraph(facts) {
    const mayBe = facts.filter((fact) => this.subjects.get(fact.subject)?.derived && !fact.object.startsWith("_:"));
    const derived = [];
    for (let start = 0; start < mayBe.length; start += BATCH) {
      const batch = mayBe.slice(start, start + BATCH);
      const rows = batch.map((fact, at) => `(${at} ${fact.subject} ${fact.predicate} ${fact.object})`).join(" ");
      const query = `SELECT ?n ?graph { VALUES (?n ?s ?p ?o) { ${rows} } GRAPH ?graph { ?s ?p ?o } }`;
      for (const [number, graph] of this.select(query)) {
        const fact = batch[Number(number)];
        if (fact.graph !== null && fact.graph !== graph) continue;
        if (graph === this.derived) derived.push(fact);
        else this.asserted.add(fact.key);
      }
    }
    return derived;
  }
}

/** The bare text of an IRI or blank node. */
export function plainIri(term) {
  return term.startsWith("<") ? term.slice(1, -1) : term;
}

/** The predicates of what a rule makes, as IRIs; null if one is a variable. */
function predicatesOf(rule) {
  const prefixes = new Map(
    [...rule.prologue.matchAll(/PREFIX\s+(\S*?)\s*:\s*<([^>]*)>/gi)].map((match) => [match[1], match[2]]),
  );
  const found = new Set();
  for (const pattern of rule.template) {
    const name = pattern.path.type === "link" ? pattern.path.term : "?";
    if (name.startsWith("?")) return null;
    const [, prefix, local] = name.match(/^(.*?):(.*)$/s) ?? [null, "", ""];
    if (name === "a") found.add(RDF_TYPE);
    else found.add(name.startsWith("<") ? name.slice(1, -1) : (prefixes.get(prefix) ?? "") + local);
  }
  return found;
}
