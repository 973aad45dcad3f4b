// What people do with their account, and what is done with it.
import { join, mailedLink } from "../support/members";
import { admin } from "../support/people";
import { expect, open, signIn, test } from "../support/test";

test("a forgotten password is replaced through the mailed link, once", async ({ page, site }) => {
  const member = await join(page.request, site, "Forgetful");
  await page.context().clearCookies();
  await open(page, "/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("E-mail address").fill(member.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("a link is on its way")).toBeVisible();

  const link = await mailedLink(site, member.email, "reset");
  await open(page, link);
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Save password" }).click();
  await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/Use at least 10 characters/);
  await page.getByLabel("New password").fill("another long password");
  await page.getByRole("button", { name: "Save password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await page.getByLabel("E-mail address").fill(member.email);
  await page.getByLabel("Password").fill("another long password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.locator("summary", { hasText: member.name })).toBeVisible();

  await open(page, link);
  await expect(page.getByRole("heading", { name: "This link has been used or has expired" })).toBeVisible();
});

test("an address is confirmed through the mailed link; the settings say so", async ({ page, site }) => {
  const member = await join(page.request, site, "Proven");
  await open(page, "/my/settings");
  await expect(page.getByText("Not confirmed yet")).toBeVisible();
  await open(page, await mailedLink(site, member.email, "verify"));
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("Your e-mail address is confirmed.")).toBeVisible();
  await open(page, "/my/settings");
  await expect(page.getByText("Confirmed", { exact: true })).toBeVisible();
});

test("a picture is uploaded, a session elsewhere is ended, the account is deleted", async ({ page, browser, site, complaints }) => {
  const member = await join(page.request, site, "Short-lived");
  const elsewhere = await browser.newContext({ baseURL: site.url, locale: "en-US" });
  const other = await elsewhere.newPage();
  await signIn(other, member);

  await open(page, "/my/settings");
  await page.locator("input[type=file]").setInputFiles({ name: "me.png", mimeType: "image/png", buffer: picture });
  await page.getByRole("button", { name: "Upload picture" }).click();
  await expect(page.locator(".picture-line img")).toHaveAttribute("src", /\/media\//);

  await expect(page.getByText("This one")).toHaveCount(1);
  await page.locator("#sessions ~ *, section[aria-labelledby=sessions]").getByRole("button", { name: "Sign out" }).first().click();
  await expect(page.locator("section[aria-labelledby=sessions] .row")).toHaveCount(1);
  await other.goto("/my/settings");
  await expect(other).toHaveURL(/\/login/);
  await elsewhere.close();

  const section = page.locator("section[aria-labelledby=delete]");
  await section.getByLabel("Password").fill(member.password);
  await section.getByRole("button", { name: "Delete my account" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("Your account is deleted.")).toBeVisible();
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
  expect(complaints).toEqual([]);
});

test("a suspended member is out at once", async ({ page, browser, site, asAdmin }) => {
  const context = await browser.newContext({ baseURL: site.url, locale: "en-US" });
  const theirs = await context.newPage();
  const member = await join(theirs.request, site, "Rude");
  await open(theirs, "/my/settings");

  await asAdmin();
  await open(page, `/admin/users?q=${encodeURIComponent(member.email)}`);
  await page.getByRole("row", { name: /Rude/ }).getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("row", { name: /Rude/ })).toContainText("Suspended");

  await expect(async () => {
    await theirs.goto("/my/settings");
    await expect(theirs).toHaveURL(/\/login/, { timeout: 500 });
  }).toPass({ timeout: 10_000 });
  await theirs.getByLabel("E-mail address").fill(member.email);
  await theirs.getByLabel("Password").fill(member.password);
  await theirs.getByRole("button", { name: "Sign in" }).click();
  await expect(theirs.locator(".form-problem")).not.toBeEmpty();
  await context.close();
});

test("a bug report is sent and answered", async ({ page, browser, site }) => {
  const context = await browser.newContext({ baseURL: site.url, locale: "en-US" });
  const theirs = await context.newPage();
  await join(theirs.request, site, "Finder");
  await open(theirs, "/bug-report");
  await theirs.getByLabel("What is wrong?").fill("The hall is dark");
  await theirs.getByLabel("What did you do, and what happened?").fill("I came in, and there was no light.");
  await theirs.getByRole("button", { name: "Send" }).click();
  await expect(theirs.getByText("Thank you for the report.")).toBeVisible();

  await page.goto("/");
  await signIn(page, admin);
  await open(page, "/bug-reports");
  const report = page.locator(".row", { hasText: "The hall is dark" });
  await report.locator("summary").click();
  await report.getByLabel("Status").selectOption("Resolved");
  await report.getByLabel("Answer").fill("There is a lamp now.");
  await report.getByRole("button", { name: "Save answer" }).click();
  await expect(report.locator(".answer")).toContainText("There is a lamp now.");

  await open(theirs, "/bug-reports");
  await expect(theirs.getByText("There is a lamp now.")).toBeVisible();
  await context.close();
});

/** A PNG of 2 × 2 pixels. */
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg==",
  "base64",
);
