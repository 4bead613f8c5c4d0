// Suggestions below a search field: the combobox pattern of the ARIA Authoring Practices Guide, with a list box.
const SHORTEST = 2;

export function suggest(input, find, href) {
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  list.hidden = true;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  let active = -1;
  let asked = 0;

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(number) {
    active = number;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === active)));
    const option = list.children[active];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  async function show() {
    const words = input.value.trim();
    asked += 1;
    const mine = asked;
    if (words.length < SHORTEST) return close();
    const found = await find(words);
    // A later letter may have been asked for meanwhile.
    if (mine !== asked) return undefined;
    list.replaceChildren(...found.map((page, n) => option(page, n, href)));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    return mark(-1);
  }

  input.setAttribute("aria-expanded", "false");
  input.addEventListener("input", () => show().catch(close));
  input.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.key === "Escape") close();
    else if (list.hidden || last < 0) return;
    else if (event.key === "ArrowDown") mark(active < last ? active + 1 : 0);
    else if (event.key === "ArrowUp") mark(active > 0 ? active - 1 : last);
    else if (event.key === "Enter" && active >= 0) window.location.href = list.children[active].dataset.href;
    else return;
    event.preventDefault();
  });
  input.form.addEventListener("submit", close);
  document.addEventListener("pointerdown", (event) => {
    if (!input.form.contains(event.target)) close();
  });
}

function option(page, number, href) {
  const item = document.createElement("li");
  item.id = `suggestion-${number}`;
  item.setAttribute("role", "option");
  item.dataset.href = href(page.path);
  const name = document.createElement("bdi");
  name.textContent = page.title;
  const kind = document.createElement("small");
  kind.textContent = ` ${page.kind}`;
  item.append(name, kind);
  item.addEventListener("click", () => {
    window.location.href = item.dataset.href;
  });
  return item;
}
