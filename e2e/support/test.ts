// Playwright's `test` with a server, and with ears for everything a page complains about.
import { test as base, type Page } from "@playwright/test";

import { Maru } from "./maru";
import { admin } from "./people";

export { expect } from "@playwright/test";

type Fixtures = {
  /** Complaints of the page so far: errors, failed requests, violations of the CSP. */
  complaints: string[];
  /** Signs the page's visitor in as the admin. */
  asAdmin: () => Promise<void>;
};

export const test = base.extend<Fixtures, { site: Maru }>({
  site: [
    async ({}, use) => {
      const site = await Maru.start(await Maru.folder());
      await use(site);
      await site.remove();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  baseURL: async ({ site }, use) => use(site.url),
  complaints: async ({ page }, use) => use(listen(page)),
  asAdmin: async ({ page }, use) => use(() => signIn(page, admin)),
});

export function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => {
    // A page that is left cancels what it was loading.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") complaints.push(`failed: ${request.url()}`);
  });
  return complaints;
}

/** Signs in by the form, without the page's own script. */
export async function signIn(page: Page, { email, password }: { email: string; password: string }) {
  const base = new URL(page.url() === "about:blank" ? (await page.goto("/"))!.url() : page.url()).origin;
  const answer = await page.request.post(`${base}/forms/login`, {
    form: { email, password },
    headers: { origin: base },
    maxRedirects: 0,
  });
  if (answer.status() !== 303) throw new Error(`signing in answered ${answer.status()}`);
}

/** Goes to a page and waits until its modules run. */
export async function open(page: Page, path: string) {
  const response = await page.goto(path);
  await ready(page);
  return response;
}

export async function ready(page: Page) {
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
}
