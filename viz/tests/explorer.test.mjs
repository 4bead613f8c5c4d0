// The explorer, driven in a real browser as a reader would: by mouse, by keyboard, with a screen reader's eyes.
import assert from "node:assert/strict";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { drawingBrowser, explorerPages, openPage } from "./explorer-support.mjs";
import { folder, NO_CHROMIUM, ROOT, served } from "./support.mjs";

const options = { skip: NO_CHROMIUM, timeout: 240_000 };
let browser;

before(async () => {
  if (NO_CHROMIUM) return;
  explorerPages("explorer.nl", "explorer.en", "hostile");
  browser = await drawingBrowser();
});
after(() => browser?.close());

/** Open a page, do something with it, and see that nothing went wrong meanwhile. */
const drive = async (name, more, act) => {
  const { context, page, troubles } = await openPage(browser, name, more);
  try {
    await act(page, troubles);
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
  }
};

const state = (page) => page.evaluate(() => explorer.state);
const shown = (page) => page.evaluate(() => explorer.network.nodes.map((index) => explorer.model.nodes[index].id));
const said = (page) => page.locator("#explorer-live").textContent();
const placeOf = (page, id) =>
  page.evaluate((wanted) => {
    const { left, top } = explorer.canvas.getBoundingClientRect();
    const [x, y] = explorer.picture.screen()(explorer.model.byId.get(wanted));
    return [left + x, top + y];
  }, id);
/** Wait until the picture has the size of its frame. */
const settled = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
      }),
  );
const RAAD = "organisation/raad-voor-rechtsbijstand";
const ZAAK = "pilot/mijn-zaak";

test("the page opens from a disk, asks no other host, and draws every node in its colour", options, () =>
  drive("explorer.nl", {}, async (page) => {
    const wrong = await page.evaluate(() => {
      const { picture, network } = explorer;
      picture.sigma.render();
      const { nodes } = picture.sigma.getCanvases();
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [nodes.width, nodes.height];
      const context = copy.getContext("2d");
      context.drawImage(nodes, 0, 0);
      const screen = picture.screen();
      return network.nodes.filter((index) => {
        const [x, y] = screen(index);
        const hex = [...context.getImageData(Math.round(x), Math.round(y), 1, 1).data]
          .slice(0, 3)
          .map((value) => value.toString(16).padStart(2, "0"))
          .join("");
        return `#${hex}` !== picture.sigma.getNodeDisplayData(String(index)).color;
      }).length;
    });
    assert.equal(wrong, 0);
    assert.match(await page.locator(".counts").textContent(), /^34 pilots, \d+ organisaties, \d+ verbindingen$/);
  }),
);

for (const language of ["nl", "en"]) {
  test(`no label lies over another, and what has most links is labelled (${language})`, options, () =>
    drive(`explorer.${language}`, {}, async (page) => {
      const { overlaps, hubs, labels } = await page.evaluate(() => {
        const { placed, order } = explorer.picture;
        const over = (a, b) =>
          a.left < b.left + b.width &&
          b.left < a.left + a.width &&
          a.top < b.top + b.height &&
          b.top < a.top + a.height;
        return {
          overlaps: placed.flatMap((a, at) => placed.slice(at + 1).filter((b) => over(a, b))).length,
          hubs: order
            .slice(0, 8)
            .filter((index) => !placed.some((label) => label.index === index))
            .map((index) => explorer.model.nodes[index].label),
          labels: placed.length,
        };
      });
      assert.deepEqual({ overlaps, hubs }, { overlaps: 0, hubs: [] });
      assert.ok(labels > 50, `${labels} labels`);
    }),
  );
}

test("search suggests, by name without accents, and brings what is chosen into the picture", options, () =>
  drive("explorer.nl", {}, async (page) => {
    const field = page.getByRole("combobox", { name: "Zoek" });
    await field.fill("RAAD VOOR r");
    assert.equal(
      await page.getByRole("option").first().locator("span").nth(1).textContent(),
      "Raad voor Rechtsbijstand",
    );
    await field.press("ArrowDown");
    assert.equal(await field.getAttribute("aria-activedescendant"), "explorer-found-0");
    await field.press("Enter");
    assert.equal((await state(page)).chosen, `node:${RAAD}`);
    assert.equal(await field.getAttribute("aria-expanded"), "false");
    assert.match(await said(page), /^Raad voor Rechtsbijstand, Organisatie, \d+ verbindingen\.$/);
    assert.equal(await page.locator(".why-panel h2").textContent(), "Raad voor Rechtsbijstand");
    await field.fill("geen enkele");
    assert.equal(await said(page), "niets gevonden");
  }),
);

test("search finds what the picture does not show, and changes the view for it", options, () =>
  drive("explorer.nl", { hash: "#pillar=concept/pillar/tweede-lijn" }, async (page) => {
    const field = page.getByRole("combobox");
    await field.fill("sociaal raadslieden");
    assert.match(await page.getByRole("option").first().textContent(), /niet in dit beeld/);
    await field.press("Enter");
    const { chosen, kinds } = await state(page);
    assert.equal(kinds, true);
    assert.ok((await shown(page)).includes(chosen.slice("node:".length)));
    await field.fill("responsieve");
    await field.press("Enter");
    assert.equal((await state(page)).view, "goal");
  }),
);

test("filters leave the pilots that fit, in picture and table alike, and say so", options, () =>
  drive("explorer.nl", {}, async (page) => {
    await page.locator("summary", { hasText: "Pijler" }).click();
    await page.getByRole("checkbox", { name: "burgergerichte overheid" }).check();
    const wanted = await page.evaluate(() =>
      explorer.model.links.pillar
        .filter(({ thing }) => explorer.model.nodes[thing].label === "burgergerichte overheid")
        .map(({ pilot }) => explorer.model.nodes[pilot].id)
        .sort(),
    );
    assert.deepEqual((await shown(page)).filter((id) => id.startsWith("pilot/")).sort(), wanted);
    assert.match(await page.locator(".notice").textContent(), /Pijler: burgergerichte overheid/);
    assert.match(await said(page), /^3 pilots, /);
    await page.getByRole("tab", { name: "Tabel" }).click();
    const rows = await page.locator(".table-panel tbody th").allTextContents();
    assert.deepEqual(
      rows.sort(),
      (await page.evaluate(() => explorer.network.nodes.map((index) => explorer.model.nodes[index].label))).sort(),
    );
    await page.getByRole("button", { name: "Alles tonen" }).click();
    assert.equal((await shown(page)).filter((id) => id.startsWith("pilot/")).length, 34);
  }),
);

test("every filter has an effect, and the last one that is cleared restores the whole", options, () =>
  drive("explorer.nl", {}, async (page) => {
    const whole = (await shown(page)).length;
    for (const name of ["pillar", "domain", "goal", "programme", "status", "role", "source"]) {
      const count = await page.evaluate((facet) => {
        const [value] =
          facet === "role"
            ? explorer.show.roles().slice(-1)
            : facet === "source"
              ? explorer.show.sources().slice(-1)
              : explorer.model.facets.find((found) => found.name === facet).values.slice(-1);
        explorer.set({ filters: { ...explorer.state.filters, [facet]: [value.id] } });
        return [explorer.network.nodes.length, explorer.network.edges.length].join();
      }, name);
      assert.notEqual(count, `${whole},110`, name);
      await page.evaluate(() => explorer.clear());
      assert.equal((await shown(page)).length, whole, name);
    }
  }),
);

test("the arrow keys walk to neighbours, N and P go through the links, Enter crosses one", options, () =>
  drive("explorer.nl", {}, async (page) => {
    const picture = page.getByRole("application", { name: "Tekening van het netwerk" });
    await picture.focus();
    await picture.press("ArrowRight");
    assert.equal((await state(page)).chosen, `node:${RAAD}`, "it begins at the node with the most links");
    const linked = await page.evaluate((id) => {
      const at = explorer.model.byId.get(id);
      return explorer.network.edges
        .flatMap(({ a, b }) => (a === at ? [b] : b === at ? [a] : []))
        .map((index) => explorer.model.nodes[index].id);
    }, RAAD);
    for (const [key, axis, sign] of [
      ["ArrowRight", 0, 1],
      ["ArrowLeft", 0, -1],
      ["ArrowDown", 1, 1],
      ["ArrowUp", 1, -1],
    ]) {
      await page.evaluate((id) => explorer.choose(`node:${id}`), RAAD);
      await picture.focus();
      await picture.press(key);
      const to = (await state(page)).chosen.slice("node:".length);
      const [from, there] = [await placeOf(page, RAAD), await placeOf(page, to)];
      assert.ok(linked.includes(to), `${key} goes to a neighbour`);
      assert.ok((there[axis] - from[axis]) * sign > 0, `${key} goes that way`);
    }
    await page.evaluate((id) => explorer.choose(`node:${id}`), RAAD);
    await picture.focus();
    const seen = new Set();
    for (let step = 0; step < linked.length; step += 1) {
      await picture.press("n");
      seen.add((await state(page)).chosen);
      assert.match(await said(page), /^Verbinding tussen /);
    }
    assert.equal(seen.size, linked.length, "every link of the node is reached");
    await picture.press("Enter");
    assert.ok(linked.includes((await state(page)).chosen.slice("node:".length)), "Enter crosses the link");
    await picture.press("Enter");
    assert.equal(
      await page.evaluate(() => document.activeElement.tagName),
      "H2",
      "Enter on a node goes to its explanation",
    );
    await picture.focus();
    await picture.press("Escape");
    assert.equal((await state(page)).chosen, null);
    await picture.press("+");
    assert.ok((await page.evaluate(() => explorer.picture.camera()[2])) < 1);
    await picture.press("0");
    assert.deepEqual(await page.evaluate(() => explorer.picture.camera()), [0.5, 0.5, 1]);
  }),
);

test("a click on a line tells why it is there, with every passage of every claim", options, () =>
  drive("explorer.nl", {}, async (page) => {
    const [x1, y1] = await placeOf(page, "pilot/legalguard");
    const [x2, y2] = await placeOf(page, "organisation/achmea");
    await page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2);
    const { chosen } = await state(page);
    assert.equal(chosen, "edge:pilot/legalguard~organisation/achmea");
    const wanted = await page.evaluate((key) => {
      const edge = explorer.network.edges.find((found) => found.key === key);
      return edge.cites
        .flatMap(({ claim }) => explorer.model.claims[claim].passages)
        .map((number) => {
          const { first, last, link } = explorer.model.passages[number];
          return [first === last ? `‘${first}’` : `‘${first} … ${last}’`, link ?? null];
        });
    }, chosen.slice("edge:".length));
    assert.ok(wanted.length > 0);
    const found = await page
      .locator(".passage")
      .evaluateAll((figures) =>
        figures.map((figure) => [
          figure.querySelector("blockquote").textContent,
          figure.querySelector("a")?.href ?? null,
        ]),
      );
    assert.deepEqual(
      found.map(([words]) => words),
      wanted.map(([words]) => words),
    );
    assert.deepEqual(
      found.map(([, link]) => link),
      wanted.map(([, link]) => link && new URL(link).href),
    );
    assert.match(
      await page.locator(".passage figcaption").first().textContent(),
      /^Pilotoverzicht stelselvernieuwing rechtsbijstand \(2022\), /,
    );
  }),
);

test("a link between two pilots shows for each thing that both have the passages of either side", options, () =>
  drive("explorer.nl", { hash: "#view=pilots&layers=relation,actor,place" }, async (page) => {
    const sides = await page.evaluate(() => {
      const edge = explorer.network.edges.find(({ layer, shared }) => layer === "actor" && shared.length > 1);
      explorer.choose(`edge:${edge.key}`);
      return edge.shared.map((thing) => [
        explorer.model.nodes[thing].label,
        explorer.model.nodes[edge.a].label,
        explorer.model.nodes[edge.b].label,
      ]);
    });
    const found = await page
      .locator(".shared")
      .evaluateAll((sections) =>
        sections.map((section) =>
          [section.querySelector("h3"), ...section.querySelectorAll("h4")].map((heading) => heading.textContent),
        ),
      );
    assert.deepEqual(found, sides);
    assert.ok(
      (await page
        .locator(".shared ul.claims")
        .evaluateAll((lists) => lists.filter((list) => !list.querySelector(".passage")).length)) === 0,
    );
  }),
);

test("a node can be seen with its surroundings only, and these can grow", options, () =>
  drive("explorer.nl", {}, async (page) => {
    await page.evaluate((id) => explorer.choose(`node:${id}`), ZAAK);
    await page.getByRole("button", { name: "Alleen de omgeving" }).click();
    const near = await shown(page);
    assert.ok(near.includes(ZAAK) && near.includes(RAAD) && near.length < 12);
    await settled(page);
    await page.mouse.dblclick(...(await placeOf(page, RAAD)));
    const more = await shown(page);
    assert.ok(more.length > near.length && near.every((id) => more.includes(id)));
    await page.getByRole("button", { name: "Alles tonen" }).click();
    assert.equal((await shown(page)).length, 94);
  }),
);

test(
  "a node that is dragged is pinned, stays where it is when the rest is laid out anew, and can be released",
  options,
  () =>
    drive("explorer.nl", { hash: `#around=${encodeURIComponent(ZAAK)}` }, async (page) => {
      await settled(page);
      const [x, y] = await placeOf(page, ZAAK);
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 60, y + 40, { steps: 6 });
      await page.mouse.up();
      const { [ZAAK]: pinned } = (await state(page)).pins;
      assert.ok(pinned);
      assert.equal((await state(page)).chosen, null, "a drag is no click");
      const places = () =>
        page.evaluate(() =>
          Object.fromEntries([...explorer.places].map(([index, place]) => [explorer.model.nodes[index].id, place])),
        );
      const before_ = await places();
      await page.getByRole("button", { name: "Wat te zien is opnieuw schikken" }).click();
      const tidied = await places();
      assert.deepEqual(tidied[ZAAK], pinned);
      assert.notDeepEqual(tidied[RAAD], before_[RAAD]);
      await page.waitForURL(/tidy=1/);
      await page.reload();
      await page.waitForSelector("#explorer[data-ready]");
      assert.deepEqual(await places(), tidied, "the same again after reloading");
      await page.getByRole("button", { name: "Alles losmaken" }).click();
      assert.deepEqual((await state(page)).pins, {});
    }),
);

test("the month leaves out who did not run then, keeps who may have, and marks them", options, () =>
  drive("explorer.nl", {}, async (page) => {
    await page.getByRole("checkbox", { name: /Alleen pilots die liepen in/ }).check();
    const slider = page.getByRole("slider", { name: "Maand" });
    await slider.focus();
    await slider.press("Home");
    assert.match(await slider.getAttribute("aria-valuetext"), /^\p{L}+ \d{4}$/u);
    const { gone, open, filled } = await page.evaluate(() => {
      const { ranIn } = explorer.network;
      const look = explorer.picture.lookOfNode;
      return {
        gone: [...ranIn].filter(([, answer]) => answer === "no").length,
        open: [...ranIn]
          .filter(([, answer]) => answer === "perhaps" || answer === "unknown")
          .every(([index]) => look(index).rimWidth > 0),
        filled: [...ranIn].filter(([, answer]) => answer === "yes").every(([index]) => look(index).rimWidth === 0),
      };
    });
    assert.ok(gone > 0 && open && filled);
    assert.equal((await shown(page)).filter((id) => id.startsWith("pilot/")).length, 34 - gone);
    assert.match(await page.locator(".part-when").textContent(), /onbekend \(geen datum\)/);
    assert.match(await page.locator(".legend").textContent(), /niet zeker dat die toen liep/);
  }),
);

test("clusters come with their verdict, and each tells what holds it together, with passages", options, () =>
  drive("explorer.nl", {}, async (page) => {
    const clusters = await page.evaluate(() => explorer.model.clusters);
    assert.ok((await page.locator(".part-clusters").textContent()).includes(clusters.says[0]));
    assert.equal(await page.evaluate(() => explorer.picture.scene().outlines.length), 0, "none is drawn unasked");
    await page.getByRole("checkbox", { name: "Omtrekken tonen" }).check();
    assert.equal(await page.evaluate(() => explorer.picture.scene().outlines.length), clusters.cores.length);
    await page.locator(".clusters button").first().click();
    assert.equal(await page.locator(".why-panel h2").textContent(), "Kern 1");
    await page.locator(".why-panel details summary").first().click();
    await page.locator(".why-panel .passage").first().waitFor();
    assert.equal(await page.locator(".members li").count(), clusters.cores[0].nodes.length);
  }),
);

test("where the verdict is that there are no clusters, none is offered", options, () =>
  drive("explorer.nl", {}, async (page) => {
    await page.evaluate(() => {
      explorer.model.clusters = {
        verdict: "none",
        says: ["Te weinig."],
        pilots: 3,
        cores: [],
        tests: { heads: [], rows: [] },
        settings: "",
      };
      explorer.set({ clusters: true });
    });
    assert.equal(await page.locator(".part-clusters input, .part-clusters li").count(), 0);
    assert.match(await page.locator(".part-clusters").textContent(), /Te weinig\./);
    assert.equal(await page.evaluate(() => explorer.picture.scene().outlines.length), 0);
  }),
);

test("the address restores the view: network, filters, choice, pins, table and place", options, () =>
  drive("explorer.en", {}, async (page) => {
    await page.evaluate((id) => {
      explorer.set({
        view: "pilots",
        layers: ["actor", "place"],
        weight: "inverse",
        funders: false,
        month: "2021-06",
        tab: "table",
        list: "links",
        sort: { by: "strength", down: true },
      });
      explorer.set({ pins: { [id]: [40, -30] } });
      explorer.choose(`node:${id}`, { from: "table" });
      explorer.picture.setCamera([0.4, 0.6, 0.5]);
      explorer.writeAddress();
    }, ZAAK);
    const see = () =>
      page.evaluate(() => {
        const { nodes, edges, labels } = explorer.picture.scene();
        return {
          state: explorer.state,
          nodes,
          edges,
          labels,
          rows: [...document.querySelectorAll(".table-panel tbody tr")].map((row) => row.textContent),
        };
      });
    const seen = await see();
    const address = page.url();
    await page.goto("about:blank");
    await page.goto(address);
    await page.waitForSelector("#explorer[data-ready]");
    assert.deepEqual(await see(), seen);
    await page.evaluate(() => {
      location.hash = "view=goal";
    });
    await page.waitForFunction(() => explorer.state.view === "goal");
  }),
);

test("the table sorts, chooses, and shows the same as the picture", options, () =>
  drive("explorer.nl", { hash: "#tab=table" }, async (page) => {
    const counts = async () => (await page.locator(".table-panel tbody td.number").allTextContents()).map(Number);
    const down = await counts();
    assert.deepEqual(
      down,
      [...down].sort((a, b) => b - a),
    );
    await page.getByRole("button", { name: "verbindingen", exact: true }).click();
    assert.equal(await page.getByRole("columnheader", { name: "verbindingen" }).getAttribute("aria-sort"), "ascending");
    assert.equal(
      await page.evaluate(() => document.activeElement.dataset.focus),
      "sort-count",
      "the focus stays on the heading",
    );
    await page.getByRole("button", { name: "naam", exact: true }).click();
    const names = await page.locator(".table-panel tbody th").allTextContents();
    assert.deepEqual(names, [...names].sort(new Intl.Collator("nl", { numeric: true }).compare));
    await page.getByRole("button", { name: "Juridisch Loket", exact: true }).click();
    assert.equal((await state(page)).chosen, "node:organisation/juridisch-loket");
    assert.match(await page.locator("tr[aria-current]").textContent(), /^Juridisch Loket/);
    await page.getByRole("radio", { name: "Verbindingen" }).check();
    assert.equal(
      await page.locator(".table-panel tbody tr").count(),
      await page.evaluate(() => explorer.network.edges.length),
    );
  }),
);

/** Choose something from the menu, and give the file that comes of it. */
const exported = async (page, name) => {
  await page.locator(".menu summary").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
};

test("picture and data can be taken along: PNG, SVG, CSV and JSON", options, () =>
  drive("explorer.nl", { hash: "#pillar=concept/pillar/tweede-lijn" }, async (page) => {
    const png = await exported(page, "Beeld (PNG)");
    assert.equal(png.name, "network.png");
    assert.deepEqual([...png.bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    assert.ok(png.bytes.readUInt32BE(16) > 1200, "twice as large as on the screen");
    const svg = (await exported(page, "Beeld (SVG)")).bytes.toString();
    const { nodes, edges, links } = await page.evaluate((text) => {
      const drawing = new DOMParser().parseFromString(text, "image/svg+xml");
      const named = [...drawing.querySelectorAll("circle > title, rect > title, path > title")].map(
        ({ textContent }) => textContent,
      );
      return {
        nodes: named.sort(),
        edges: drawing.querySelectorAll("svg svg line").length,
        links: drawing.querySelectorAll("parsererror, script, [href], [style]").length,
      };
    }, svg);
    const labels = await page.evaluate(() =>
      explorer.network.nodes.map((index) => explorer.model.nodes[index].label).sort(),
    );
    assert.deepEqual(nodes, labels);
    assert.equal(edges, await page.evaluate(() => explorer.network.edges.length));
    assert.equal(links, 0);
    assert.match(svg, /Pilots stelselvernieuwing rechtsbijstand, editie/);
    const csv = (await exported(page, "Verbindingen (CSV)")).bytes.toString().split("\r\n");
    assert.equal(csv[0], "from,from_label,to,to_label,layer,weight,what,known,claims");
    assert.equal(csv.length - 2, edges);
    assert.match(csv[1], /^https:\/\/w3id\.org\/pilotgraph\/rechtsbijstand\/id\/pilot\//);
    assert.equal((await exported(page, "Knopen (CSV)")).bytes.toString().split("\r\n").length - 2, labels.length);
    const json = JSON.parse((await exported(page, "Alles wat te zien is (JSON)")).bytes);
    assert.equal(json.links.length, edges);
    const cited = new Set(json.links.flatMap(({ claims }) => claims));
    assert.deepEqual(json.claims.map(({ iri }) => iri).sort(), [...cited].sort());
    assert.ok(json.claims.every(({ passages }) => passages.length > 0));
    assert.deepEqual(json.filters, ["Pijler: tweede lijn"]);
  }),
);

const axed = async (page, what) => {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }),
  );
  assert.deepEqual(
    violations.map(({ id, nodes }) => [what, id, nodes.map(({ target }) => target.join(" "))]),
    [],
  );
};

for (const language of ["nl", "en"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in any panel (${language}, ${colorScheme})`, options, () =>
      drive(`explorer.${language}`, { colorScheme, bypassCSP: true }, async (page) => {
        await axed(page, "as it opens");
        await page.locator("details").evaluateAll((all) =>
          all.forEach((one) => {
            one.open = true;
          }),
        );
        await page.evaluate(() => explorer.set({ view: "pilots", month: "2021-06", clusters: true }));
        await axed(page, "view");
        await page.evaluate(() => explorer.set({ tab: "table", list: "links" }));
        await axed(page, "table");
        await page.evaluate((id) => explorer.choose(`node:${id}`), ZAAK);
        await page.locator(".why-panel details").evaluateAll((all) =>
          all.forEach((one) => {
            one.open = true;
          }),
        );
        await page.waitForTimeout(50);
        await axed(page, "explanation");
        await page.evaluate(() => explorer.choose("cluster:1"));
        await axed(page, "cluster");
        await page.getByRole("combobox").fill("d");
        await axed(page, "suggestions");
      }),
    );
  }
}

test("axe finds nothing on a phone, which shows one thing at a time and never scrolls sideways", options, () =>
  drive(
    "explorer.nl",
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, bypassCSP: true },
    async (page) => {
      const sideways = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.deepEqual(await page.getByRole("tab").allTextContents(), ["Beeld", "Weergave", "Tabel", "Uitleg"]);
      assert.ok(await page.getByRole("application").isVisible());
      await axed(page, "picture");
      await page.touchscreen.tap(...(await placeOf(page, RAAD)));
      assert.match(await page.locator(".peek").textContent(), /^Raad voor Rechtsbijstand, /);
      await page.locator(".peek button").click();
      assert.ok(await page.getByRole("heading", { name: "Raad voor Rechtsbijstand" }).isVisible());
      assert.equal(await page.getByRole("application").isVisible(), false);
      for (const name of ["Weergave", "Tabel", "Uitleg", "Beeld"]) {
        await page.getByRole("tab", { name }).tap();
        assert.equal(await sideways(), false, name);
        await axed(page, name);
      }
    },
  ),
);

test("the focus is always to be seen, and the tabs work with arrow keys", options, () =>
  drive("explorer.nl", {}, async (page) => {
    await page.getByRole("tab", { name: "Weergave" }).focus();
    await page.keyboard.press("ArrowRight");
    assert.equal((await state(page)).tab, "table");
    await page.evaluate(() => document.activeElement.blur());
    const unseen = [];
    for (let step = 0; step < 30; step += 1) {
      await page.keyboard.press("Tab");
      const found = await page.evaluate(() => {
        const element = document.activeElement;
        const style = getComputedStyle(element);
        const next = element.nextElementSibling && getComputedStyle(element.nextElementSibling);
        const outlined = ({ outlineStyle, outlineWidth }) =>
          outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
        return element === document.body || outlined(style) || (next && outlined(next))
          ? null
          : element.outerHTML.slice(0, 120);
      });
      if (found) unseen.push(found);
    }
    assert.deepEqual(unseen, []);
  }),
);

test("hostile texts stay texts, in picture, panels, address and files", options, () =>
  drive("hostile", { hash: "#kinds=1&tab=table" }, async (page) => {
    await page.evaluate(() => {
      for (const index of explorer.network.nodes.slice(0, 12))
        explorer.choose(`node:${explorer.model.nodes[index].id}`);
      for (const edge of explorer.network.edges.slice(0, 12)) explorer.choose(`edge:${edge.key}`);
      explorer.set({ view: "pilots", layers: ["actor", "goal"], clusters: true });
      explorer.choose("cluster:1");
      explorer.preparePrint();
      explorer.choose(`edge:${explorer.network.edges[3].key}`);
      explorer.writeAddress();
    });
    await page.getByRole("combobox").fill("script");
    assert.ok((await page.getByRole("option").count()) > 0);
    assert.equal(await page.locator(".passage a").count(), 0, "javascript: is no link");
    const { chosen } = await state(page);
    await page.reload();
    await page.waitForSelector("#explorer[data-ready]");
    assert.equal((await state(page)).chosen, chosen);
    assert.equal(await page.locator("main img, main script").count(), 0);
    assert.equal(await page.evaluate(() => globalThis.alarm), undefined);
    const csv = (await exported(page, "Nodes (CSV)")).bytes.toString();
    assert.ok(csv.includes(",'=HYPERLINK(1)") && !/(^|,|")=HYPERLINK/m.test(csv), "no cell begins a formula");
    const svg = (await exported(page, "Picture (SVG)")).bytes.toString();
    assert.equal(
      await page.evaluate(
        (text) =>
          new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("parsererror, script, img").length,
        svg,
      ),
      0,
    );
  }),
);

test("the content security policy lets nothing run or load but the bundle itself", options, () =>
  drive("explorer.nl", {}, async (page, troubles) => {
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.alarm = 1";
      document.body.append(script);
      return fetch("https://example.org/").catch(() => null);
    });
    await page.waitForTimeout(100);
    assert.equal(await page.evaluate(() => globalThis.alarm), undefined);
    const refused = troubles.splice(0);
    assert.ok(
      refused.length >= 2 && refused.every((line) => /Content Security Policy|violates/i.test(line)),
      refused.join("\n"),
    );
  }),
);

test("without a script there is a table, and without WebGL a drawing and a table", options, async () => {
  await drive("explorer.nl", { javaScriptEnabled: false }, async (page) => {
    assert.ok((await page.locator("noscript tbody tr, main tbody tr").count()) > 200);
  });
  const plain = await drawingBrowser("--disable-3d-apis");
  try {
    const { page, troubles } = await openPage(plain, "explorer.nl", { hash: "#tab=table" });
    assert.match(await page.locator(".notice").textContent(), /kan niet met WebGL tekenen/);
    assert.equal(await page.locator(".canvas circle").count(), 34);
    await page.getByRole("button", { name: "Juridisch Loket", exact: true }).click();
    assert.match(await said(page), /^Juridisch Loket, /);
    assert.deepEqual(
      troubles.filter((line) => !/WebGL/i.test(line)),
      [],
    );
  } finally {
    await plain.close();
  }
});

test("on paper there are the drawing, what is filtered, and the whole table", options, () =>
  drive("explorer.nl", { hash: "#pillar=concept/pillar/tweede-lijn" }, async (page) => {
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(".printed svg").first().isVisible());
    assert.equal((await page.locator(".printed svg circle").count()) > 5, true);
    assert.ok(await page.locator(".table-panel table").isVisible());
    assert.match(await page.locator(".notice").textContent(), /Pijler: tweede lijn/);
    assert.equal(await page.locator(".tools").isVisible(), false);
  }),
);

test("a site can keep page, data and script apart, under a policy that lets only itself in", options, async () => {
  const site = folder();
  const page_ = await readFile(`${explorerPages()}/explorer.en.html`, "utf8");
  await writeFile(
    `${site}/data.js`,
    `window.pilotgraphNetwork=${/id="explorer-data">(.*?)<\/script>/s.exec(page_)[1]};\n`,
  );
  for (const name of ["explorer.js", "explorer.css"]) await copyFile(`${ROOT}viz/dist/${name}`, `${site}/${name}`);
  await writeFile(
    `${site}/index.html`,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Network</title>
    <meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src 'self' data:"><link rel="stylesheet" href="explorer.css"></head>
    <body><main id="explorer"></main><script src="data.js" defer></script><script src="explorer.js" defer></script></body></html>`,
  );
  const { origin, close } = await served(site);
  const context = await browser.newContext({ acceptDownloads: true, viewport: { width: 1200, height: 800 } });
  try {
    const page = await context.newPage();
    const troubles = [];
    page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
    page.on("pageerror", ({ message }) => troubles.push(message));
    await page.goto(`${origin}/index.html`);
    await page.waitForSelector("#explorer[data-ready]");
    assert.match(await page.locator(".counts").textContent(), /^34 pilots, /);
    assert.equal((await exported(page, "Picture (PNG)")).name, "network.png");
    assert.deepEqual(
      troubles.filter((line) => !/favicon|404/.test(line)),
      [],
    );
  } finally {
    await context.close();
    await close();
    await rm(site, { recursive: true });
  }
});
