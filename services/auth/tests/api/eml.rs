//! Reads mails as far as the tests need it.

use base64::{Engine, engine::general_purpose::STANDARD};

/// A mail.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) from: String,
    /// Everything before the body.
    pub(crate) head: String,
    /// The plain part.
    pub(crate) text: String,
    /// The HTML part.
    pub(crate) html: String,
}

impl Mail {
    pub(crate) fn parse(raw: &str) -> Self {
        let raw = raw.replace("\r\n", "\n");
        let (head, body) = raw.split_once("\n\n").expect("a head and a body");
        let head = head.replace("\n ", " ");
        let boundary = head.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("two parts");
        let boundary = format!("--{boundary}");
        let mut parts = body.split(&boundary).skip(1).map(decode);
        let header = |name: &str| {
            let line = head.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line[name.len()..].trim().to_owned()
        };
        let (to, from) = (header("To:"), header("From:"));
        let (text, html) = (parts.next().expect("a plain part"), parts.next().expect("an HTML part"));
        Self { to, from, head, text, html }
    }

    /// The token of the link `/<page>/<token>` (or `…=<token>`).
    pub(crate) fn token(&self, page: &str) -> String {
        let after = self.text.split(page).nth(1).unwrap_or_else(|| panic!("no {page} in {}", self.text));
        after.chars().take_while(char::is_ascii_hexdigit).collect()
    }
}

fn decode(part: &str) -> String {
    let (head, body) = part.trim_start().split_once("\n\n").expect("a part has a head");
    let bytes = if head.contains("base64") {
        STANDARD.decode(body.split_whitespace().collect::<String>()).expect("base64")
    } else if head.contains("quoted-printable") {
        quoted_printable(body)
    } else {
        body.as_bytes().to_vec()
    };
    String::from_utf8(bytes).expect("UTF-8")
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| byte == b'=').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    bytes
}
