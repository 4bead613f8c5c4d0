// The explorer of a large network: groups first, parts when asked for, from a disk and with nothing but scripts.
import assert from "node:assert/strict";
import { readdir, rename, rm } from "node:fs/promises";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { drawingBrowser } from "./explorer-support.mjs";
import { folder, NO_CHROMIUM, python, ROOT, watched } from "./support.mjs";

const options = { skip: NO_CHROMIUM, timeout: 240_000 };
let made;
let browser;

before(async () => {
  if (NO_CHROMIUM) return;
  made = process.env.EXPLORER_LEVELS || folder();
  if (!process.env.EXPLORER_LEVELS) python(`${ROOT}viz/tests/explorer_levels_pages.py`, made);
  browser = await drawingBrowser();
});
after(async () => {
  await browser?.close();
  if (made && !process.env.EXPLORER_LEVELS) await rm(made, { recursive: true });
});

const shown = (page, number) => page.waitForSelector(`#explorer[data-ready][data-number="${number}"]`);

/** Open the page, do something with it, and see that nothing went wrong meanwhile. */
const drive = async (act, { language = "en", hash = "", allowed = () => false, ...more } = {}) => {
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, reducedMotion: "reduce", ...more });
  const { page, troubles } = await watched(context, "file://");
  await page.goto(`file://${made}/${language}.html${hash}`);
  await page.waitForSelector("#explorer[data-ready]");
  await act(page);
  assert.deepEqual(
    troubles.filter((trouble) => !allowed(trouble)),
    [],
  );
  await context.close();
};

/** The numbers of the groups in the picture and in the table, as their links name them. */
const linked = (page, where) =>
  page.locator(where).evaluateAll((links) => links.map((link) => link.getAttribute("href").replace("#part=", "")));

/** Find a group that holds no others: the numbers of all parts are the names of the pieces. */
const parts = async () => {
  const numbers = (await readdir(`${made}/en-parts`)).flatMap((name) => /^part-([\d.]+)\.js$/.exec(name)?.[1] ?? []);
  return numbers.filter((number) => !numbers.some((other) => other.startsWith(`${number}.`)));
};

test("the first picture holds every group once, and the table the same", options, () =>
  drive(async (page) => {
    const circles = await linked(page, ".circles a");
    assert.deepEqual(circles, await linked(page, ".overview tbody th a"));
    assert.equal(circles.length, new Set(circles).size);
    assert.ok(circles.length > 5 && circles.length <= 40);
    const pilots = await page
      .locator(".overview tbody td:nth-child(2)")
      .evaluateAll((cells) => cells.map((cell) => Number(cell.textContent.replace(",", ""))));
    assert.equal(
      pilots.reduce((sum, n) => sum + n),
      1200,
    );
    assert.match(await page.locator(".counts").textContent(), /^1,200 pilots in \d+ groups$/);
  }),
);

test("a click goes into a group, and the back button and the trail go out again", options, () =>
  drive(async (page) => {
    await page.locator(".circles a circle").first().click();
    await shown(page, "1");
    assert.equal(new URL(page.url()).hash, "#part=1");
    assert.deepEqual(await page.locator(".trail li").count(), 2);
    await page.locator(".circles a circle").first().click();
    await shown(page, "1.1");
    await page.goBack();
    await shown(page, "1");
    await page.goForward();
    await shown(page, "1.1");
    await page.locator(".trail .back").click();
    await shown(page, "1");
    await page.locator(".trail li a").first().click();
    await shown(page, "");
    assert.ok((await page.locator(".circles a").count()) > 5);
  }),
);

test("a click on the number in a circle goes to that group, whatever names stand near", options, () =>
  drive(async (page) => {
    const under = () =>
      page.locator(".circles .size").evaluateAll((numbers) =>
        numbers.map((number) => {
          number.scrollIntoView({ block: "center" });
          const { x, y, width, height } = number.getBoundingClientRect();
          const found = document.elementFromPoint(x + width / 2, y + height / 2);
          return [found.closest("a").querySelector("title").textContent.includes(`\n${number.textContent} `), number.textContent];
        }),
      );
    for (const width of [1300, 1240, 900, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await page.waitForFunction(() => {
        const picture = document.querySelector(".circles");
        return picture.querySelector("svg").clientWidth === picture.clientWidth;
      });
      const found = await under();
      assert.ok(found.length > 0);
      assert.deepEqual(
        found.filter(([its]) => !its),
        [],
      );
    }
  }),
);

test("a part is the explorer with all that it has, and what is chosen in it stays in the address", options, async () => {
  const [number] = (await parts()).filter((name) => name.startsWith("3"));
  await drive(
    async (page) => {
      await shown(page, number);
      assert.ok((await page.evaluate(() => levels.shown.network.nodes.length)) > 5);
      await page.evaluate(() => levels.shown.choose(`node:${levels.shown.model.nodes[0].id}`));
      await page.waitForFunction(() => location.hash.includes("chosen="));
      const { url, label } = await page.evaluate(() => ({
        url: location.hash,
        label: levels.shown.model.nodes[0].label,
      }));
      assert.ok(url.startsWith(`#part=${number}&`));
      await page.reload();
      await shown(page, number);
      assert.equal(await page.locator(".why-panel h2").textContent(), label);
    },
    { hash: `#part=${number}` },
  );
});

test("no part draws more than some hundreds of nodes, in any of its networks, each at a place of its own", options, async () => {
  const numbers = await parts();
  await drive(
    async (page) => {
      for (const number of numbers.filter((_, at) => at % 5 === 0)) {
        await page.evaluate((to) => {
          location.hash = `#part=${to}`;
        }, number);
        await shown(page, number);
        for (const view of ["actor", "goal", "domain", "pilots", "actors"]) {
          await page.evaluate((name) => levels.shown.set({ view: name }), view);
          const places = await page.evaluate(() => [...levels.shown.places.values()].map(String));
          assert.ok(places.length <= 400, `${number} ${view}: ${places.length}`);
          assert.ok(new Set(places).size > places.length * 0.95, `${number} ${view}`);
        }
      }
    },
    { hash: `#part=${numbers[0]}` },
  );
});

test("a pilot is found by name from anywhere, and shown in its part", options, () =>
  drive(async (page) => {
    const field = page.getByRole("combobox");
    await field.fill("pilot 734");
    await page.locator("[role=option]").first().waitFor();
    assert.match(await page.locator("[role=option]").first().textContent(), /Pilot 734 /);
    await field.press("ArrowDown");
    await field.press("Enter");
    await page.locator(".why-panel h2").waitFor();
    assert.match(await page.locator(".why-panel h2").textContent(), /^Pilot 734 /);
    assert.equal(await page.evaluate(() => levels.shown.model.nodes[levels.shown.chosen.node].id), "pilot/p0000734");
  }),
);

test("an organisation of many groups tells where else it is, and leads there", options, () =>
  drive(async (page) => {
    const field = page.getByRole("combobox");
    await field.fill("organisation 0");
    await page.locator("[role=option]").first().click();
    await page.locator(".why-panel h2").waitFor();
    assert.equal(await page.locator(".why-panel h2").textContent(), "Organisation 0");
    const here = await page.evaluate(() => levels.number);
    const [pilots, elsewhere] = await page.evaluate(() => {
      const { links, nodes } = levels.shown.model;
      const node = nodes[levels.shown.chosen.node];
      const inside = new Set(links.actor.filter(({ thing }) => thing === node.index).map(({ pilot }) => pilot));
      return [inside.size, node.elsewhere];
    });
    assert.ok(pilots > 0 && elsewhere.total > 0);
    await page.locator(".elsewhere a").first().click();
    await shown(page, elsewhere.at[0][0]);
    assert.notEqual(await page.evaluate(() => levels.number), here);
    await page.goBack();
    await shown(page, here);
    assert.equal(await page.locator(".why-panel h2").textContent(), "Organisation 0");
  }),
);

test("a word that very many names have asks for another", options, () =>
  drive(async (page) => {
    await page.getByRole("combobox").fill("pilot");
    await page.locator(".refine").waitFor();
    assert.match(await page.locator(".refine").textContent(), /^“pilot” stands in very many names/);
    await page.getByRole("combobox").fill("zzzz");
    await page.waitForFunction(() => document.querySelector("[aria-live]").textContent === "nothing found");
  }),
);

test("with the keyboard alone: into a group and out of it, and the focus follows", options, () =>
  drive(async (page) => {
    await page.getByRole("combobox").focus();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#part=1");
    assert.ok(await page.locator(".lines line.on").count());
    await page.keyboard.press("Enter");
    await shown(page, "1");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-current")), "page");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await shown(page, "");
  }),
);

test("a part whose file is missing is said so, and can be tried again", options, async () => {
  const [number] = await parts();
  const file = `${made}/nl-parts/part-${number}.js`;
  await rename(file, `${file}.away`);
  try {
    await drive(
      async (page) => {
        const said = await page.locator("[role=alert]").textContent();
        assert.match(said, new RegExp(`nl-parts/part-${number}\\.js ontbreekt`));
        await rename(`${file}.away`, file);
        await page.getByRole("button", { name: "Opnieuw proberen" }).click();
        await shown(page, number);
      },
      { language: "nl", hash: `#part=${number}`, allowed: (trouble) => trouble.includes("ERR_FILE_NOT_FOUND") },
    );
  } finally {
    await rename(`${file}.away`, file).catch(() => {});
  }
});

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

for (const language of ["nl", "en"])
  for (const colorScheme of ["light", "dark"])
    for (const width of [1300, 390])
      test(`axe finds nothing (${language}, ${colorScheme}, ${width})`, options, async () => {
        const [number] = await parts();
        const viewport = { width, height: 844 };
        await drive(
          async (page) => {
            await axed(page, "groups");
            await page.evaluate((to) => {
              location.hash = `#part=${to}`;
            }, number);
            await shown(page, number);
            await axed(page, "part");
          },
          { language, colorScheme, viewport, bypassCSP: true },
        );
      });

test("on a phone nothing is wider than the window", options, () =>
  drive(
    async (page) => {
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      assert.ok(await page.locator(".circles a").first().isVisible());
    },
    { viewport: { width: 390, height: 844 } },
  ),
);

test("without JavaScript the groups stand in a table", options, async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`file://${made}/nl.html`);
  assert.ok((await page.locator("noscript tbody tr, main tbody tr").count()) > 5);
  await context.close();
});
