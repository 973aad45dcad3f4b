// What a visitor has whose browser runs no scripts.
import { house } from "../support/posts";
import { admin } from "../support/people";
import { expect, signIn, test } from "../support/test";

test.use({ javaScriptEnabled: false });

test("home, list and post are read without JavaScript", async ({ page }) => {
  expect((await page.goto("/"))?.status()).toBe(200);
  await page.getByRole("link", { name: "All posts" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Posts");
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/\/posts\?page=2$/);
  await page.getByRole("link", { name: "Previous" }).click();
  await page.getByRole("link", { name: house.title }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(house.title);
  await expect(page.locator(".prose")).toContainText(`${house.sentence} & keeps the wind`);
  await expect(page.locator(".prose pre")).toContainText('println!("마루")');
  await page.locator(".post-foot").getByRole("link", { name: "hanok" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("hanok");
});

test("a static page is reached from the front page", async ({ page, site }) => {
  await signIn(page, admin);
  const form = { title: "About this house", content: "Who lives here.", kind: "STATIC", status: "PUBLISHED" };
  const answer = await page.request.post("/forms/pages", { form, headers: { origin: site.url }, maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  await page.goto("/");
  await page.getByRole("link", { name: "About this house" }).click();
  await expect(page).toHaveURL(/\/pages\/about-this-house$/);
  await expect(page.locator(".prose")).toContainText("Who lives here.");
});

test("every path answers with the right status", async ({ page, request }) => {
  for (const unknown of ["/nowhere", "/posts/nowhere", "/posts/없는-글", "/categories/nowhere", "/administrator"]) {
    expect((await page.goto(unknown))?.status(), unknown).toBe(404);
    await expect(page.getByRole("heading", { level: 1 }), unknown).toHaveText("There is nothing here");
    await expect(page.getByRole("link", { name: "Front page" })).toHaveAttribute("href", "/");
  }
  const moved = await request.get(house.alias, { maxRedirects: 0 });
  expect(moved.status()).toBe(301);
  expect(decodeURI(moved.headers().location)).toMatch(new RegExp(`/posts/${house.slug}$`));
  const secret = await request.get("/admin", { maxRedirects: 0 });
  expect(secret.status()).toBe(303);
  expect(secret.headers().location).toContain("/login?next=");
});

test("a post's document says what it is, once", async ({ page }) => {
  await page.goto(`/posts/${house.slug}`);
  await expect(page).toHaveTitle(new RegExp(house.title));
  const meta = (name: string) => page.locator(`meta[name="${name}"], meta[property="${name}"]`);
  await expect(meta("description")).toHaveAttribute("content", "What a hall does for a house.");
  await expect(meta("og:title")).toHaveAttribute("content", house.title);
  await expect(meta("og:type")).toHaveAttribute("content", "article");
  await expect(page.locator('link[rel="canonical"]')).toHaveAttribute("href", /\/posts\/%ED%95%9C/);
  const posting = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent()) ?? "");
  expect(posting).toMatchObject({ "@type": "BlogPosting", headline: house.title });

  await expect(page.locator("#maru-data"), "what stands in the page stands nowhere else").toHaveCount(0);
  const html = await page.content();
  expect(html.split(house.sentence).length - 1, "the article stands in the document once").toBe(1);
});

test("documents carry a strict policy and nothing inline that it would forbid", async ({ page, request }) => {
  const answer = await request.get("/");
  const policy = answer.headers()["content-security-policy"];
  expect(policy).toContain("script-src");
  expect(policy).not.toContain("'unsafe-inline'");
  expect(policy).not.toMatch(/'unsafe-eval'/);
  await page.goto(`/posts/${house.slug}`);
  expect(await page.locator("[style], [onclick], [onload]").count()).toBe(0);
  const unchecked = page.locator('link[href^="/_m/"]:not([integrity]):not([as="fetch"]), script[src]:not([integrity])');
  expect(await unchecked.count()).toBe(0);
});
