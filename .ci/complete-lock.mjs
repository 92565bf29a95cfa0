/**
 * Completes package-lock.json after `npm install` on a registry mirror that lacks some other-platform binaries.
 *
 * npm leaves such optional packages out of the lock, and `npm ci` then refuses it. Each missing name is written
 * with its exact version, `optional`, and the os/cpu its name states, so that no platform we run on ever asks for it.
 * Run: node .ci/complete-lock.mjs
 */
import { readFileSync, writeFileSync } from "node:fs";

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const CPU = {
  arm64: "arm64",
  x64: "x64",
  amd64: "x64",
  arm: "arm",
  ia32: "ia32",
  wasm32: "wasm32",
  ppc64: "ppc64",
  s390x: "s390x",
  riscv64: "riscv64",
  loong64: "loong64",
};
const OS = {
  darwin: "darwin",
  linux: "linux",
  win32: "win32",
  android: "android",
  freebsd: "freebsd",
  openharmony: "openharmony",
  aix: "aix",
};
let added = 0;
for (const entry of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (!/^\d+\.\d+\.\d+/.test(version) || Object.keys(lock.packages).some((k) => k.endsWith(key))) continue;
    const words = name.split(/[-/]/);
    const os = words.map((w) => OS[w]).filter(Boolean);
    const cpu = words.map((w) => CPU[w]).filter(Boolean);
    lock.packages[key] = { version, optional: true, ...(os.length ? { os } : {}), cpu: cpu.length ? cpu : ["none"] };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} missing optional packages completed`);
