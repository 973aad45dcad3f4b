//! Code with colours by class, small enough to send.
//!
//! syntect names nested scopes; a reader sees a handful of colours. So each piece of text gets the
//! one class of its innermost scope that has a colour, and neighbours of one class share a span.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt::{self, Write},
    sync::LazyLock,
};

use comrak::adapters::SyntaxHighlighterAdapter;
use syntect::{
    easy::ScopeRegionIterator,
    parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet},
    util::LinesWithEndings,
};

/// Beyond these a block is shown plain: highlighting takes time, and nobody reads so much code.
const MAX_BLOCK: usize = 100_000;
const MAX_LINE: usize = 2_000;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

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

/// Highlights fenced code in a language that it knows.
pub(super) struct Highlighter;

impl SyntaxHighlighterAdapter for Highlighter {
    fn write_highlighted(&self, output: &mut dyn Write, lang: Option<&str>, code: &str) -> fmt::Result {
        let syntax = language(lang.unwrap_or_default()).and_then(|name| SYNTAXES.find_syntax_by_token(name));
        match syntax {
            Some(syntax) if code.len() <= MAX_BLOCK && code.lines().all(|line| line.len() <= MAX_LINE) => {
                highlight(output, syntax, code)
            }
            _ => comrak::html::escape(output, code),
        }
    }

    fn write_pre_tag(&self, output: &mut dyn Write, _: HashMap<&'static str, Cow<'_, str>>) -> fmt::Result {
        output.write_str("<pre>")
    }

    fn write_code_tag(&self, output: &mut dyn Write, attributes: HashMap<&'static str, Cow<'_, str>>) -> fmt::Result {
        let name = attributes.get("class").and_then(|class| class.strip_prefix("language-")).and_then(language);
        match name {
            Some(name) => write!(output, "<code class=\"language-{name}\">"),
            None => output.write_str("<code>"),
        }
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
