// What the tests of the explorer share: the pages, made once by the package, and a browser that draws without a
// graphics card. EXPLORER_PAGES names a folder with pages that are made already.
import { rmSync } from "node:fs";
import { chromium } from "playwright-core";
import { CHROMIUM, folder, python, ROOT, watched } from "./support.mjs";

let made;

/** The folder with these pages, which are made at the first call. */
export const explorerPages = (...names) => {
  if (process.env.EXPLORER_PAGES) return process.env.EXPLORER_PAGES;
  if (!made) {
    made = folder();
    python(`${ROOT}viz/tests/explorer_pages.py`, made, ...names);
    process.on("exit", () => rmSync(made, { recursive: true, force: true }));
  }
  return made;
};

/** A browser with WebGL in software; `more` are further arguments. */
export const drawingBrowser = (...more) =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", ...more],
  });

/** Open a page from disk, as a reader would; gives it with the list of what went wrong. `prepare` comes before. */
export const openPage = async (browser, name, { hash = "", prepare = () => {}, ...options } = {}) => {
  const context = await browser.newContext({
    viewport: { width: 1300, height: 900 },
    reducedMotion: "reduce",
    acceptDownloads: true,
    ...options,
  });
  const { page, troubles } = await watched(context, "file://");
  await prepare(page);
  await page.goto(`file://${explorerPages()}/${name}.html${hash}`);
  if (options.javaScriptEnabled !== false) await page.waitForSelector("#explorer[data-ready]", { timeout: 60_000 });
  return { context, page, troubles };
};
