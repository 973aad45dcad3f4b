import { defineConfig } from "@playwright/test";

const target = process.env.MARU_TARGET ?? "../target";

export default defineConfig({
  testDir: "tests",
  outputDir: `${target}/maru/e2e`,
  globalSetup: "./support/seed.ts",
  // Each worker has a server of its own.
  workers: 2,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  reporter: "list",
  // On a busy machine a browser is late now and then; what fails twice has failed.
  retries: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  use: {
    browserName: "chromium",
    locale: "en-US",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.MARU_CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    },
  },
});
