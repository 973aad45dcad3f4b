//! The page when the shell itself cannot render: plain, readable, without any script.

use super::escape;

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
