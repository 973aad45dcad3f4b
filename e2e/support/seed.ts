// Makes, once per run, the data folder that every server starts from.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Maru, maru } from "./maru";
import { seed } from "./paths";
import { admin } from "./people";
import { house, others } from "./posts";

export default async function () {
  await rm(seed, { recursive: true, force: true });
  await mkdir(seed, { recursive: true });
  const posts = await mkdtemp(path.join(tmpdir(), "maru-posts-"));
  for (const post of [house, ...others]) await writeFile(path.join(posts, post.file), post.text);
  await maru("import", "markdown", posts, "--data", seed);
  await rm(posts, { recursive: true });

  const server = await Maru.start(seed);
  try {
    await becomeAdmin(server);
  } finally {
    await server.stop();
  }
}

async function becomeAdmin(server: Maru) {
  const token = new URL(server.setupLink ?? "").searchParams.get("token") ?? "";
  const answer = await fetch(`${server.url}/forms/setup`, {
    method: "POST",
    headers: { origin: server.url, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token, ...admin }),
    redirect: "manual",
  });
  if (answer.status !== 303) throw new Error(`set-up answered ${answer.status}: ${await answer.text()}`);
}
