// What the marks in the picture mean: only those that are in it.

import { make } from "./dom.js";
import { layerColour, pillarColours } from "./looks.js";
import { LAYERS } from "./model.js";
import { readTheme } from "./theme.js";

/** The legend as elements, or, `plain`, as looks and texts for a drawing. */
export const legendOf = (app, { plain = false } = {}) => {
  const items = [...nodeItems(app), ...edgeItems(app), { name: "", look: null, text: app.say("legendSize") }];
  if (plain) return items;
  return make(
    "ul",
    { "aria-label": app.say("legend") },
    items.map(({ name, text }) => make("li", {}, name && make("span", { class: name, "aria-hidden": "true" }), text)),
  );
};

const nodeItems = (app) => {
  const { model, network, say } = app;
  const theme = readTheme(app.root);
  const modes = new Set(network.nodes.map((index) => model.nodes[index].mode));
  const shown = new Set(network.nodes.flatMap((index) => [...(model.traits.pillar[index] ?? [])]));
  const pillars = [...pillarColours(model, theme)]
    .map(([index, color], place) => ({ index, color, place }))
    .filter(({ index }) => shown.has(index));
  return [
    ...(modes.has("pilot")
      ? pillars.map(({ index, color, place }) => ({
          name: `mark disc pillar-${(place % 5) + 1}`,
          look: { color },
          text: say("legendPilot", { pillar: model.nodes[index].label }),
        }))
      : []),
    ...[...modes]
      .filter((mode) => mode !== "pilot")
      .sort()
      .map((mode) =>
        mode === "kind"
          ? { name: "mark diamond of-kind", look: { color: theme.kind, shape: "diamond" }, text: say("kind") }
          : { name: "mark square of-thing", look: { color: theme.thing, shape: "square" }, text: say(mode) },
      ),
    ...([...network.ranIn.values()].some((answer) => answer !== "yes" && answer !== "no")
      ? [{ name: "mark disc open", look: { color: theme.quiet, open: true }, text: say("legendUnsure") }]
      : []),
  ];
};

const edgeItems = ({ network, root, say, state }) => {
  const theme = readTheme(root);
  const known = new Set(network.edges.map(({ knowing }) => knowing));
  const projected = state.view === "pilots" || state.view === "actors";
  const layers =
    state.view === "pilots" ? LAYERS.filter((layer) => network.edges.some((edge) => edge.layer === layer)) : [];
  return [
    ...layers.map((layer) => ({
      name: `strand layer-${LAYERS.indexOf(layer) + 1}`,
      look: { line: true, color: layerColour(theme, layer) },
      text: say(`layer_${layer}`),
    })),
    ...(!projected && (known.has("assigned") || known.has("derived"))
      ? [{ name: "strand broken", look: { line: true, color: theme.edge, broken: true }, text: say("legendAssigned") }]
      : []),
    ...(known.has("contradicted")
      ? [{ name: "strand contradicted", look: { line: true, color: theme.warn }, text: say("legendContradicted") }]
      : []),
  ];
};
