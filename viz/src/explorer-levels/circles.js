// Draws groups as circles that are links, with lines between them, in the size of the window.

import { LABEL, placeLabels, wrap } from "../explorer/labels.js";
import { groupName } from "./words.js";
import { addressOf } from "./address.js";

const PADDING = 16;
const NAME = 40;
// The least circle that holds its number of pilots, and half of what a character of it takes.
const WRITTEN = 17;
const CHARACTER = 4;
// The names of so many of the largest may stand over other circles.
const HUBS = 10;
const SVG = "http://www.w3.org/2000/svg";

const element = (tag, attributes, ...children) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

/** Put the picture of a level into a container of some width and height. */
export const drawGroups = (container, level, levels, [width, height]) => {
  const circles = placed(level.groups, width, height);
  const most = Math.max(1, ...level.links.map(([, , n]) => n));
  const lines = level.links.map(([one, two, n]) =>
    element("line", {
      x1: circles[one].x,
      y1: circles[one].y,
      x2: circles[two].x,
      y2: circles[two].y,
      "stroke-width": (0.6 + 4 * Math.sqrt(n / most)).toFixed(1),
      "data-ends": `${one} ${two}`,
    }),
  );
  const labels = labelsOf(container, level.groups, circles, levels, [width, height]);
  const groups = level.groups.map((group, place) => circle(group, circles[place], labels.get(place), levels));
  const texts = level.groups.flatMap((group, place) => written(group, circles[place], labels.get(place), levels));
  const svg = element(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": levels.say("picture") },
    element("g", { class: "lines", "aria-hidden": "true" }, ...lines),
    ...groups,
    element("g", { class: "texts", "aria-hidden": "true" }, ...texts),
  );
  groups.forEach((link, place) => {
    const mark = (on) => () => {
      for (const line of lines)
        line.classList.toggle("on", on && line.dataset.ends.split(" ").includes(String(place)));
      svg.classList.toggle("pointed", on);
    };
    for (const [event, on] of [["pointerenter", true], ["focus", true], ["pointerleave", false], ["blur", false]])
      link.addEventListener(event, mark(on));
  });
  const focused = container.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  container.replaceChildren(svg);
  if (focused) svg.querySelector(`a[href="${focused}"]`)?.focus();
};

/** The circles in pixels: the whole picture as large as it goes; on one that is higher than wide it lies on its side. */
const placed = (groups, width, height) => {
  const upright = height > width * 1.15;
  const at = groups.map(({ at: [x, y], r }) => ({ x: upright ? y : x, y: upright ? x : -y, r }));
  const [left, right] = [Math.min(...at.map(({ x, r }) => x - r)), Math.max(...at.map(({ x, r }) => x + r))];
  const [top, bottom] = [Math.min(...at.map(({ y, r }) => y - r)), Math.max(...at.map(({ y, r }) => y + r))];
  const [across, down] = [width - 2 * PADDING, height - 2 * PADDING - NAME];
  const [sx, sy] = [across / (right - left || 1), down / (bottom - top || 1)];
  const small = Math.min(sx, sy, 1.4);
  // Distances may stretch to fill the window; circles stay circles.
  const [fx, fy] = [Math.min(sx, small * 1.6), Math.min(sy, small * 1.6)];
  return at.map(({ x, y, r }) => ({
    x: round(width / 2 + (x - (left + right) / 2) * fx),
    y: round((height - NAME) / 2 + (y - (top + bottom) / 2) * fy),
    r: round(Math.max(4, r * small)),
  }));
};

/** Tell whether the number of pilots has room in a circle. */
const holds = (r, text) => r >= Math.max(WRITTEN, text.length * CHARACTER);

const round = (value) => Math.round(value * 10) / 10;

/** A group as a link, which says all of it; where its name stands it can be clicked too. */
const circle = (group, { x, y, r }, label, { say, format }) => {
  const counts = `${say("pilotsN", { n: format(group.pilots) })}, ${say("organisationsShort", { n: group.organisations })}`;
  const name = groupName(say, group);
  const link = element(
    "a",
    { href: addressOf(group.number), class: `group ${group.kind}`, "aria-label": `${name}: ${counts}` },
    element("circle", { cx: x, cy: y, r }, element("title", {}, `${name}\n${counts}`)),
  );
  if (label) {
    const { left, top, width, height } = label;
    link.append(element("rect", { x: left, y: top, width, height }));
  }
  return link;
};

/** What is written in a circle and beside it. */
const written = (group, { x, y, r }, label, { format }) => [
  ...(holds(r, format(group.pilots))
    ? [element("text", { x, y, dy: "0.35em", class: "size" }, format(group.pilots))]
    : []),
  ...(label?.lines ?? []).map((line, at) =>
    element("text", { x: label.left + label.width / 2, y: label.top + (at + 0.8) * label.step, class: "name" }, line),
  ),
];

/** The names that have room, those of the largest groups first. */
const labelsOf = (container, groups, circles, { say, format }, frame) => {
  const context = document.createElement("canvas").getContext("2d");
  const height = LABEL + 1;
  context.font = `${height}px ${getComputedStyle(container).fontFamily}`;
  const candidates = groups.map((group, index) => {
    const { x, y, r } = circles[index];
    const size = format(group.pilots);
    const name = group.kind === "group" ? group.title[0] : groupName(say, group, { short: true });
    const lines = wrap(holds(r, size) ? name : `${name} (${size})`);
    const width = Math.ceil(Math.max(...lines.map((line) => context.measureText(line).width))) + 4;
    return { index, x, y, r, lines, step: height + 2, width, hub: index < HUBS };
  });
  const numbers = groups.flatMap((group, index) => middle(circles[index], format(group.pilots)));
  return new Map(placeLabels(candidates, frame, candidates.length, numbers).map((label) => [label.index, label]));
};

/** Where the number of pilots stands: a name there would hide it, and lead who clicks on it to another group. */
const middle = ({ x, y, r }, text) => {
  if (!holds(r, text)) return [];
  const half = text.length * CHARACTER;
  return [[x - half, y - LABEL, x + half, y + LABEL]];
};
