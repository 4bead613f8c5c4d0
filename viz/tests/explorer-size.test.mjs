// Five thousand nodes and twenty thousand edges, without a graphics card: the picture comes soon and moves smoothly.
// The bounds are on the work of the page itself, in processor time, so that a busy machine is no failure; the frames
// as seen are told beside them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { drawingBrowser, explorerPages, openPage } from "./explorer-support.mjs";
import { NO_CHROMIUM } from "./support.mjs";

const options = { skip: NO_CHROMIUM, timeout: 240_000 };
let browser;

before(async () => {
  if (NO_CHROMIUM) return;
  explorerPages("large", "too-large");
  browser = await drawingBrowser();
});
after(() => browser?.close());

/** The processor time, in milliseconds, that the page's main thread has used. */
const meter = async (page) => {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };
};

/** Do something while counting what is drawn and timing the frames. */
const watch = async (page, used, act) => {
  await page.evaluate(() => {
    const seen = { frames: [], drawn: 0, on: true };
    let last = performance.now();
    const step = (now) => {
      seen.frames.push(now - last);
      last = now;
      if (seen.on) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    explorer.picture.sigma.on("afterRender", () => {
      seen.drawn += 1;
    });
    globalThis.seen = seen;
  });
  const begun = await used();
  await act();
  const spent = (await used()) - begun;
  const { frames, drawn } = await page.evaluate(() => {
    seen.on = false;
    return seen;
  });
  const sorted = frames.slice(1).sort((a, b) => a - b);
  return { drawn, work: spent / drawn, median: sorted[sorted.length >> 1], worst: sorted.at(-1) };
};

test("5,000 nodes and 20,000 edges are drawn within seconds, and pan and zoom", options, async (t) => {
  let used;
  const prepare = async (blank) => {
    used = await meter(blank);
  };
  const { context, page, troubles } = await openPage(browser, "large", { reducedMotion: "no-preference", prepare });
  try {
    const first = await page.evaluate(() => performance.now());
    const opening = await used();
    const { nodes, edges } = await page.evaluate(() => ({
      nodes: explorer.network.nodes.length,
      edges: explorer.network.edges.length,
    }));
    assert.equal(nodes, 5000);
    assert.ok(edges >= 20_000);
    assert.equal(await page.locator(".notice").textContent(), "", "all of it is shown");
    const { x, y, width, height } = await page.locator("#explorer-picture").boundingBox();
    const [cx, cy] = [x + width / 2, y + height / 2];
    const pan = await watch(page, used, async () => {
      await page.mouse.move(cx + 200, cy + 150);
      await page.mouse.down();
      for (let step = 0; step < 60; step += 1) await page.mouse.move(cx + 200 - 4 * step, cy + 150 - 3 * step);
      await page.mouse.up();
    });
    const zoom = await watch(page, used, async () => {
      for (let step = 0; step < 12; step += 1) {
        await page.mouse.wheel(0, step < 6 ? -300 : 300);
        await page.waitForTimeout(120);
      }
    });
    await page.waitForFunction(() => !explorer.picture.sigma.edgesWait);
    t.diagnostic(`ready after ${Math.round(first)} ms; work at the opening ${Math.round(opening)} ms`);
    for (const [name, { drawn, work, median, worst }] of Object.entries({ pan, zoom })) {
      t.diagnostic(
        `${name}: ${drawn} pictures, ${work.toFixed(1)} ms of work each; frames ${median.toFixed(0)} ms, at worst ${worst.toFixed(0)} ms`,
      );
    }
    assert.ok(opening < 4000, `${opening} ms of work before the picture`);
    assert.ok(first < 20_000, `${first} ms until the picture`);
    assert.ok(pan.work < 40 && zoom.work < 40, `${pan.work} and ${zoom.work} ms of work a frame`);
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
  }
});

test("what is too large is shown in part, which is said, and search still finds the rest", options, async () => {
  const { context, page, troubles } = await openPage(browser, "too-large");
  try {
    const { nodes, edges, whole } = await page.evaluate(() => ({
      nodes: explorer.network.nodes.length,
      edges: explorer.network.edges.length,
      whole: explorer.model.nodes.filter(({ mode }) => mode === "pilot" || mode === "organisation").length,
    }));
    assert.ok(nodes <= 6000 && edges <= 24_000 && whole > nodes);
    const notice = await page.locator(".notice").textContent();
    assert.ok(
      notice.startsWith("Dit is niet alles: ") && notice.includes(`${(whole - nodes).toLocaleString("nl-NL")} knopen`),
      notice,
    );
    const missing = await page.evaluate(() => {
      const shown = new Set(explorer.network.nodes);
      return explorer.model.nodes.find(({ index, mode }) => mode === "organisation" && !shown.has(index)).label;
    });
    await page.getByRole("combobox").fill(missing);
    await page.getByRole("combobox").press("Enter");
    assert.match(await page.locator("#explorer-live").textContent(), new RegExp(`^${missing}, `));
    assert.ok(
      await page.evaluate(
        (label) => explorer.network.nodes.some((index) => explorer.model.nodes[index].label === label),
        missing,
      ),
    );
    await page.evaluate(() => explorer.set({ tab: "table", list: "links", around: [] }));
    assert.equal(await page.locator(".table-panel tbody tr").count(), 200);
    assert.match(await page.locator(".table-panel").textContent(), /200 van de [\d.]+ rijen staan hier/);
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
  }
});
