//! Style sheets: `@import`s resolved, an area's rules confined to the area, minified.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use lightningcss::targets::{Browsers, Targets};

use super::spec::Spec;
use crate::workspace::Workspace;

/// The style sheet of a module. The shell's also holds what all areas share.
pub(super) fn sheet(workspace: &Workspace, spec: &Spec) -> Result<String> {
    let own = files(&spec.dir.join("style"))?;
    if spec.is_shell() {
        let mut all = files(&workspace.styles)?;
        all.extend(files(&workspace.krate("shared-ui")?.dir.join("style"))?);
        all.extend(own);
        return minify(&bundle(&all)?);
    }
    let css = bundle(&own)?;
    minify(&format!("@layer area{{@scope ([data-area=\"{}\"]){{{css}}}}}", spec.name))
}

/// The folder's `index.css`, which imports the rest, or else every sheet in it by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let index = folder.join("index.css");
    if index.is_file() {
        return Ok(vec![index]);
    }
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "css") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn bundle(files: &[PathBuf]) -> Result<String> {
    let mut css = String::new();
    for file in files {
        let provider = FileProvider::new();
        let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
        let sheet = bundler.bundle(file).map_err(|error| anyhow!("{}: {error}", file.display()))?;
        let printed =
            sheet.to_css(PrinterOptions::default()).map_err(|error| anyhow!("{}: {error}", file.display()))?;
        css.push_str(&printed.code);
    }
    Ok(css)
}

fn minify(css: &str) -> Result<String> {
    let mut sheet =
        StyleSheet::parse(css, ParserOptions::default()).map_err(|error| anyhow!("style sheet: {error}"))?;
    let targets = Targets::from(browsers());
    let options = MinifyOptions { targets, ..MinifyOptions::default() };
    sheet.minify(options).map_err(|error| anyhow!("style sheet: {error}"))?;
    let options = PrinterOptions { minify: true, targets, ..PrinterOptions::default() };
    Ok(sheet.to_css(options).map_err(|error| anyhow!("style sheet: {error}"))?.code)
}

/// The oldest browsers with `light-dark()`, nesting, layers and `@scope`, all of which stay as written.
fn browsers() -> Browsers {
    let version = |major: u32, minor: u32| Some(major << 16 | minor << 8);
    Browsers {
        android: version(123, 0),
        chrome: version(123, 0),
        edge: version(123, 0),
        firefox: version(128, 0),
        ios_saf: version(17, 5),
        safari: version(17, 5),
        ..Browsers::default()
    }
}

#[cfg(test)]
mod tests {
    use super::minify;

    #[test]
    fn modern_rules_stay_as_written() {
        let css = "@layer area { @scope ([data-area=\"blog\"]) { .card { color: light-dark(#111111, #eeeeee); & a { margin: 0 auto } } } }";
        let minified = minify(css).unwrap();
        assert!(minified.replace(' ', "").starts_with("@layerarea{@scope([data-area=blog]){"), "{minified}");
        assert!(minified.contains("light-dark(#111,#eee)"), "{minified}");
    }
}
