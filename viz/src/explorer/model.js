// The data of the page, indexed: things, links and claims point to each other by number.

// The kinds of cross-link between pilots, in the order in which they are told.
export const LAYERS = ["relation", "actor", "programme", "place", "goal", "domain", "target-group", "finding"];
// What pilots are filtered on.
export const FACETS = ["pillar", "domain", "goal", "programme", "status"];
// How a link can be known, the surest first.
export const KNOWING = ["stated", "assigned", "derived", "contradicted"];

/** Fold a text for comparison: no capitals, no accents. */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Read what the page carries; the numbers in it are places in its lists. */
export const readModel = (data) => {
  const nodes = data.nodes.map((node, index) => ({
    ...node,
    index,
    folded: fold(node.label),
    within: node.within ?? [],
  }));
  const claims = data.claims.map((claim) => ({ knowing: "stated", ...claim }));
  const links = Object.fromEntries(
    Object.entries(data.links).map(([layer, found]) => [
      layer,
      found.map(([pilot, thing, claim, derived]) => ({ pilot, thing, claim, derived: Boolean(derived) })),
    ]),
  );
  const pilots = nodes.filter((node) => node.mode === "pilot").map((node) => node.index);
  return {
    ...data,
    nodes,
    claims,
    links,
    pilots,
    byId: new Map(nodes.map((node) => [node.id, node.index])),
    traits: traits(nodes, links),
    facets: facets(nodes, links, data.language),
  };
};

/** What each pilot is filtered on: by facet, the numbers of its values. */
const traits = (nodes, links) =>
  Object.fromEntries(
    FACETS.map((facet) => {
      const found = nodes.map(() => new Set());
      for (const { pilot, thing } of links[facet] ?? []) found[pilot].add(thing);
      return [facet, found];
    }),
  );

/** The values of each facet with the number of pilots that have it, most first. */
const facets = (nodes, links, language) =>
  FACETS.map((name) => {
    const having = new Map();
    for (const { pilot, thing } of links[name] ?? []) {
      if (!having.has(thing)) having.set(thing, new Set());
      having.get(thing).add(pilot);
    }
    const values = [...having].map(([index, pilots]) => ({
      id: nodes[index].id,
      label: nodes[index].label,
      count: pilots.size,
    }));
    values.sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, language));
    return { name, values };
  }).filter(({ values }) => values.length);

/** How the claims of a link make it known: contradicted if one is, else by the surest of them. */
export const knowingOf = (model, cites) => {
  let best = KNOWING.length;
  for (const { claim, derived } of cites) {
    const how = model.claims[claim].knowing;
    if (how === "contradicted") return "contradicted";
    best = Math.min(best, KNOWING.indexOf(derived ? "derived" : how));
  }
  return KNOWING[best];
};

/** The address of a thing in the data set. */
export const iri = (model, id) => (/^[a-z]+:/i.test(id) ? id : model.base + id);
