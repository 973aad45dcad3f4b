//! Escaping for HTML and for JSON inside script elements.

/// Text or attribute value.
pub(super) fn html(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// JSON inside a script element. Only what could end the element, or make it swallow its end, is
/// escaped: escaping every `<` would make pages with much HTML in their data a good deal larger.
/// In valid JSON a `<` stands only inside strings, where `\u003c` means the same.
pub(super) fn json(out: &mut String, json: &str) {
    let mut rest = json;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let after = &from[1..];
        out.push_str(if is_dangerous(after) { "\\u003c" } else { "<" });
        rest = after;
    }
    out.push_str(rest);
}

fn is_dangerous(after: &str) -> bool {
    let starts = |word: &str| after.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    starts("!--") || starts("script") || starts("/script")
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, seq::IndexedRandom};

    fn json(text: &str) -> String {
        let mut out = String::new();
        super::json(&mut out, text);
        out
    }

    #[test]
    fn only_what_could_end_the_element_is_escaped() {
        assert_eq!(json(r#"{"a":"<b>1 < 2</b>"}"#), r#"{"a":"<b>1 < 2</b>"}"#);
        assert_eq!(json(r#"{"a":"</ScRiPt><!-- <script>"}"#), r#"{"a":"\u003c/ScRiPt>\u003c!-- \u003cscript>"}"#);
        assert_eq!(json("<"), "<");
        assert_eq!(json("<마루"), "<마루");
    }

    #[test]
    fn whatever_the_data_it_means_the_same_and_ends_nothing() {
        let pieces = ["<", "</", "script", "SCRIPT", "!--", "-->", ">", "a", "\"", "\\", "마", " ", "/"];
        let mut random = rand::rngs::StdRng::seed_from_u64(3);
        for _ in 0..20_000 {
            let length = random.random_range(0..8);
            let text: String = (0..length).filter_map(|_| pieces.choose(&mut random)).copied().collect();
            let plain = serde_json::to_string(&text).expect("a string is JSON");
            let escaped = json(&plain);
            let lower = escaped.to_ascii_lowercase();
            assert!(!lower.contains("<script") && !lower.contains("</script") && !lower.contains("<!--"), "{text}");
            assert_eq!(serde_json::from_str::<String>(&escaped).expect("still JSON"), text);
        }
    }

    #[test]
    fn html_text_is_inert() {
        let mut out = String::new();
        super::html(&mut out, "<a href='x'>\"&\"</a>");
        assert_eq!(out, "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
    }
}
