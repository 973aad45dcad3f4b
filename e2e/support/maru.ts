// A running Maru, and its command line.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { modules, program, seed } from "./paths";

/** Long enough for a first start, which compiles every module. */
const START = 120_000;
const STOP = 20_000;

export class Maru {
  /** A folder for a server, gone with it; a copy of the seed unless it is to be empty. */
  static async folder({ empty = false } = {}): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), "maru-e2e-"));
    if (!empty) await cp(seed, folder, { recursive: true });
    return folder;
  }

  static async start(data: string, bundles = modules): Promise<Maru> {
    const maru = new Maru(data, bundles);
    await maru.launch(0);
    return maru;
  }

  /** Where it answers: `http://localhost:12345`. */
  url = "";
  /** The one-time link that makes the first admin, as long as there is none. */
  setupLink?: string;
  /** Everything it has said since it was started. */
  log = "";
  private child!: ChildProcess;

  private constructor(
    readonly data: string,
    private readonly bundles: string,
  ) {}

  /** Ends it and starts it again at the same address. */
  async restart(): Promise<void> {
    await this.stop();
    await this.launch(Number(new URL(this.url).port));
  }

  private async launch(port: number): Promise<void> {
    this.log = "";
    const listen = ["--listen", `127.0.0.1:${port}`, "--operator-listen", "127.0.0.1:0"];
    this.child = spawn(program, ["serve", "--data", this.data, "--modules", this.bundles, ...listen], {
      cwd: this.data,
      stdio: ["ignore", "pipe", "pipe"],
      // All tests are one client.
      env: { ...process.env, MARU_LOG__LEVEL: "warn", MARU_LIMITS__ENABLED: "false" },
    });
    await this.listening();
  }

  private listening(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`maru did not listen in time:\n${this.log}`)), START);
      const hear = (chunk: Buffer) => {
        this.log += chunk;
        this.url = /listening on (http:\/\/\S+)/.exec(this.log)?.[1] ?? this.url;
        this.setupLink ??= /(http:\/\/\S+\/setup\?token=\S+)/.exec(this.log)?.[1];
        if (this.url && this.log.includes("Ctrl-C")) {
          clearTimeout(late);
          resolve();
        }
      };
      this.child.stdout?.on("data", hear);
      this.child.stderr?.on("data", hear);
      this.child.once("exit", (code) => {
        clearTimeout(late);
        reject(new Error(`maru ended with ${code}:\n${this.log}`));
      });
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), STOP);
    await ended;
    clearTimeout(late);
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Another command, about this server. */
  run(...args: string[]): Promise<string> {
    return maru(...args, "--data", this.data);
  }
}

/** Runs `maru …` and answers what it says; fails when it fails. */
export async function maru(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd: tmpdir(), maxBuffer: 16_000_000 });
  return stdout;
}
