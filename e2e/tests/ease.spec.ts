// Keyboard, theme, language, small screens, and what axe finds.
import AxeBuilder from "@axe-core/playwright";

import { house } from "../support/posts";
import { expect, open, ready, test } from "../support/test";

test("the first key leads past the header", async ({ page }) => {
  await open(page, "/posts");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.querySelector("main")?.contains(document.activeElement))).toBe(true);
});

test("the theme is chosen, kept, and there before the first paint", async ({ page }) => {
  await open(page, "/");
  const theme = page.getByRole("button", { name: "Theme" });
  await theme.click();
  await theme.click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.goto("/posts", { waitUntil: "commit" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await ready(page);
  expect(await background()).toBe(dark);
  await page.getByRole("button", { name: "Theme" }).click();
  await expect(page.locator("html")).not.toHaveAttribute("data-theme");
});

test("the language is chosen and stays", async ({ page, complaints }) => {
  await open(page, "/posts");
  await page.getByRole("button", { name: "한국어" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await ready(page);
  await expect(page).toHaveURL(/\/posts$/);
  await page.getByRole("link", { name: "로그인" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("로그인");
  expect(complaints).toEqual([]);
});

const publicPages = [
  "/",
  "/posts",
  `/posts/${house.slug}`,
  "/tags",
  "/tags/notes",
  "/categories",
  "/search?q=hanok",
  "/notices",
  "/archive",
  "/login",
  "/register",
  "/forgot",
  "/bug-report",
  "/nowhere",
];
const adminPages = [
  "/admin",
  "/admin/posts",
  "/admin/posts/new",
  "/admin/posts/edit/note-01",
  "/admin/posts/revisions/note-01",
  "/admin/drafts",
  "/admin/images",
  "/admin/categories",
  "/admin/tags",
  "/admin/comments",
  "/admin/pages",
  "/admin/pages/new",
  "/admin/users",
  "/admin/analytics",
  "/admin/management",
  "/my/settings",
  "/my/bookmarks",
  "/my/comments",
  "/bug-reports",
];

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing (${colorScheme})`, async ({ page, asAdmin }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const check = async (path: string) => {
      await open(page, path);
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
        .analyze();
      const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${path}: ${id} at ${node.target}`));
      expect.soft(found).toEqual([]);
    };
    for (const path of publicPages) await check(path);
    await asAdmin();
    for (const path of adminPages) await check(path);
  });
}

test("nothing is wider than a screen of 320 pixels", async ({ page, asAdmin }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const check = async (path: string) => {
    await open(page, path);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(width, path).toBeLessThanOrEqual(320);
  };
  for (const path of publicPages) await check(path);
  await asAdmin();
  for (const path of adminPages) await check(path);
});
