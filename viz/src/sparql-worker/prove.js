// The claims that carry each row of an answer, for any SELECT or ASK.
// A port of pilotgraph/proof/__init__.py, which defines what "carries" means; a test compares the two.

import { Attributor } from "./attribute.js";
import { Deriver, factsOf, keyOf } from "./derive.js";
import { Planner } from "./plan.js";
import { CannotTell, parse } from "./syntax.js";

const CANNOT_TELL = "cannot tell";
const REGISTER_ONLY = "rests on register or vocabulary only";
const ABSENCE = "rests on absence";
const NOT_FOUND = "the row is not found again when the query is asked for what it uses";
const NO_SOLUTION = { ...emptyProof(), reason: `${ABSENCE}: no solution` };
const MANY = 1000;

function emptyProof() {
  return { claims: [], direct: new Set(), rules: [], records: [], absent: [], reason: "", bare: false };
}

/**
 * Proves the rows of the answer to one query.
 *
 * `select(text)` answers a query over the union of all graphs as rows of terms in the engine's TSV notation, null
 * for what is unbound. `model` names the terms of the ontology that matter, the derived graph and the rules.
 */
export class Prover {
  constructor(text, variables, rows, select, model) {
    this.columns = variables.map((name) => `?${name}`);
    this.rows = rows;
    this.select = select;
    this.model = model;
    this.known = new Map();
    try {
      this.query = parse(text);
      this.prepare();
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error) {
    // The engine refuses a witness query with an error of its own.
    const why =
      error instanceof CannotTell ? error.message : "the engine does not accept the query that asks for what it uses";
    if (!(error instanceof CannotTell) && error.constructor !== Error) throw error;
    this.failed = { ...emptyProof(), reason: `${CANNOT_TELL}: ${why}` };
  }

  prepare() {
    const { select } = this.query;
    this.planner = new Planner(this.query);
    this.plan = this.planner.plan(select, "", this.columns);
    this.deriver = new Deriver(this.select);
    this.parts = this.deriver.parts(this.plan);
    this.keys = this.plan.every ? this.groupKeys(select) : null;
    this.attributor = new Attributor({ ...this.model, select: this.select }, this.deriver);
    const given = new Set(this.rows.map(keyOf));
    if (select.limited || this.plan.every) return;
    if (given.size !== this.parts.size || [...given].some((key) => !this.parts.has(key)))
      throw new CannotTell(NOT_FOUND);
  }

  /** The keys of the groups that give a row: more than one where the keys are not among its columns. */
  groupKeys(select) {
    const [text] = this.planner.keyed(select, select.dataset);
    const found = new Map();
    for (const values of this.select(`${this.planner.prologue} ${text}`)) {
      const row = keyOf(values.slice(0, this.columns.length));
      if (!found.has(row)) found.set(row, []);
      found.get(row).push(keyOf(values.slice(this.columns.length)));
    }
    return found;
  }

  /** The proof of a row of the answer. */
  row(row) {
    if (this.failed) return this.failed;
    const key = keyOf(row);
    if (!this.known.has(key)) {
      try {
        this.known.set(key, this.proof(key));
      } catch (error) {
        this.fail(error);
        return this.failed;
      }
    }
    return this.known.get(key);
  }

  proof(key) {
    const parts = (this.keys ? (this.keys.get(key) ?? []) : [key]).map((each) => this.parts.get(each));
    if (!parts.length || (parts.includes(undefined) && parts.length > 1)) {
      return { ...emptyProof(), reason: `${CANNOT_TELL}: ${NOT_FOUND}` };
    }
    const solutions = parts.flatMap((part) => part?.solutions ?? []);
    // The one group of an aggregate over nothing.
    if (!solutions.length) return this.keys ? NO_SOLUTION : { ...emptyProof(), reason: `${CANNOT_TELL}: ${NOT_FOUND}` };
    this.attributor.prepare(factsOf(solutions));
    return this.withStates(this.attributor.carried(solutions, this.plan.every));
  }

  withStates(carried) {
    const sorted = (set) => [...set].sort();
    const claims = sorted(carried.claims);
    return {
      claims,
      rules: sorted(carried.rules),
      records: sorted(carried.records),
      absent: sorted(carried.absent),
      reason: reasonOf(carried),
      bare: carried.bare,
      knowing: states(claims, carried.direct, this.select, this.model),
    };
  }
}

function reasonOf(carried) {
  const listed = (set) => [...set].sort().join(", ");
  if (carried.unclear.size) return `${CANNOT_TELL}${carried.claims.size ? " all" : ""}: ${listed(carried.unclear)}`;
  if (carried.claims.size) return "";
  if (!carried.absent.size) return REGISTER_ONLY;
  return `${ABSENCE}: ${listed(carried.absent)}${carried.rules.size ? `, derived by ${listed(carried.rules)}` : ""}`;
}

/** The state of knowing of each claim: contradicted, assigned, derived or stated. */
export function states(claims, direct, select, model) {
  const found = Object.fromEntries(
    claims.map((claim) => [claim, direct === null || direct.has(claim) ? "stated" : "derived"]),
  );
  // In this order: what is both assigned and contradicted is contradicted.
  const patterns = {
    assigned: `?claim <${model.alignmentKind}> ?kind . FILTER(STRENDS(STR(?kind), "/assigned"))`,
    contradicted: `?claim <${model.contradictedBy}> ?clash`,
  };
  for (let start = 0; start < claims.length; start += MANY) {
    const values = claims
      .slice(start, start + MANY)
      .map((claim) => `<${claim}>`)
      .join(" ");
    for (const [state, pattern] of Object.entries(patterns)) {
      for (const [claim] of select(`SELECT DISTINCT ?claim { VALUES ?claim { ${values} } ${pattern} }`)) {
        found[claim.slice(1, -1)] = state;
      }
    }
  }
  return found;
}
