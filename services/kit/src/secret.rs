//! A string that does not end up in a log.

use std::fmt;

use subtle::ConstantTimeEq;

/// A token or password. `Debug` shows nothing of it, and comparing takes the same time whatever differs.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Keeps `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// 256 random bits, as 64 hexadecimal digits.
    pub fn random() -> Self {
        use fmt::Write;
        let bytes: [u8; 32] = rand::random();
        Self(bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        }))
    }

    /// The value itself. Only for where it is used.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether `other` is the same, in a time that does not tell how much of it is.
    pub fn matches(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_tells_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }

    #[test]
    fn random_ones_differ_and_match_only_themselves() {
        let (one, other) = (Secret::random(), Secret::random());
        assert!(one.matches(one.expose()));
        assert!(!one.matches(other.expose()));
        assert_eq!(one.expose().len(), 64);
    }
}
