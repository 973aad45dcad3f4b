//! What may stand in the fields of an account.

use contracts::problem::Problem;

use super::names::is_invisible;

const MAX_NAME: usize = 50;
const MAX_BIO: usize = 500;
const MAX_EMAIL: usize = 254;
const MIN_PASSWORD: usize = 10;
const MAX_PASSWORD: usize = 128;
const MAX_AVATAR: usize = 500;
const MAX_SITE_NAME: usize = 60;

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

    pub(crate) fn refuse(&mut self, field: &str, code: &str, message: String) {
        self.0 = std::mem::take(&mut self.0).with_field(field, code, message);
    }

    /// An e-mail address in the form that is kept: trimmed, lower case.
    pub(crate) fn email(&mut self, typed: &str) -> String {
        let email = typed.trim().to_lowercase();
        if email.is_empty() {
            self.refuse("email", "required", "An e-mail address is needed.".to_owned());
        } else if !is_email(&email) {
            self.refuse("email", "invalid", "This does not look like an e-mail address.".to_owned());
        }
        email
    }

    /// A display name: trimmed, without control characters.
    pub(crate) fn name(&mut self, typed: &str) -> String {
        let name = one_line(typed);
        if name.is_empty() {
            self.refuse("name", "required", "A name is needed.".to_owned());
        } else if name.chars().count() > MAX_NAME {
            self.refuse("name", "too_long", format!("A name has at most {MAX_NAME} characters."));
        }
        name
    }

    /// A password: its length is all that is asked for.
    pub(crate) fn password(&mut self, typed: &str) {
        let length = typed.chars().count();
        if length < MIN_PASSWORD {
            self.refuse("password", "too_short", format!("A password has at least {MIN_PASSWORD} characters."));
        } else if length > MAX_PASSWORD {
            self.refuse("password", "too_long", format!("A password has at most {MAX_PASSWORD} characters."));
        }
    }

    /// Name of the site, as mails say it.
    pub(crate) fn site_name(&mut self, typed: &str) -> String {
        let name = one_line(typed);
        if name.is_empty() {
            self.refuse("site_name", "required", "A name is needed.".to_owned());
        } else if name.chars().count() > MAX_SITE_NAME {
            self.refuse("site_name", "too_long", format!("At most {MAX_SITE_NAME} characters."));
        }
        name
    }

    /// A few words about oneself.
    pub(crate) fn bio(&mut self, typed: &str) -> String {
        let bio = typed.trim().replace('\0', "");
        if bio.chars().count() > MAX_BIO {
            self.refuse("bio", "too_long", format!("At most {MAX_BIO} characters."));
        }
        bio
    }

    /// The path of a picture on this site; none when empty.
    pub(crate) fn avatar(&mut self, typed: &str) -> Option<String> {
        let path = typed.trim();
        let local = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '"', '<', '>']);
        if !path.is_empty() && (!local || path.len() > MAX_AVATAR || path.contains(char::is_control)) {
            self.refuse("avatar", "invalid", "A picture is a path on this site.".to_owned());
        }
        (!path.is_empty()).then(|| path.to_owned())
    }

    /// A language of the site; none when empty.
    pub(crate) fn locale(&mut self, typed: &str) -> Option<String> {
        match typed {
            "" => None,
            "ko" | "en" => Some(typed.to_owned()),
            _ => {
                self.refuse("locale", "invalid", "The language is `ko` or `en`.".to_owned());
                None
            }
        }
    }
}

fn one_line(text: &str) -> String {
    // Control and invisible characters could make one name look like another. The joiner stays: it
    // holds emoji together.
    let is_plain = |c: &char| !c.is_control() && (*c == '\u{200d}' || *c == '\u{fe0f}' || !is_invisible(*c));
    text.chars().filter(is_plain).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else { return false };
    let is_label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    email.len() <= MAX_EMAIL
        && !local.is_empty()
        && !local.contains('@')
        && !email.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';'))
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::{Check, is_email, one_line};

    #[test]
    fn addresses_are_recognised_roughly() {
        for good in ["a@b.co", "first.last+tag@sub.example.com", "마루@예시.한국"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "a", "@b.co", "a@b", "a@.co", "a b@c.de", "a@b@c.de", "a@b..de", "<a@b.co>"] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn everything_wrong_is_named() {
        let mut check = Check::new();
        assert_eq!(check.email(" A@B.co "), "a@b.co");
        check.name(" \u{202e} ");
        check.password("short");
        check.avatar("//evil.example/x.png");
        check.locale("fr");
        let problem = check.finish().expect_err("four fields are wrong");
        let fields: Vec<_> = problem.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "password", "avatar", "locale"]);
    }

    #[test]
    fn names_are_one_line() {
        assert_eq!(one_line(" 홍 \n 길동\u{0} "), "홍 길동");
    }
}
