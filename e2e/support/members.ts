// Accounts that tests make, and the mails they get.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, type APIRequestContext } from "@playwright/test";

import type { Maru } from "./maru";

export type Person = { name: string; email: string; password: string };

let made = 0;

/** Registers somebody new through the form's action; `request` is signed in as them afterwards. */
export async function join(request: APIRequestContext, site: Maru, name: string): Promise<Person> {
  made += 1;
  const person = { name, email: `member-${Date.now()}-${made}@maru.example`, password: "a long enough password" };
  const answer = await request.post(`${site.url}/forms/register`, {
    form: person,
    headers: { origin: site.url },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(303);
  return person;
}

/** The newest link to `/<kind>/…` in a mail to this address. */
export async function mailedLink(site: Maru, email: string, kind: "reset" | "verify"): Promise<string> {
  const folder = path.join(site.data, "outbox-mail");
  let link: string | undefined;
  await expect
    .poll(async () => {
      const names = (await readdir(folder).catch(() => [])).sort();
      for (const name of names) {
        const mail = plain(await readFile(path.join(folder, name), "utf8"));
        if (mail.includes(email)) link = new RegExp(`https?://\\S+/${kind}/[\\w-]+`).exec(mail)?.[0] ?? link;
      }
      return link;
    })
    .toBeTruthy();
  return new URL(link!).pathname;
}

/** Quoted-printable undone. */
function plain(mail: string): string {
  return mail.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}
