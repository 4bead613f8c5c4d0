// A level of groups: a picture of circles and lines, and the same as a table.

import { fill, make } from "../explorer/dom.js";
import { addressOf } from "./address.js";
import { drawGroups } from "./circles.js";
import { groupName } from "./words.js";

const COMMON = 3;

export class Overview {
  constructor(root, level, levels) {
    Object.assign(this, { root, level, levels });
    const { say } = levels;
    this.canvas = make("div", { class: "circles" });
    this.table = make("div", { class: "groups-panel" }, this.words(), groupTable(level, levels));
    const counts = say("counted", {
      pilots: say("pilotsN", { n: levels.format(level.pilots) }),
      groups: say("groupsN", { n: level.groups.length }),
    });
    fill(
      root,
      make("div", { class: "bar" }, levels.search.element, make("p", { class: "counts" }, counts)),
      make(
        "div",
        { class: "body" },
        make(
          "section",
          { class: "stage", "aria-label": say("picture") },
          this.canvas,
          make("p", { class: "legend" }, say("pictureHelp")),
        ),
        make("section", { class: "side", "aria-labelledby": "explorer-level" }, this.table),
      ),
    );
    root.classList.add("explorer", "overview");
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.canvas);
    this.draw();
  }

  words() {
    const { level, levels } = this;
    const { say } = levels;
    const heading = level.number ? say("headingInside", { name: groupName(say, level) }) : say("heading");
    return [
      make("h2", { id: "explorer-level" }, heading),
      make("p", {}, say(level.number ? "aboutInside" : "about", { pilots: level.pilots })),
      make("p", { class: "small" }, say("caution")),
    ];
  }

  draw() {
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth) drawGroups(this.canvas, this.level, this.levels, [clientWidth, Math.max(clientHeight, 320)]);
  }

  close() {
    this.observer.disconnect();
  }
}

const groupTable = (level, levels) => {
  const { say, format } = levels;
  const heads = ["group", "pilots", "organisations", "members"];
  return make(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": say("groups") },
    make(
      "table",
      {},
      make("caption", { class: "unseen" }, say("groups")),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          heads.map((head) =>
            make("th", { scope: "col", class: ["pilots", "organisations"].includes(head) && "number" }, say(head)),
          ),
        ),
      ),
      make(
        "tbody",
        {},
        level.groups.map((group, place) =>
          make(
            "tr",
            {},
            make("th", { scope: "row" }, make("a", { href: addressOf(group.number) }, groupName(say, group))),
            make("td", { class: "number", "data-head": say("pilots") }, format(group.pilots)),
            make("td", { class: "number", "data-head": say("organisations") }, format(group.organisations)),
            make("td", { class: "members" }, members(group, levels), common(level, place, levels)),
          ),
        ),
      ),
    ),
  );
};

/** Links in running text, each with a number; with what they are before them. */
const listed = (head, links) =>
  links.length > 0 &&
  make(
    "p",
    {},
    head && make("span", { class: "quiet" }, `${head}: `),
    links.map(([label, href, n], place) => [
      place > 0 && ", ",
      make("a", { href }, label),
      make("span", { class: "quiet" }, ` (${n})`),
    ]),
  );

/** The most linked organisations and pilots of a group, each a way to it. */
const members = ({ linked, shared }, { format, say }) => {
  const way =
    (mode) =>
    ([id, label, n, part]) => [label, addressOf(part, id, mode), format(n)];
  return [listed("", shared.map(way("organisation"))), listed(say("linkedPilots"), linked.map(way("pilot")))];
};

/** The groups with which a group has the most partners in common. */
const common = ({ groups, links }, place, { format, say }) => {
  const near = links
    .filter(([one, two]) => one === place || two === place)
    .map(([one, two, n]) => [one === place ? two : one, n])
    .sort(([a, n], [b, m]) => m - n || a - b)
    .slice(0, COMMON)
    .map(([other, n]) => [groupName(say, groups[other]), addressOf(groups[other].number), format(n)]);
  return listed(say("common"), near);
};
