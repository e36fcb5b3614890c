// Bundles the entry points of src/ into the folder named by the first argument, under hashed
// names, and writes manifest.json there: {"app.js": "app-3F2A….js", …}. Called by build_hook.py.
// Beside each bundle lies the same, compressed once and for all: app-3F2A….js.gz.
//
// The lazily loaded bundles are built first, because app.js carries their hashed names.

import { build } from "esbuild";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";

const [outdir] = process.argv.slice(2);

const shared = {
  bundle: true,
  outdir,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  format: "esm",
  target: ["chrome80", "firefox78", "safari15"],
  minify: true,
  metafile: true,
  legalComments: "linked",
  charset: "utf8",
  logLevel: "warning",
  loader: { ".png": "dataurl", ".svg": "dataurl" },
};

function namesByEntry(metafile) {
  const names = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    const name = basename(path);
    if (output.entryPoint) {
      const entry = basename(output.entryPoint);
      names[entry] = name;
      if (output.cssBundle) names[entry.replace(/\.js$/, ".css")] = basename(output.cssBundle);
    }
  }
  return names;
}

// The licences ask for their text beside every copy, and not every package says it in a comment.
async function licencesOf(...metafiles) {
  const inputs = metafiles.flatMap(({ inputs: files }) => Object.keys(files));
  const packages = new Set(
    inputs.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean),
  );
  const texts = [...packages].sort().map(async (name) => {
    const folder = `node_modules/${name}`;
    const { version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(`${folder}/${file}`, "utf8") : `Licence: ${license}\n`;
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`);
}

const lazy = await build({ ...shared, entryPoints: ["src/map.js", "src/diagram.js"] });
const lazyNames = namesByEntry(lazy.metafile);
const eager = await build({
  ...shared,
  entryPoints: ["src/app.js", "src/app.css"],
  define: { LAZY_FILES: JSON.stringify(lazyNames) },
});
const names = { ...lazyNames, ...namesByEntry(eager.metafile) };
for (const name of Object.values(names)) {
  const bundle = await readFile(`${outdir}/${name}`);
  await writeFile(`${outdir}/${name}.gz`, gzipSync(bundle, { level: 9 }));
}
await writeFile(`${outdir}/manifest.json`, `${JSON.stringify(names, null, 2)}\n`);
await writeFile(`${outdir}/packages.LEGAL.txt`, await licencesOf(lazy.metafile, eager.metafile));
