// The list of questions, with a field to find one.

import { fill, h } from "./dom.js";

/** From this width on the list stands beside the question. */
const BESIDE = "(min-width: 60rem)";

/** Makes the list: `{element, select(name)}`. Every question is a link, so that it can be opened beside this one. */
export function library(questions, { texts, lang }) {
  const named = questions.map((question) => ({ ...question, title: question.summary[lang] || question.summary.en }));
  const byTitle = new Intl.Collator(lang);
  named.sort((a, b) => byTitle.compare(a.title, b.title));
  const links = named.map((question) => ({
    question,
    link: h("a", { href: `#query=${encodeURIComponent(question.name)}` }, question.title),
  }));
  const own = h("a", { href: "#", class: "sq-own" }, texts.newQuery);
  const list = h("ul", {});
  const none = h("p", { class: "soft small", role: "status" });
  const find = h("input", {
    type: "search",
    "aria-label": texts.findQuestion,
    placeholder: texts.findQuestion,
    input: () => show(),
  });
  const show = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = ({ question }) =>
      words.every((word) => `${question.title} ${question.name}`.toLowerCase().includes(word));
    const found = links.filter(fits);
    fill(
      list,
      found.map(({ link }) => h("li", {}, link)),
    );
    none.textContent = found.length ? "" : texts.noQuestion;
  };
  show();
  const box = h("details", { class: "sq-side-box" }, h("summary", {}, texts.questions), own, find, list, none);
  box.open = window.matchMedia(BESIDE).matches;
  return {
    element: h("nav", { class: "sq-side", "aria-label": texts.questions }, box),
    select(name) {
      for (const { question, link } of links) {
        if (question.name === name) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      if (name === null) own.setAttribute("aria-current", "true");
      else own.removeAttribute("aria-current");
      if (!window.matchMedia(BESIDE).matches) box.open = false;
      const current = list.querySelector("[aria-current]");
      if (current) list.scrollTop = current.offsetTop - list.clientHeight / 2;
    },
  };
}
