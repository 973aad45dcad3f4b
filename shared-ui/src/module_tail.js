// The end of every area's ES module: the shell calls `mount`, as often as the area is shown.
// `__wbg_init` and `maru_mount` are above, made by wasm-bindgen.
let started;

export async function mount(root, host, boot) {
  started ??= __wbg_init({ module_or_path: boot.wasm });
  await started;
  return maru_mount(root, host, boot);
}
