//! What may stand in the fields of a comment.

use contracts::problem::Problem;

use super::hex;

pub(crate) const MAX_CONTENT: usize = 5_000;
const MAX_NAME: usize = 50;
const MIN_PASSWORD: usize = 4;
const MAX_PASSWORD: usize = 128;
const MAX_NOTE: usize = 500;
/// Characters of "Congratulations!", or of a Korean line of thanks.
const MAX_COMMONPLACE: usize = 16;

/// Collects what is wrong, field by field.
pub(crate) struct Check(Problem);

impl Check {
    pub(crate) fn new() -> Self {
        Self(Problem::validation())
    }

    /// Nothing is wrong, or the problem that names it all.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.0.errors.is_empty() { Ok(()) } else { Err(self.0) }
    }

    pub(crate) fn refuse(&mut self, field: &str, code: &str, message: impl Into<String>) {
        self.0 = std::mem::take(&mut self.0).with_field(field, code, message);
    }

    /// The text of a comment, without blanks at its ends.
    pub(crate) fn content(&mut self, typed: &str) -> String {
        let text = typed.replace("\r\n", "\n").replace('\0', "");
        let text = text.trim_end().trim_start_matches(['\n', '\r']).to_owned();
        if text.chars().all(is_blank) {
            self.refuse("content", "required", "A comment needs a text.");
        } else if text.chars().count() > MAX_CONTENT {
            self.refuse("content", "too_long", format!("A comment has at most {MAX_CONTENT} characters."));
        }
        text
    }

    /// The name of a guest: one line.
    pub(crate) fn guest_name(&mut self, typed: &str) -> String {
        let name = one_line(typed);
        if name.is_empty() {
            self.refuse("guest_name", "required", "A name is needed.");
        } else if name.chars().count() > MAX_NAME {
            self.refuse("guest_name", "too_long", format!("A name has at most {MAX_NAME} characters."));
        }
        name
    }

    /// The password of a guest.
    pub(crate) fn guest_password(&mut self, typed: &str) {
        let length = typed.chars().count();
        if length == 0 {
            self.refuse("guest_password", "required", "A password is needed, to change or delete the comment later.");
        } else if length < MIN_PASSWORD {
            let message = format!("A password has at least {MIN_PASSWORD} characters.");
            self.refuse("guest_password", "too_short", message);
        } else if length > MAX_PASSWORD {
            let message = format!("A password has at most {MAX_PASSWORD} characters.");
            self.refuse("guest_password", "too_long", message);
        }
    }

    /// Name and password of a guest where a member writes: they mean nothing, and keep to their limits.
    pub(crate) fn unused_guest(&mut self, name: Option<&str>, password: Option<&str>) {
        for (field, typed, max) in [("guest_name", name, MAX_NAME), ("guest_password", password, MAX_PASSWORD)] {
            if typed.is_some_and(|typed| typed.chars().count() > max) {
                self.refuse(field, "too_long", format!("At most {max} characters."));
            }
        }
    }

    /// A few words in a form; none when empty.
    pub(crate) fn note(&mut self, field: &str, typed: Option<&str>, max: usize) -> Option<String> {
        let note = typed.unwrap_or_default().trim().replace('\0', "");
        if note.chars().count() > max {
            self.refuse(field, "too_long", format!("At most {max} characters."));
        }
        (!note.is_empty()).then_some(note)
    }

    /// The note of a report.
    pub(crate) fn report_note(&mut self, typed: Option<&str>, needed: bool) -> Option<String> {
        let note = self.note("note", typed, MAX_NOTE);
        if needed && note.is_none() {
            self.refuse("note", "required", "Say what is wrong.");
        }
        note
    }
}

/// Whether a password could be anybody's. Checking a longer one would only take time.
pub(crate) fn could_be_password(typed: &str) -> bool {
    typed.len() <= MAX_PASSWORD * 4
}

/// Equal for texts that say the same with other blanks or capitals.
pub(crate) fn text_digest(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !is_blank(*c)).flat_map(char::to_lowercase).collect();
    hex::digest(plain)
}

/// Whether a text is so short that many write the same without knowing of each other.
pub(crate) fn is_commonplace(text: &str) -> bool {
    text.chars().filter(|c| !is_blank(*c)).nth(MAX_COMMONPLACE).is_none()
}

pub(crate) fn one_line(text: &str) -> String {
    // Control and bidirectional formatting characters could make one name look like another.
    let visible = text.chars().filter(|c| c.is_whitespace() || !is_blank(*c)).collect::<String>();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Blanks, and what shows nothing.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}')
}

#[cfg(test)]
mod tests {
    use super::{Check, is_commonplace, one_line, text_digest};

    #[test]
    fn everything_wrong_is_named() {
        let mut check = Check::new();
        assert_eq!(check.content("\r\n  code\r\n\r\n"), "  code");
        check.content(" \u{200b}\u{3164} ");
        check.guest_name("\u{202e}");
        check.guest_password("abc");
        check.report_note(Some(" "), true);
        let problem = check.finish().expect_err("four fields are wrong");
        let fields: Vec<_> = problem.errors.iter().map(|error| format!("{}:{}", error.field, error.code)).collect();
        assert_eq!(fields, ["content:required", "guest_name:required", "guest_password:too_short", "note:required"]);
    }

    #[test]
    fn names_are_one_visible_line() {
        assert_eq!(one_line(" 홍 \n 길\u{200b}동\u{0} "), "홍 길동");
    }

    #[test]
    fn the_same_said_again_is_recognised() {
        assert_eq!(text_digest("Buy  Now!\n"), text_digest("buy\u{200b}now!"));
        assert_ne!(text_digest("buy now"), text_digest("buy not"));
    }

    #[test]
    fn what_everybody_says_is_short() {
        for short in ["Congratulations!", "좋은 글 감사합니다. 잘 읽었어요!", "  Thank\n you \u{200b} very  much "]
        {
            assert!(is_commonplace(short), "{short}");
        }
        assert!(!is_commonplace("Congratulations!!"));
    }
}
