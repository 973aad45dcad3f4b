//! Talking to one provider.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::jwk::JwkSet;
use kit::{Clock, error::Chain};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use url::{Url, form_urlencoded};

use super::{
    Identity, OidcError,
    id_token::{self, Profile},
    is_private_enough,
};
use crate::settings::ProviderSettings;

/// What a provider says of itself is believed for so long.
const KEPT_MS: i64 = 60 * 60 * 1000;
/// How often a key that is not known may make us ask for the keys again.
const ASK_EVERY_MS: i64 = 10_000;
/// More than this is no answer.
const MAX_ANSWER: usize = 512 * 1024;

/// One provider.
pub(crate) struct Provider {
    settings: ProviderSettings,
    redirect_uri: String,
    http: reqwest::Client,
    clock: Clock,
    /// Held while asking, so that one asks for all.
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    discovery: Option<(i64, Discovery)>,
    keys: Option<(i64, JwkSet)>,
}

/// OpenID Connect Discovery 1.0, as far as we need it.
#[derive(Clone, Debug, Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    #[serde(default)]
    userinfo_endpoint: Option<Url>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: Option<String>,
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    profile: Profile,
}

#[derive(Deserialize)]
struct TokenError {
    error: String,
}

/// What has to be kept until the browser comes back.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub(crate) location: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
}

impl Provider {
    pub(super) fn new(settings: ProviderSettings, redirect_uri: String, http: reqwest::Client, clock: Clock) -> Self {
        Self { settings, redirect_uri, http, clock, known: Mutex::default() }
    }

    pub(super) fn name(&self) -> &str {
        &self.settings.name
    }

    /// Whether it calls itself so.
    pub(crate) fn is(&self, issuer: &str) -> bool {
        issuer.trim_end_matches('/') == self.settings.issuer.trim_end_matches('/')
    }

    /// Where to send a browser.
    pub(crate) async fn begin(&self, state: &str) -> Result<Begun, OidcError> {
        let discovery = self.discovery().await?;
        let (nonce, verifier) = (random(), random());
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let mut location = discovery.authorization_endpoint;
        location
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", "openid email profile")
            .append_pair("state", state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(Begun { location: location.into(), nonce, verifier })
    }

    /// Who it is that came back with this code.
    pub(crate) async fn finish(&self, code: &str, verifier: &str, nonce: &str) -> Result<Identity, OidcError> {
        let discovery = self.discovery().await?;
        let basic = discovery
            .token_endpoint_auth_methods_supported
            .as_ref()
            .is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"));
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("code_verifier", verifier),
        ];
        let mut request = self.http.post(discovery.token_endpoint.clone());
        let id = self.settings.client_id.as_str();
        match &self.settings.client_secret {
            Some(secret) if basic => request = request.header("authorization", basic_credentials(id, secret.expose())),
            Some(secret) => form.extend([("client_id", id), ("client_secret", secret.expose())]),
            None => form.push(("client_id", id)),
        }
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish());
        let (status, body) = answer(request).await?;
        if !status.is_success() {
            let error = serde_json::from_slice::<TokenError>(&body).map(|answer| answer.error);
            return Err(match error {
                Ok(error) if status.is_client_error() => OidcError::Refused(error),
                _ => OidcError::Away(format!("its token endpoint answered {status}")),
            });
        }
        let answer: TokenAnswer = parse(&body)?;
        let id_token = answer.id_token.ok_or_else(|| OidcError::Refused("there is no id token".to_owned()))?;
        let identity = self.identity(&id_token, Some(nonce)).await?;
        match (&identity.email, discovery.userinfo_endpoint, answer.access_token) {
            // Some say in the id token only who it is.
            (None, Some(endpoint), Some(token)) => self.described(identity, endpoint, &token).await,
            _ => Ok(identity),
        }
    }

    /// The identity with what the provider says of it elsewhere.
    async fn described(&self, identity: Identity, endpoint: Url, token: &str) -> Result<Identity, OidcError> {
        let request = self.http.get(endpoint).header("authorization", format!("Bearer {token}"));
        let (status, body) = answer(request.header("accept", "application/json")).await?;
        if !status.is_success() {
            return Err(OidcError::Away(format!("its userinfo endpoint answered {status}")));
        }
        let info: UserInfo = parse(&body)?;
        if info.sub != identity.subject {
            return Err(OidcError::Refused("it describes somebody else".to_owned()));
        }
        Ok(info.profile.onto(identity))
    }

    /// Whom an id token of this provider names. Without a nonce it may hold any.
    pub(crate) async fn identity(&self, id_token: &str, nonce: Option<&str>) -> Result<Identity, OidcError> {
        let discovery = self.discovery().await?;
        let kid = id_token::kid(id_token)?;
        let mut keys = self.keys(&discovery, KEPT_MS).await?;
        if kid.as_deref().is_some_and(|kid| keys.find(kid).is_none()) {
            keys = self.keys(&discovery, ASK_EVERY_MS).await?;
        }
        let seconds = self.clock.now().unix_timestamp();
        id_token::check(id_token, &keys, &discovery.issuer, &self.settings.client_id, nonce, seconds)
    }

    async fn discovery(&self) -> Result<Discovery, OidcError> {
        let mut known = self.known.lock().await;
        let now = self.clock.millis();
        if let Some((at, discovery)) = &known.discovery
            && now - at < KEPT_MS
        {
            return Ok(discovery.clone());
        }
        let issuer = self.settings.issuer.trim_end_matches('/');
        let discovery: Discovery = self.get(&format!("{issuer}/.well-known/openid-configuration")).await?;
        if discovery.issuer.trim_end_matches('/') != issuer {
            return Err(OidcError::Away(format!("it says it is {}", discovery.issuer)));
        }
        let endpoints = [&discovery.authorization_endpoint, &discovery.token_endpoint, &discovery.jwks_uri];
        if !endpoints.into_iter().chain(&discovery.userinfo_endpoint).all(is_private_enough) {
            return Err(OidcError::Away("it has an endpoint without TLS".to_owned()));
        }
        known.discovery = Some((now, discovery.clone()));
        Ok(discovery)
    }

    /// Its keys, asked for no longer ago than this.
    async fn keys(&self, discovery: &Discovery, age_ms: i64) -> Result<JwkSet, OidcError> {
        let mut known = self.known.lock().await;
        let now = self.clock.millis();
        if let Some((at, keys)) = &known.keys
            && now - at < age_ms
        {
            return Ok(keys.clone());
        }
        let keys: JwkSet = self.get(discovery.jwks_uri.as_str()).await?;
        known.keys = Some((now, keys.clone()));
        Ok(keys)
    }

    async fn get<T: DeserializeOwned>(&self, url: &str) -> Result<T, OidcError> {
        let (status, body) = answer(self.http.get(url).header("accept", "application/json")).await?;
        if status.is_success() { parse(&body) } else { Err(OidcError::Away(format!("{url} answered {status}"))) }
    }
}

fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// RFC 6749, section 2.3.1: both halves are form-encoded first.
fn basic_credentials(id: &str, secret: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(id), encode(secret))))
}

async fn answer(request: reqwest::RequestBuilder) -> Result<(reqwest::StatusCode, Vec<u8>), OidcError> {
    let away = |error: reqwest::Error| OidcError::Away(Chain(&error.without_url()).to_string());
    let mut response = request.send().await.map_err(away)?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(away)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(OidcError::Away("it says too much".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((status, body))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, OidcError> {
    serde_json::from_slice(body).map_err(|error| OidcError::Away(format!("what it says makes no sense: {error}")))
}
