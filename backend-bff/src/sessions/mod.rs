//! Sessions of browsers. A browser holds a random id and never a token; the tokens stay here.

mod csrf;
mod ends;
mod identify;
mod store;

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::{
    auth::{Me, RefreshInput, Tokens},
    module::Viewer,
};
use http::{HeaderMap, HeaderValue, Method};
use kit::{ApiError, ApiResult, Clock, Shared, db::Db};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use tokio::{sync::Mutex, time::timeout};
use tokio_util::task::TaskTracker;

pub(crate) use csrf::refuse_foreign;
pub(crate) use identify::{Visitor, identify};
use store::{Row, Store};

use crate::{cookies, upstream::Upstream};

/// How long a session may last.
#[derive(Clone, Copy)]
struct Life {
    /// When nobody uses it, in milliseconds.
    idle: i64,
    /// However much it is used.
    absolute: i64,
}

const HOUR_MS: i64 = 3600 * 1000;
/// Of who asked to stay signed in on this device.
const REMEMBERED: Life = Life { idle: 14 * 24 * HOUR_MS, absolute: 60 * 24 * HOUR_MS };
/// Of everybody else: the browser forgets it when it is closed, and we forget it by the next day.
const PASSING: Life = Life { idle: 8 * HOUR_MS, absolute: 24 * HOUR_MS };
/// Its last use is noted at most this often.
const TOUCH_MS: i64 = 5 * 60 * 1000;
/// A token this near its end is not sent any more.
const MARGIN_MS: i64 = 30 * 1000;

/// How long who only reads waits for new tokens, before they are shown what a guest is shown.
const READER_WAITS: Duration = Duration::from_secs(1);
/// Everybody else: longer than the call may take.
const WRITER_WAITS: Duration = Duration::from_secs(15);

/// The store of sessions, with those in use kept in memory.
#[derive(Clone)]
pub(crate) struct Sessions {
    store: Store,
    auth: Upstream,
    clock: Clock,
    used: Cache<String, Arc<Session>>,
    tasks: TaskTracker,
    secure: bool,
}

/// One session.
pub(crate) struct Session {
    /// Hash of the id in the cookie.
    key: String,
    created_at: i64,
    /// Whether its user asked to stay signed in.
    remembered: bool,
    state: RwLock<State>,
    /// Held while its tokens are renewed, so that it happens once however many requests ask.
    renewing: Mutex<()>,
}

#[derive(Clone)]
struct State {
    viewer: Viewer,
    authorization: HeaderValue,
    expires_at: i64,
    refresh_token: String,
    seen_at: i64,
}

impl Session {
    /// Stays the same as long as the session lasts, and tells nothing of its cookie.
    fn key(&self) -> &str {
        &self.key
    }

    fn state(&self) -> State {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn life(&self) -> Life {
        if self.remembered { REMEMBERED } else { PASSING }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Sessions {
    pub(crate) fn new(db: Db, auth: Upstream, shared: &Shared, secure: bool) -> Self {
        let used = Cache::builder().max_capacity(10_000).time_to_idle(Duration::from_secs(600)).build();
        Self { store: Store::new(db), auth, clock: shared.clock.clone(), used, tasks: shared.tasks.clone(), secure }
    }

    pub(crate) fn cookie_name(&self) -> &'static str {
        cookie_name(self.secure)
    }

    /// Opens a session for who just signed in, in the place of `old`; answers its cookie. One that is to be
    /// `remembered` outlives the browser.
    pub(crate) async fn open(&self, tokens: Tokens, remembered: bool, old: Option<&Session>) -> ApiResult<HeaderValue> {
        let id = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        let now = self.clock.millis();
        let state = state_of(tokens, now)?;
        let state = RwLock::new(state);
        let session = Session { key: key(&id), created_at: now, remembered, state, renewing: Mutex::default() };
        self.store.insert(&row(&session)).await?;
        self.used.insert(session.key.clone(), Arc::new(session)).await;
        if let Some(old) = old {
            self.abandon(old).await?;
        }
        let seconds = remembered.then_some(REMEMBERED.absolute / 1000);
        Ok(cookies::keep(self.cookie_name(), &id, seconds, self.secure))
    }

    /// The session of that cookie, with a token that is good for a while.
    pub(crate) async fn find(&self, id: &str, reads_only: bool) -> ApiResult<Option<Arc<Session>>> {
        if id.len() != 43 {
            return Ok(None);
        }
        let key = key(id);
        let session = match self.used.get(&key).await {
            Some(session) => session,
            None => match self.load(&key).await? {
                Some(session) => session,
                None => return Ok(None),
            },
        };
        let now = self.clock.millis();
        let seen_at = session.state().seen_at;
        let life = session.life();
        if now - seen_at > life.idle || now - session.created_at > life.absolute {
            self.abandon(&session).await?;
            return Ok(None);
        }
        if now - seen_at > TOUCH_MS {
            session.change(|state| state.seen_at = now);
            self.store.touch(&session.key, now).await?;
        }
        if !self.is_due(&session) {
            return Ok(Some(session));
        }
        // It goes on when the client leaves or has waited enough: tokens that were given out and not kept would
        // end the session.
        let renewing = self.tasks.spawn({
            let (sessions, session) = (self.clone(), session.clone());
            async move { sessions.renew(&session).await }
        });
        let patience = if reads_only { READER_WAITS } else { WRITER_WAITS };
        let renewed =
            timeout(patience, renewing).await.map_err(ApiError::unavailable)?.map_err(ApiError::internal)??;
        Ok(renewed.then_some(session))
    }

    async fn load(&self, key: &str) -> ApiResult<Option<Arc<Session>>> {
        // Two requests that ask at once get the same one, and so the same lock.
        let loaded = self.used.try_get_with(key.to_owned(), async {
            match self.store.find(key).await {
                Ok(row) => row.and_then(session_of).map(Arc::new).ok_or(None),
                Err(error) => Err(Some(error)),
            }
        });
        match loaded.await {
            Ok(session) => Ok(Some(session)),
            Err(none) if none.is_none() => Ok(None),
            Err(error) => Err(ApiError::unavailable(format!("a session could not be read: {error:?}"))),
        }
    }

    /// Whether its tokens are near their end.
    fn is_due(&self, session: &Session) -> bool {
        session.state().expires_at - MARGIN_MS < self.clock.millis()
    }

    /// Renews the tokens, if nobody else does meanwhile; false when the session has ended.
    async fn renew(&self, session: &Session) -> ApiResult<bool> {
        let _renewing = session.renewing.lock().await;
        if !self.is_due(session) {
            return Ok(true);
        }
        // Another replica may have renewed them, or ended the session.
        match self.store.find(&session.key).await?.and_then(session_of) {
            Some(kept) => session.change(|state| *state = kept.state()),
            None => {
                self.used.invalidate(&session.key).await;
                return Ok(false);
            }
        }
        if !self.is_due(session) {
            return Ok(true);
        }
        let refresh_token = session.state().refresh_token;
        let body = serde_json::to_vec(&RefreshInput { refresh_token }).map_err(ApiError::internal)?;
        let answer =
            self.auth.call(Method::POST, "/api/auth/refresh-token", None, Some(body), HeaderMap::new()).await?;
        if answer.status.is_client_error() {
            self.forget(session).await?;
            return Ok(false);
        }
        let fresh = state_of(answer.json()?, self.clock.millis())?;
        session.change(|state| *state = fresh);
        self.store.renew(&row(session)).await?;
        Ok(true)
    }

    /// Shows a changed name and picture in the sessions of a user that are in use; the others learn of it
    /// when their tokens are renewed.
    pub(crate) fn rename(&self, user_id: &str, name: &str, avatar: Option<&str>) {
        for (_, session) in &self.used {
            if session.state().viewer.id == user_id {
                session.change(|state| {
                    state.viewer.name = name.to_owned();
                    state.viewer.avatar = avatar.map(str::to_owned);
                });
            }
        }
    }

    /// Takes over a changed name or picture.
    pub(crate) async fn update(&self, session: &Session, me: &Me) -> ApiResult<()> {
        session.change(|state| state.viewer = viewer(me));
        Ok(self.store.renew(&row(session)).await?)
    }
}

/// Name of the cookie with the id of a session. Where connections are secure its prefix keeps other hosts of the
/// domain from setting it.
pub(crate) fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-maru" } else { "maru" }
}

fn key(id: &str) -> String {
    crate::registry::hex(&Sha256::digest(id))
}

fn viewer(me: &Me) -> Viewer {
    Viewer { id: me.id.clone(), name: me.name.clone(), avatar: me.avatar.clone(), role: me.role }
}

fn state_of(tokens: Tokens, now: i64) -> ApiResult<State> {
    let authorization = bearer(&tokens.access_token).map_err(ApiError::internal)?;
    Ok(State {
        viewer: viewer(&tokens.user),
        authorization,
        expires_at: now + i64::from(tokens.expires_in) * 1000,
        refresh_token: tokens.refresh_token,
        seen_at: now,
    })
}

fn bearer(token: &str) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn row(session: &Session) -> Row {
    let state = session.state();
    Row {
        id_hash: session.key.clone(),
        user_id: state.viewer.id.clone(),
        viewer: serde_json::to_string(&state.viewer).unwrap_or_default(),
        access_token: state.authorization.to_str().unwrap_or_default().trim_start_matches("Bearer ").to_owned(),
        expires_at: state.expires_at,
        refresh_token: state.refresh_token,
        created_at: session.created_at,
        remembered: i64::from(session.remembered),
        seen_at: state.seen_at,
    }
}

fn session_of(row: Row) -> Option<Session> {
    let state = State {
        viewer: serde_json::from_str(&row.viewer).ok()?,
        authorization: bearer(&row.access_token).ok()?,
        expires_at: row.expires_at,
        refresh_token: row.refresh_token,
        seen_at: row.seen_at,
    };
    Some(Session {
        key: row.id_hash,
        created_at: row.created_at,
        remembered: row.remembered != 0,
        state: RwLock::new(state),
        renewing: Mutex::default(),
    })
}
