// Clusters of pilots, with their warrant: what they are, how sure they are, and what holds them together.

import { make } from "./dom.js";

/** Find a cluster by its number in the address. */
export const findCluster = (model, name) => {
  const core = model.clusters?.cores[Number(name) - 1];
  return core ? { number: Number(name), ...core } : null;
};

/** The part of the view panel about clusters: the verdict, the clusters, and how they were tested. */
export const clusterSection = (app) => {
  const { model, say, state } = app;
  const found = model.clusters;
  if (!found) return make("p", { class: "small" }, say("clustersNone"));
  const drawn = found.cores.length > 0;
  return [
    make("p", { class: "small" }, found.says.join(" ")),
    drawn &&
      make(
        "label",
        { class: "check" },
        make("input", {
          type: "checkbox",
          checked: state.clusters,
          "data-focus": "clusters",
          onchange: ({ target }) => app.set({ clusters: target.checked }),
        }),
        say("clustersUse"),
      ),
    drawn &&
      make(
        "ol",
        { class: "clusters" },
        found.cores.map((core, place) =>
          make(
            "li",
            {},
            make(
              "button",
              {
                type: "button",
                class: "plain",
                "data-focus": `cluster-${place + 1}`,
                onclick: () => app.choose(`cluster:${place + 1}`, { from: "show" }),
              },
              say("pilotsN", { n: core.nodes.length }),
            ),
            " ",
            make(
              "span",
              { class: "quiet" },
              core.holds
                .slice(0, 2)
                .map(({ node }) => model.nodes[node].label)
                .join(", "),
            ),
          ),
        ),
      ),
    found.tests.rows.length > 0 &&
      make(
        "details",
        {},
        make("summary", { "data-focus": "tests" }, say("clusterTests")),
        make(
          "div",
          { class: "table-scroll", tabindex: "0", role: "region", "aria-label": say("clusterTests") },
          figures(found.tests),
        ),
        make("p", { class: "small" }, found.settings, " ", say("clusterWhole")),
      ),
  ];
};

const figures = ({ heads, rows }) =>
  make(
    "table",
    {},
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        heads.map((head) => make("th", { scope: "col" }, head)),
      ),
    ),
    make(
      "tbody",
      {},
      rows.map(([name, ...cells]) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, name),
          cells.map((cell) => make("td", { class: "number" }, cell)),
        ),
      ),
    ),
  );

/** The explanation of one cluster. */
export const clusterPanel = (app, { cluster }) => {
  const { model, say } = app;
  const found = findCluster(model, cluster);
  const percent = `${Math.floor(found.lowest * 100)}%`;
  return [
    make("p", { class: "kicker" }, say("clusterOf")),
    make("h2", { tabindex: "-1" }, `${say("clusterOf")} ${found.number}`),
    make("p", {}, say("clusterSure", { n: found.nodes.length, share: percent })),
    make("p", { class: "small" }, model.clusters.says.join(" ")),
    make("h3", {}, say("clusterHolds")),
    make(
      "ul",
      { class: "links" },
      found.holds.map((hold) => holdItem(app, found, hold)),
    ),
    make("h3", {}, say("clusterMembers")),
    make(
      "ul",
      { class: "members" },
      found.nodes.map((index) =>
        make(
          "li",
          {},
          app.mark(index),
          make(
            "button",
            {
              type: "button",
              class: "plain",
              onclick: () => app.choose(`node:${model.nodes[index].id}`, { from: "why" }),
            },
            model.nodes[index].label,
          ),
        ),
      ),
    ),
  ];
};

const holdItem = (app, found, { node, inside, outside, assigned, claims }) => {
  const { model, say } = app;
  const size = found.nodes.length;
  const said = say("clusterHold", { inside, n: size, outside, others: model.clusters.pilots - size });
  const details = make(
    "details",
    {
      ontoggle: () =>
        details.open &&
        details.children.length === 1 &&
        details.append(
          make(
            "ul",
            { class: "claims" },
            claims.map((claim) => app.why.claim(claim)),
          ),
        ),
    },
    make(
      "summary",
      {},
      make("strong", {}, model.nodes[node].label),
      " ",
      make("span", { class: "quiet" }, said),
      assigned > 0 && make("span", { class: "state assigned" }, say("clusterAssigned", { n: assigned })),
    ),
  );
  return make(
    "li",
    {},
    details,
    make(
      "button",
      {
        type: "button",
        class: "go",
        "aria-label": say("goTo", { name: model.nodes[node].label }),
        onclick: () => app.find(node),
      },
      "→",
    ),
  );
};
