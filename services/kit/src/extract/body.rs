//! JSON bodies.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use contracts::problem::Problem;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::ApiError;

/// A JSON body. 415 for another content type, 413 when too large, 400 when it is not JSON, 422
/// naming the field when JSON holds something else than asked for.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            let problem = Problem::new(415, "unsupported_media_type", "The body has the wrong type")
                .with_detail("Send JSON with `Content-Type: application/json`.");
            return Err(problem.into());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                too_large()
            } else {
                Problem::new(400, "unreadable_body", "The body could not be read")
            }
        })?;
        Ok(Self(parse(&bytes)?))
    }
}

/// 413.
pub(crate) fn too_large() -> Problem {
    Problem::new(413, "too_large", "The body is too large")
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut source).map_err(|error| {
        let path = error.path().to_string();
        problem_of(&path, error.inner())
    })?;
    source.end().map_err(|error| problem_of(".", &error))?;
    // serde takes an array for an object, its values in the order of the fields; no document says so.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::validation().with_field(".", "wrong_type", "invalid type: array, expected an object."));
    }
    Ok(value)
}

fn problem_of(path: &str, error: &serde_json::Error) -> Problem {
    if error.classify() != Category::Data {
        return Problem::new(400, "malformed_json", "The body is not valid JSON").with_detail(format!(
            "It stops making sense at line {}, column {}.",
            error.line(),
            error.column()
        ));
    }
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or_default();
    let quoted = || message.split('`').nth(1).unwrap_or_default();
    let (field, code) = if message.starts_with("unknown field") {
        (join(parent(path, quoted()), quoted()), "unknown")
    } else if message.starts_with("missing field") {
        (join(path, quoted()), "required")
    } else if message.starts_with("unknown variant") {
        (path.to_owned(), "invalid")
    } else {
        (path.to_owned(), "wrong_type")
    };
    Problem::validation().with_field(&field, code, format!("{message}."))
}

/// The path without its last part, when that is the unknown field itself.
fn parent<'a>(path: &'a str, field: &str) -> &'a str {
    match path.strip_suffix(field) {
        Some("") => ".",
        Some(rest) => rest.strip_suffix('.').unwrap_or(path),
        None => path,
    }
}

fn join(path: &str, field: &str) -> String {
    if path == "." { field.to_owned() } else { format!("{path}.{field}") }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::parse;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its deserialisation is tested")]
        title: String,
        #[expect(dead_code, reason = "only its deserialisation is tested")]
        #[serde(default)]
        tags: Vec<String>,
    }

    fn rejection(json: &str) -> (u16, String, String) {
        let problem = parse::<Sample>(json.as_bytes()).expect_err("must be refused");
        let field = problem.errors.first().cloned().unwrap_or_default();
        (problem.status, field.field, field.code)
    }

    #[test]
    fn names_the_field() {
        assert_eq!(rejection(r#"{"title": 1}"#), (422, "title".into(), "wrong_type".into()));
        assert_eq!(rejection(r#"{"title": "x", "tags": ["a", 2]}"#), (422, "tags[1]".into(), "wrong_type".into()));
        assert_eq!(rejection(r#"{"title": "x", "colour": 1}"#), (422, "colour".into(), "unknown".into()));
        assert_eq!(rejection("{}"), (422, "title".into(), "required".into()));
        assert_eq!(rejection("[1]").0, 422);
        assert_eq!(rejection(r#" ["a title", []]"#), (422, ".".into(), "wrong_type".into()));
    }

    #[test]
    fn what_is_not_json_is_400() {
        for text in ["", "{", "{\"title\": \"x\"} trailing", "{\"title\": \"\u{1}\"}"] {
            assert_eq!(rejection(text).0, 400, "{text}");
        }
        assert_eq!(parse::<Sample>(b"{\"title\": \"\xff\"}").expect_err("not UTF-8").status, 400);
        assert_eq!(rejection(r#"{"title": "\ud83d"}"#).0, 400, "half a surrogate pair");
        assert_eq!(rejection(&format!("{{\"title\": {}", "[".repeat(100_000))).0, 422);
        assert_eq!(rejection(&format!("{{\"else\": {}", "[".repeat(100_000))).0, 422);
    }

    #[test]
    fn numbers_and_depth_have_an_end() {
        let any = |json: &str| parse::<serde_json::Value>(json.as_bytes()).map_err(|problem| problem.status);
        assert_eq!(any(&format!("{{\"deep\": {}", "[".repeat(100_000))), Err(400));
        assert_eq!(any(r#"{"large": 1e999}"#), Err(400));
        let small = |json: &str| parse::<std::collections::BTreeMap<String, u32>>(json.as_bytes());
        for number in ["-1", "1.5", "4294967296", "99999999999999999999999", "1e3", "true", "\"1\""] {
            let problem = small(&format!("{{\"n\": {number}}}")).expect_err(number);
            assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "n"), "{number}");
        }
    }
}
