// Forms that are posted plainly.
import { admin } from "../support/people";
import { expect, test } from "../support/test";

test.use({ javaScriptEnabled: false });

test("registering keeps what was typed beside each error, then lets one in", async ({ page }) => {
  await page.goto("/register");
  await page.getByLabel("Name").fill("Jun Lee");
  await page.getByLabel("E-mail address").fill("nonsense");
  await page.getByLabel("Password").fill("short");
  const refused = page.waitForResponse((response) => response.url().endsWith("/forms/register"));
  await page.getByRole("button", { name: "Create an account" }).click();
  expect((await refused).status()).toBe(422);
  await expect(page.getByLabel("Name")).toHaveValue("Jun Lee");
  await expect(page.getByLabel("E-mail address")).toHaveValue("nonsense");
  await expect(page.getByLabel("E-mail address")).toHaveAccessibleDescription(/not an e-mail address/);
  await expect(page.getByLabel("Password")).toHaveValue("");
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/Use at least 10 characters/);

  await page.getByLabel("E-mail address").fill(`jun-${Date.now()}@maru.example`);
  await page.getByLabel("Password").fill("a long enough password");
  await page.getByRole("button", { name: "Create an account" }).click();
  await expect(page.locator("summary", { hasText: "Jun Lee" })).toBeVisible();
  await expect(page.getByText("Welcome! Your account is ready.")).toBeVisible();

  // Somebody without the role is told so.
  expect((await page.goto("/admin"))?.status()).toBe(403);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not open to you");
});

test("signing in says no more than it must, then leads where one wanted to go", async ({ page }) => {
  await page.goto("/admin/posts");
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel("E-mail address").fill(admin.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("E-mail address and password do not match.")).toBeVisible();
  await expect(page.getByLabel("E-mail address")).toHaveValue(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/admin\/posts$/);

  await page.locator("summary", { hasText: admin.name }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await page.goto("/admin/posts");
  await expect(page).toHaveURL(/\/login\?next=/);
});

test("a post is written, refused, corrected and deleted", async ({ page, asAdmin }) => {
  await asAdmin();
  await page.goto("/admin/posts/new");
  const text = "\n  keep  my spaces\n\n& <signs>";
  await page.getByLabel("Text").fill(text);
  await page.getByLabel("Tags").fill("plain, forms");
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await expect(page.getByLabel("Title")).toHaveAccessibleDescription(/This is needed/);
  await expect(page.getByLabel("Text")).toHaveValue(text);
  await expect(page.getByLabel("Tags")).toHaveValue("plain, forms");

  await page.getByLabel("Title").fill("Written plainly");
  await page.getByLabel("Status").selectOption("Published");
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await expect(page.getByText("The post is published.")).toBeVisible();
  expect((await page.goto("/posts/written-plainly"))?.status()).toBe(200);
  await expect(page.locator(".prose")).toContainText("keep my spaces");

  await page.goto("/admin/posts/edit/written-plainly");
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("The post is in the trash.")).toBeVisible();
  expect((await page.goto("/posts/written-plainly"))?.status()).toBe(404);
});

test("a new post that cannot be kept as a draft yet is still there", async ({ page, asAdmin }) => {
  await asAdmin();
  await page.goto("/admin/posts/new");
  await page.getByLabel("Title").fill("x".repeat(300));
  await page.getByLabel("Text").fill("Not to be lost.");
  await page.getByRole("button", { name: "Keep as draft" }).click();
  await expect(page.getByLabel("Title")).toHaveAccessibleDescription(/too long/);
  await expect(page.getByLabel("Text")).toHaveValue("Not to be lost.");
  await page.getByLabel("Title").fill("Kept");
  await page.getByRole("button", { name: "Keep as draft" }).click();
  await expect(page.getByText("The draft is saved.")).toBeVisible();
});
