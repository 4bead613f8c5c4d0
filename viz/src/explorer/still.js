// The picture where a browser cannot draw with WebGL: the same scene, worked out here, that stands still.

import { frameOf } from "./aim.js";
import { band } from "./bands.js";
import { LABEL, measured, placeLabels } from "./labels.js";
import { edgeLooks, nodeLooks } from "./looks.js";
import { readTheme } from "./theme.js";

const PADDING = 60;
const HUBS = 8;

/** The scene of an explorer, as the picture gives it, for a field of some width and height. */
export const stillScene = (app, width, height) => {
  const { model, network, places, state } = app;
  const theme = readTheme(app.root);
  const screen = fitted(places, width, height);
  const lookOfNode = nodeLooks(model, network, theme, Math.min(width, height));
  const lookOfEdge = edgeLooks(state.view, network, theme);
  const nodes = network.nodes.map((index) => {
    const [x, y] = screen(index);
    return { index, ...lookOfNode(index), x, y, label: model.nodes[index].label };
  });
  return {
    width,
    height,
    theme,
    nodes,
    outlines: app
      .shownClusters()
      .filter((cluster) => cluster.nodes.length > 1)
      .map((cluster) => ({ label: cluster.label, ...band(cluster.nodes.map(screen), 34) })),
    edges: network.edges.map((edge) => {
      const [[x1, y1], [x2, y2]] = [screen(edge.a), screen(edge.b)];
      return { ...lookOfEdge(edge), x1, y1, x2, y2 };
    }),
    labels: labelsOf(app, nodes, theme, [width, height]),
  };
};

/** The place of each node on the screen: all of them, as large as they go. */
const fitted = (places, width, height) => {
  const {
    x: [left, right],
    y: [bottom, top],
  } = frameOf(places);
  const scale = Math.min((width - 2 * PADDING) / (right - left || 1), (height - 2 * PADDING) / (top - bottom || 1));
  return (index) => {
    const [x, y] = places.get(index);
    return [width / 2 + (x - (left + right) / 2) * scale, height / 2 - (y - (top + bottom) / 2) * scale];
  };
};

const labelsOf = ({ model, network }, nodes, theme, frame) => {
  const context = document.createElement("canvas").getContext("2d");
  const linked = (index) => network.degree.get(index);
  const ordered = [...nodes].sort((p, q) => linked(q.index) - linked(p.index) || p.index - q.index);
  const candidates = ordered.map(({ index, x, y, size }, place) => {
    const node = model.nodes[index];
    return {
      index,
      x,
      y,
      r: size,
      ...measured(context, node, LABEL, theme),
      pilot: node.mode === "pilot",
      hub: place < HUBS,
    };
  });
  return placeLabels(candidates, frame, candidates.length);
};
