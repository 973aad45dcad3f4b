// Between three separately built areas and back, within one document.
import type { Page } from "@playwright/test";

import { house } from "../support/posts";
import { expect, open, test } from "../support/test";

const area = (page: Page) => page.locator("#maru-outlet");
const mark = (page: Page) => page.evaluate(() => void ((window as unknown as { kept: boolean }).kept = true));
const kept = (page: Page) => page.evaluate(() => (window as unknown as { kept?: boolean }).kept === true);

test("blog, user, admin and back without a page load", async ({ page, complaints, asAdmin }) => {
  await asAdmin();
  await open(page, "/");
  await mark(page);

  await page.locator("summary", { hasText: "Account" }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(area(page)).toHaveAttribute("data-area", "user");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Settings");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page).toHaveTitle(/^Settings · /);

  await page.getByRole("link", { name: "Admin" }).click();
  await expect(area(page)).toHaveAttribute("data-area", "admin");
  await expect(page.getByRole("link", { name: "Admin", exact: true })).toHaveAttribute("aria-current", "page");
  await page.getByRole("navigation", { name: "Admin sections" }).getByRole("link", { name: "Posts" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Posts");
  await page.getByLabel("Search posts").fill("Note 07");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("row")).toHaveCount(2);

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
  await expect(area(page)).toHaveAttribute("data-area", "blog");
  await page.goBack();
  await expect(page).toHaveURL(/\/admin\/posts\?.*q=Note/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await expect(area(page)).toHaveAttribute("data-area", "user");
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Latest" })).toBeVisible();
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Settings");

  expect(await kept(page), "the document stayed").toBe(true);
  expect(complaints).toEqual([]);
});

test("going back restores where one was on the page", async ({ page }) => {
  await open(page, "/posts");
  await mark(page);
  await page.locator(".pager").scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(200);
  await page.locator(".cards a.stretched").last().click();
  await expect(page.locator(".prose")).toBeVisible();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await expect(page.locator(".pager")).toBeVisible();
  await expect.poll(() => page.evaluate((before) => Math.abs(scrollY - before), before)).toBeLessThan(5);
  expect(await kept(page)).toBe(true);
});

test("a move that is overtaken shows only the last one", async ({ page, complaints }) => {
  await open(page, "/posts");
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/bff/pages/post/**", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await page.getByRole("link", { name: house.title }).click();
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  release();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await expect(page).toHaveURL(/\/login$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  expect(complaints).toEqual([]);
});
