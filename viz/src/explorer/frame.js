// The elements of the explorer: bar, picture with its tools, panels behind tabs.

import { fill, icon, make, save } from "./dom.js";
import { toPng } from "./drawing.js";
import { linksCsv, nodesCsv, toJson } from "./files.js";
import { TABS } from "./state.js";

const ICONS = {
  zoomIn: ["M8 3v10", "M3 8h10"],
  zoomOut: ["M3 8h10"],
  fit: ["M2 6V2h4", "M10 2h4v4", "M14 10v4h-4", "M6 14H2v-4"],
  tidy: ["M3 3h4v4H3z", "M9 9h4v4H9z", "M7 5h4v4", "M5 7v4h4"],
  unpin: ["M10 2l4 4-3 1-3 4-3-3 4-3z", "M5 11l-3 3", "M2 2l12 12"],
};

/** Make all elements, put them into the page, and give those that change later. */
export const buildFrame = (app) => {
  const { say } = app;
  const canvas = make("div", {
    class: "canvas",
    id: "explorer-picture",
    tabindex: "0",
    role: "application",
    "aria-label": say("stage"),
    "aria-describedby": "explorer-keys",
  });
  const found = {
    canvas,
    counts: make("p", { class: "counts" }),
    notice: make("div", { class: "notice" }),
    legend: make("div", { class: "legend" }),
    peek: make("div", { class: "peek" }),
    printed: make("div", { class: "printed", "aria-hidden": "true" }),
    live: make("p", { class: "unseen", role: "status", "aria-live": "polite", id: "explorer-live" }),
    tabList: tabs(app),
    ...tools(app),
  };
  const keys = make("p", { class: "keys", "aria-hidden": "true" }, say("keys"));
  const stage = make(
    "section",
    { class: "stage", "aria-label": say("picture"), id: "explorer-panel-picture" },
    found.notice,
    make("div", { class: "frame" }, canvas, found.tools, found.peek, keys),
    found.printed,
    found.legend,
    make("p", { class: "unseen", id: "explorer-keys" }, say("stageKeys")),
  );
  found.side = make(
    "div",
    { class: "side" },
    found.tabList,
    ["show", "table", "why"].map((tab) => panel(tab, app[tab].element)),
  );
  fill(
    app.root,
    make("div", { class: "bar" }, app.search.element, found.counts, exports(app)),
    make("div", { class: "body" }, stage, found.side),
    found.live,
  );
  app.root.classList.add("explorer");
  return found;
};

const panel = (tab, element) =>
  make(
    "div",
    { class: "panel", role: "tabpanel", id: `explorer-panel-${tab}`, "aria-labelledby": `explorer-tab-${tab}` },
    element,
  );

const tabs = (app) => {
  const tab = (name) =>
    make(
      "button",
      {
        type: "button",
        role: "tab",
        id: `explorer-tab-${name}`,
        class: `tab-${name}`,
        "aria-controls": `explorer-panel-${name}`,
        onclick: () => app.set({ tab: name }),
      },
      app.say(name),
    );
  return make(
    "div",
    { class: "tabs", role: "tablist", "aria-label": app.say("panels"), onkeydown: nextTab },
    TABS.map(tab),
  );
};

const nextTab = (event) => {
  const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!way) return;
  event.preventDefault();
  const shown = [...event.currentTarget.children].filter((button) => button.offsetParent !== null);
  const next = shown[(shown.indexOf(document.activeElement) + way + shown.length) % shown.length];
  next.focus();
  next.click();
};

const tools = (app) => {
  const { say } = app;
  const tool = (name, onclick) =>
    make(
      "button",
      {
        type: "button",
        class: `tool tool-${name}`,
        title: say(name),
        "aria-label": say(name),
        onclick,
      },
      icon(...ICONS[name]),
    );
  const tidyTool = tool("tidy", () => app.set({ tidy: !app.state.tidy }));
  const unpinTool = tool("unpin", () => app.set({ pins: {} }));
  const group = make(
    "div",
    { class: "tools", role: "group", "aria-label": say("picture") },
    tool("zoomIn", () => app.picture.zoom(1 / 1.5)),
    tool("zoomOut", () => app.picture.zoom(1.5)),
    tool("fit", () => app.fit()),
    tidyTool,
    unpinTool,
  );
  return { tools: group, tidyTool, unpinTool };
};

const exports = (app) => {
  const csv = "text/csv;charset=utf-8";
  const files = {
    png: async () => save("network.png", await toPng(app.drawing())),
    svg: () => save("network.svg", app.drawing(), "image/svg+xml"),
    csvNodes: () => save("nodes.csv", nodesCsv(app), csv),
    csvLinks: () => save("links.csv", linksCsv(app), csv),
    json: () => save("network.json", toJson(app), "application/json"),
    copy: () => app.copy(),
    print: () => print(),
  };
  const menu = make("details", { class: "menu" }, make("summary", {}, app.say("export")));
  const item = ([name, act]) =>
    make(
      "button",
      {
        type: "button",
        onclick: () => {
          menu.open = false;
          act();
        },
      },
      app.say(name),
    );
  menu.append(make("div", { class: "menu-items" }, Object.entries(files).map(item)));
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  addEventListener("click", ({ target }) => {
    if (!menu.contains(target)) menu.open = false;
  });
  return menu;
};
