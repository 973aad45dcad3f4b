//! The browser half: wasm-bindgen's output, and the tail that makes its script the module of the
//! contract.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::{Bindgen, Output};

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
    let names = if mode == Mode::Debug { BTreeMap::new() } else { shorten_imports(&mut output) };
    let mut script = rename(output.js(), &names);
    script.push('\n');
    script.push_str(&tail(workspace, spec)?);
    let wasm = output.wasm_mut().emit_wasm();
    Ok((if mode == Mode::Debug { script } else { squeeze(&script) }.into_bytes(), wasm))
}

/// Gives the imports of the WebAssembly short names and answers them by the old ones: wasm-bindgen's
/// end in digests, which do not compress and stand in both files.
fn shorten_imports(output: &mut Output) -> BTreeMap<String, String> {
    let exports: BTreeSet<String> = output.wasm().exports.iter().map(|export| export.name.clone()).collect();
    let mut names = BTreeMap::new();
    for import in output.wasm_mut().imports.iter_mut().filter(|import| !exports.contains(&import.name)) {
        let short = format!("i{}", names.len());
        import.name = names.entry(import.name.clone()).or_insert(short).clone();
    }
    names
}

/// `script` with the identifiers in `names` replaced.
fn rename(script: &str, names: &BTreeMap<String, String>) -> String {
    let belongs = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let mut out = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find(belongs) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|letter| !belongs(letter)).unwrap_or(from.len()));
        out.push_str(before);
        out.push_str(names.get(word).map_or(word, String::as_str));
        rest = after;
    }
    out.push_str(rest);
    out
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
    use super::{rename, squeeze};

    #[test]
    fn whole_identifiers_are_renamed() {
        let names = [("__wbg_now_1".to_owned(), "i0".to_owned())].into();
        assert_eq!(rename("__wbg_now_1: __wbg_now_12(한)", &names), "i0: __wbg_now_12(한)");
    }

    #[test]
    fn squeezing_keeps_code_and_templates() {
        let script = "/** doc\n * more\n */\nfunction f() {\n    // why\n    return `a\n    // kept\n  b` + '//x';\n}\n\n/* one line */\nf();\n";
        assert_eq!(squeeze(script), "function f() {\nreturn `a\n    // kept\n  b` + '//x';\n}\nf();\n");
    }
}
