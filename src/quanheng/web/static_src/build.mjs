// Copies the few third-party files that the pages load out of node_modules, with a gzip twin beside each
// (WhiteNoise serves the twin). Our own css and js need no building: they are sources under static/quanheng.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "../../../../node_modules");
const vendor = join(here, "../static/vendor");

const FILES = [
  "@tabler/core/dist/css/tabler.min.css",
  "echarts/dist/echarts.common.min.js",
  "htmx.org/dist/htmx.min.js",
  "axe-core/axe.min.js", // read by the tests only; no page loads it
];

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });
for (const file of FILES) {
  const target = join(vendor, basename(file));
  copyFileSync(join(modules, file), target);
  writeFileSync(`${target}.gz`, gzipSync(readFileSync(target), { level: 9 }));
}
writeFileSync(join(vendor, ".built"), ""); // what `make setup` looks at
console.log(`vendor: ${FILES.length} files`);
