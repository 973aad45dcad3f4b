// The first load: readable at once, taken over without a flash, nothing fetched twice.
import type { Page } from "@playwright/test";

import { house } from "../support/posts";
import { expect, open, test } from "../support/test";

const pages = [
  "/",
  "/posts",
  "/posts?page=2",
  `/posts/${house.slug}`,
  "/tags",
  "/tags/notes",
  "/search?q=hanok",
  "/notices",
  "/archive",
  "/login",
  "/register",
  "/forgot",
  "/bug-report",
  "/nowhere",
];

for (const path of pages) {
  test(`${path} is taken over as it is`, async ({ page, browser, complaints, baseURL }) => {
    const loads = await downloads(page);
    await open(page, path);
    expect(complaints.filter((complaint) => !(path === "/nowhere" && complaint.includes("404")))).toEqual([]);

    const twice = [...loads].filter(([url, count]) => count > 1 && new URL(url).pathname.startsWith("/_m/"));
    expect(twice, "downloaded more than once").toEqual([]);
    const fetched = [...loads.keys()].map((url) => new URL(url).pathname);
    expect(fetched.filter((path) => path.startsWith("/bff/")), "data that the document carries").toEqual([]);

    const plain = await browser.newContext({ javaScriptEnabled: false, baseURL, locale: "en-US" });
    const unscripted = await plain.newPage();
    await unscripted.goto(path);
    expect(await shape(page)).toEqual(await shape(unscripted));
    await plain.close();
  });
}

/** Counts what really came over the network, by URL: not what a cache or a preload answered. */
async function downloads(page: Page): Promise<Map<string, number>> {
  const loads = new Map<string, number>();
  const urls = new Map<string, string>();
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
  session.on("Network.requestServedFromCache", ({ requestId }) => urls.delete(requestId));
  session.on("Network.responseReceived", ({ requestId, response }) => {
    const url = urls.get(requestId);
    if (url && !response.fromDiskCache && !response.fromPrefetchCache) loads.set(url, (loads.get(url) ?? 0) + 1);
  });
  return loads;
}

/** Elements, attributes and texts of the body, in order; comments and the split of texts left out. */
function shape(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const lines: string[] = [];
    const walk = (element: Element, depth: number) => {
      const attributes = [...element.attributes].map(({ name, value }) => `${name}=${value}`).sort();
      lines.push(`${"  ".repeat(depth)}${element.localName} ${attributes.join(" ")}`);
      let text = "";
      const flush = () => {
        if (text.trim()) lines.push(`${"  ".repeat(depth + 1)}"${text.trim()}"`);
        text = "";
      };
      for (const child of element.childNodes) {
        if (child instanceof Text) text += child.data;
        if (!(child instanceof Element)) continue;
        flush();
        if (child.localName !== "script") walk(child, depth + 1);
      }
      flush();
    };
    walk(document.body, 0);
    return lines;
  });
}
