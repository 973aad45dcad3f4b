// What readers say: comments, likes, bookmarks, and finding what was written.
import { house } from "../support/posts";
import { join } from "../support/members";
import { admin } from "../support/people";
import { expect, open, signIn, test } from "../support/test";

const post = "/posts/note-05";

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a guest comments, is told what is missing and adds it", async ({ page }) => {
    await page.goto(post);
    const form = page.getByRole("form", { name: "Write a comment" });
    await form.getByLabel("Comment").fill("Plainly said, with **weight**.");
    await form.getByLabel("Name").fill("Passer-by");
    await form.getByRole("button", { name: "Send" }).press("Enter");
    await expect(form.getByLabel("Comment")).toHaveValue("Plainly said, with **weight**.");
    await expect(form.locator(".field__error", { hasText: /./ })).toHaveCount(1);
    await form.getByLabel("Password").fill("guest password");
    await form.getByRole("button", { name: "Send" }).press("Enter");

    const comment = page.locator(".comment", { hasText: "Plainly said" });
    await expect(comment.locator("strong")).toHaveText("weight");
    await expect(comment).toContainText("Passer-by");
    await expect(page).toHaveURL(/note-05.*#comment-/);
  });

  test("a search is a form that asks", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Search" }).click();
    await page.getByRole("searchbox").fill("hanok");
    await page.getByRole("search").getByRole("button", { name: "Search" }).click();
    await expect(page).toHaveURL(/\/search\?q=hanok$/);
    await expect(page.getByRole("link", { name: house.title })).toBeVisible();
    await page.getByRole("searchbox").fill("마루");
    await page.getByRole("search").getByRole("button", { name: "Search" }).click();
    await expect(page.getByRole("link", { name: house.title })).toBeVisible();
    await page.getByRole("searchbox").fill("zzxqwv");
    await page.getByRole("search").getByRole("button", { name: "Search" }).click();
    await expect(page.getByText("Nothing was found.")).toBeVisible();
  });
});

test("a member answers, corrects and deletes in place; the page stays where it is", async ({ page, site, complaints }) => {
  const member = await join(page.request, site, "Jun");
  await open(page, "/posts/note-06");
  await page.evaluate(() => void ((window as unknown as { kept: boolean }).kept = true));
  const write = page.getByRole("form", { name: "Write a comment" });
  await write.getByRole("button", { name: "Send" }).click();
  await expect(write.getByLabel("Comment")).toHaveAccessibleDescription(/This is needed/);
  await expect(write.getByLabel("Comment")).toBeFocused();
  await write.getByLabel("Comment").fill("The first word.");
  await write.getByRole("button", { name: "Send" }).click();
  const first = page.locator(".comment", { hasText: "The first word." });
  await expect(first).toContainText(member.name);
  await expect(write.getByLabel("Comment")).toHaveValue("");

  await first.locator("summary", { hasText: "Reply" }).click();
  const reply = first.getByRole("form", { name: "Reply" });
  await reply.getByLabel("Reply").fill("And an answer.");
  await reply.getByRole("button", { name: "Send" }).click();
  const answer = page.locator(".comment.depth-1", { hasText: "And an answer." });
  await expect(answer).toBeVisible();
  await expect(page.getByRole("heading", { name: /^Comments/ })).toContainText("2");

  await answer.locator("summary", { hasText: "Edit" }).click();
  await expect(answer.getByLabel("Text")).toHaveValue("And an answer.");
  await answer.getByLabel("Text").fill("A better answer.");
  await answer.getByRole("button", { name: "Save" }).click();
  await expect(page.locator(".comment", { hasText: "A better answer." })).toContainText("edited");

  await first.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("This comment was deleted.")).toBeVisible();
  await expect(page.locator(".comment", { hasText: "A better answer." })).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { kept?: boolean }).kept), "all in one document").toBe(true);

  await open(page, "/my/comments");
  await expect(page.getByText("A better answer.")).toBeVisible();
  expect(complaints.filter((complaint) => !complaint.includes("422"))).toEqual([]);
});

test("a guest changes and deletes a comment with its password, in whatever browser", async ({ page, site, browser, complaints }) => {
  const form = page.getByRole("form", { name: "Write a comment" });
  await open(page, "/posts/note-09");
  await form.getByLabel("Comment").fill("Said by a guest.");
  await form.getByLabel("Name").fill("Wanderer");
  await form.getByLabel("Password").fill("abc");
  await form.getByRole("button", { name: "Send" }).click();
  await expect(form.getByLabel("Password")).toHaveAccessibleDescription(/Use at least 4 characters/);
  await form.getByLabel("Password").fill("open sesame");
  await form.getByRole("button", { name: "Send" }).click();
  const comment = page.locator(".comment", { hasText: "Wanderer" });
  await expect(comment).toContainText("Said by a guest.");
  const id = ((await comment.getAttribute("id")) ?? "").replace("comment-", "");

  // In the browser that wrote it, too: others may sit there.
  await comment.locator("summary", { hasText: "Edit or delete" }).click();
  const change = comment.getByRole("form", { name: "Edit" });
  await expect(change.getByLabel("Text")).toHaveValue("Said by a guest.");
  await change.getByLabel("Text").fill("Said **better**.");
  await change.getByRole("button", { name: "Save" }).click();
  await expect(change.getByLabel("Password")).toHaveAccessibleDescription(/This is needed/);
  await change.getByLabel("Password").fill("open barley");
  await change.getByRole("button", { name: "Save" }).click();
  await expect(change.getByLabel("Password")).toHaveAccessibleDescription(/The password is wrong/);
  await expect(change.getByLabel("Text")).toHaveValue("Said **better**.");
  await change.getByLabel("Password").fill("open sesame");
  await change.getByRole("button", { name: "Save" }).click();
  await expect(comment.locator("strong")).toHaveText("better");
  await expect(comment).toContainText("edited");
  expect(complaints.filter((complaint) => !/40[03]|422/.test(complaint))).toEqual([]);

  // The first word of a guest waits for the admin.
  const desk = await browser.newContext({ baseURL: site.url });
  await signIn(await desk.newPage(), admin);
  const approved = await desk.request.post(`/forms/comments/${id}/approve`, { form: { next: "/" }, headers: { origin: site.url }, maxRedirects: 0 });
  expect(approved.status()).toBe(303);
  await desk.close();

  const elsewhere = await browser.newContext({ baseURL: site.url, javaScriptEnabled: false, locale: "en-US" });
  const other = await elsewhere.newPage();
  await other.goto("/posts/note-09");
  // By keyboard: a window behind another may draw no frames, by which Playwright sees that nothing moves under the mouse.
  const press = (name: string) => again.getByRole("button", { name }).press("Enter");
  const seen = other.locator(".comment", { hasText: "Wanderer" });
  const again = seen.getByRole("form", { name: "Edit" });
  await seen.locator("summary", { hasText: "Edit or delete" }).press("Enter");
  await again.getByLabel("Text").fill("Said from elsewhere.");
  await again.getByLabel("Password").fill("open barley");
  await press("Save");
  await expect(again.getByLabel("Password")).toHaveAccessibleDescription(/The password is wrong/);
  await expect(again.getByLabel("Text")).toHaveValue("Said from elsewhere.");
  await expect(again.getByLabel("Password")).toHaveValue("");
  await again.getByLabel("Password").fill("open sesame");
  // Enter in a field saves: it does not delete.
  await again.getByLabel("Password").press("Enter");
  await expect(other).toHaveURL(/note-09.*#comment-/);
  await expect(seen).toContainText("Said from elsewhere.");

  await seen.locator("summary", { hasText: "Edit or delete" }).press("Enter");
  await again.getByLabel("Password").fill("open barley");
  await press("Delete");
  await expect(again.getByLabel("Password")).toHaveAccessibleDescription(/The password is wrong/);
  await again.getByLabel("Password").fill("open sesame");
  await press("Delete");
  await expect(other.getByText("Deleted.", { exact: true })).toBeVisible();
  await expect(seen).toHaveCount(0);
  await elsewhere.close();
});

test("a long talk is written on where one reads it, with and without JavaScript", async ({ page, site, browser, complaints }) => {
  const desk = await browser.newContext({ baseURL: site.url });
  const keeper = await desk.newPage();
  await signIn(keeper, admin);
  await keeper.goto("/posts/note-04");
  const id = await keeper.locator('form[action="/forms/comments"] [name=post]').first().inputValue();
  for (let n = 1; n <= 20; n += 1) {
    const form = { post: id, slug: "note-04", content: `Word ${n}.` };
    const answer = await desk.request.post("/forms/comments", { form, headers: { origin: site.url }, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
  }
  await desk.close();

  await join(page.request, site, "Nari");
  await open(page, "/posts/note-04");
  const write = page.getByRole("form", { name: "Write a comment" });
  await write.getByLabel("Comment").fill("What nobody said yet.");
  await write.getByRole("button", { name: "Send" }).click();
  const own = page.locator(".comment", { hasText: "What nobody said yet." });
  await expect(own).toBeVisible();
  await expect(page.locator(".comment")).toHaveCount(1);
  await own.locator("summary", { hasText: "Edit" }).click();
  await own.getByLabel("Text").fill("What was said before.");
  await own.getByRole("button", { name: "Save" }).click();
  await expect(page.locator(".comment", { hasText: "What was said before." })).toContainText("edited");
  await open(page, "/my/comments");
  await page.locator(".row", { hasText: "What was said before." }).locator("a:has(time)").click();
  await expect(page).toHaveURL(/note-04.*#comment-/);
  await expect(page.locator(".comment")).toHaveText([/What was said before/]);
  expect(complaints).toEqual([]);

  const plainly = await browser.newContext({ baseURL: site.url, javaScriptEnabled: false, locale: "en-US" });
  const other = await plainly.newPage();
  await other.goto("/posts/note-04?comments=2");
  const comment = other.locator(".comment", { hasText: "What was said before." });
  await comment.locator("summary", { hasText: "Reply" }).press("Enter");
  const reply = comment.getByRole("form", { name: "Reply" });
  await reply.getByRole("textbox", { name: "Reply" }).fill("Where was that?");
  await reply.getByRole("button", { name: "Send" }).press("Enter");
  await expect(reply.getByLabel("Name")).toHaveAccessibleDescription(/This is needed/);
  await expect(reply.getByRole("textbox", { name: "Reply" })).toHaveValue("Where was that?");
  await plainly.close();
});

test("the same press in two windows likes once, without JavaScript too", async ({ site, browser }) => {
  const plainly = await browser.newContext({ baseURL: site.url, javaScriptEnabled: false, locale: "en-US" });
  await join(plainly.request, site, "Twice");
  const windows = [await plainly.newPage(), await plainly.newPage()];
  for (const window of windows) await window.goto("/posts/note-03");
  for (const window of windows) {
    const like = window.getByRole("button", { name: "Like" });
    await expect(like).toHaveAttribute("aria-pressed", "false");
    await like.press("Enter");
    await expect(like).toHaveAttribute("aria-pressed", "true");
  }
  await plainly.close();
});

test("where nothing can be copied the article stays", async ({ page, complaints }) => {
  // As on a site without https.
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await open(page, "/posts/note-03");
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.locator(".toast--error")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Note 03");
  expect(complaints).toEqual([]);
});

test("likes and bookmarks are kept, and taken back", async ({ page, site, complaints }) => {
  await join(page.request, site, "Sora");
  await open(page, "/posts/note-07");
  const like = page.getByRole("button", { name: "Like" });
  await like.click();
  await expect(like).toHaveAttribute("aria-pressed", "true");
  await expect(like).toBeFocused();
  const keep = page.getByRole("button", { name: "Bookmark" });
  await keep.click();
  await expect(keep).toHaveAttribute("aria-pressed", "true");
  await page.reload();
  await expect(page.getByRole("button", { name: "Like" })).toHaveAttribute("aria-pressed", "true");

  await open(page, "/my/bookmarks");
  await expect(page.getByRole("link", { name: "Note 07" })).toBeVisible();
  await page.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("link", { name: "Note 07" })).toHaveCount(0);
  await open(page, "/posts/note-07");
  await page.getByRole("button", { name: "Like" }).click();
  await expect(page.getByRole("button", { name: "Like" })).toHaveAttribute("aria-pressed", "false");
  expect(complaints).toEqual([]);
});

test("a view is counted once, and not by the server", async ({ page }) => {
  const counted = page.waitForRequest((request) => request.method() === "POST" && request.url().includes("/api/views/post/"));
  await open(page, "/posts/note-08");
  await counted;
});
