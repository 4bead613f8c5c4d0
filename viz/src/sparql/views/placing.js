// Names beside points, where there is room; the first ones get it first.

/** The height of letters in a picture that is drawn smaller on a small screen. */
export function letters(size) {
  return window.innerWidth < 640 ? Math.round(size * 1.6) : size;
}

/**
 * Places the names of points `{x, y, radius, text}`.
 *
 * Gives a map from points to `{x, y, anchor, text}`, at most `most`; `size` is the height of the letters.
 */
export function placed(points, { width, size, most }) {
  const taken = points.map((point) => ({
    left: point.x - point.radius,
    right: point.x + point.radius,
    top: point.y - point.radius,
    bottom: point.y + point.radius,
  }));
  const found = new Map();
  for (const point of points) {
    if (found.size >= most) break;
    const { text } = point;
    const length = text.length * size * 0.55;
    const own = taken[points.indexOf(point)];
    for (const place of placesFor(point, length, size)) {
      const { left, right } = place.box;
      const isFree = left > 0 && right < width && taken.every((other) => other === own || apart(place.box, other));
      if (!isFree) continue;
      taken.push(place.box);
      found.set(point, { text, x: place.x, y: place.y, anchor: place.anchor });
      break;
    }
  }
  return found;
}

/** Right of the point, left of it, below it, above it. */
function placesFor({ x, y, radius }, length, size) {
  const gap = radius + 4;
  const at = (anchor, left, baseline) => {
    const box = { left, right: left + length, top: baseline - size, bottom: baseline + size * 0.25 };
    return {
      anchor,
      box,
      x: anchor === "start" ? left : anchor === "end" ? left + length : left + length / 2,
      y: baseline,
    };
  };
  const middle = y + size * 0.35;
  return [
    at("start", x + gap, middle),
    at("end", x - gap - length, middle),
    at("middle", x - length / 2, y + gap + size * 0.8),
    at("middle", x - length / 2, y - gap),
  ];
}

function apart(one, other) {
  return one.left > other.right || one.right < other.left || one.top > other.bottom || one.bottom < other.top;
}
