// The picture as an SVG drawing: for export, for print, and for browsers without WebGL.

const escape = (text) => String(text).replace(/[&<>"'\p{Cc}]/gu, (character) => `&#${character.codePointAt(0)};`);
const round = (number) => Math.round(number * 10) / 10;

const MARGIN = 24;
const HEAD = 56;

/**
 * Write a scene as an SVG document. `title`, `notes` (lines below the title), `legend` (mark and text) and `source`
 * stand around it; without them the picture stands alone.
 */
export const toSvg = (scene, around) => {
  const { theme, width } = scene;
  if (!around)
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${scene.height}" viewBox="0 0 ${width} ${scene.height}" font-family="${escape(theme.font)}" aria-hidden="true">\n${parts(scene)}\n</svg>`;
  const { title, notes, legend, source } = around;
  const rows = rowsOf(legend, width);
  const foot = 26 + rows.length * 20 + 24;
  const head = HEAD + notes.length * 16;
  const size = [width + 2 * MARGIN, head + scene.height + foot];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size[0]} ${size[1]}" font-family="${escape(theme.font)}" font-size="12">
<title>${escape(title)}</title>
<rect width="100%" height="100%" fill="${theme.paper}"/>
<text x="${MARGIN}" y="34" font-size="19" font-weight="600" fill="${theme.ink}">${escape(title)}</text>
${notes.map((note, line) => `<text x="${MARGIN}" y="${54 + line * 16}" fill="${theme.quiet}">${escape(note)}</text>`).join("\n")}
<svg x="${MARGIN}" y="${head}" width="${width}" height="${scene.height}" viewBox="0 0 ${width} ${scene.height}">
${parts(scene)}
</svg>
${rows.map((row, line) => row.map(({ x, look, text }) => `<g transform="translate(${MARGIN + 8 + x} ${head + scene.height + 26 + line * 20})">${look ? sample(look, theme) : ""}<text x="${look ? 16 : -8}" y="4" fill="${theme.quiet}">${escape(text)}</text></g>`).join("\n")).join("\n")}
<text x="${MARGIN}" y="${size[1] - 12}" font-size="11" fill="${theme.quiet}">${escape(source)}</text>
</svg>`;
};

/** Set the legend in rows. */
const rowsOf = (legend, width) => {
  const rows = [[]];
  let x = 0;
  for (const { look, text } of legend) {
    const room = 46 + text.length * 6.5;
    if (x && x + room > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1).push({ x, look, text });
    x += room;
  }
  return rows;
};

const parts = (scene) => {
  const { theme } = scene;
  return [
    ...scene.outlines.map((outline) => outlined(outline, theme)),
    ...scene.edges.map(line),
    ...scene.nodes.map(mark),
    ...scene.labels.map((label) => written(label, theme)),
  ].join("\n");
};

const outlined = ({ path, width, label, at }, theme) =>
  `<path d="${path}" fill="none" stroke="${theme.hull}" stroke-opacity="0.16" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"><title>${escape(label)}</title></path><text x="${round(at[0])}" y="${round(at[1])}" text-anchor="middle" font-weight="700" font-size="13" fill="${theme.hull}">${escape(label)}</text>`;

const line = ({ x1, y1, x2, y2, color, size, broken }) =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${color}" stroke-width="${round(size)}"${broken ? ' stroke-dasharray="5 4"' : ""}/>`;

const mark = ({ x, y, size, shape, color, rim, rimWidth, label }) => {
  const paint = `fill="${color}"${rimWidth ? ` stroke="${rim}" stroke-width="${rimWidth}"` : ""}`;
  const name = label ? `<title>${escape(label)}</title>` : "";
  const r = round(size - rimWidth / 2);
  if (shape === "disc") return `<circle cx="${round(x)}" cy="${round(y)}" r="${r}" ${paint}>${name}</circle>`;
  if (shape === "square")
    return `<rect x="${round(x - r * 0.9)}" y="${round(y - r * 0.9)}" width="${round(r * 1.8)}" height="${round(r * 1.8)}" rx="${round(r * 0.3)}" ${paint}>${name}</rect>`;
  const d = r * 1.2;
  return `<path d="M${round(x)} ${round(y - d)}L${round(x + d)} ${round(y)}L${round(x)} ${round(y + d)}L${round(x - d)} ${round(y)}Z" ${paint}>${name}</path>`;
};

const written = ({ lines, left, top, width, step, size, pilot, strong }, theme) =>
  `<text text-anchor="middle" font-size="${size}" font-weight="${pilot ? 600 : 400}" fill="${pilot || strong ? theme.ink : theme.quiet}" stroke="${theme.paper}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke">${lines.map((text, number) => `<tspan x="${round(left + width / 2)}" y="${round(top + (number + 0.8) * step)}">${escape(text)}</tspan>`).join("")}</text>`;

const sample = (look, theme) => {
  if (look.line) return line({ x1: -8, y1: 0, x2: 8, y2: 0, size: 2, ...look });
  return mark({
    x: 0,
    y: 0,
    size: 5.5,
    rim: look.color,
    rimWidth: 0,
    shape: "disc",
    ...look,
    ...(look.open ? { color: theme.paper, rim: look.color, rimWidth: 2 } : {}),
  });
};

/** Draw an SVG document on a canvas, twice as large, and give it as a PNG. */
export const toPng = async (svg) => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/png");
  });
};
