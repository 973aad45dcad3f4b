// A real blog: imported whole, again without a change, and read. `MARU_CORPUS` names its folder.
import { readdir } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { Maru, maru } from "../support/maru";
import { expect, open, test } from "../support/test";

const corpus = process.env.MARU_CORPUS;

/** Declared where there is a corpus, so that a clone without one has nothing to leave out. */
const withCorpus = (name: string, body: (folder: string, page: Page) => Promise<void>) => {
  if (corpus) test(name, ({ page }) => body(corpus, page));
};

withCorpus("a blog of hundreds of posts comes over whole", async (corpus, page) => {
  test.setTimeout(300_000);
  const data = await Maru.folder({ empty: true });
  const started = performance.now();
  const report = await maru("import", "markdown", corpus, "--data", data);
  const seconds = (performance.now() - started) / 1000;
  const created = Number(/(\d+) created/.exec(report)?.[1]);
  const files = (await readdir(corpus, { recursive: true })).filter((file) => file.endsWith(".md"));
  expect(report).toContain(" 0 failed");
  expect(created).toBeGreaterThan(files.length * 0.95);
  console.log(`imported ${created} posts in ${seconds.toFixed(1)} s`);
  expect(await maru("import", "markdown", corpus, "--data", data)).toMatch(new RegExp(`0 created, 0 updated, ${created} unchanged`));

  const site = await Maru.start(data);
  try {
    await open(page, `${site.url}/posts`);
    await page.locator(".cards a.stretched").first().click();
    await expect(page.locator(".prose p").first()).toBeVisible();
    await expect(page.locator(".byline-author").first()).not.toBeEmpty();
  } finally {
    await site.remove();
  }
});
