// Modules that do not load, or are not what they should be, leave the rest usable.
import type { Page, Route } from "@playwright/test";

import { expect, open, test } from "../support/test";

const card = (page: Page) => page.getByRole("heading", { name: "This part of the page has stopped working" });

const failures: Record<string, { url: string; answer: (route: Route) => Promise<void> }> = {
  "a missing WebAssembly file": {
    url: "**/_m/user/**/*.wasm",
    answer: (route) => route.fulfill({ status: 404, body: "gone" }),
  },
  "WebAssembly with other bytes": {
    url: "**/_m/user/**/*.wasm",
    answer: (route) => route.fulfill({ contentType: "application/wasm", body: Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]) }),
  },
  "a script with other bytes": {
    url: "**/_m/user/**/*.js",
    answer: (route) => route.fulfill({ contentType: "text/javascript", body: "window.stolen = true; export function mount() {}" }),
  },
};

for (const [what, { url, answer }] of Object.entries(failures)) {
  test(`${what}: a card with retry, and everything else goes on`, async ({ page }) => {
    await open(page, "/");
    await page.route(url, answer);
    await page.getByRole("link", { name: "Sign in" }).click();
    await expect(card(page)).toBeVisible();
    expect(await page.evaluate(() => "stolen" in window), "refused bytes must not run").toBe(false);

    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Posts" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Posts");
    await page.getByRole("link", { name: "Sign in" }).click();
    await expect(card(page)).toBeVisible();

    await page.unroute(url);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
    await expect(card(page)).toBeHidden();
    expect(new URL(page.url()).pathname).toBe("/login");
  });
}

test("a first page whose area does not load stays readable around the card", async ({ page }) => {
  await page.route("**/_m/user/**/*.wasm", (route) => route.abort());
  await page.goto("/login");
  await expect(card(page)).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Posts" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Posts");
});
