// From a query to its witness queries: the same patterns, with everything visible that a derivation uses.
// A port of pilotgraph/proof/plan.py, where the method is explained.

import { CannotTell, columnName, mentioned, visible } from "./syntax.js";

/** Where the solutions for which an EXISTS was true are put into its plan. */
export const SLOT = "\0";
export const OPTIONAL = "OPTIONAL finds nothing";
export const MINUS = "MINUS";
export const NOT_EXISTS = "NOT EXISTS";
export const EXISTS = "EXISTS finds nothing";
const BESIDE_AGGREGATE = "EXISTS beside an aggregate";
const RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";

/** The columns of a witness query: variables, and constants under a name, as the engine writes them. */
class Columns {
  constructor(fresh) {
    this.fresh = fresh;
    this.constants = new Map();
    this.names = new Map();
  }

  /** The column in which a term of the query is found; empty for no term. */
  column(term) {
    if (!term) return "";
    const name = term.startsWith("?") ? term : this.constant(term === "a" ? RDF_TYPE : term);
    if (!this.names.has(name)) this.names.set(name, this.names.size);
    return name;
  }

  constant(term) {
    if (!this.constants.has(term)) this.constants.set(term, this.fresh());
    return this.constants.get(term);
  }

  /** What stands between SELECT and WHERE. */
  clause() {
    const written = new Map([...this.constants].map(([constant, name]) => [name, `(${constant} AS ${name})`]));
    return [...this.names.keys()].map((name) => written.get(name) ?? name).join(" ") || "(1 AS ?one)";
  }
}

/** What all witness queries of one query share: its prologue, its FROM clauses, the supply of new names. */
export class Planner {
  constructor(query) {
    this.prologue = query.prologue;
    this.prefix = query.fresh;
    this.dataset = query.select.dataset;
    this.number = 0;
  }

  /** A variable that no other text of this query has. */
  fresh() {
    this.number += 1;
    return `${this.prefix}${this.number - 1}`;
  }

  /** The witness query of a SELECT, grouped by its group keys, or else by its own columns or those given. */
  plan(select, graph = "", key = null) {
    const writer = new Writer(this);
    const every = select.keys !== null;
    const names = every ? select.keys.map(columnName) : (key ?? visible(select));
    const binds = every ? select.keys : select.columns;
    // Beside an aggregate VALUES picks groups, and the groups are told by their keys.
    const body = [writer.group(select.where, "", graph, true), every ? "" : select.values];
    for (const column of binds) if (typeof column !== "string") body.push(...writer.bind(column, "", graph));
    if (select.unclear) writer.uses.push({ type: "unclear", guard: "", note: BESIDE_AGGREGATE });
    return writer.finish(within(graph, body.join(" ")), [...named(graph), ...names], every);
  }

  /** The witness query of a CONSTRUCT, and the columns of each triple that it makes. */
  rule(query) {
    const writer = new Writer(this);
    const made = query.template.map((pattern) => [
      writer.column(pattern.subject),
      writer.column(pattern.path.type === "link" ? pattern.path.term : ""),
      writer.column(pattern.object),
    ]);
    return [writer.finish(writer.group(query.select.where, "", "", true), []), made];
  }

  /** An aggregating SELECT that also gives its group keys, without modifiers, and their columns. */
  keyed(select, dataset = "") {
    const keys = select.keys ?? [];
    const exports = keys.map(() => this.fresh());
    const copies = keys.map((key, at) => `(${columnName(key)} AS ${exports[at]})`);
    const columns = [...select.columns.map(columnText), ...copies].join(" ");
    const group = keys.length ? `GROUP BY ${keys.map(columnText).join(" ")}` : "";
    const tail = `${select.where.text} ${group} ${select.having} ${select.values}`;
    return [`SELECT ${columns} ${dataset} WHERE ${tail}`, exports];
  }
}

/** Writes the patterns of one witness query, and keeps what they use. */
class Writer {
  constructor(planner) {
    this.planner = planner;
    this.columns = new Columns(() => planner.fresh());
    this.uses = [];
  }

  /** The plan, when all patterns are written. */
  finish(body, key, every = false) {
    const names = key.map((name) => this.column(name));
    for (const use of this.uses) for (const flag of [use.guard, use.unless, use.truth]) this.column(flag ?? "");
    const text = `${this.planner.prologue} SELECT ${this.columns.clause()} ${this.planner.dataset} WHERE ${body}`;
    return { text, columns: this.columns.names, key: names, uses: this.uses, every };
  }

  /** The column of a term: a blank node of a pattern is a variable. */
  column(term) {
    return this.columns.column(this.term(term));
  }

  term(term) {
    return term.startsWith("_:") ? `${this.planner.prefix}b_${term.slice(2)}` : term;
  }

  /** The elements of a group, and the tests of its filters behind them. */
  group(group, guard, graph, braces = false) {
    const [parts, tests] = this.split(group, guard, graph);
    const body = [...parts, ...tests].join(" ");
    return braces ? `{ ${body} }` : body;
  }

  /** A BIND, and the tests of the EXISTS in it. */
  bind(bind, guard, graph) {
    return [`BIND(${bind.expression.text} AS ${bind.variable})`, ...this.tests(bind.expression, guard, graph)];
  }

  split(group, guard, graph) {
    const parts = [];
    const tests = [];
    for (const element of group.elements) {
      if (element.type === "filter") {
        parts.push(`FILTER ${element.expression.text}`);
        tests.push(...this.tests(element.expression, guard, graph));
      } else {
        parts.push(...this.element(element, guard, graph));
      }
    }
    return [parts, tests];
  }

  element(element, guard, graph) {
    switch (element.type) {
      case "pattern":
        return [this.pattern(element, guard, graph)];
      case "bind":
        return this.bind(element, guard, graph);
      case "optional":
        return this.optional(element.group, guard, graph);
      case "select":
        return [this.subselect(element, guard, graph)];
      case "within":
        return [`GRAPH ${element.term} ${this.group(element.group, guard, element.term, true)}`];
      case "union":
        return [this.union(element.branches, guard, graph)];
      case "minus":
        this.uses.push({ type: "absent", guard, note: MINUS });
        return [`MINUS ${element.group.text}`];
      default:
        return [element.text];
    }
  }

  optional(group, guard, graph) {
    const flag = this.planner.fresh();
    this.uses.push({ type: "absent", guard, note: OPTIONAL, unless: flag });
    const [parts, tests] = this.split(group, flag, graph);
    // The filters of an OPTIONAL see what stands before it (section 18.2.2.6): so must their tests.
    return [`OPTIONAL { ${parts.join(" ")} BIND(true AS ${flag}) }`, ...tests];
  }

  union(branches, guard, graph) {
    if (branches.length === 1) return this.group(branches[0], guard, graph, true);
    const written = branches.map((branch) => {
      const flag = this.planner.fresh();
      return `{ ${this.group(branch, flag, graph)} BIND(true AS ${flag}) }`;
    });
    return written.join(" UNION ");
  }

  subselect(select, guard, graph) {
    // Which rows a LIMIT lets through need not be the same in a query of another form.
    if (select.limited) throw new CannotTell("LIMIT in a sub-select");
    const plan = this.planner.plan(select, graph);
    let written;
    let exports;
    if (select.keys !== null) {
      const [text, found] = this.planner.keyed(select);
      written = `{ ${text} }`;
      exports = found;
    } else {
      // Copies, because a variable that the sub-select leaves unbound may be bound outside it.
      const names = visible(select);
      exports = names.map(() => this.planner.fresh());
      const copies = names.map((name, at) => `BIND(${name} AS ${exports[at]})`);
      written = `{ { ${select.text} } ${copies.join(" ")} }`;
    }
    const key = [...named(graph), ...exports].map((name) => this.column(name));
    this.uses.push({ type: "inner", guard, key, rows: plan });
    return written;
  }

  tests(expression, guard, graph) {
    return expression.exists.flatMap((exists) => this.test(exists, guard, graph));
  }

  test(exists, guard, graph) {
    if (exists.negative) {
      this.uses.push({ type: "absent", guard, note: NOT_EXISTS });
      return [];
    }
    const truth = this.planner.fresh();
    // Copies, because a variable of the same name may be bound elsewhere in the query.
    const given = [...new Set([...(graph.startsWith("?") ? [graph] : []), ...mentioned(exists.group)])];
    const copies = given.map(() => this.planner.fresh());
    const found = this.found(exists, given, graph);
    this.uses.push({ type: "tested", guard, truth, key: copies.map((copy) => this.column(copy)), found });
    const binds = given.map((name, at) => `BIND(${name} AS ${copies[at]})`);
    return [`BIND(EXISTS ${exists.group.text} AS ${truth})`, ...binds];
  }

  /** What makes EXISTS true, for the solutions that are put into the slot under a number. */
  found(exists, given, graph) {
    const writer = new Writer(this.planner);
    const number = this.planner.fresh();
    const inner = writer.group(exists.group, "", graph);
    const body = graph ? `GRAPH ${graph} { ${inner} }` : inner;
    return writer.finish(`{ VALUES (${[number, ...given].join(" ")}) { ${SLOT} } ${body} }`, [number]);
  }

  /** A triple pattern, its path taken apart. */
  pattern(pattern, guard, graph) {
    const { subject, path, object } = pattern;
    switch (path.type) {
      case "link": {
        const [s, p, o, g] = [subject, path.term, object, graph].map((part) => this.column(part));
        this.uses.push({ type: "triple", guard, subject: s, predicate: p, object: o, graph: g });
        return `${this.term(subject)} ${path.term} ${this.term(object)} .`;
      }
      case "inverse":
        return this.pattern({ subject: object, path: path.path, object: subject }, guard, graph);
      case "sequence":
        return this.sequence(pattern, guard, graph);
      case "alternative":
        return this.either(
          path.parts.map((part) => [{ subject, path: part, object }, ""]),
          graph,
        );
      case "repeat": {
        const [s, o, g] = [subject, object, graph].map((part) => this.column(part));
        const steps = this.steps(path.path, graph);
        this.uses.push({ type: "closure", guard, subject: s, object: o, graph: g, mark: path.mark, steps });
        return `${this.term(subject)} ${pathText(path)} ${this.term(object)} .`;
      }
      default:
        return this.either(this.anyBut(pattern), graph);
    }
  }

  sequence({ subject, path, object }, guard, graph) {
    const between = path.parts.slice(1).map(() => this.planner.fresh());
    const ends = [subject, ...between, object];
    const steps = path.parts.map((part, at) => ({ subject: ends[at], path: part, object: ends[at + 1] }));
    return steps.map((step) => this.pattern(step, guard, graph)).join(" ");
  }

  /** A union of patterns, each with a flag, and perhaps a filter. */
  either(patterns, graph) {
    const written = patterns.map(([pattern, condition]) => {
      const flag = this.planner.fresh();
      return `{ ${this.pattern(pattern, flag, graph)} ${condition} BIND(true AS ${flag}) }`;
    });
    return written.join(" UNION ");
  }

  anyBut({ subject, path: { forward, backward }, object }) {
    const there = forward.length || !backward.length ? [this.but(subject, forward, object)] : [];
    const back = backward.length ? [this.but(object, backward, subject)] : [];
    return [...there, ...back];
  }

  but(subject, excluded, object) {
    const predicate = this.planner.fresh();
    const names = excluded.map((name) => (name === "a" ? RDF_TYPE : name)).join(", ");
    return [{ subject, path: { type: "link", term: predicate }, object }, `FILTER(${predicate} NOT IN (${names}))`];
  }

  /** The single steps of a path that is repeated, keyed by graph and both ends. */
  steps(path, graph) {
    const writer = new Writer(this.planner);
    const start = this.planner.fresh();
    const end = this.planner.fresh();
    const body = within(graph, writer.pattern({ subject: start, path, object: end }, "", graph));
    return writer.finish(body, [...named(graph), start, end]);
  }
}

function columnText(column) {
  return typeof column === "string" ? column : `(${column.expression.text} AS ${column.variable})`;
}

function named(graph) {
  return graph ? [graph] : [];
}

function within(graph, body) {
  return graph ? `{ GRAPH ${graph} { ${body} } }` : `{ ${body} }`;
}

/** A path as SPARQL, bracketed at every level. */
function pathText(path) {
  switch (path.type) {
    case "link":
      return path.term;
    case "inverse":
      return `^(${pathText(path.path)})`;
    case "sequence":
      return `(${path.parts.map(pathText).join("/")})`;
    case "alternative":
      return `(${path.parts.map(pathText).join("|")})`;
    case "repeat":
      return `(${pathText(path.path)})${path.mark}`;
    default:
      return `!(${[...path.forward, ...path.backward.map((name) => `^${name}`)].join("|")})`;
  }
}
