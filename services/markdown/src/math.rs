//! TeX in, MathML out.

use pulldown_latex::{Parser, RenderConfig, Storage, config::DisplayMode, mathml::push_mathml};

/// Longer formulas are shown as they were typed.
const MAX_FORMULA: usize = 5_000;
/// Deeper ones too: what reads HTML builds a tree of it.
const MAX_DEPTH: usize = 50;

/// What would let a short formula grow without end.
const DEFINITIONS: &[&str] =
    &["def", "edef", "gdef", "xdef", "let", "futurelet", "newcommand", "renewcommand", "providecommand"];

/// The formula as MathML, or as it was typed where it is none.
pub(crate) fn html(tex: &str, display: bool) -> String {
    let mut html = String::with_capacity(tex.len() * 12);
    if acceptable(tex) && write(tex, display, &mut html).is_some() {
        return html;
    }
    html.clear();
    html.push_str("<code class=\"math-error\">");
    // Writing to a string does not fail.
    let _ = comrak::html::escape(&mut html, tex.trim());
    html.push_str("</code>");
    html
}

fn write(tex: &str, display: bool, html: &mut String) -> Option<()> {
    let storage = Storage::new();
    let events: Result<Vec<_>, _> = Parser::new(tex, &storage).collect();
    let events = events.ok()?.into_iter().map(Ok::<_, std::convert::Infallible>);
    let display_mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    push_mathml(html, events, RenderConfig { display_mode, ..RenderConfig::default() }).ok()
}

fn acceptable(tex: &str) -> bool {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for c in tex.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    let commands = || {
        tex.split('\\').skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default())
    };
    // Commands nest without braces too: `\sqrt\sqrt\sqrt x`.
    let nesting = commands()
        .filter(|name| matches!(*name, "sqrt" | "frac" | "left" | "begin" | "hat" | "bar" | "overline" | "underline"))
        .count();
    tex.len() <= MAX_FORMULA
        && deepest <= MAX_DEPTH
        && nesting <= MAX_DEPTH * 4
        && !commands().any(|name| DEFINITIONS.contains(&name))
}
