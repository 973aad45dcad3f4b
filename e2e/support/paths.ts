// What `cargo xtask test` tells us, with what a developer has who calls Playwright directly.
import path from "node:path";

export const target = path.resolve(process.env.MARU_TARGET ?? "../target");
export const program = path.resolve(process.env.MARU_BIN ?? path.join(target, "debug", "maru"));
export const modules = path.resolve(process.env.MARU_MODULES ?? path.join(target, "maru", "modules"));

/** A data folder with posts, an admin and compiled modules, from which every server starts. */
export const seed = path.join(target, "maru", "e2e-seed");
