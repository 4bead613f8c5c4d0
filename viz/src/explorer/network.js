// From the data and the reader's choices to a network: which nodes, which edges, and what carries them.
// The rules are those of pilotgraph/network: what is shared, of places only the smallest, and the three weights.

import { KNOWING, LAYERS, knowingOf } from "./model.js";
import { monthNumber, ran } from "./time.js";

// What a browser without a graphics card still moves smoothly.
export const MOST = { nodes: 6000, edges: 24000 };
// Listing what is shared by more pairs than this takes too long, so that what most have is left out first.
const MOST_PAIRS = 2_000_000;

const WEIGH = {
  count: () => 1,
  newman: (holders) => 1 / (holders - 1),
  inverse: (holders, population) => Math.log2(population / holders),
};

/**
 * Make the network for a state. `nodes` are node numbers, `edges` have `key`, the ends `a` and `b`, `weight`,
 * `layer` and `knowing`; `degree` counts the edges of each node; `ranIn` tells by pilot whether it ran in the month;
 * `left` counts what is not shown because there is too much.
 */
export const makeNetwork = (model, state, most = MOST) => {
  const { pilots, ranIn } = keptPilots(model, state);
  const allowed = allowedClaims(model, state);
  const made =
    state.view === "pilots" || state.view === "actors"
      ? projection(model, state, pilots, allowed, most)
      : twoMode(model, state, pilots, allowed);
  return { ...limited(around(model, state, made), most, made.left ?? 0), ranIn, claims: allowed };
};

const keptPilots = (model, state) => {
  const month = state.month ? monthNumber(state.month) : null;
  const wanted = Object.entries(model.traits)
    .map(([facet, of]) => [of, new Set(state.filters[facet].map((id) => model.byId.get(id)))])
    .filter(([, values]) => values.size);
  const sources = wantedSources(model, state);
  const ranIn = new Map();
  const kept = model.pilots.filter((index) => {
    const pilot = model.nodes[index];
    if (sources && !pilot.sources.some((source) => sources.has(source))) return false;
    if (!wanted.every(([of, values]) => [...of[index]].some((value) => values.has(value)))) return false;
    if (month === null) return true;
    ranIn.set(index, ran(pilot, month));
    return ranIn.get(index) !== "no";
  });
  return { pilots: new Set(kept), ranIn };
};

const wantedSources = (model, state) => {
  const found = model.sources.flatMap(({ slug }, index) => (state.filters.source.includes(slug) ? [index] : []));
  return found.length ? new Set(found) : null;
};

/** A test for claims: of a source that is wanted, and about a role that is. */
const allowedClaims = (model, state) => {
  const sources = wantedSources(model, state);
  const roles = new Set(state.filters.role);
  return (number) => {
    const claim = model.claims[number];
    if (sources && !claim.sources.some((source) => sources.has(source))) return false;
    if (claim.role === undefined) return true;
    const role = model.roles[claim.role];
    return (state.funders || !role.funding) && (!roles.size || roles.has(role.slug));
  };
};

/** The links of one kind that are let through, by pilot and thing. */
export const linksOf = (model, state, layer, pilots, allowed) => {
  const found = new Map();
  for (const link of model.links[layer] ?? []) {
    if (!pilots.has(link.pilot) || !allowed(link.claim)) continue;
    if (layer === "actor" && !state.kinds && model.nodes[link.thing].mode === "kind") continue;
    if (layer === "relation" && (!pilots.has(link.thing) || link.thing === link.pilot)) continue;
    if (!found.has(link.pilot)) found.set(link.pilot, new Map());
    const of = found.get(link.pilot);
    if (!of.has(link.thing)) of.set(link.thing, []);
    of.get(link.thing).push(link);
  }
  return found;
};

const twoMode = (model, state, pilots, allowed) => {
  const edges = [];
  const nodes = new Set(pilots);
  for (const [pilot, of] of linksOf(model, state, state.view, pilots, allowed)) {
    for (const [thing, cites] of of) {
      nodes.add(thing);
      edges.push({
        key: keyOf(model, pilot, thing),
        a: pilot,
        b: thing,
        weight: 1,
        layer: state.view,
        knowing: knowingOf(model, cites),
        cites,
      });
    }
  }
  return { nodes, edges };
};

/** Name an edge so that an address can hold it. */
const keyOf = (model, a, b, layer = "") => [model.nodes[a].id, model.nodes[b].id, layer].filter(Boolean).join("~");

const projection = (model, state, pilots, allowed, most) => {
  const onto = state.view === "pilots" ? "pilot" : "thing";
  const layers = state.view === "pilots" ? LAYERS.filter((layer) => state.layers.includes(layer)) : ["actor"];
  const nodes = new Set(onto === "pilot" ? pilots : []);
  const edges = [];
  let left = 0;
  for (const layer of layers) {
    const found = linksOf(model, state, layer, pilots, allowed);
    if (layer === "relation") {
      edges.push(...related(model, found));
      continue;
    }
    const holders = turned(found, onto);
    if (onto === "thing") for (const having of holders.values()) for (const thing of having) nodes.add(thing);
    const joined = joinedPairs(
      model,
      holders,
      onto,
      state.weight,
      onto === "pilot" ? pilots.size : nodes.size,
      most.edges,
    );
    left += joined.left;
    for (const [a, b, weight, shared] of joined.pairs) {
      const key = keyOf(model, a, b, onto === "pilot" ? layer : "");
      edges.push({
        key,
        a,
        b,
        weight,
        layer,
        shared,
        knowing: knowingShared(model, found, onto, a, b, shared),
        found,
        onto,
      });
    }
  }
  return { nodes, edges, left };
};

/** Who has what: by thing its pilots, or by pilot its things. */
const turned = (found, onto) => {
  const holders = new Map();
  for (const [pilot, of] of found) {
    for (const thing of of.keys()) {
      const [key, value] = onto === "pilot" ? [thing, pilot] : [pilot, thing];
      if (!holders.has(key)) holders.set(key, []);
      holders.get(key).push(value);
    }
  }
  return holders;
};

/** Every two that share something, with the weight and what they share; the heaviest if there are too many. */
const joinedPairs = (model, holders, onto, weight, population, most) => {
  const order = [...holders]
    .filter(([, having]) => having.length > 1)
    .sort((p, q) => p[1].length - q[1].length || p[0] - q[0]);
  const sharing = new Map();
  const size = model.nodes.length;
  let pairs = 0;
  let left = 0;
  for (const [thing, having] of order) {
    pairs += (having.length * (having.length - 1)) / 2;
    if (pairs > MOST_PAIRS) {
      left += 1;
      continue;
    }
    having.sort((p, q) => p - q);
    for (let i = 0; i < having.length; i += 1) {
      for (let j = i + 1; j < having.length; j += 1) {
        const pair = having[i] * size + having[j];
        const shared = sharing.get(pair);
        if (shared) shared.push(thing);
        else sharing.set(pair, [thing]);
      }
    }
  }
  const weigh = (thing) => WEIGH[weight](holders.get(thing).length, population);
  const found = [];
  for (const [pair, things] of sharing) {
    const shared = onto === "pilot" ? smallest(model, things) : things.sort((p, q) => p - q);
    const sum = shared.reduce((total, thing) => total + weigh(thing), 0);
    if (sum > 0) found.push([Math.floor(pair / size), pair % size, sum, shared]);
  }
  found.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  if (found.length <= most) return { pairs: found, left };
  const heaviest = [...found].sort((p, q) => q[2] - p[2]).slice(0, most);
  return { pairs: heaviest, left: left + found.length - most };
};

/** Leave out what contains another of the things: who meets in a district has not also met in its city. */
const smallest = (model, things) => {
  const around = new Set();
  const todo = [...things];
  while (todo.length) {
    for (const larger of model.nodes[todo.pop()].within) {
      if (!around.has(larger)) {
        around.add(larger);
        todo.push(larger);
      }
    }
  }
  return things.filter((thing) => !around.has(thing)).sort((a, b) => a - b);
};

const related = (model, found) => {
  const pairs = new Map();
  for (const [pilot, of] of found) {
    for (const [thing, cites] of of) {
      const [a, b] = [Math.min(pilot, thing), Math.max(pilot, thing)];
      const key = keyOf(model, a, b, "relation");
      if (!pairs.has(key)) pairs.set(key, { key, a, b, layer: "relation", cites: [] });
      pairs.get(key).cites.push(...cites);
    }
  }
  return [...pairs.values()].map((edge) => ({
    ...edge,
    weight: kindsOf(model, edge),
    knowing: knowingOf(model, edge.cites),
  }));
};

const kindsOf = (model, edge) => new Set(edge.cites.map(({ claim }) => model.claims[claim].detail)).size;

/** The claims by which two nodes have a thing in common: those of the one side and those of the other. */
export const sides = ({ found, onto, a, b }, thing) =>
  onto === "pilot"
    ? [found.get(a).get(thing), found.get(b).get(thing)]
    : [found.get(thing).get(a), found.get(thing).get(b)];

/** A thing links two as surely as the less sure of the two has it; the surest thing counts. */
const knowingShared = (model, found, onto, a, b, shared) => {
  let best = KNOWING.length;
  for (const thing of shared) {
    const [one, other] = sides({ found, onto, a, b }, thing).map((cites) => KNOWING.indexOf(knowingOf(model, cites)));
    best = Math.min(best, Math.max(one, other));
  }
  return KNOWING[best];
};

/** Keep only the chosen nodes and their neighbours, if the reader asked for that. */
const around = (model, state, network) => {
  const centres = new Set(state.around.map((id) => model.byId.get(id)).filter((index) => network.nodes.has(index)));
  if (!centres.size) return network;
  const nodes = new Set(centres);
  for (const { a, b } of network.edges) {
    if (centres.has(a)) nodes.add(b);
    if (centres.has(b)) nodes.add(a);
  }
  return { ...network, nodes, edges: network.edges.filter(({ a, b }) => nodes.has(a) && nodes.has(b)) };
};

const limited = (network, most, left) => {
  const degree = new Map([...network.nodes].map((node) => [node, 0]));
  for (const { a, b } of network.edges) {
    degree.set(a, degree.get(a) + 1);
    degree.set(b, degree.get(b) + 1);
  }
  const all = [...network.nodes].sort((a, b) => a - b);
  const kept =
    all.length > most.nodes
      ? [...all].sort((a, b) => degree.get(b) - degree.get(a) || a - b).slice(0, most.nodes)
      : all;
  const nodes = new Set(kept);
  const between = network.edges.filter(({ a, b }) => nodes.has(a) && nodes.has(b));
  const edges =
    between.length > most.edges ? [...between].sort((p, q) => q.weight - p.weight).slice(0, most.edges) : between;
  return {
    nodes: [...nodes].sort((a, b) => a - b),
    edges,
    degree,
    left: { nodes: all.length - nodes.size, edges: network.edges.length - edges.length + left },
  };
};
