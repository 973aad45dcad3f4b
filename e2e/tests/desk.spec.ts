// The admin's desk: moderation, images, drafts, revisions, pages.
import { readFile } from "node:fs/promises";
import path from "node:path";

import { join } from "../support/members";
import { expect, open, signIn, test } from "../support/test";

test.beforeEach(({ asAdmin }) => asAdmin());

test("a comment is reported, hidden and shown again", async ({ page, browser, site, complaints }) => {
  const context = await browser.newContext({ baseURL: site.url, locale: "en-US" });
  const reader = await context.newPage();
  await join(reader.request, site, "Speaker");
  await open(reader, "/posts/note-10");
  const write = reader.getByRole("form", { name: "Write a comment" });
  await write.getByLabel("Comment").fill("Something to look at.");
  await write.getByRole("button", { name: "Send" }).click();
  await expect(reader.locator(".comment", { hasText: "Something to look at." })).toBeVisible();

  // Admins decide; others report.
  await join(reader.request, site, "Listener");
  await open(reader, "/posts/note-10");
  const comment = reader.locator(".comment", { hasText: "Something to look at." });
  await comment.locator("summary", { hasText: "Report" }).click();
  await comment.getByLabel("Reason").selectOption("Spam or advertising");
  await comment.getByRole("button", { name: "Report" }).click();
  await expect(reader.getByText("Somebody will look at it.")).toBeVisible();

  await open(page, "/admin/comments?status=reported");
  const row = page.locator(".row", { hasText: "Something to look at." });
  await expect(row).toContainText("Reports 1");
  await row.getByRole("checkbox").check();
  // Enter on a box does nothing: the first button would approve it.
  await row.getByRole("checkbox").press("Enter");
  await page.getByRole("button", { name: "Hide" }).click();
  await expect(row).toHaveCount(0);
  const guest = await browser.newContext({ baseURL: site.url, locale: "en-US" });
  const visitor = await guest.newPage();
  const shown = async (count: number) =>
    expect(async () => {
      await visitor.goto("/posts/note-10");
      await expect(visitor.locator(".comment", { hasText: "Something to look at." })).toHaveCount(count, { timeout: 500 });
    }).toPass({ timeout: 15_000 });
  await shown(0);

  await open(page, "/admin/comments?status=hidden");
  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(row).toHaveCount(0);
  await shown(1);
  await context.close();
  await guest.close();
  expect(complaints).toEqual([]);
});

test("an image is uploaded into the text that is being written, and stays while it is used", async ({
  page,
  browser,
  site,
  complaints,
}) => {
  await open(page, "/admin/posts/new");
  await page.getByLabel("Title").fill("With a picture");
  await page.getByLabel("Text").fill("Look:\n\n");
  const file = path.join(import.meta.dirname, "..", "..", "docs", "screenshot.png");
  await page.getByLabel("Insert images").setInputFiles({ name: "hall.png", mimeType: "image/png", buffer: await readFile(file) });
  await expect(page.getByLabel("Text")).toHaveValue(/!\[hall\]\(\/media\/[^)]+\)/);
  await page.getByLabel("Status").selectOption("Published");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The post is published.")).toBeVisible();
  await open(page, "/posts/with-a-picture");
  const image = page.locator(".prose img");
  await expect.poll(() => image.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
  const picture = page.locator(".picture", { hasText: "hall.png" });
  await expect(async () => {
    await open(page, "/admin/images");
    await expect(picture).toContainText("Used 1", { timeout: 500 });
  }).toPass({ timeout: 15_000 });
  await expect(picture.getByRole("button", { name: "Delete" })).toHaveCount(0);

  // What nobody uses is for admins; authors have no way there.
  await expect(page.getByRole("link", { name: "Unused" })).toBeVisible();
  const context = await browser.newContext({ baseURL: site.url, locale: "en-US" });
  const desk = await context.newPage();
  const author = await join(desk.request, site, "Columnist");
  await open(page, `/admin/users?q=${author.email}`);
  const row = page.getByRole("row", { name: /Columnist/ });
  await row.getByRole("combobox").selectOption("Author");
  await row.getByRole("button", { name: "Change" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await signIn(desk, author);
  await open(desk, "/admin/images");
  await expect(desk.getByRole("heading", { level: 1 })).toHaveText("Images");
  await expect(desk.getByRole("link", { name: "Unused" })).toHaveCount(0);
  await context.close();
  expect(complaints).toEqual([]);
});

test("a draft becomes a post, then changes, and is brought back to what it was", async ({ page, complaints }) => {
  await open(page, "/admin/posts/new");
  await page.getByLabel("Title").fill("Slowly written");
  await page.getByLabel("Text").fill("One line.\n");
  await page.getByRole("button", { name: "Keep as draft" }).click();
  await expect(page.getByText("The draft is saved.")).toBeVisible();
  await open(page, "/admin/drafts");
  await page.getByRole("link", { name: "Slowly written" }).click();
  await expect(page.getByLabel("Text")).toHaveValue("One line.\n");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("The post is published.")).toBeVisible();

  const late = await page.context().newPage();
  await open(late, "/admin/posts/edit/slowly-written");
  await open(page, "/admin/posts/edit/slowly-written");
  await page.getByLabel("Text").fill("One line.\nAnother line.\n");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The post is saved.")).toBeVisible();
  // Who began before that is told, and keeps what was typed.
  await late.getByLabel("Text").fill("Too late.\n");
  await late.getByRole("button", { name: "Save" }).click();
  await expect(late.getByText("Somebody changed this in the meantime.")).toBeVisible();
  await expect(late.getByLabel("Text")).toHaveValue("Too late.\n");
  await late.close();

  await open(page, "/admin/posts/revisions/slowly-written");
  await page.getByRole("link", { name: "Compare with now" }).first().click();
  await expect(page.locator(".diff ins")).toContainText("Another line.");
  await page.getByRole("button", { name: "Restore" }).first().click();
  const restored = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().includes("/restore"));
  await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  await restored;
  await open(page, "/posts/slowly-written");
  await expect(page.locator(".prose")).toContainText("One line.");
  await expect(page.locator(".prose")).not.toContainText("Another line.");
  expect(complaints).toEqual([]);
});

test("a draft that may not be published yet can still be saved", async ({ page }) => {
  await open(page, "/admin/posts/new");
  await page.getByLabel("Text").fill("It has no name yet.");
  await page.getByRole("button", { name: "Keep as draft" }).click();
  await page.waitForURL(/\/admin\/drafts\//);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByLabel("Title")).toHaveAccessibleDescription(/This is needed/);
  await page.getByLabel("Text").fill("It has no name yet. It grows.");
  const saved = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().includes("/forms/drafts/"));
  await page.getByRole("button", { name: "Keep as draft" }).click();
  expect((await saved).status()).toBe(200);
});

test("a post that is scheduled is nobody's until its time", async ({ page, request }) => {
  await open(page, "/admin/posts/new");
  await page.getByLabel("Title").fill("For later");
  await page.getByLabel("Text").fill("Not yet.");
  await page.getByLabel("Status").selectOption("Scheduled");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Publish at (UTC)")).toBeFocused();
  await page.getByLabel("Publish at (UTC)").fill(`${new Date().getUTCFullYear() + 1}-01-02T03:04`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/\/admin\/posts$/);
  const row = page.getByRole("row", { name: /For later/ });
  await expect(row).toContainText("Scheduled");
  expect((await request.get("/posts/for-later")).status()).toBe(404);

  // Enter on a box does nothing: the first row's button would publish it.
  await row.getByRole("checkbox").check();
  await row.getByRole("checkbox").press("Enter");
  await page.getByRole("button", { name: "Move to trash" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  await expect(row).toHaveCount(0);
  await open(page, "/admin/posts?status=TRASHED");
  await expect(row).toContainText("Trash");
});

test("a notice and a page are written and read", async ({ page, browser, baseURL, complaints }) => {
  for (const [kind, title, place] of [["Notice", "We move house", "/notices/we-move-house"], ["Page", "About us", "/pages/about-us"]]) {
    await open(page, "/admin/pages/new");
    await page.getByLabel("Title").fill(title);
    await page.getByLabel("Text").fill("Written **here**.");
    await page.getByLabel("Kind").selectOption(kind);
    await page.getByLabel("Status").selectOption("Published");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("row", { name: new RegExp(title) })).toContainText("Published");
    await open(page, place);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    await expect(page.locator(".prose strong")).toHaveText("here");
  }
  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL, locale: "en-US" });
  const visitor = await plain.newPage();
  await expect(async () => {
    await visitor.goto("/notices");
    await visitor.getByRole("link", { name: "We move house" }).click({ timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
  await expect(visitor.getByRole("heading", { level: 1 })).toHaveText("We move house");
  await visitor.goto("/search?q=written+here");
  const found = visitor.getByRole("region", { name: "Pages and notices" });
  await expect(found.getByRole("listitem")).toHaveCount(2);
  await found.getByRole("link", { name: "About us" }).click();
  await expect(visitor).toHaveURL(/\/pages\/about-us$/);
  await plain.close();
  expect(complaints).toEqual([]);
});

test("categories and tags are made, renamed and merged", async ({ page, complaints }) => {
  await open(page, "/admin/tags");
  for (const name of ["lamps", "lanterns"]) {
    const form = page.locator("section[aria-labelledby=new]");
    await form.getByLabel("Name").fill(name);
    await form.getByRole("button", { name: "Save" }).click();
    await expect(page.locator(".row summary", { hasText: name })).toBeVisible();
  }
  const row = page.locator(".row", { has: page.locator("summary", { hasText: "lanterns" }) });
  await row.locator("summary").click();
  await row.getByLabel("Merge into").selectOption("lamps");
  await row.getByRole("button", { name: "Merge" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  await expect(page.locator(".row summary", { hasText: "lanterns" })).toHaveCount(0);
  await expect(page.locator(".row summary", { hasText: "lamps" })).toHaveCount(1);
  expect(complaints).toEqual([]);
});
