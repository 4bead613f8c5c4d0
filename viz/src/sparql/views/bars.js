// A bar chart: a list of names, bars and numbers, which reads as well without the bars.

import { h } from "../dom.js";

const MOST = 60;

/** Draws the rows; `columns` are the names and one or more columns of values. */
export function bars({ answer, rows, columns: [label, ...values], texts, link }) {
  const drawn = rows.slice(0, MOST);
  const amounts = drawn.flatMap((row) => values.map((value) => answer.number(row, value) ?? 0));
  const scale = {
    most: Math.max(0, ...amounts),
    room: Math.max(...amounts.map((amount) => answer.numbers.format(amount).length)),
  };
  const other = second(answer, drawn, label);
  const list = h(
    "ol",
    { class: "sq-bars" },
    drawn.map((row) => bar(answer, row, { label, other, values, scale, link })),
  );
  const swatch = (value, at) => h("li", {}, h("span", { class: `sq-swatch series-${at}` }), value.title);
  const legend = values.length > 1 ? h("ul", { class: "sq-legend" }, values.map(swatch)) : null;
  const note = rows.length > MOST ? h("p", { class: "soft small" }, texts.bars(MOST, rows.length)) : null;
  return h("div", {}, legend, list, note);
}

/** Where names are not told apart by their own column: the other column of short texts that does it best. */
function second(answer, rows, label) {
  const kinds = (columns) =>
    new Set(rows.map((row) => columns.map((column) => answer.text(row, column)).join("\n"))).size;
  if (kinds([label]) === rows.length) return null;
  const others = answer.columns.filter((column) => column !== label && !column.numeric && !column.long);
  return others.sort((a, b) => kinds([label, b]) - kinds([label, a]))[0] ?? null;
}

function bar(answer, row, { label, other, values, scale, link }) {
  const lines = values.map((value, at) => {
    const amount = answer.number(row, value);
    const strip = h("span", { class: `sq-bar series-${at}` });
    strip.style.inlineSize = `${scale.most > 0 && amount > 0 ? (100 * amount) / scale.most : 0}%`;
    const track = h(
      "span",
      { class: "sq-track" },
      strip,
      h("span", { class: "sq-amount" }, amount === null ? "–" : answer.numbers.format(amount)),
    );
    track.style.paddingInlineEnd = `${scale.room + 2}ch`;
    return track;
  });
  const more = other ? h("span", { class: "soft small sq-dates" }, answer.text(row, other)) : null;
  return h(
    "li",
    {},
    h("span", { class: "sq-name" }, link(answer.cell(row, label)), more),
    h("span", { class: "sq-tracks" }, lines),
  );
}
