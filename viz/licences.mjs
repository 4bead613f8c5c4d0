// The licences of what stands in the bundles: whoever passes the bundles on passes these on with them.
import { readdir, readFile } from "node:fs/promises";

const PACKAGE = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//;

/** The licence texts of the packages that these files belong to, by name. `files` are paths as esbuild names them. */
export async function licences(files) {
  const packages = new Map();
  for (const file of files) {
    const [, folder, name] = PACKAGE.exec(file) ?? [];
    if (name) packages.set(name, folder);
  }
  const parts = [...packages].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, folder]) => licence(folder));
  return `${(await Promise.all(parts)).join("\n\n\n")}\n`;
}

async function licence(folder) {
  const { name, version, license, repository } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const address = (repository?.url ?? repository ?? "").replace(/^git\+/, "");
  const file = (await readdir(folder))
    .sort()
    .find((each) => /^(licen[cs]e|copying)/i.test(each) && !/3rd-party/i.test(each));
  const text = file
    ? await readFile(`${folder}/${file}`, "utf8")
    : "The package holds no licence text; see its address.";
  return `${name} ${version}\n${license}\n${address}\n\n${text.trim()}`;
}
