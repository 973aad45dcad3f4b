//! Whom we do not count: crawlers, monitors, scripts, previews.
//!
//! `bots.txt` is the list of the npm package `isbot` (5.2.3, public domain), one pattern a line, as
//! it comes; to renew it, copy the patterns of a newer version.

use std::sync::LazyLock;

const PATTERNS: &str = include_str!("bots.txt");

/// No browser calls itself by a longer name than this.
pub(crate) const LONGEST: usize = 512;

struct Bots {
    /// Nearly all patterns, in one automaton.
    plain: Option<regex::RegexSet>,
    /// Those that look around.
    looking: Vec<fancy_regex::Regex>,
}

static BOTS: LazyLock<Bots> = LazyLock::new(|| {
    let (looking, plain): (Vec<&str>, Vec<&str>) =
        PATTERNS.lines().partition(|pattern| pattern.contains("(?!") || pattern.contains("(?<"));
    // JavaScript reads `\d-.` in a class as three of its members.
    let plain = plain.into_iter().map(|pattern| pattern.replace(r"\d-.", r"\d\-."));
    let plain = regex::RegexSetBuilder::new(plain).case_insensitive(true).build();
    let looking = looking.iter().filter_map(|pattern| fancy_regex::Regex::new(&format!("(?i){pattern}")).ok());
    Bots { plain: plain.ok(), looking: looking.collect() }
});

/// Whether this is the name of a program rather than of somebody's browser. Who does not say their
/// name is none.
pub(crate) fn is_bot(user_agent: &str) -> bool {
    let name = user_agent.trim();
    if name.is_empty() || name.len() > LONGEST {
        return true;
    }
    BOTS.plain.as_ref().is_some_and(|set| set.is_match(name))
        || BOTS.looking.iter().any(|pattern| pattern.is_match(name).unwrap_or(true))
}

#[cfg(test)]
mod tests {
    use super::{BOTS, PATTERNS, is_bot};

    #[test]
    fn every_pattern_is_understood() {
        let plain = BOTS.plain.as_ref().map_or(0, regex::RegexSet::len);
        assert_eq!(plain + BOTS.looking.len(), PATTERNS.lines().count());
    }

    #[test]
    fn programs_are_told_from_browsers() {
        for bot in [
            "",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130 Mobile \
             Safari/537.36 (compatible; GPTBot/1.2)",
            "Mozilla/5.0 (compatible; Yeti/1.1; +http://naver.me/spd)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0 Safari/537.36",
            "curl/8.5.0",
            "python-requests/2.32",
            "Wget/1.21",
            "facebookexternalhit/1.1",
            "Mozilla/5.0 (Windows NT 10.0) \u{1}{0}x bot",
            &"x".repeat(513),
        ] {
            assert!(is_bot(bot), "{bot}");
        }
        for browser in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 \
             Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Version/18.0 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
            "Mozilla/5.0 (Linux; Android 14; SM-S911N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 \
             Chrome/122.0.0.0 Mobile Safari/537.36",
        ] {
            assert!(!is_bot(browser), "{browser}");
        }
    }
}
