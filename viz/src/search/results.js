// The page of results: what was asked stands in the address, so that it can be kept and sent.
import { wordsOf } from "./finder.js";

const EXCERPT = 220;

export function showResults(input, list, status, load, href) {
  async function show() {
    const words = new URLSearchParams(window.location.search).get("q")?.trim() ?? "";
    input.value = words;
    list.replaceChildren();
    status.textContent = "";
    if (!words) return;
    const { pages, total, near } = await (await load()).find(words);
    status.textContent = total ? (near ? status.dataset.near : status.dataset.found).replace("{n}", String(total)) : status.dataset.none;
    list.replaceChildren(...pages.map((page) => result(page, words, href)));
  }
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.history.pushState(null, "", `?${new URLSearchParams({ q: input.value })}`);
    show();
  });
  window.addEventListener("popstate", show);
  show();
}

function result(page, words, href) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = href(page.path);
  const name = document.createElement("bdi");
  name.textContent = page.title;
  link.append(name);
  const kind = document.createElement("small");
  kind.className = "soft";
  kind.textContent = ` ${page.kind}`;
  item.append(link, kind);
  if (page.text) {
    const about = document.createElement("p");
    about.append(...marked(excerpt(page.text, words), words));
    item.append(about);
  }
  return item;
}

function excerpt(text, words) {
  const plain = text.toLowerCase();
  const at = Math.min(...wordsOf(words).map((word) => plain.indexOf(word)).filter((n) => n >= 0), text.length);
  const start = at < text.length ? Math.max(0, at - EXCERPT / 3) : 0;
  const cut = text.slice(start, start + EXCERPT);
  return `${start > 0 ? "… " : ""}${cut}${start + EXCERPT < text.length ? " …" : ""}`;
}

// The text as nodes, with what was asked for marked.
function marked(text, words) {
  const asked = wordsOf(words);
  return text.split(/([\p{L}\p{N}]+)/u).map((piece) => {
    const [word] = wordsOf(piece);
    if (!word || !asked.some((one) => word.startsWith(one) || (one.startsWith(word) && word.length > 4))) return piece;
    const mark = document.createElement("mark");
    mark.textContent = piece;
    return mark;
  });
}
