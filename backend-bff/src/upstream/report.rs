//! What mirroring found, without anything personal.

use std::collections::VecDeque;

use http::Uri;
use serde::Serialize;

/// Samples that are kept: the last ones.
const SAMPLES: usize = 20;

/// What a version said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) bytes: usize,
    pub(super) digest: [u8; 32],
}

impl Said {
    /// As metrics name what the comparison came to.
    pub(super) fn result(&self, other: &Self) -> &'static str {
        match (self.status == other.status, self.digest == other.digest) {
            (false, _) => "status_differs",
            (true, false) => "body_differs",
            (true, true) => "equal",
        }
    }
}

/// Counts since mirroring was set, and some of the answers that differed.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Report {
    pub(super) compared: u64,
    pub(super) equal: u64,
    pub(super) status_differs: u64,
    pub(super) body_differs: u64,
    /// The other version gave no answer.
    pub(super) failed: u64,
    /// Too many comparisons were under way, or the answer was too large to be compared.
    pub(super) skipped: u64,
    pub(super) samples: VecDeque<Sample>,
}

/// An answer that differed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Sample {
    /// Without the values of the query, and with `…` for whatever may name a person or a secret.
    pub(super) path: String,
    pub(super) status: u16,
    pub(super) bytes: usize,
    /// 0 when there was no answer.
    pub(super) mirror_status: u16,
    pub(super) mirror_bytes: usize,
}

impl Report {
    /// Takes in one comparison; `None` when the other version gave no answer.
    pub(super) fn compare(&mut self, uri: &Uri, first: &Said, second: Option<&Said>) {
        self.compared += 1;
        match second.map(|second| first.result(second)) {
            None => self.failed += 1,
            Some("equal") => {
                self.equal += 1;
                return;
            }
            Some("body_differs") => self.body_differs += 1,
            Some(_) => self.status_differs += 1,
        }
        if self.samples.len() == SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back(Sample {
            path: impersonal(uri),
            status: first.status,
            bytes: first.bytes,
            mirror_status: second.map_or(0, |second| second.status),
            mirror_bytes: second.map_or(0, |second| second.bytes),
        });
    }
}

/// A path that names a route or a slug, never an account, an address or a token.
fn impersonal(uri: &Uri) -> String {
    let plain = |segment: &str| {
        segment.len() <= 60
            && segment.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_' | b'.'))
    };
    let segments: Vec<&str> = uri.path().split('/').map(|segment| if plain(segment) { segment } else { "…" }).collect();
    let mut path = segments.join("/");
    let names: Vec<&str> =
        uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split('=').next()).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty() && plain(name)).collect();
    if !names.is_empty() {
        path.push('?');
        path.push_str(&names.join("&"));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_nobody() {
        let shown = |path: &'static str| impersonal(&Uri::from_static(path));
        assert_eq!(shown("/api/posts/hello-world"), "/api/posts/hello-world");
        assert_eq!(shown("/api/users/0198c0de-1111-7000-8000-000000000000/status"), "/api/users/…/status");
        assert_eq!(shown("/api/search?q=ada%40example.com&page=2"), "/api/search?q&page");
        assert_eq!(shown("/x/ada@example.com"), "/x/…");
    }

    #[test]
    fn only_the_last_samples_are_kept() {
        let mut report = Report::default();
        let said = |digest| Said { status: 200, bytes: 3, digest: [digest; 32] };
        for _ in 0..30 {
            report.compare(&Uri::from_static("/a"), &said(1), Some(&said(1)));
            report.compare(&Uri::from_static("/b"), &said(1), Some(&said(2)));
        }
        assert_eq!((report.compared, report.equal, report.body_differs), (60, 30, 30));
        assert_eq!(report.samples.len(), SAMPLES);
    }
}
