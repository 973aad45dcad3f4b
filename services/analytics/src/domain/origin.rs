//! Where a view comes from: the host that linked here, the country, the class of device.

use contracts::analytics::ReportBy;
use url::Url;

/// The host of a referrer in lower case, without `www.`; empty when there is none, it is no web
/// page, or it is `own`.
pub(crate) fn referrer_host(referrer: &str, own: &str) -> String {
    let host = Url::parse(referrer).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let host = host.as_ref().and_then(Url::host_str).map(bare).unwrap_or_default();
    if host == bare(own) || host.len() > 253 { String::new() } else { host }
}

fn bare(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// An ISO 3166 code in upper case; empty when it is none (`XX` and `T1` mean "not known").
pub(crate) fn country(header: &str) -> String {
    let code = header.trim().to_ascii_uppercase();
    let known = code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) && code != "XX";
    if known { code } else { String::new() }
}

/// `desktop`, `mobile` or `tablet`.
pub(crate) fn device(user_agent: &str) -> &'static str {
    let says = |word: &str| user_agent.contains(word);
    let tablet = says("iPad") || says("Tablet") || says("Kindle") || says("Silk/");
    if tablet || (says("Android") && !says("Mobile")) {
        "tablet"
    } else if says("Mobi") || says("iPhone") || says("Android") {
        "mobile"
    } else {
        "desktop"
    }
}

/// Names of the columns by which views are counted beside time and page.
pub(crate) fn dimension(by: ReportBy) -> Option<&'static str> {
    match by {
        ReportBy::Referrer => Some("referrer"),
        ReportBy::Country => Some("country"),
        ReportBy::Device => Some("device"),
        ReportBy::Day | ReportBy::Week | ReportBy::Month | ReportBy::Post => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{country, device, referrer_host};

    #[test]
    fn of_a_referrer_only_the_host_is_kept() {
        let host = |referrer| referrer_host(referrer, "maru.test");
        assert_eq!(host("https://www.Example.com/secret?q=1#x"), "example.com");
        assert_eq!(host("http://news.example.com:8080/"), "news.example.com");
        assert_eq!(host("https://user:pass@example.com/"), "example.com");
        for nothing in
            ["", "https://maru.test/posts/x", "https://www.maru.test/", "android-app://com.x", "x", "https://"]
        {
            assert_eq!(host(nothing), "", "{nothing}");
        }
    }

    #[test]
    fn countries_are_codes() {
        assert_eq!(country("kr"), "KR");
        for unknown in ["", "XX", "T1", "KOR", "<b", "한국"] {
            assert_eq!(country(unknown), "", "{unknown}");
        }
    }

    #[test]
    fn devices_are_classes() {
        assert_eq!(device("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko Firefox/132.0"), "desktop");
        assert_eq!(device("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Mobile/15E148"), "mobile");
        assert_eq!(device("Mozilla/5.0 (Linux; Android 14; SM-X710) Chrome/122 Safari/537"), "tablet");
        assert_eq!(device("Mozilla/5.0 (Linux; Android 14) Chrome/122 Mobile Safari/537"), "mobile");
        assert_eq!(device("Mozilla/5.0 (iPad; CPU OS 17_0)"), "tablet");
    }
}
