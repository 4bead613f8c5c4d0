// What is drawn over and under the picture with plain lines and texts: labels, bands around clusters, what is pointed
// at, and pins.

import { band } from "./bands.js";
import { LABEL, measured, placeLabels } from "./labels.js";

const HUBS = 8;
const MOST_LABELS = 140;
const BAND = 34;
const FULL_TURN = 2 * Math.PI;

/** Draw everything anew; gives the labels with their boxes. */
export const drawOver = (picture) => {
  const { width, height } = picture.sigma.getDimensions();
  const { labels, outlines: below } = picture.sigma.getCanvases();
  for (const layer of [labels, below]) layer.getContext("2d").clearRect(0, 0, width, height);
  drawBands(picture, below.getContext("2d"));
  const context = labels.getContext("2d");
  const placed = placeAll(picture, context, [width, height]);
  drawHovered(picture, context);
  drawPins(picture, context);
  drawLabels(picture, context, placed);
  return placed;
};

/** Give each label that has room its place, the chosen and pointed at first, then what has most links. */
const placeAll = (picture, context, [width, height]) => {
  const { chosen, hovered, bright, order } = picture;
  const screen = picture.screen();
  const first = [chosen?.node, ...(chosen?.ends ?? []), hovered?.node].filter((index) => index !== undefined);
  const hubs = new Set(order.slice(0, HUBS));
  const candidates = [];
  for (const index of new Set([...first, ...order])) {
    if (candidates.length > MOST_LABELS * 8) break;
    const isFirst = first.includes(index);
    const at = screen(index);
    if (!at || (bright && !isFirst && !bright.nodes.has(index))) continue;
    const [x, y] = at;
    if (x < -20 || y < -20 || x > width + 20 || y > height + 20) continue;
    const r = radius(picture, index);
    // The members of a cluster are many: not all of them can be labelled whatever lies below.
    const always = isFirst && !chosen?.cluster;
    candidates.push({ index, x, y, r, ...labelOf(picture, context, index), always, hub: isFirst || hubs.has(index) });
  }
  return placeLabels(candidates, [width, height], MOST_LABELS, reserved(picture.container));
};

/** The lines of a label; what many pilots are linked to is written larger. */
const labelOf = ({ labels, model, network, theme, view }, context, index) => {
  if (!labels.has(index)) {
    const node = model.nodes[index];
    const grows = node.mode !== "pilot" && view !== "pilots" && view !== "actors";
    const more = grows ? Math.min(3, Math.floor((network.degree.get(index) ?? 0) / 6)) : 0;
    labels.set(index, measured(context, node, LABEL + more, theme));
  }
  return labels.get(index);
};

/** The room that buttons and the like take, which stand over the picture. */
const reserved = (container) => {
  const { left, top } = container.getBoundingClientRect();
  return [...container.parentElement.children]
    .filter((element) => element !== container)
    .map((element) => element.getBoundingClientRect())
    .filter(({ width }) => width > 0)
    .map((box) => [box.left - left, box.top - top, box.right - left, box.bottom - top]);
};

const drawLabels = ({ chosen, model, theme }, context, placed) => {
  Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 3.5 });
  context.strokeStyle = theme.paper;
  for (const { index, lines, font, step, size, left, top, width } of placed) {
    const isChosen = chosen?.node === index;
    const strong = isChosen || size > LABEL || model.nodes[index].mode === "pilot";
    context.font = isChosen ? font.replace(/^\d+/, "700") : font;
    context.fillStyle = strong ? theme.ink : theme.quiet;
    lines.forEach((line, number) => {
      const at = [left + width / 2, top + (number + 0.5) * step];
      context.strokeText(line, ...at);
      context.fillText(line, ...at);
    });
  }
};

/** The bands around the clusters, on the screen. */
export const outlines = (picture) => {
  const screen = picture.screen();
  return picture.clusters.flatMap(({ label, nodes }) => {
    const places = nodes.map((index) => screen(index)).filter(Boolean);
    return places.length > 1 ? [{ label, ...band(places, BAND) }] : [];
  });
};

const drawBands = (picture, context) => {
  // An empty layer costs as much as a full one where there is no graphics card.
  context.canvas.style.display = picture.clusters.length ? "" : "none";
  Object.assign(context, { lineCap: "round", lineJoin: "round", textAlign: "center" });
  context.font = `700 13px ${picture.theme.font}`;
  context.strokeStyle = picture.theme.hull;
  context.fillStyle = picture.theme.hull;
  for (const { path, width, label, at } of outlines(picture)) {
    context.globalAlpha = 0.16;
    context.lineWidth = width;
    context.stroke(new Path2D(path));
    context.globalAlpha = 1;
    context.fillText(label, ...at);
  }
};

/** A ring around the node that is pointed at, and its links; or the link that is pointed at. */
const drawHovered = (picture, context) => {
  const { hovered, network, theme } = picture;
  if (!hovered) return;
  const screen = picture.screen();
  context.strokeStyle = theme.accent;
  context.lineWidth = hovered.edge ? 3 : 1.5;
  for (const { key, a, b } of network.edges) {
    if (key !== hovered.edge && a !== hovered.node && b !== hovered.node) continue;
    context.beginPath();
    context.moveTo(...screen(a));
    context.lineTo(...screen(b));
    context.stroke();
  }
  const at = hovered.node === undefined ? null : screen(hovered.node);
  if (!at) return;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(...at, radius(picture, hovered.node) + 4, 0, FULL_TURN);
  context.stroke();
};

const drawPins = (picture, context) => {
  const screen = picture.screen();
  context.fillStyle = picture.theme.ink;
  for (const index of picture.pinned ?? []) {
    const at = screen(index);
    if (!at) continue;
    const r = radius(picture, index);
    context.beginPath();
    context.arc(at[0] + r, at[1] - r, 3, 0, FULL_TURN);
    context.fill();
    context.fillRect(at[0] + r - 0.75, at[1] - r, 1.5, 7);
  }
};

const radius = ({ sigma }, index) => sigma.getNodeDisplayData(String(index)).size * sigma.scaleSize(1);
