//! The page when the shell itself cannot render: plain, readable, without any script.

use std::collections::BTreeMap;

use super::escape;

/// Fields that hold text somebody wrote, and what they are called.
const WRITTEN: [(&str, &str, &str); 10] = [
    ("title", "Title", "제목"),
    ("content", "Text", "내용"),
    ("description", "Description", "설명"),
    ("excerpt", "Excerpt", "요약"),
    ("tags", "Tags", "태그"),
    ("seo_title", "Title for search engines", "검색용 제목"),
    ("seo_description", "Description for search engines", "검색용 설명"),
    ("bio", "About you", "소개"),
    ("note", "Note", "메모"),
    ("response", "Answer", "답변"),
];

/// For who wrote something and has to sign in before it can be sent: what a form's fields hold, to be copied, and
/// the way to `sign_in`. None when nothing was written.
pub(super) fn sign_in_first(
    site: &str,
    locale: &str,
    sign_in: &str,
    fields: &BTreeMap<String, String>,
) -> Option<String> {
    let korean = locale == "ko";
    let (heading, sentence, link) = if korean {
        (
            "로그인한 뒤 다시 보내 주세요",
            "로그인이 끝나 보내지 못했어요. 쓰신 내용은 아래에 있으니 먼저 복사해 두세요.",
            "로그인",
        )
    } else {
        (
            "Sign in, then send this again",
            "You are signed out, so it was not sent. What you wrote is here: copy it before you go on.",
            "Sign in",
        )
    };
    let written = |(name, english, korean_name)| {
        let text: &String = fields.get::<str>(name)?;
        (!text.trim().is_empty()).then_some((if korean { korean_name } else { english }, text))
    };
    let mut written = WRITTEN.into_iter().filter_map(written).peekable();
    written.peek()?;
    let mut content = ["<h1>", heading, "</h1><p>", sentence, "</p><p><a href=\""].concat();
    escape::html(&mut content, sign_in);
    content.extend(["\">", link, "</a></p>"]);
    for (label, text) in written {
        // HTML drops the first line break, so there is one to drop.
        content.extend(["<p><label>", label, "<br><textarea readonly rows=\"8\" cols=\"60\">\n"]);
        escape::html(&mut content, text);
        content.push_str("</textarea></label></p>");
    }
    Some(document(site, locale, 401, heading, Some(&content)))
}

/// A whole document around `content` (an area's HTML), or with a sentence about `status`.
pub(super) fn document(site: &str, locale: &str, status: u16, title: &str, content: Option<&str>) -> String {
    let korean = locale == "ko";
    let (heading, sentence) = match (status, korean) {
        (400, false) => ("This address is not well-formed", "Check it for typing errors, or start from the home page."),
        (400, true) => ("주소가 올바르지 않아요", "오타가 없는지 확인하거나 첫 화면에서 다시 시작해 주세요."),
        (403, false) => ("You may not see this page", "It needs an account that has the right to."),
        (403, true) => ("이 페이지를 볼 수 없어요", "볼 수 있는 권한이 있는 계정이 필요해요."),
        (404, false) => ("There is nothing here", "The page may have moved. Start from the home page."),
        (404, true) => ("여기에는 아무것도 없어요", "페이지가 옮겨졌을 수 있어요. 첫 화면에서 다시 찾아 보세요."),
        (413, false) => ("That was too large", "Go back and send less, or a smaller file."),
        (413, true) => ("보낸 내용이 너무 커요", "뒤로 돌아가 내용을 줄이거나 더 작은 파일을 골라 주세요."),
        (429, false) => ("That was too much at once", "Wait a minute, then go back and try again."),
        (429, true) => ("요청이 너무 많아요", "1분쯤 기다렸다가 뒤로 돌아가 다시 시도해 주세요."),
        (_, false) => ("This page is not available right now", "It has been recorded. Try again in a moment."),
        (_, true) => ("지금은 이 페이지를 보여 드릴 수 없어요", "문제를 기록해 두었어요. 잠시 뒤 다시 시도해 주세요."),
    };
    let home = if korean { "첫 화면" } else { "Home" };
    let mut out = String::with_capacity(1024 + content.map_or(0, str::len));
    out.push_str("<!doctype html><html lang=\"");
    escape::html(&mut out, locale);
    out.push_str("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
    out.push_str("<meta name=\"color-scheme\" content=\"light dark\"><title>");
    escape::html(&mut out, if title.is_empty() { heading } else { title });
    out.push_str(" · ");
    escape::html(&mut out, site);
    out.push_str("</title></head><body><header><p><a href=\"/\">");
    escape::html(&mut out, site);
    out.push_str("</a></p></header><main>");
    match content {
        Some(content) => out.push_str(content),
        None => {
            out.push_str("<h1>");
            out.push_str(heading);
            out.push_str("</h1><p>");
            out.push_str(sentence);
            out.push_str("</p><p><a href=\"/\">");
            out.push_str(home);
            out.push_str("</a></p>");
        }
    }
    out.push_str("</main></body></html>");
    out
}
