// The end of every area's ES module: the shell calls `mount`, as often as the area is shown.
// `__wbg_init` and `maru_mount` are above, made by wasm-bindgen.
let started;

export async function mount(root, host, boot) {
  started ??= __wbg_init({ module_or_path: boot.wasm });
  await started;
  return maru_mount(root, host, Object.assign(boot, { draw: (...page) => draw(host, ...page) }));
}

/** Puts a page's markup into its element. Of the same page only what has changed is touched, so that focus,
    pictures and what was typed stay. */
function draw(host, element, markup, same) {
  if (markup !== undefined) {
    const next = document.createElement("template");
    next.innerHTML = markup;
    if (same) morph(element, next.content);
    else element.replaceChildren(next.content);
  }
  wake(host, element);
}

function morph(from, to) {
  let at = from.firstChild;
  for (const next of [...to.childNodes]) {
    const after = at?.nextSibling;
    if (!at) from.append(next);
    else if (!at.isEqualNode(next)) {
      if (at.localName && at.localName === next.localName && at.id === next.id) {
        for (const { name } of [...at.attributes]) if (!next.hasAttribute(name) && name !== "open") at.removeAttribute(name);
        for (const { name, value } of next.attributes) if (at.getAttribute(name) !== value) at.setAttribute(name, value);
        morph(at, next);
      } else at.replaceWith(next);
    }
    at = after;
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

/** What a page asks for by attributes. Each is a comfort: without it the page works too. */
function wake(host, page) {
  const each = (name, act) => {
    for (const element of page.querySelectorAll(`[${name}]`)) {
      if (element.awake) continue;
      element.awake = true;
      act(element, element.getAttribute(name));
    }
  };
  // A view of the page, counted once.
  each("data-count", (_, url) => fetch(url, { method: "POST", keepalive: true }).catch(() => {}));
  each("data-copy", (button, text) => {
    button.onclick = async () => {
      const link = new URL(text, location.href).href;
      const share = button.hasAttribute("data-share") && navigator.share;
      if (share) return navigator.share({ title: document.title, url: link }).catch(() => {});
      try {
        // Away where the connection is not secure.
        await navigator.clipboard.writeText(link);
        host.toast("success", "copied");
      } catch {
        host.toast("error", "failed");
      }
    };
  });
  each("data-all", (box, name) => {
    box.onchange = () => {
      for (const other of box.form.elements) if (other.name === name) other.checked = box.checked;
    };
  });
  each("data-upload", (input, into) => {
    // Not from the document: a page is drawn before it stands there.
    const area = page.querySelector(`#${CSS.escape(into)}`);
    const put = (files) => upload(host, input, area, [...files].filter((file) => file.type.startsWith("image/")));
    input.onchange = () => put(input.files);
    area.onpaste = area.ondrop = (event) => {
      const files = (event.clipboardData ?? event.dataTransfer).files;
      if (!files.length) return;
      event.preventDefault();
      put(files);
    };
  });
}

/** Uploads images and writes them into the text as Markdown. */
async function upload(host, input, area, files) {
  const bar = input.parentElement.querySelector("progress");
  for (const file of files) {
    const sent = new FormData();
    sent.append("file", file);
    const url = await send("/api/upload", sent, (part) => bar && Object.assign(bar, { hidden: false, value: part }));
    if (bar) bar.hidden = true;
    if (!url) {
      host.toast("error", "upload_failed");
      continue;
    }
    const name = file.name.replace(/\.[^.]*$/, "").replace(/[[\]\\]/g, " ");
    area.setRangeText(`![${name}](${url})\n`, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    host.toast("success", "image_inserted");
  }
  input.value = "";
}

function send(url, body, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onloadend = () => resolve(request.status < 300 ? request.response?.url : undefined);
    request.send(body);
  });
}
