// A new version of a module without a compiler: a text of the built one is changed in both halves.
import { createHash } from "node:crypto";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { modules } from "./paths";

/** Copies the bundle of `name` to `folder` with `from` changed to `to` (of the same length). */
export async function changed(name: string, folder: string, from: string, to: string): Promise<string> {
  if (Buffer.byteLength(from) !== Buffer.byteLength(to)) throw new Error("the length of a text in WebAssembly is fixed");
  await cp(path.join(modules, name), folder, { recursive: true });
  const manifestFile = path.join(folder, "module.json");
  const manifest = JSON.parse(await readFile(manifestFile, "utf8"));
  for (const part of ["server", "client_wasm"]) {
    const entry = manifest.files.find((file: { part: string }) => file.part === part);
    const file = path.join(folder, entry.name);
    const bytes = await readFile(file);
    let found = 0;
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1), found++) bytes.write(to, at);
    if (!found) throw new Error(`there is no "${from}" in ${file}`);
    entry.integrity = `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
    await writeFile(file, bytes);
  }
  manifest.version = `${manifest.version}.changed`;
  await writeFile(manifestFile, JSON.stringify(manifest));
  return manifest.version;
}
