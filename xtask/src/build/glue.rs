//! The browser half: wasm-bindgen's output, and the tail that makes its script the module of the
//! contract.

use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::cargo::Mode;
use super::spec::Spec;
use crate::workspace::Workspace;

/// Script and WebAssembly of the browser half.
pub(super) fn client(workspace: &Workspace, spec: &Spec, mode: Mode, wasm: &Path) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut bindgen = Bindgen::new();
    bindgen
        .web(true)?
        .input_path(wasm)
        .out_name("client")
        .typescript(false)
        .omit_default_module_path(true)
        .demangle(mode == Mode::Debug)
        .remove_name_section(mode != Mode::Debug)
        .remove_producers_section(true);
    let mut output = bindgen.generate_output().with_context(|| format!("wasm-bindgen rejects {}", wasm.display()))?;
    let inline = output.snippets().values().any(|scripts| !scripts.is_empty());
    if inline || !output.local_modules().is_empty() || !output.npm_dependencies().is_empty() {
        bail!("{} brings scripts of its own; a bundle has exactly one, so put them into src/tail.js", spec.krate);
    }
    let mut script = output.js().to_owned();
    script.push('\n');
    script.push_str(&tail(workspace, spec)?);
    let wasm = output.wasm_mut().emit_wasm();
    Ok((if mode == Mode::Debug { script } else { squeeze(&script) }.into_bytes(), wasm))
}

/// The crate's own tail, or the one that all areas share.
fn tail(workspace: &Workspace, spec: &Spec) -> Result<String> {
    let own = spec.dir.join("src/tail.js");
    let path = if own.is_file() { own } else { workspace.krate("shared-ui")?.dir.join("src/module_tail.js") };
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// Drops indentation, empty lines and comments that stand on lines of their own; what is inside a
/// template literal stays as it is. That is all a script needs that is compressed afterwards.
fn squeeze(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    let (mut in_template, mut in_comment) = (false, false);
    for line in script.lines() {
        let trimmed = line.trim();
        if in_template {
            out.push_str(line);
        } else if in_comment || trimmed.starts_with("/*") {
            in_comment = !trimmed.contains("*/");
            continue;
        } else if trimmed.is_empty() || trimmed.starts_with("//") {
            continue;
        } else {
            out.push_str(trimmed);
        }
        out.push('\n');
        if !line.matches('`').count().is_multiple_of(2) {
            in_template = !in_template;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::squeeze;

    #[test]
    fn squeezing_keeps_code_and_templates() {
        let script = "/** doc\n * more\n */\nfunction f() {\n    // why\n    return `a\n    // kept\n  b` + '//x';\n}\n\n/* one line */\nf();\n";
        assert_eq!(squeeze(script), "function f() {\nreturn `a\n    // kept\n  b` + '//x';\n}\nf();\n");
    }
}
