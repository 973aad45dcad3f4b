//! The words of a text as the index wants them.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use super::words::{Script, forms, parts, words};

/// Words and their roots.
pub(super) const ROOTS: &str = "maru_roots";
/// Parts of words in scripts without stems.
pub(super) const PARTS: &str = "maru_parts";
/// Words as they are typed: what is completed and corrected.
pub(super) const WORDS: &str = "maru_words";

/// Registers all of them.
pub(super) fn register(manager: &TokenizerManager) {
    manager.register(ROOTS, Words(roots));
    manager.register(PARTS, Words(in_parts));
    manager.register(WORDS, Words(typed));
}

#[derive(Clone)]
struct Words(fn(&str) -> Vec<Token>);

/// All tokens at once: texts are indexed one by one, off the requests' way.
struct Tokens {
    tokens: std::vec::IntoIter<Token>,
    current: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        Tokens { tokens: (self.0)(text).into_iter(), current: Token::default() }
    }
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        self.tokens.next().map(|token| self.current = token).is_some()
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}

fn token(text: String, position: usize) -> Token {
    Token { text, position, ..Token::default() }
}

fn roots(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (position, word) in words(text).enumerate() {
        let forms = forms(word);
        match forms.root {
            // A stem stands for its word; what is left of a Korean word stands beside it.
            Some(root) => {
                if word.script == Script::Hangul {
                    tokens.push(token(forms.whole, position));
                }
                tokens.push(token(root, position));
            }
            None => tokens.push(token(forms.whole, position)),
        }
    }
    tokens
}

fn in_parts(text: &str) -> Vec<Token> {
    let words = words(text).filter(|word| word.script != Script::Alphabetic).enumerate();
    words.flat_map(|(position, word)| parts(word.text).map(move |part| token(part.to_owned(), position))).collect()
}

fn typed(text: &str) -> Vec<Token> {
    let words = words(text).filter(|word| word.script != Script::Ideographic);
    let typed = |word| {
        let forms = forms(word);
        if word.script == Script::Hangul { forms.root.unwrap_or(forms.whole) } else { forms.whole }
    };
    words.map(typed).enumerate().map(|(position, text)| token(text, position)).collect()
}
