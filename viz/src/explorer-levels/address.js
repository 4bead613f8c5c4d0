// Where the reader is, in the address bar: part=3.12, and after it what the explorer of that part keeps there.

const PART = /(?:^#?|&)part=([\d.]*)/;

/** The number of the group that an address names; empty for the whole. */
export const partOf = (hash) => PART.exec(hash)?.[1] ?? "";

/** The address of a group, or of something in it: the id of a node and what it is. */
export const addressOf = (number, id = "", mode = "") => {
  if (!id) return `#part=${number}`;
  const views = { goal: "view=goal&", domain: "view=domain&", place: "view=place&", kind: "kinds=1&" };
  return `#part=${number}&${views[mode] ?? ""}tab=why&chosen=${encodeURIComponent(`node:${id}`)}`;
};
