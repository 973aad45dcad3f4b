//! What mails say, in Korean and English, as plain text and as simple HTML.

use contracts::auth::LinkPurpose;
use kit::Secret;

use crate::store::links;

/// A letter to somebody.
#[derive(Clone, Debug)]
pub(crate) enum Letter<'a> {
    /// Follow the link, and there is an account.
    ConfirmRegistration { token: &'a Secret },
    /// Somebody registered with the address of an account.
    AccountExists,
    /// Follow the link, and the address of the account is confirmed.
    ConfirmAddress { token: &'a Secret },
    /// Follow the link, and the account has this address.
    ConfirmChange { token: &'a Secret },
    /// Somebody wanted to give their account the address of another.
    AddressInUse,
    /// To the old address.
    AddressChanged { to: &'a str },
    /// Follow the link and choose a password.
    ResetPassword { token: &'a Secret },
    /// The password is another now.
    PasswordChanged,
    /// Come and join.
    Invitation { token: &'a Secret, days: u32 },
    /// Good-bye.
    AccountDeleted,
}

/// A letter in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Composed {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

struct Words {
    subject: String,
    before: Vec<String>,
    /// Label and path.
    link: Option<(&'static str, String)>,
    after: Vec<String>,
}

impl Letter<'_> {
    /// How long it is worth sending, where that is the time of a link.
    pub(super) fn lifetime_ms(&self) -> Option<i64> {
        match self {
            Self::ConfirmRegistration { .. } => Some(links::lifetime_ms(LinkPurpose::Registration)),
            Self::ConfirmAddress { .. } => Some(links::lifetime_ms(LinkPurpose::Address)),
            Self::ConfirmChange { .. } => Some(links::lifetime_ms(LinkPurpose::AddressChange)),
            Self::ResetPassword { .. } => Some(links::lifetime_ms(LinkPurpose::PasswordReset)),
            Self::Invitation { days, .. } => Some(i64::from(*days) * super::DAY_MS),
            _ => None,
        }
    }

    fn english(&self, site: &str) -> Words {
        let ignore = "If this was not you, there is nothing to do: ignore this mail.";
        let not_me = "If this was not you, choose a new password at once and end all sessions in your settings.";
        match self {
            Self::ConfirmRegistration { token } => Words {
                subject: format!("Confirm your address for {site}"),
                before: vec![format!("Welcome to {site}! One step is left: confirm that this address is yours.")],
                link: Some(("Confirm the address", format!("/verify/{}", token.expose()))),
                after: vec!["The link is good for 24 hours and works once.".into(), ignore.into()],
            },
            Self::AccountExists => Words {
                subject: format!("You already have an account at {site}"),
                before: vec![
                    format!(
                        "Somebody, probably you, registered at {site} with this address. It has an account already, so no new one was made."
                    ),
                    "You can sign in, or choose a new password if you have forgotten yours.".into(),
                ],
                link: Some(("Choose a new password", "/forgot".into())),
                after: vec![ignore.into()],
            },
            Self::ConfirmAddress { token } => Words {
                subject: format!("Confirm your address for {site}"),
                before: vec![format!("Please confirm that this is the address of your account at {site}.")],
                link: Some(("Confirm the address", format!("/verify/{}", token.expose()))),
                after: vec!["The link is good for three days and works once.".into(), ignore.into()],
            },
            Self::ConfirmChange { token } => Words {
                subject: format!("Confirm your new address for {site}"),
                before: vec![format!(
                    "Your account at {site} is to have this address from now on. Confirm that it is yours."
                )],
                link: Some(("Use this address", format!("/verify/{}", token.expose()))),
                after: vec!["The link is good for 24 hours and works once.".into(), ignore.into()],
            },
            Self::AddressInUse => Words {
                subject: format!("Your address at {site}"),
                before: vec![format!(
                    "Somebody wanted to use this address for another account at {site}. Nothing was changed: it stays the address of yours."
                )],
                link: None,
                after: vec![ignore.into()],
            },
            Self::AddressChanged { to } => Words {
                subject: format!("Your account at {site} has a new address"),
                before: vec![format!(
                    "The address of your account at {site} is now {to}. This one does not belong to it any more."
                )],
                link: None,
                after: vec!["If this was not you, write to the people who run the site at once.".into()],
            },
            Self::ResetPassword { token } => Words {
                subject: format!("Choose a new password for {site}"),
                before: vec![format!("Somebody, probably you, asked for a new password for your account at {site}.")],
                link: Some(("Choose a new password", format!("/reset/{}", token.expose()))),
                after: vec!["The link is good for 30 minutes and works once.".into(), ignore.into()],
            },
            Self::PasswordChanged => Words {
                subject: format!("Your password for {site} was changed"),
                before: vec![format!(
                    "The password of your account at {site} was changed just now. Other sessions have ended."
                )],
                link: Some(("Settings", "/my/settings".into())),
                after: vec![not_me.into()],
            },
            Self::Invitation { token, days } => Words {
                subject: format!("You are invited to {site}"),
                before: vec![format!("You are invited to join {site}.")],
                link: Some(("Register", format!("/register?invitation={}", token.expose()))),
                after: vec![format!("The invitation is good for {days} days and works once.")],
            },
            Self::AccountDeleted => Words {
                subject: format!("Your account at {site} was deleted"),
                before: vec![format!(
                    "Your account at {site} was deleted, as you asked. Nothing there names you any more."
                )],
                link: None,
                after: vec!["Thank you for having been with us.".into()],
            },
        }
    }

    fn korean(&self, site: &str) -> Words {
        let ignore = "본인이 요청하지 않았다면 이 메일은 무시하셔도 됩니다.";
        let not_me = "본인이 한 일이 아니라면 지금 바로 새 비밀번호를 정하고 설정에서 모든 세션을 끝내 주세요.";
        match self {
            Self::ConfirmRegistration { token } => Words {
                subject: format!("{site} 이메일 주소 확인"),
                before: vec![format!(
                    "{site}에 오신 것을 환영합니다! 이 주소가 본인의 것인지 확인해 주시면 가입이 끝납니다."
                )],
                link: Some(("주소 확인하기", format!("/verify/{}", token.expose()))),
                after: vec!["링크는 24시간 동안 한 번만 쓸 수 있습니다.".into(), ignore.into()],
            },
            Self::AccountExists => Words {
                subject: format!("{site}에 이미 계정이 있습니다"),
                before: vec![
                    format!(
                        "누군가, 아마도 본인이 이 주소로 {site}에 가입하려 했습니다. 이미 계정이 있어 새로 만들지 않았습니다."
                    ),
                    "그대로 로그인하시거나, 비밀번호를 잊으셨다면 새로 정하실 수 있습니다.".into(),
                ],
                link: Some(("새 비밀번호 정하기", "/forgot".into())),
                after: vec![ignore.into()],
            },
            Self::ConfirmAddress { token } => Words {
                subject: format!("{site} 이메일 주소 확인"),
                before: vec![format!("이 주소가 {site} 계정의 주소가 맞는지 확인해 주세요.")],
                link: Some(("주소 확인하기", format!("/verify/{}", token.expose()))),
                after: vec!["링크는 사흘 동안 한 번만 쓸 수 있습니다.".into(), ignore.into()],
            },
            Self::ConfirmChange { token } => Words {
                subject: format!("{site} 새 이메일 주소 확인"),
                before: vec![format!(
                    "{site} 계정의 주소를 이 주소로 바꾸려 합니다. 본인의 주소가 맞는지 확인해 주세요."
                )],
                link: Some(("이 주소 쓰기", format!("/verify/{}", token.expose()))),
                after: vec!["링크는 24시간 동안 한 번만 쓸 수 있습니다.".into(), ignore.into()],
            },
            Self::AddressInUse => Words {
                subject: format!("{site}에 등록된 주소 안내"),
                before: vec![format!(
                    "누군가 이 주소를 {site}의 다른 계정에 쓰려 했습니다. 바뀐 것은 없으며 지금처럼 본인의 계정 주소로 남습니다."
                )],
                link: None,
                after: vec![ignore.into()],
            },
            Self::AddressChanged { to } => Words {
                subject: format!("{site} 계정의 주소가 바뀌었습니다"),
                before: vec![format!(
                    "{site} 계정의 주소가 {to}(으)로 바뀌었습니다. 이 주소는 더 이상 계정에 속하지 않습니다."
                )],
                link: None,
                after: vec!["본인이 한 일이 아니라면 사이트 운영자에게 바로 알려 주세요.".into()],
            },
            Self::ResetPassword { token } => Words {
                subject: format!("{site} 새 비밀번호 정하기"),
                before: vec![format!("누군가, 아마도 본인이 {site} 계정의 새 비밀번호를 요청했습니다.")],
                link: Some(("새 비밀번호 정하기", format!("/reset/{}", token.expose()))),
                after: vec!["링크는 30분 동안 한 번만 쓸 수 있습니다.".into(), ignore.into()],
            },
            Self::PasswordChanged => Words {
                subject: format!("{site} 비밀번호가 바뀌었습니다"),
                before: vec![format!("{site} 계정의 비밀번호가 방금 바뀌었습니다. 다른 세션은 모두 끝났습니다.")],
                link: Some(("설정", "/my/settings".into())),
                after: vec![not_me.into()],
            },
            Self::Invitation { token, days } => Words {
                subject: format!("{site}에 초대합니다"),
                before: vec![format!("{site}에 초대받으셨습니다.")],
                link: Some(("가입하기", format!("/register?invitation={}", token.expose()))),
                after: vec![format!("초대는 {days}일 동안 한 번만 쓸 수 있습니다.")],
            },
            Self::AccountDeleted => Words {
                subject: format!("{site} 계정이 삭제되었습니다"),
                before: vec![format!(
                    "요청하신 대로 {site} 계정을 삭제했습니다. 이제 이곳에는 본인을 알아볼 수 있는 것이 없습니다."
                )],
                link: None,
                after: vec!["그동안 함께해 주셔서 고맙습니다.".into()],
            },
        }
    }
}

/// The letter in the language `locale`, from the site of this name and address.
pub(crate) fn compose(letter: &Letter<'_>, locale: &str, site: &str, url: &str) -> Composed {
    let locale = if locale == "ko" { "ko" } else { "en" };
    let words = if locale == "ko" { letter.korean(site) } else { letter.english(site) };
    let link = words.link.map(|(label, path)| (label, format!("{url}{path}")));
    let mut parts = words.before.clone();
    parts.extend(link.as_ref().map(|(label, url)| format!("{label}:\n{url}")));
    parts.extend(words.after.iter().cloned());
    parts.push(format!("-- \n{site}\n{url}"));

    let paragraph = |text: &String| format!("<p>{}</p>\n", escape(text));
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{locale}\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
         <body style=\"font-family: sans-serif; line-height: 1.6; max-width: 36em; margin: 2em auto; padding: 0 1em\">\n",
        escape(&words.subject)
    );
    html.extend(words.before.iter().map(paragraph));
    if let Some((label, url)) = &link {
        html.push_str(&format!("<p><a href=\"{0}\">{1}</a></p>\n<p>{0}</p>\n", escape(url), escape(label)));
    }
    html.extend(words.after.iter().map(paragraph));
    html.push_str(&format!("<hr>\n<p><a href=\"{}\">{}</a></p>\n</body>\n</html>\n", escape(url), escape(site)));
    Composed { subject: words.subject, text: parts.join("\n\n") + "\n", html }
}

fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use kit::Secret;

    use super::{Letter, compose};

    #[test]
    fn letters_speak_the_language_of_their_reader() {
        let token = Secret::new("abc");
        let letter = Letter::ResetPassword { token: &token };
        let korean = compose(&letter, "ko", "마루", "https://maru.test");
        assert_eq!(korean.subject, "마루 새 비밀번호 정하기");
        assert!(korean.text.contains("\nhttps://maru.test/reset/abc\n"), "{}", korean.text);
        let english = compose(&letter, "fr", "Maru", "https://maru.test");
        assert!(english.html.contains("href=\"https://maru.test/reset/abc\""), "{}", english.html);
    }

    #[test]
    fn what_people_typed_is_no_markup() {
        let letter = Letter::AddressChanged { to: "<b>\"x\"&@y.z" };
        let composed = compose(&letter, "en", "A <i>site</i>", "https://maru.test");
        assert!(!composed.html.contains("<b>") && !composed.html.contains("<i>"), "{}", composed.html);
        assert!(composed.html.contains("&lt;b&gt;&quot;x&quot;&amp;@y.z"));
    }
}
