// The API as it describes itself: valid for programs, readable for people.
import AxeBuilder from "@axe-core/playwright";
import { Validator } from "@seriousme/openapi-schema-validator";

import { expect, test } from "../support/test";

test("the document is valid OpenAPI 3.1", async ({ page }) => {
  const answer = await page.request.get("/api/openapi.json");
  expect(answer.headers()["content-type"]).toBe("application/json");
  const validator = new Validator();
  const { valid, errors } = await validator.validate(await answer.json());
  expect(errors ?? "").toBe("");
  expect(valid).toBe(true);
  expect(validator.version).toBe("3.1");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page leads to each operation and schema", async ({ page }) => {
    await page.goto("/api/docs");
    await expect(page.getByRole("heading", { name: "API", level: 1 })).toBeVisible();
    await page.locator("nav summary", { hasText: "blog" }).click();
    await page.locator("nav").getByRole("link", { name: "GET /api/posts/{slug}", exact: true }).click();
    const operation = page.locator("article:target");
    await expect(operation).toContainText("/api/posts/{slug}");
    await operation.getByRole("link", { name: "Post", exact: true }).first().click();
    await expect(page.locator("article:target")).toBeInViewport();
    await expect(page).toHaveURL(/#schema-Post$/);
  });
});

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1280, 360]) {
    test(`the page reads well at ${width} pixels, ${scheme}`, async ({ page, complaints }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto("/api/docs");
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      // What each service has is alike, and axe takes minutes for all of it.
      await page.evaluate(() => document.querySelectorAll("article:nth-of-type(n + 5)").forEach((rest) => rest.remove()));
      const found = await new AxeBuilder({ page }).analyze();
      expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      expect(complaints).toEqual([]);
    });
  }
}
