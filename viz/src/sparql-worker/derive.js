// From plans to derivations: what each solution of a query uses, as triples.
// A port of pilotgraph/proof/derive.py. A term is written as in the engine's TSV, which is SPARQL; null is unbound.

import { EXISTS, SLOT } from "./plan.js";
import { CannotTell } from "./syntax.js";

/** More solutions than these are not followed: it would take minutes, and nobody reads such a proof. */
const MAX_SOLUTIONS = 300_000;
export const BATCH = 200;
const TRUE = "true";

/** A key for a list of terms. */
export function keyOf(terms) {
  return terms.map((term) => term ?? "").join("\t");
}

/** All triples below some solutions, by key. */
export function factsOf(solutions) {
  const found = new Map();
  const seen = new Set();
  const waiting = [solutions];
  while (waiting.length) {
    const some = waiting.pop();
    if (seen.has(some)) continue;
    seen.add(some);
    for (const solution of some) {
      for (const [key, fact] of solution.facts) found.set(key, fact);
      waiting.push(...solution.parts.map((part) => part.solutions));
    }
  }
  return found;
}

/** Runs plans with `select`, which answers a query as rows of terms; each plan once. */
export class Deriver {
  constructor(select) {
    this.select = select;
    this.done = new Map();
  }

  /** All solutions of a plan, by key. */
  parts(plan) {
    if (!this.done.has(plan)) this.done.set(plan, this.grouped(plan, this.rows(plan.text)));
    return this.done.get(plan);
  }

  /** All solutions of a plan, with their rows. */
  solutions(plan) {
    const rows = this.rows(plan.text);
    const collector = new Collector(this, plan, rows);
    return rows.map((row) => [row, collector.solution(row)]);
  }

  /** What made an EXISTS true, for the values that it was asked with. */
  tested(plan, given) {
    const found = new Map();
    for (let start = 0; start < given.length; start += BATCH) {
      const batch = given.slice(start, start + BATCH);
      const slot = batch.map((key, at) => `(${at} ${key.map((term) => term ?? "UNDEF").join(" ")})`).join(" ");
      const parts = this.grouped(plan, this.rows(plan.text.replace(SLOT, () => slot)));
      for (const [number, part] of parts) found.set(keyOf(batch[Number(number)]), part);
    }
    return found;
  }

  grouped(plan, rows) {
    const places = plan.key.map((name) => plan.columns.get(name));
    const collector = new Collector(this, plan, rows);
    const found = new Map();
    for (const row of rows) {
      const key = keyOf(places.map((place) => row[place]));
      if (!found.has(key))
        found.set(key, { solutions: [], every: plan.every, values: places.map((place) => row[place]) });
      found.get(key).solutions.push(collector.solution(row));
    }
    return found;
  }

  rows(text) {
    const rows = this.select(text);
    if (rows.length > MAX_SOLUTIONS) throw new CannotTell(`more than ${MAX_SOLUTIONS} solutions`);
    return rows;
  }
}

/** Collects what the solutions of one plan use. */
class Collector {
  constructor(deriver, plan, rows) {
    this.deriver = deriver;
    this.plan = plan;
    const uses = (type) => plan.uses.filter((use) => use.type === type);
    this.exists = new Map(uses("tested").map((use) => [use, this.testedBy(use, rows)]));
    this.closures = new Map(uses("closure").map((use) => [use, new Tracer(deriver.parts(use.steps))]));
  }

  value(row, name) {
    return name ? row[this.plan.columns.get(name)] : null;
  }

  values(row, names) {
    return names.map((name) => this.value(row, name));
  }

  guarded(row, use) {
    return !use.guard || this.value(row, use.guard) !== null;
  }

  testedBy(use, rows) {
    const asked = new Map();
    for (const row of rows) {
      const values = this.values(row, use.key);
      const held = this.guarded(row, use) && this.value(row, use.truth) === TRUE;
      // A blank node cannot be named in a query.
      if (held && !values.some((term) => term?.startsWith("_:"))) asked.set(keyOf(values), values);
    }
    return asked.size ? this.deriver.tested(use.found, [...asked.values()]) : new Map();
  }

  solution(row) {
    const solution = { facts: new Map(), parts: [], absent: new Set(), unclear: new Set() };
    for (const use of this.plan.uses) if (this.guarded(row, use)) this.add(solution, row, use);
    return solution;
  }

  add(solution, row, use) {
    if (use.type === "triple") {
      const fact = this.fact(row, use);
      solution.facts.set(fact.key, fact);
    } else if (use.type === "absent") {
      if (this.value(row, use.unless) === null) solution.absent.add(use.note);
    } else if (use.type === "unclear") {
      solution.unclear.add(use.note);
    } else {
      const part = this.part(row, use);
      if (typeof part !== "string") solution.parts.push(part);
      else if (part === EXISTS) solution.absent.add(part);
      else solution.unclear.add(part);
    }
  }

  fact(row, use) {
    const [subject, predicate, object] = this.values(row, [use.subject, use.predicate, use.object]);
    if (subject === null || predicate === null || object === null) {
      throw new CannotTell("a pattern whose variables the engine leaves unbound");
    }
    const graph = this.value(row, use.graph);
    return { subject, predicate, object, graph, key: keyOf([subject, predicate, object, graph]) };
  }

  /** What a solution rests on beside its triples, or why that cannot be told. */
  part(row, use) {
    if (use.type === "inner") {
      return this.deriver.parts(use.rows).get(keyOf(this.values(row, use.key))) ?? "a row of a sub-select";
    }
    if (use.type === "tested") {
      const held = this.value(row, use.truth) === TRUE;
      return held ? (this.exists.get(use).get(keyOf(this.values(row, use.key))) ?? "EXISTS") : EXISTS;
    }
    const graph = use.graph ? [this.value(row, use.graph)] : [];
    return this.closures.get(use).trace(graph, this.value(row, use.subject), this.value(row, use.object), use.mark);
  }
}

/** Finds the steps of a repeated path between two ends: all steps on any walk from the one to the other. */
class Tracer {
  constructor(steps) {
    this.steps = steps;
    this.there = new Map();
    this.back = new Map();
    this.known = new Map();
    for (const { values } of steps.values()) {
      const graph = values.slice(0, -2);
      const [start, end] = values.slice(-2);
      listed(this.there, keyOf([...graph, start])).push(end);
      listed(this.back, keyOf([...graph, end])).push(start);
    }
  }

  /** The steps, or why they cannot be told. */
  trace(graph, start, end, mark) {
    // A path of length nought uses nothing.
    if (start === end && mark !== "+") return { solutions: [solutionOf([])], every: true };
    const steps = mark === "?" ? [[start, end]] : this.between(graph, start, end);
    const found = steps.map((step) => this.steps.get(keyOf([...graph, ...step]))).filter(Boolean);
    if (!found.length) return `a path with ${mark}`;
    return { solutions: found.map((part) => solutionOf([part])), every: true };
  }

  between(graph, start, end) {
    const forward = this.reached(graph, start, this.there, "forward");
    const backward = this.reached(graph, end, this.back, "backward");
    const onward = (node) => (this.there.get(keyOf([...graph, node])) ?? []).filter((next) => backward.has(next));
    return [...forward].flatMap((node) => onward(node).map((next) => [node, next]));
  }

  reached(graph, node, links, direction) {
    const known = keyOf([direction, ...graph, node]);
    if (!this.known.has(known)) {
      const found = new Set([node]);
      for (const at of found) for (const next of links.get(keyOf([...graph, at])) ?? []) found.add(next);
      this.known.set(known, found);
    }
    return this.known.get(known);
  }
}

function solutionOf(parts) {
  return { facts: new Map(), parts, absent: new Set(), unclear: new Set() };
}

function listed(map, key) {
  if (!map.has(key)) map.set(key, []);
  return map.get(key);
}
