// Which labels are drawn, and where: none over another, the most important first.

/** The usual size of a label, in pixels. */
export const LABEL = 11;
const LINE = 20;
const LINES = 3;
const GAP = 3;

/** A label without what explains it in brackets, if it is long; a pilot keeps it, as it may tell two apart. */
export const shortened = ({ label, mode }) =>
  mode !== "pilot" && label.length > 26 ? label.replace(/(\S)\s*\([^()]*\)\s*$/, "$1") : label;

/** Break a label into at most three short lines; what does not fit ends in an ellipsis. */
export const wrap = (label) => {
  const lines = [""];
  for (const word of label.split(/\s+/)) {
    const joined = `${lines.at(-1)} ${word}`.trim();
    if (joined.length > LINE && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = joined;
  }
  const shown = lines.slice(0, LINES);
  if (lines.length > LINES) shown[LINES - 1] += " …";
  return shown.map((line) => (line.length > LINE + 8 ? `${line.slice(0, LINE + 6)}…` : line));
};

/** The label of a node in lines, with its font and how wide it is. */
export const measured = (context, node, size, theme) => {
  const lines = wrap(shortened(node));
  const font = `${node.mode === "pilot" ? 600 : 400} ${size}px ${theme.font}`;
  context.font = font;
  const width = Math.ceil(Math.max(...lines.map((line) => context.measureText(line).width))) + 2;
  return { lines, font, size, step: size + 2, width };
};

/**
 * Choose and place labels. `candidates`, the most important first, have x, y (screen pixels), the radius `r` of the
 * node, `lines`, the `step` from line to line and `width`; a `hub` may lie over nodes, and what is `always` placed over anything. `frame` is the
 * [width, height] of the picture, and nothing goes into the boxes that are `reserved`. Gives those that have a place, with their box: left, top, width, height.
 */
export const placeLabels = (candidates, frame, most, reserved = []) => {
  const nodes = new Grid(frame);
  const labels = new Grid(frame);
  for (const box of reserved) labels.add(box);
  for (const { x, y, r } of candidates.slice(0, most * 8)) nodes.add([x - r, y - r, x + r, y + r]);
  const placed = [];
  for (const candidate of candidates) {
    if (placed.length >= most) break;
    const boxes = places(candidate).filter((box) => inside(box, frame) && labels.count(box) === 0);
    const box = candidate.hub ? leastOver(nodes, boxes) : boxes.find((found) => nodes.count(found) === 0);
    const found = box ?? (candidate.always ? kept(places(candidate)[0], frame) : null);
    if (!found) continue;
    labels.add(found);
    placed.push({
      ...candidate,
      left: found[0],
      top: found[1],
      width: found[2] - found[0],
      height: found[3] - found[1],
    });
  }
  return placed;
};

const leastOver = (nodes, boxes) => {
  let [best, least] = [null, Infinity];
  for (const box of boxes) {
    const over = nodes.count(box);
    if (over < least) [best, least] = [box, over];
  }
  return best;
};

/** Below the node, then right of it, left of it, above it, then at its corners. */
const places = ({ x, y, r, width, lines, step }) => {
  const height = lines.length * step;
  const box = (left, top) => [left, top, left + width, top + height];
  const [right, left] = [x + r * 0.7 + GAP, x - r * 0.7 - GAP - width];
  const [below, above] = [y + r * 0.7 + GAP, y - r * 0.7 - GAP - height];
  return [
    box(x - width / 2, y + r + GAP),
    box(x + r + GAP + 2, y - height / 2),
    box(x - r - GAP - 2 - width, y - height / 2),
    box(x - width / 2, y - r - GAP - height),
    box(right, below),
    box(left, below),
    box(right, above),
    box(left, above),
  ];
};

const inside = ([left, top, right, bottom], [width, height]) =>
  left >= 0 && top >= 0 && right <= width && bottom <= height;

/** Move a box that must be shown into the picture. */
const kept = ([left, top, right, bottom], [width, height]) => {
  const dx = Math.max(0, -left) - Math.max(0, right - width);
  const dy = Math.max(0, -top) - Math.max(0, bottom - height);
  return [left + dx, top + dy, right + dx, bottom + dy];
};

// What is taken, sorted into cells so that only what is near is compared.
const CELL = 64;
class Grid {
  constructor([width]) {
    this.columns = Math.ceil(width / CELL) + 2;
    this.cells = new Map();
  }

  *around([left, top, right, bottom]) {
    for (let row = Math.floor(top / CELL); row <= Math.floor(bottom / CELL); row += 1) {
      for (let column = Math.floor(left / CELL); column <= Math.floor(right / CELL); column += 1) {
        yield row * this.columns + column;
      }
    }
  }

  add(box) {
    for (const cell of this.around(box)) {
      if (!this.cells.has(cell)) this.cells.set(cell, []);
      this.cells.get(cell).push(box);
    }
  }

  /** How many boxes a box lies over. */
  count(box) {
    const found = new Set();
    for (const cell of this.around(box)) {
      for (const other of this.cells.get(cell) ?? []) {
        if (box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]) found.add(other);
      }
    }
    return found.size;
  }
}
