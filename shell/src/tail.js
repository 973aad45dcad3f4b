// The script half of the shell: boots the page, loads areas, mounts and swaps them.
// Above stand wasm-bindgen's `__wbg_init` and the exports of `browser.rs` (`shell_*`).

const json = (id) => JSON.parse(document.getElementById(id)?.textContent || "null");
const boot = json("maru-boot");

/** Where the navigation stands in the layout. */
const PLACES = { main: ".main-nav a", account: ".menu__sheet li a", footer: ".site-footer nav a" };
boot.request.shell = { ...boot.request.shell, nav: navOf(document) };

/** The navigation of a document: it stands in its HTML and nowhere else. */
function navOf(page) {
  const links = (place) => [...page.querySelectorAll(PLACES[place])];
  const item = (place) => (link) => ({ href: link.getAttribute("href"), label: link.textContent, place });
  return Object.keys(PLACES).flatMap((place) => links(place).map(item(place)));
}

/** A module whose files the document's head names: enough to start with. */
function inHead(name) {
  const elements = [...document.head.querySelectorAll(`[href^="/_m/${name}/"],[src^="/_m/${name}/"]`)];
  const asset = (end) => {
    const element = elements.find((element) => urlOf(element).endsWith(end));
    return element && { url: urlOf(element), integrity: element.integrity || element.dataset.integrity };
  };
  const js = asset(".js");
  return { name, version: js?.url.split("/")[3], js, wasm: asset(".wasm"), css: asset(".css") };
}

const urlOf = (element) => element.getAttribute("href") ?? element.getAttribute("src");

/** The live modules: at first those that the document shows, soon all of them, with what they answer. */
let table = {
  release: boot.release,
  modules: ["shell", boot.request.shell.area].filter(Boolean).map(inHead),
};

const main = () => document.getElementById("main");
const outlet = () => document.getElementById("maru-outlet");

/** Resolves when the layout is hydrated, to whether it worked; areas do not wait for it. */
let shellReady;
/** True when layout and first area are up. Until then, links are the browser's. */
let ready = false;
/** The area on the page: {live, handle}, or null. */
let current = null;
/** Counts moves, so that a move that was overtaken stops. */
let turn = 0;
let overtake = () => {};

// --- the table of live modules -----------------------------------------------------------------

const live = (name) => table.modules.find((module) => module.name === name);

/** The longest claim that covers a path, on whole segments, with its module. */
function claimOn(path) {
  const trim = (text) => (text.length > 1 ? text.replace(/\/+$/, "") : text);
  const here = trim(path);
  let best = null;
  for (const module of table.modules) {
    for (const claim of module.routes ?? []) {
      const base = trim(claim.path) === "/" ? "" : trim(claim.path);
      const covers = here === (base || "/") || (!claim.exact && here.startsWith(base + "/"));
      const weight = base.length * 2 + (claim.exact ? 1 : 0);
      if (covers && (!best || weight > best.weight)) best = { weight, claim, module };
    }
  }
  return best;
}

/** Set when an answer came from another release than the table. */
let outdated = false;
let refreshing = null;

/** The table of that release, which browsers keep for good; the present one without, or when that is gone. */
async function refresh(release) {
  const response = await fetch(release ? `/_m/modules/${release}` : "/_m/modules.json");
  if (!response.ok) return release && refresh();
  table = await response.json();
  outdated = false;
}

function refreshTable() {
  if (!outdated) return Promise.resolve();
  return (refreshing ??= refresh().finally(() => (refreshing = null)));
}

/** What answers a path, with its files: a document brings only those of its own modules. */
async function lookUp(path) {
  await refreshTable().catch(() => {});
  const found = claimOn(path);
  if (!found || found.module.js) return found;
  outdated = true;
  await refreshTable();
  return claimOn(path);
}

// --- loading -----------------------------------------------------------------------------------

/** Loaded modules by name and version: {wasm, mount} promises. A module is loaded once and kept. */
const loaded = new Map();
let attempts = 0;

const keyOf = (module) => `${module.name}@${module.version}`;

function head(tag, attributes) {
  const element = Object.assign(document.createElement(tag), attributes);
  const done = new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => {
      element.remove();
      reject(new Error(`${attributes.href} could not be loaded`));
    };
  });
  document.head.append(element);
  return done;
}

function present(selector, url) {
  return [...document.head.querySelectorAll(selector)].some((link) => link.getAttribute("href") === url);
}

/** A dynamic import takes no integrity; a preload does, and fills the module map that the import reads. */
async function importChecked(asset, fragment) {
  const url = asset.url + fragment;
  if (!present('link[rel="modulepreload"]', url)) {
    await head("link", { rel: "modulepreload", href: url, integrity: asset.integrity });
  }
  return import(url);
}

async function styleChecked(asset) {
  if (!asset || present('link[rel="stylesheet"]', asset.url)) return;
  await head("link", { rel: "stylesheet", href: asset.url, integrity: asset.integrity });
}

function load(module) {
  const key = keyOf(module);
  let entry = loaded.get(key);
  if (!entry) {
    // An instance that failed is never used again: another fragment is another instance.
    const fragment = attempts > 0 ? `#${attempts}` : "";
    const wasm = module.wasm && fetch(module.wasm.url, { integrity: module.wasm.integrity });
    wasm?.catch(() => {});
    const code = importChecked(module.js, fragment);
    const style = styleChecked(module.css);
    const mount = Promise.all([code, style]).then(([namespace]) => namespace.mount);
    mount.catch(() => loaded.delete(key));
    entry = { wasm, mount };
    loaded.set(key, entry);
  }
  return entry;
}

function forget(module) {
  loaded.delete(keyOf(module));
  attempts += 1;
}

/** Styles of an area's other versions would speak for its elements too. */
function useStyles(module) {
  for (const link of document.head.querySelectorAll(`link[rel="stylesheet"][href^="/_m/${module.name}/"]`)) {
    link.disabled = link.getAttribute("href") !== module.css?.url;
  }
}

// --- what areas are given ----------------------------------------------------------------------

const listeners = new Map();

function emit(event, detail) {
  for (const listener of listeners.get(event) ?? []) listener(detail);
}

function hostFor(module) {
  return {
    version: module.version,
    navigate: (url, replace = false) => go(url, { replace }),
    session: () => boot.request.viewer ?? null,
    locale: () => boot.request.locale,
    theme: () => document.documentElement.dataset.theme ?? "system",
    toast,
    confirm,
    emit,
    on(event, listener) {
      if (!listeners.has(event)) listeners.set(event, new Set());
      listeners.get(event).add(listener);
    },
    head({ title }) {
      const site = boot.request.site_name;
      document.title = title ? `${title} · ${site}` : site;
    },
    busy: (on) => busy(on ? 1 : -1),
    report: (error) => report(module, error),
    release: (id) => release(module, id),
    viewerChanged,
  };
}

/** An answer came from another release: if the area itself changed, it is swapped and never goes on. */
async function release(module, id) {
  if (id === table.release) return;
  outdated = true;
  await refreshTable().catch(() => {});
  const now = live(module.name);
  if (now && now.version !== module.version) {
    show(here());
    await new Promise(() => {});
  }
}

/** Who is here now, and where they can go, is in any document. */
async function viewerChanged() {
  emit("viewer");
  const response = await fetch("/", { headers: { accept: "text/html" }, cache: "no-store" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const { request } = JSON.parse(page.getElementById("maru-boot").textContent);
  request.shell = { ...request.shell, nav: navOf(page) };
  boot.request.viewer = request.viewer;
  boot.request.shell = request.shell;
  await shellReady;
  shell_viewer(request);
  return request.locale === boot.request.locale;
}

// --- messages, questions, progress -------------------------------------------------------------

const expire = (toast) => setTimeout(() => toast.remove(), 6000);

async function toast(level, code) {
  await shellReady;
  const element = document.createElement("p");
  element.className = `toast toast--${level}`;
  element.textContent = shell_text(code);
  document.getElementById("maru-toasts").append(element);
  expire(element);
}

/** A yes-or-no question. Made when one is asked for the first time: documents do not carry it. */
function makeDialog() {
  const dialog = Object.assign(document.createElement("dialog"), { id: "maru-dialog", className: "dialog" });
  dialog.setAttribute("aria-labelledby", "maru-dialog-title");
  dialog.setAttribute("aria-describedby", "maru-dialog-text");
  dialog.innerHTML = `<form method="dialog"><h2 id="maru-dialog-title"></h2><p id="maru-dialog-text"></p>
    <div class="dialog__actions"><button class="button" value="no"></button>
    <button class="button button--primary" value="yes"></button></div></form>`;
  const [no, yes] = dialog.querySelectorAll("button");
  dialog.querySelector("h2").textContent = shell_text("confirm_title");
  no.textContent = shell_text("cancel");
  yes.textContent = shell_text("confirm");
  document.body.append(dialog);
  return dialog;
}

async function confirm(text) {
  await shellReady;
  const dialog = document.getElementById("maru-dialog") ?? makeDialog();
  document.getElementById("maru-dialog-text").textContent = text;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

let waits = 0;

function busy(change) {
  waits = Math.max(0, waits + change);
  document.getElementById("maru-progress").hidden = waits === 0;
}

// --- moving ------------------------------------------------------------------------------------

const here = () => location.pathname + location.search;
const entryKey = () => window.navigation?.currentEntry?.key ?? location.href;
const scrolls = new Map();
let entry = entryKey();
let returning = false;
/** The URL that is shown or on its way. */
let shown = here();

/** Goes to a URL on this site; to the same one, to see it afresh, or, when it is to `stay`, only what changed. */
async function go(url, { replace = false, stay = false } = {}) {
  const target = new URL(url, location.href);
  if (target.origin !== location.origin || !ready) {
    location.assign(target);
    return;
  }
  scrolls.set(entry, scrollY);
  const to = target.pathname + target.search;
  if (to === here()) {
    show(to, { hash: target.hash, stay });
  } else {
    pendingHash = target.hash;
    shell_navigate(to + target.hash, replace);
    // After a jump of several entries the router takes some targets for the current one.
    if (here() !== to) history[replace ? "replaceState" : "pushState"](null, "", to + target.hash);
    entry = entryKey();
  }
}

let pendingHash = "";

/** The router says where the visitor is now. */
function moved(url) {
  const back = returning;
  returning = false;
  if (url === shown) return;
  if (!ready) return location.reload();
  show(url, { back, hash: back ? "" : pendingHash });
}

async function show(url, { back = false, hash = "", stay = false } = {}) {
  const mine = ++turn;
  overtake();
  const overtaken = new Promise((resolve) => (overtake = resolve));
  shown = url;
  closeMenus();
  busy(1);
  let module;
  try {
    const to = new URL(url, location.href);
    const found = await lookUp(to.pathname);
    if (!found) return leave(404);
    if (!allowed(found.claim.role)) {
      if (boot.request.viewer) return leave(403);
      return go(`/login?next=${encodeURIComponent(url)}`, { replace: true });
    }
    module = found.module;
    if (current && keyOf(current.live) === keyOf(module)) {
      await Promise.race([current.handle.navigate(url, back), overtaken]);
    } else {
      await Promise.race([enter(module, to, mine), overtaken]);
    }
    if (mine === turn) {
      shell_notice(0);
      arrive(back, hash, stay);
    }
  } catch (error) {
    if (mine === turn) fail(module, error);
  } finally {
    busy(-1);
  }
}

const ROLES = ["USER", "AUTHOR", "ADMIN"];

function allowed(role) {
  return !role || ROLES.indexOf(boot.request.viewer?.role) >= ROLES.indexOf(role);
}

/** Mounts an area beside the page and then puts it in the place of what is there. */
async function enter(module, to, mine) {
  const entry = load(module);
  const mount = await entry.mount;
  const root = document.createElement("div");
  root.id = "maru-outlet";
  root.dataset.area = module.name;
  const request = {
    ...boot.request,
    path: to.pathname,
    query: to.search.slice(1),
    form: null,
    flash: null,
    shell: null,
  };
  const handle = await mount(root, hostFor(module), { hydrate: false, request, data: {}, wasm: entry.wasm });
  if (mine !== turn) return handle.unmount();
  unmount();
  useStyles(module);
  outlet().replaceWith(root);
  current = { live: module, handle };
}

function unmount() {
  const left = current;
  current = null;
  try {
    left?.handle.unmount();
  } catch (error) {
    // An area that cannot even leave has lost its instance.
    forget(left.live);
    report(left.live, error);
  }
}

/** Takes the area away; the shell answers itself. */
function leave(status, broken) {
  unmount();
  const empty = document.createElement("div");
  empty.id = "maru-outlet";
  outlet().replaceWith(empty);
  shell_notice(status, broken);
  requestAnimationFrame(() => {
    const heading = main().querySelector("h1");
    if (heading) document.title = `${heading.textContent} · ${boot.request.site_name}`;
    arrive(false, "");
  });
}

/** Focus and scroll as after a full page load. */
function arrive(back, hash, stay) {
  const target = hash ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  // Who stays on a page keeps their place on it, unless the element that had the focus is gone.
  if (stay && document.activeElement !== document.body) return target?.scrollIntoView({ block: "nearest" });
  const heading = (stay && target) || (main().querySelector("h1") ?? main());
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  if (target) target.scrollIntoView({ behavior: "instant", block: stay ? "center" : "start" });
  else if (!stay) scrollTo({ top: back ? (scrolls.get(entry) ?? 0) : 0, behavior: "instant" });
  document.getElementById("maru-locale-next").value = here();
}

// --- failure -----------------------------------------------------------------------------------

const reported = new Set();

function report(module, error) {
  const message = String(error?.message ?? error).slice(0, 500);
  const key = `${module && keyOf(module)} ${message}`;
  if (reported.has(key)) return;
  reported.add(key);
  const body = JSON.stringify({ module: module?.name ?? "shell", version: module?.version ?? "", message, url: here() });
  fetch("/_m/report", { method: "POST", headers: { "content-type": "application/json" }, body, keepalive: true }).catch(
    () => {},
  );
}

/** An area could not be loaded or threw: it goes, the rest stays. */
async function fail(module, error) {
  console.error(`${module?.name ?? "shell"} ${module?.version ?? ""}`, error);
  report(module, error);
  if (module) forget(module);
  if (!(await shellReady)) return;
  current = null;
  leave(0, module?.name ?? "");
}

/** A trap in WebAssembly reaches nobody but the window. */
function onStray(error) {
  const where = `${error?.stack ?? ""}`;
  const module = current?.live;
  const trapped = error instanceof WebAssembly.RuntimeError;
  if (module && (where.includes(`/_m/${module.name}/`) || (trapped && !where.includes("/_m/shell/")))) {
    turn += 1;
    fail(module, error);
  } else if (trapped || where.includes("/_m/shell/")) {
    report(live("shell"), error);
  }
}

addEventListener("error", (event) => onStray(event.error));
addEventListener("unhandledrejection", (event) => onStray(event.reason));

// --- the visitor's hands -----------------------------------------------------------------------

function linkOf(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || link.hasAttribute("download") || link.relList.contains("external")) return null;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || !/^https?:$/.test(url.protocol)) return null;
  return claimOn(url.pathname) ? url : null;
}

// Before the router's own listener on the window: what the areas do not answer is the browser's.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-retry]")) show(here());
  const anchor = event.target.closest?.("a[href]");
  if (!anchor) return;
  event.stopPropagation();
  const url = linkOf(event);
  if (!ready || !url || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  // A fragment of this page is the browser's too: it moves focus and history as people know it.
  if (url.hash && url.pathname + url.search === here()) return;
  event.preventDefault();
  go(url.href);
});

// A form that asks (GET) is a link with blanks.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!ready || event.defaultPrevented || form.method !== "get" || form.target) return;
  const url = new URL(form.action);
  for (const [key, value] of new FormData(form, event.submitter)) if (value) url.searchParams.append(key, value);
  if (url.origin !== location.origin || !claimOn(url.pathname)) return;
  event.preventDefault();
  go(url.href);
});

// An area's form that does something (POST) is sent in place.
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  if (!ready || event.defaultPrevented || !action?.startsWith("/forms/") || !outlet().contains(form)) return;
  event.preventDefault();
  const question = submitter?.dataset.question ?? form.dataset.question;
  if (form.sending || (question && !(await confirm(question)))) return;
  form.sending = true;
  busy(1);
  const data = new FormData(form, submitter);
  const body = form.enctype.startsWith("multipart") ? data : new URLSearchParams(data);
  try {
    const response = await fetch(action, { method: "POST", headers: { accept: "application/json" }, body });
    const answer = await response.json();
    // What was saved before the rest was refused has another version now.
    const version = response.headers.get("x-form-version");
    if (version) form.elements.version.value = version;
    if (response.ok) await follow(form, answer);
    else refuse(form, answer);
  } catch {
    refuse(form, { code: "offline" });
  }
  form.sending = false;
  busy(-1);
});

async function follow(form, { location: to, flash, session_changed }) {
  emit("stale");
  // Who chose another language gets a document in it.
  if (session_changed && !(await viewerChanged())) return location.assign(to);
  if (flash) toast(flash.level, flash.code);
  form.reset();
  form.closest("details")?.removeAttribute("open");
  go(to, { stay: true });
}

/** Writes what is wrong beside each field, and what concerns none of the fields above them. */
function refuse(form, { code = "", errors = [] }) {
  const text = (code, field, message = "") => current?.handle.refusal?.(code, field, message) ?? message;
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const place of form.querySelectorAll(".field__error")) place.textContent = "";
  const [rest] = errors.filter(({ field: name, code, message }) => {
    const field = form.elements.namedItem(name);
    const place = document.getElementById(`${field?.id}-error`);
    if (!place) return true;
    field.setAttribute("aria-invalid", "true");
    place.textContent = text(code, name, message);
  });
  const problem = document.createElement("p");
  problem.className = "notice notice--error";
  problem.textContent = rest ? text(rest.code, rest.field, rest.message) : errors.length ? "" : text(code);
  form.querySelector(".form-problem")?.replaceChildren(...(problem.textContent ? [problem] : []));
  form.querySelector("[aria-invalid]")?.focus();
}

async function prefetch(event) {
  const url = linkOf(event);
  if (!url || loaded.has(keyOf(claimOn(url.pathname).module))) return;
  const found = await lookUp(url.pathname).catch(() => null);
  if (found?.module.js) load(found.module).mount.catch(() => {});
}
for (const hint of ["pointerover", "focusin", "touchstart"]) {
  document.addEventListener(hint, prefetch, { passive: true });
}

addEventListener("popstate", () => {
  scrolls.set(entry, scrollY);
  entry = entryKey();
  returning = true;
  setTimeout(() => (returning = false), 100);
});
// Within the page the scroll position is restored here, when the content is there; a document's own is
// the browser's.
history.scrollRestoration = "manual";
addEventListener("pagehide", () => (history.scrollRestoration = "auto"));
addEventListener("pageshow", () => (history.scrollRestoration = "manual"));

function closeMenus(but) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (menu !== but) menu.open = false;
}
document.addEventListener("click", (event) => closeMenus(event.target.closest?.("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details[data-menu][open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

document.getElementById("maru-theme")?.addEventListener("click", () => {
  const themes = ["system", "light", "dark"];
  const root = document.documentElement;
  const next = themes[(themes.indexOf(root.dataset.theme ?? "system") + 1) % themes.length];
  if (next === "system") {
    delete root.dataset.theme;
    localStorage.removeItem("theme");
  } else {
    root.dataset.theme = next;
    localStorage.theme = next;
  }
  emit("theme", next);
});

for (const toast of document.querySelectorAll("#maru-toasts .toast")) expire(toast);

// --- start -------------------------------------------------------------------------------------

async function startShell() {
  const wasm = live("shell").wasm;
  try {
    await __wbg_init({ module_or_path: fetch(wasm.url, { integrity: wasm.integrity }) });
    shell_start(boot.request, { moved });
    return true;
  } catch (error) {
    // The page stays what it is: readable, with links that load documents.
    console.error("shell", error);
    report(live("shell"), error);
    return false;
  }
}

async function startArea() {
  const name = boot.request.shell?.area;
  const module = name && live(name);
  if (!module) return;
  try {
    const entry = load(module);
    const mount = await entry.mount;
    const root = outlet();
    const handle = await mount(root, hostFor(module), {
      hydrate: boot.rendered ?? false,
      request: boot.request,
      // Pages that are drawn from their HTML need none.
      data: json("maru-data") ?? {},
      wasm: entry.wasm,
    });
    current = { live: module, handle };
  } catch (error) {
    await fail(module, error);
  }
}

shellReady = startShell();
// Where links lead is known when the table is there; without it they stay the browser's.
const known = (refreshing = refresh(table.release).catch(() => {}).finally(() => (refreshing = null)));
Promise.all([shellReady, startArea(), known]).then(([up]) => {
  ready = up;
  document.documentElement.toggleAttribute("data-ready", up);
});
