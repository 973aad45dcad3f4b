// Pictures of the demo content; the first is the README's, the others are to look at.
import { mkdir } from "node:fs/promises";
import path from "node:path";

import { Maru } from "../support/maru";
import { target } from "../support/paths";
import { admin } from "../support/people";
import { open, signIn, test } from "../support/test";

const wide = { width: 1280, height: 800 };
const narrow = { width: 390, height: 844 };
const others = path.join(target, "maru", "screenshots");

let site: Maru;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  site = await Maru.start(await Maru.folder({ empty: true }));
  await mkdir(others, { recursive: true });
});
test.afterAll(() => site.remove());

test("pictures", async ({ browser }) => {
  test.setTimeout(180_000);
  const take = async (file: string, url: string, viewport = wide, colorScheme: "light" | "dark" = "light", locale = "en-US") => {
    const context = await browser.newContext({ baseURL: site.url, viewport, colorScheme, locale, reducedMotion: "reduce" });
    const page = await context.newPage();
    if (/^\/(admin|my)\b/.test(url)) {
      await page.goto("/");
      await signIn(page, admin);
    }
    await open(page, url);
    await page.screenshot({ path: file });
    await context.close();
  };
  const other = (name: string) => path.join(others, `${name}.png`);

  await take("../docs/screenshot.png", "/");
  const answer = await fetch(`${site.url}/api/posts?size=1`);
  const { items } = (await answer.json()) as { items: { slug: string }[] };
  const post = `/posts/${items[0].slug}`;
  await take(other("home-dark"), "/", wide, "dark", "ko-KR");
  await take(other("home-narrow"), "/", narrow);
  await take(other("posts"), "/posts");
  await take(other("post"), post);
  await take(other("post-narrow-dark"), post, narrow, "dark");
  for (const name of ["tags", "categories", "archive", "notices", "search?q=maru", "login", "forgot", "bug-report"]) {
    await take(other(name.replace(/\W+/g, "-")), `/${name}`);
  }
  await take(other("nowhere"), "/nowhere");

  const page = await browser.newPage({ baseURL: site.url, locale: "en-US" });
  await open(page, site.setupLink ?? "");
  await page.screenshot({ path: other("setup") });
  await page.getByLabel("Name").fill(admin.name);
  await page.getByLabel("E-mail address").fill(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await page.locator("summary", { hasText: admin.name }).waitFor();
  await page.close();
  const desk = ["posts", "posts/new", "drafts", "images", "categories", "tags", "comments", "pages", "users", "analytics", "management"];
  for (const name of ["admin", ...desk.map((section) => `admin/${section}`), "my/settings", "my/bookmarks", "my/comments"]) {
    await take(other(name.replaceAll("/", "-")), `/${name}`);
  }
  await take(other("admin-posts-narrow"), "/admin/posts", narrow);
  await take(other("my-settings-narrow-dark"), "/my/settings", narrow, "dark");
});
