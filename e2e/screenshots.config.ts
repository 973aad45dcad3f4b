import { defineConfig } from "@playwright/test";

import config from "./playwright.config";

export default defineConfig(config, { testDir: "screenshots", workers: 1, use: { ...config.use, trace: "off" } });
