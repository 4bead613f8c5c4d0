// The wish in the address: what is looked for, the conditions, what is shown, what it is counted by, and the view.

/** Writes a wish as a fragment. Values of the data set are written from behind `{base}id/`. */
export function writeWish({ subject, conditions, show, by }, { view, columns, sort, filter }, base) {
  const given = new URLSearchParams();
  given.set("for", subject.id);
  for (const { feature, not, values } of conditions) {
    const listed = values.map((value) => shortened(value, base)).join("|");
    given.append("c", `${not ? "!" : ""}${feature.id}:${listed}`);
  }
  if (show.length) given.set("show", show.map((feature) => feature.id).join(","));
  if (by) given.set("by", by.id);
  for (const [name, value] of Object.entries({ view, columns, sort, filter })) if (value) given.set(name, value);
  return `#${given.toString()}`;
}

/** Reads a fragment: ids and values, not yet held against what there is. */
export function readWish(hash, base) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const conditions = given.getAll("c").map((text) => {
    const not = text.startsWith("!");
    const [id, ...rest] = (not ? text.slice(1) : text).split(":");
    const values = rest.join(":").split("|").filter(Boolean);
    return { id, not, values: values.map((value) => lengthened(value, base)) };
  });
  const shown = Object.fromEntries(["view", "columns", "sort", "filter"].map((name) => [name, given.get(name) ?? ""]));
  const show = (given.get("show") ?? "").split(",").filter(Boolean);
  return { subject: given.get("for") ?? "", conditions, show, by: given.get("by") ?? "", shown };
}

function shortened(value, base) {
  return value.startsWith(`${base}id/`) ? `/${value.slice(base.length + 3)}` : value;
}

function lengthened(value, base) {
  return value.startsWith("/") ? `${base}id/${value.slice(1)}` : value;
}
