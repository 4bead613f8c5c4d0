// The proof of a row, for people: the claims that carry it, how each is known, and where it stands in the source.

import { fill, h } from "./dom.js";
import { isWeb } from "./settings.js";

const AT_ONCE = 12;
const PREFIXES = ["cannot tell all", "cannot tell", "rests on absence", "rests on register or vocabulary only"];

/** Writes a proof, as the worker gives it. */
export function proofView(proof, { texts, pageOf }) {
  const { claims, records = [], rules = [], reason = "", bare } = proof;
  const box = h("div", { class: "proof-body sq-proof" });
  if (claims.length) box.append(claimList(claims, proof, { texts, pageOf }));
  if (records.length && !claims.length)
    box.append(h("p", {}, texts.records(records.length)), list(records, proof, { texts, pageOf }));
  if (rules.length) box.append(h("p", { class: "soft" }, texts.throughRules(rules.join(", "))));
  if (bare && claims.length) box.append(h("p", { class: "soft" }, texts.bareToo));
  if (reason) box.append(h("p", {}, because(reason, texts)));
  if (!claims.length && !records.length && !reason) box.append(h("p", {}, `${texts.reasons["names no claims"]}.`));
  return box;
}

function claimList(claims, proof, { texts, pageOf }) {
  if (claims.length <= AT_ONCE)
    return h("div", {}, h("p", {}, texts.claims(claims.length)), list(claims, proof, { texts, pageOf }));
  const box = h("div", {});
  const all = () => fill(box, h("p", {}, texts.claims(claims.length)), list(claims, proof, { texts, pageOf }));
  const more = h("button", { type: "button", class: "sq-quiet", click: all }, texts.showAll);
  return fill(
    box,
    h("p", {}, texts.claimsOfMany(claims.length, AT_ONCE)),
    list(claims.slice(0, AT_ONCE), proof, { texts, pageOf }),
    more,
  );
}

function list(claims, { passages, knowing = {} }, { texts, pageOf }) {
  const byClaim = Map.groupBy ? Map.groupBy(passages, (passage) => passage.claim) : grouped(passages);
  return h(
    "ul",
    { class: "sq-claims" },
    claims.map((claim) => claimItem(claim, byClaim.get(claim) ?? [], knowing[claim], { texts, pageOf })),
  );
}

function grouped(passages) {
  const found = new Map();
  for (const passage of passages) found.set(passage.claim, [...(found.get(passage.claim) ?? []), passage]);
  return found;
}

function claimItem(claim, passages, state, { texts, pageOf }) {
  const [first] = passages;
  const name = [first?.kind, first?.about].filter(Boolean).join(": ") || claim.split("/").at(-1);
  const page = pageOf(claim);
  const badge = state
    ? h("span", { class: `badge state-${state === "assigned" ? "derived" : state}` }, texts.states[state])
    : null;
  const head = h("span", { class: "sq-claim" }, page ? h("a", { href: page }, name) : name, " ", badge);
  return h(
    "li",
    {},
    head,
    passages.map((passage) => passageLine(passage, texts)),
  );
}

function passageLine({ title, source, section, page, starts, ends, link }, texts) {
  const words = starts === ends ? starts : `${starts} … ${ends}`;
  const where = [title ?? source, section, page ? texts.pageOf(page) : null].filter(Boolean).join(", ");
  const onward = link && isWeb(link) ? h("a", { href: link, rel: "noreferrer" }, texts.inSource) : null;
  return h(
    "span",
    { class: "sq-passage" },
    h("q", { lang: "nl" }, words),
    h("span", { class: "soft" }, ` ${where} `),
    onward,
  );
}

/** Why there is no claim, or what cannot be told, in the page's language. */
export function because(reason, texts) {
  const start = PREFIXES.find((prefix) => reason.startsWith(prefix));
  if (!start) return reason;
  const rest = reason.slice(start.length).replace(/^: /, "");
  const translated = Object.entries(texts.because).reduce((text, [from, to]) => text.replaceAll(from, to), rest);
  return `${texts.reasons[start]}${translated ? `: ${translated}` : ""}.`;
}
