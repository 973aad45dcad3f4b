//! Code with colours by class, small enough to send.
//!
//! syntect names nested scopes; a reader sees a handful of colours. So each piece of text gets the
//! one class of its innermost scope that has a colour, and neighbours of one class share a span.

use std::{
    fmt::{self, Write},
    sync::LazyLock,
};

use syntect::{
    easy::ScopeRegionIterator,
    parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet},
    util::LinesWithEndings,
};

/// Beyond these a block is shown plain: highlighting takes time, and nobody reads so much code.
const MAX_BLOCK: usize = 100_000;
const MAX_LINE: usize = 2_000;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Scope prefixes and the classes of `style/code.css`; the first that matches counts.
static CLASSES: LazyLock<Vec<(Scope, char)>> = LazyLock::new(|| {
    let table = [
        ("comment", 'c'),
        ("string", 's'),
        ("constant.character", 's'),
        ("constant", 'n'),
        ("entity.name.function", 'f'),
        ("support.function", 'f'),
        ("entity.name.macro", 'f'),
        ("support.macro", 'f'),
        ("variable.function", 'f'),
        ("entity.other.attribute-name", 'a'),
        ("meta.annotation", 'a'),
        ("variable.annotation", 'a'),
        ("entity.name.tag", 'k'),
        ("entity.name", 't'),
        ("entity.other.inherited-class", 't'),
        ("support.type", 't'),
        ("support.class", 't'),
        ("storage.type.numeric", 'n'),
        ("storage", 'k'),
        ("keyword.operator.word", 'k'),
        ("keyword.operator", ' '),
        ("keyword", 'k'),
        ("markup.inserted", 's'),
        ("markup.deleted", 'k'),
        ("markup.heading", 't'),
    ];
    table.iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class))).collect()
});

/// A block of code with its language's name, coloured where the language is known.
pub(crate) fn block(info: &str, code: &str) -> String {
    let language = language(info);
    let syntax = language.and_then(|name| SYNTAXES.find_syntax_by_token(name));
    let mut html = String::with_capacity(code.len() * 2 + 64);
    // Writing to a string does not fail.
    let _ = match language {
        Some(name) => {
            let label = syntax.map_or(name, label);
            write!(html, "<pre data-lang=\"{label}\"><code class=\"language-{name}\">")
        }
        None => html.write_str("<pre><code>"),
    };
    let fits = code.len() <= MAX_BLOCK && code.lines().all(|line| line.len() <= MAX_LINE);
    let _ = match syntax.filter(|_| fits) {
        Some(syntax) => highlight(&mut html, syntax, code),
        None => comrak::html::escape(&mut html, code),
    };
    html.push_str("</code></pre>\n");
    html
}

/// What people call the language.
fn label(syntax: &SyntaxReference) -> &str {
    match syntax.name.as_str() {
        "Bourne Again Shell (bash)" => "Shell",
        name => name.split(" (").next().unwrap_or(name),
    }
}

/// The language that an info string names: `rust,ignore` and `{.rust}` mean `rust`.
fn language(info: &str) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_');
    let name = info.trim_start_matches(['{', '.', ' ']);
    let name = &name[..name.find(|c| !is_part(c)).unwrap_or(name.len())];
    (!name.is_empty() && name.len() <= 20).then_some(name)
}

fn highlight(output: &mut dyn Write, syntax: &SyntaxReference, code: &str) -> fmt::Result {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut spans = Spans { output, open: ' ' };
    let mut broken = false;
    for line in LinesWithEndings::from(code) {
        let ops = if broken { Ok(Vec::new()) } else { state.parse_line(line, &SYNTAXES) };
        let Ok(ops) = ops else {
            // A pattern gave up: the rest is plain.
            broken = true;
            spans.write(line, ' ')?;
            continue;
        };
        for (text, op) in ScopeRegionIterator::new(&ops, line) {
            broken |= stack.apply(op).is_err();
            let class = if broken { ' ' } else { class_of(&stack) };
            spans.write(text, class)?;
        }
    }
    spans.close()
}

fn class_of(stack: &ScopeStack) -> char {
    let class = |scope: &Scope| CLASSES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class);
    stack.as_slice().iter().rev().find_map(class).unwrap_or(' ')
}

/// Writes text in as few spans as possible.
struct Spans<'a> {
    output: &'a mut dyn Write,
    open: char,
}

impl Spans<'_> {
    fn write(&mut self, text: &str, class: char) -> fmt::Result {
        if text.is_empty() {
            return Ok(());
        }
        // White space has no colour: it may stay in whatever is open, but a line's end closes it.
        if class != self.open && (text.trim().is_empty() && !text.contains('\n')) {
            return comrak::html::escape(self.output, text);
        }
        if class != self.open {
            self.close()?;
            if class != ' ' {
                write!(self.output, "<span class=\"hl-{class}\">")?;
            }
            self.open = class;
        }
        comrak::html::escape(self.output, text)
    }

    fn close(&mut self) -> fmt::Result {
        if self.open != ' ' {
            self.output.write_str("</span>")?;
            self.open = ' ';
        }
        Ok(())
    }
}
