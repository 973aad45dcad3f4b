// The life of a site, from the first start: one story, told in order on one server.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { changed } from "../support/bundle";
import { Maru } from "../support/maru";
import { admin } from "../support/people";
import { test as base, expect, open, ready } from "../support/test";

/** On a server that was never started before. */
const test = base.extend<object, { site: Maru }>({
  site: [
    async ({}, use) => {
      const site = await Maru.start(await Maru.folder({ empty: true }));
      await use(site);
      await site.remove();
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

test.describe.configure({ mode: "serial", timeout: 120_000 });

test("the link of the first start makes the admin, once", async ({ page, site, complaints }) => {
  const link = site.setupLink ?? "";
  await open(page, link);
  await page.getByLabel("Name").fill(admin.name);
  await page.getByLabel("E-mail address").fill(admin.email);
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/Use at least 10 characters/);
  await expect(page.getByLabel("Password")).toBeFocused();
  await page.getByLabel("Password").fill(admin.password);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByText("The site is yours. Welcome!")).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Admin" })).toBeVisible();
  expect(complaints.filter((complaint) => !complaint.includes("422"))).toEqual([]);

  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link has been used or has expired" })).toBeVisible();
});

test("the admin signs in, publishes a post, reads and deletes it", async ({ page, complaints }) => {
  await open(page, "/");
  await page.evaluate(() => void ((window as unknown as { kept: boolean }).kept = true));
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("E-mail address").fill(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.locator("summary", { hasText: admin.name })).toBeVisible();

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Admin" }).click();
  await page.getByRole("link", { name: "New post" }).click();
  await page.getByLabel("Title").fill("마루에서 쓴 글");
  await page.getByLabel("Text").fill("## First\n\nHello **hall**.\n\n```rust\nfn main() {}\n```\n");
  await page.getByLabel("Tags").fill("first light");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The post is created.")).toBeVisible();
  await page.getByRole("navigation", { name: "Admin sections" }).getByRole("link", { name: "Posts" }).click();
  const row = page.getByRole("row", { name: /마루에서 쓴 글/ });
  await expect(row).toContainText("Draft");
  await row.getByRole("button", { name: "Publish" }).click();
  await expect(row).toContainText("Published");

  // What is kept of the front page hears of it by an event.
  await expect.poll(async () => (await page.request.get("/bff/pages/home")).text()).toContain("마루에서 쓴 글");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
  await expect(page.getByRole("heading", { name: "Latest" })).toBeVisible();
  await page.getByRole("link", { name: "마루에서 쓴 글" }).first().click();
  await expect(page.locator(".prose strong")).toHaveText("hall");
  await expect(page.getByText(admin.name).last()).toBeVisible();
  expect(decodeURI(page.url())).toContain("/posts/마루에서-쓴-글");

  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("The post is in the trash.")).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { kept?: boolean }).kept), "all in one document").toBe(true);
  await expect.poll(async () => (await page.request.get("/posts/마루에서-쓴-글")).status()).toBe(404);
  expect(complaints).toEqual([]);
});

test("an author who renames themself is renamed on every post", async ({ page, asAdmin }) => {
  await asAdmin();
  await page.goto("/admin/posts/new");
  await ready(page);
  await page.getByLabel("Title").fill("Signed");
  await page.getByLabel("Text").fill("By me.");
  await page.getByLabel("Status").selectOption("Published");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The post is published.")).toBeVisible();
  await page.goto("/my/settings");
  await ready(page);
  await page.getByLabel("Name").fill("Hana Renamed");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Your settings are saved.")).toBeVisible();
  await expect(async () => {
    await page.goto("/posts/signed");
    await expect(page.locator(".post-head .byline-author")).toHaveText("Hana Renamed", { timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
});

test("a new version of one module is there at the next move, and back", async ({ page, browser, site, complaints }) => {
  const folder = await mkdtemp(path.join(tmpdir(), "maru-bundle-"));
  const more = (text: string) => page.getByRole("link", { name: text });
  const version = await changed("blog", folder, "All posts", "New posts");

  await open(page, "/");
  await page.evaluate(() => void ((window as unknown as { kept: boolean }).kept = true));
  await expect(more("All posts")).toBeVisible();

  expect(await site.run("publish", folder)).toContain(version);
  // The open page keeps what it has and goes on.
  await expect(more("All posts")).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Posts" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Posts");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
  await expect(more("New posts")).toBeVisible();

  // Whoever comes now has it from the server half too.
  const plain = await browser.newContext({ javaScriptEnabled: false, locale: "en-US" });
  const visitor = await plain.newPage();
  await visitor.goto(site.url);
  await expect(visitor.getByRole("link", { name: "New posts" })).toBeVisible();
  expect(await site.run("module", "list")).toMatch(new RegExp(`blog +${version.replaceAll(".", "\\.")} +yes`));

  expect(await site.run("module", "rollback", "blog")).toContain("is live");
  await visitor.reload();
  await expect(visitor.getByRole("link", { name: "All posts" })).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Posts" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Posts");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
  await expect(more("All posts")).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { kept?: boolean }).kept), "nobody reloaded").toBe(true);
  expect(complaints).toEqual([]);
  await plain.close();
  await rm(folder, { recursive: true });
});

test("a restart signs nobody out and keeps everything", async ({ page, site, asAdmin }) => {
  await asAdmin();
  await site.restart();
  await open(page, "/posts/signed");
  await expect(page.locator("summary", { hasText: "Hana Renamed" })).toBeVisible();
});
