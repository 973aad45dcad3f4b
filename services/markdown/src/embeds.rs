//! Films and pens of other sites, as cards that lead there.
//!
//! A frame would tell that site of every reader, and the page's policy admits none; a card tells
//! nobody anything until it is followed.

/// A place whose pages become cards.
struct Place {
    name: &'static str,
    class: &'static str,
    /// What stands in for a title that nobody gave.
    english: &'static str,
    korean: &'static str,
}

const YOUTUBE: Place =
    Place { name: "YouTube", class: "embed-youtube", english: "Watch the video", korean: "동영상 보기" };
const VIMEO: Place =
    Place { name: "Vimeo", class: "embed-vimeo", english: "Watch the video", korean: "동영상 보기" };
const CODEPEN: Place = Place { name: "CodePen", class: "embed-codepen", english: "Open the pen", korean: "펜 열기" };

/// The card of a link, when it leads to a known place. `text` is the link's text.
pub(crate) fn card(url: &str, text: &str, locale: &str) -> Option<String> {
    let (place, target) = recognise(url)?;
    let text = text.trim();
    let stand_in = if locale == "ko" { place.korean } else { place.english };
    let title = if text.is_empty() || text == url || text.contains("://") { stand_in } else { text };
    let mut html = format!(
        "<p class=\"embed {}\"><a href=\"{target}\"><span class=\"embed-site\">{}</span> <span class=\"embed-title\">",
        place.class, place.name
    );
    // Writing to a string does not fail.
    let _ = comrak::html::escape(&mut html, title);
    html.push_str("</span></a></p>\n");
    Some(html)
}

/// The same HTML with the frames of known places as cards. The others are the sanitiser's to remove.
pub(crate) fn replace_frames(html: &str, locale: &str) -> String {
    let mut output = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = find_frame(rest) {
        let (before, frame) = rest.split_at(start);
        output.push_str(before);
        let Some((tag, after)) = frame.split_once('>') else {
            rest = frame;
            break;
        };
        if let Some(card) =
            attribute(tag, "src").and_then(|url| card(&url, &attribute(tag, "title").unwrap_or_default(), locale))
        {
            output.push_str(&card);
        } else {
            output.push_str(tag);
            output.push('>');
        }
        rest = after;
    }
    output.push_str(rest);
    output
}

fn find_frame(html: &str) -> Option<usize> {
    html.match_indices('<').map(|(at, _)| at).find(|at| {
        html.get(*at + 1..*at + 7).is_some_and(|name| name.eq_ignore_ascii_case("iframe"))
            && html.as_bytes().get(at + 7).is_some_and(|next| next.is_ascii_whitespace())
    })
}

/// The value of an attribute in a tag that somebody typed.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.match_indices(name).map(|(at, _)| at).find(|at| {
        lower[..*at].ends_with(|c: char| c.is_ascii_whitespace())
            && lower[at + name.len()..].trim_start().starts_with('=')
    })?;
    let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split(|c: char| c.is_ascii_whitespace() || c == '>').next()?,
    };
    Some(value.replace("&amp;", "&"))
}

/// The place that a URL leads to, and the page there that it means.
fn recognise(url: &str) -> Option<(Place, String)> {
    let rest = ["https://", "http://", "//"].iter().find_map(|scheme| url.strip_prefix(scheme))?;
    let rest = rest.split('#').next()?;
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = address.split_once('/')?;
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let parameter =
        |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')));
    let host = host.trim_start_matches("www.").to_ascii_lowercase();
    match (host.as_str(), parts.as_slice()) {
        ("youtube.com" | "m.youtube.com" | "music.youtube.com", ["watch"]) => youtube(parameter("v")?, parameter("t")),
        ("youtube.com" | "m.youtube.com", ["shorts" | "embed" | "live", id])
        | ("youtube-nocookie.com", ["embed", id]) => youtube(id, parameter("start")),
        ("youtu.be", [id]) => youtube(id, parameter("t")),
        ("vimeo.com", [id]) | ("player.vimeo.com", ["video", id]) => {
            let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
            is_id.then(|| (VIMEO, format!("https://vimeo.com/{id}")))
        }
        ("codepen.io", [user, "pen" | "embed" | "full" | "details", pen])
        | ("codepen.io", [user, "embed", "preview", pen]) => {
            (is_name(user) && is_name(pen)).then(|| (CODEPEN, format!("https://codepen.io/{user}/pen/{pen}")))
        }
        _ => None,
    }
}

fn youtube(id: &str, start: Option<&str>) -> Option<(Place, String)> {
    let seconds = |start: &&str| !start.is_empty() && start.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let start = start.filter(seconds).map(|start| format!("&amp;t={start}")).unwrap_or_default();
    is_name(id).then(|| (YOUTUBE, format!("https://www.youtube.com/watch?v={id}{start}")))
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::{card, replace_frames};

    #[test]
    fn known_places_become_cards_without_frames() {
        for (url, target) in [
            ("https://youtu.be/dQw4w9WgXcQ?t=42", "https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=42"),
            ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=x", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
            ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
            ("https://player.vimeo.com/video/76979871?h=8", "https://vimeo.com/76979871"),
            ("https://codepen.io/team/embed/PNaGbb?default-tab=html", "https://codepen.io/team/pen/PNaGbb"),
        ] {
            let card = card(url, url, "en").expect(url);
            assert!(card.contains(&format!("href=\"{target}\"")), "{card}");
        }
        for url in [
            "https://youtube.com.evil.example/watch?v=x",
            "https://youtu.be/\"><script>",
            "https://vimeo.com/about",
            "javascript:alert(1)//youtu.be/x",
            "https://example.com/",
        ] {
            assert_eq!(card(url, "x", "en"), None, "{url}");
        }
    }

    #[test]
    fn a_card_has_the_title_that_it_was_given() {
        let given = card("https://youtu.be/x", "Rust & <me>", "en").expect("a card");
        assert!(given.contains("<span class=\"embed-title\">Rust &amp; &lt;me&gt;</span>"), "{given}");
        assert!(card("https://youtu.be/x", "https://youtu.be/x", "ko").expect("a card").contains("동영상 보기"));
    }

    #[test]
    fn frames_of_known_places_are_replaced() {
        let html = "<div><IFRAME width=1 src='//www.youtube.com/embed/abc' title=\"Talk\"></iframe></div><iframe src=\"https://evil.example\">";
        let replaced = replace_frames(html, "en");
        assert!(replaced.contains("watch?v=abc") && replaced.contains(">Talk<"), "{replaced}");
        assert!(replaced.ends_with("<iframe src=\"https://evil.example\">"), "{replaced}");
        assert_eq!(replace_frames("<iframe", "en"), "<iframe");
        assert_eq!(replace_frames("<iframe 마루", "en"), "<iframe 마루");
    }
}
