//! Checks id tokens (OpenID Connect Core 1.0, section 3.1.3.7).

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{Jwk, JwkSet, PublicKeyUse},
};
use serde::{Deserialize, de::IgnoredAny};
use subtle::ConstantTimeEq;

use super::OidcError;

/// Signatures that only the provider can have made; never `none`, never a shared secret.
const ALGORITHMS: [Algorithm; 7] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// Clocks differ by so many seconds at most.
const LEEWAY: i64 = 60;
const MAX_SUBJECT: usize = 255;

/// Whom a provider vouches for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) subject: String,
    /// In lower case.
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) name: Option<String>,
    /// Seconds since the epoch.
    pub(crate) expires_at: i64,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    #[serde(flatten)]
    profile: Profile,
}

/// What a provider says of somebody, in the id token or elsewhere.
#[derive(Deserialize)]
pub(super) struct Profile {
    email: Option<String>,
    #[serde(default)]
    email_verified: Flag,
    name: Option<String>,
}

impl Profile {
    /// The identity, described by this.
    pub(super) fn onto(self, identity: Identity) -> Identity {
        Identity {
            email: self.email.map(|email| email.trim().to_lowercase()).filter(|email| !email.is_empty()),
            email_verified: match self.email_verified {
                Flag::Bool(verified) => verified,
                Flag::Text(text) => text == "true",
                Flag::Absent => false,
            },
            name: self.name,
            ..identity
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    Many(Vec<String>),
    /// One; which is checked with the signature.
    One(IgnoredAny),
}

/// Some providers write booleans as texts.
#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Text(String),
    #[default]
    Absent,
}

/// The name of the key that signed it.
pub(super) fn kid(token: &str) -> Result<Option<String>, OidcError> {
    Ok(header(token)?.kid)
}

fn header(token: &str) -> Result<jsonwebtoken::Header, OidcError> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| refused("it is no signed token"))?;
    if ALGORITHMS.contains(&header.alg) { Ok(header) } else { Err(refused("its signature is of no kind we take")) }
}

/// Whom the token names, if it is good now (in seconds).
pub(super) fn check(
    token: &str,
    keys: &JwkSet,
    issuer: &str,
    client_id: &str,
    nonce: Option<&str>,
    now: i64,
) -> Result<Identity, OidcError> {
    let header = header(token)?;
    let key = key(keys, header.kid.as_deref()).ok_or_else(|| refused("its key is not known"))?;
    let key = DecodingKey::from_jwk(key).map_err(|_| refused("its key cannot be used"))?;
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[client_id]);
    validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
    // The end is compared with our own clock, below.
    validation.validate_exp = false;
    let claims =
        jsonwebtoken::decode::<Claims>(token, &key, &validation).map_err(|error| refused(&error.to_string()))?.claims;

    let is_shared = matches!(&claims.aud, Audience::Many(all) if all.len() > 1);
    if (is_shared || claims.azp.is_some()) && claims.azp.as_deref() != Some(client_id) {
        return Err(refused("it was made for somebody else"));
    }
    if claims.exp + LEEWAY <= now || claims.iat - LEEWAY > now {
        return Err(refused("it is not of this time"));
    }
    if let Some(nonce) = nonce {
        let given = claims.nonce.as_deref().unwrap_or_default();
        if !bool::from(given.as_bytes().ct_eq(nonce.as_bytes())) {
            return Err(refused("its nonce is another"));
        }
    }
    if claims.sub.is_empty() || claims.sub.len() > MAX_SUBJECT {
        return Err(refused("it names nobody"));
    }
    let expires_at = claims.exp + LEEWAY;
    Ok(claims.profile.onto(Identity { subject: claims.sub, expires_at, ..Identity::default() }))
}

fn key<'a>(keys: &'a JwkSet, kid: Option<&str>) -> Option<&'a Jwk> {
    let signs = |key: &&Jwk| !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
    match kid {
        Some(kid) => keys.find(kid).filter(signs),
        // Where there is one key there is no choice.
        None => {
            let mut all = keys.keys.iter().filter(signs);
            all.next().filter(|_| all.next().is_none())
        }
    }
}

fn refused(reason: &str) -> OidcError {
    OidcError::Refused(reason.to_owned())
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::JwkSet};
    use serde_json::{Value, json};

    use super::check;
    use crate::domain::keys::{KeyKind, KeyMaterial};

    fn claims() -> Value {
        json!({ "iss": "https://p.test", "aud": "maru", "sub": "s", "exp": 1_000, "iat": 900, "nonce": "n",
            "email": "A@Example.com", "email_verified": true })
    }

    fn sign(key: &KeyMaterial, claims: &Value) -> String {
        let header = Header { kid: Some(key.kid.clone()), ..Header::new(key.kind.algorithm()) };
        jsonwebtoken::encode(&header, claims, &key.signs).expect("signed")
    }

    fn set(key: &KeyMaterial) -> JwkSet {
        serde_json::from_value(json!({ "keys": [key.public] })).expect("a set")
    }

    #[test]
    fn good_tokens_name_somebody() {
        for kind in [KeyKind::EdDsa, KeyKind::Rs256] {
            let key = KeyMaterial::make(kind).expect("made");
            let identity = check(&sign(&key, &claims()), &set(&key), "https://p.test", "maru", Some("n"), 950);
            let identity = identity.expect("good");
            assert_eq!((identity.subject.as_str(), identity.email.as_deref()), ("s", Some("a@example.com")));
            assert!(identity.email_verified);
        }
    }

    #[test]
    fn others_name_nobody() {
        let key = KeyMaterial::make(KeyKind::EdDsa).expect("made");
        let other = KeyMaterial::make(KeyKind::EdDsa).expect("made");
        let refuse = |token: &str, what: &str| {
            let checked = check(token, &set(&key), "https://p.test", "maru", Some("n"), 950);
            assert!(checked.is_err(), "{what}");
        };
        let with = |name: &str, value: Value| {
            let mut claims = claims();
            claims[name] = value;
            sign(&key, &claims)
        };
        for (name, value) in [
            ("iss", json!("https://q.test")),
            ("aud", json!("another")),
            ("aud", json!(["maru", "another"])),
            ("azp", json!("another")),
            ("exp", json!(800)),
            ("iat", json!(5_000)),
            ("nonce", json!("m")),
            ("nonce", Value::Null),
            ("sub", json!("")),
        ] {
            refuse(&with(name, value.clone()), &format!("{name} {value}"));
        }
        refuse(&sign(&other, &claims()), "another key");
        let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        refuse(&format!("{}.{}.", encode(json!({ "alg": "none" })), encode(claims())), "no signature");
        let secret = EncodingKey::from_secret(key.public["x"].as_str().expect("a key").as_bytes());
        let header = Header { kid: Some(key.kid.clone()), ..Header::new(Algorithm::HS256) };
        let confused = jsonwebtoken::encode(&header, &claims(), &secret).expect("signed");
        refuse(&confused, "the public key as a shared secret");
        let mut stringly = claims();
        stringly["email_verified"] = json!("false");
        let identity = check(&sign(&key, &stringly), &set(&key), "https://p.test", "maru", Some("n"), 950);
        assert!(!identity.expect("good").email_verified);
    }
}
