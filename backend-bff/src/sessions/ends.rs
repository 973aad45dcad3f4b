//! How sessions end: by their user, for want of use, in the place of another, or because the account says so.

use std::time::Duration;

use contracts::auth::RefreshInput;
use http::{HeaderMap, HeaderValue, Method};
use kit::{ApiError, ApiResult, Shared};

use super::{PASSING, REMEMBERED, Session, Sessions, State};
use crate::cookies;

/// How often those are removed that nobody can use any more.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

impl Sessions {
    /// Ends a session here and at the auth service; answers what removes its cookie.
    pub(crate) async fn close(&self, session: &Session) -> ApiResult<HeaderValue> {
        self.forget(session).await?;
        self.log_out(&session.state()).await;
        Ok(self.removal())
    }

    pub(crate) fn removal(&self) -> HeaderValue {
        cookies::clear(self.cookie_name(), self.secure)
    }

    pub(super) async fn forget(&self, session: &Session) -> ApiResult<()> {
        self.used.invalidate(&session.key).await;
        Ok(self.store.delete(&session.key).await?)
    }

    /// The same, and tells the auth service while nobody waits. Its tokens end there, and other replicas, which may
    /// hold a copy of the session, learn of it from there.
    pub(super) async fn abandon(&self, session: &Session) -> ApiResult<()> {
        self.forget(session).await?;
        let (sessions, state) = (self.clone(), session.state());
        self.tasks.spawn(async move { sessions.log_out(&state).await });
        Ok(())
    }

    async fn log_out(&self, state: &State) {
        let told = async {
            let input = RefreshInput { refresh_token: state.refresh_token.clone() };
            let body = serde_json::to_vec(&input).map_err(ApiError::internal)?;
            let (path, who) = ("/api/auth/logout", Some(&state.authorization));
            self.auth.call(Method::POST, path, who, Some(body), HeaderMap::new()).await
        };
        if let Err(error) = told.await {
            tracing::warn!(code = %error.problem().code, "the auth service was not told of a sign-out");
        }
    }

    /// Forgets the sessions that nobody can use any more: now, and every hour until shutdown.
    pub(crate) async fn sweep_regularly(&self, shared: &Shared) -> ApiResult<()> {
        self.sweep().await?;
        let sessions = self.clone();
        shared.tasks.spawn(shared.shutdown.clone().run_until_cancelled_owned(async move {
            loop {
                tokio::time::sleep(SWEEP_EVERY).await;
                if let Err(error) = sessions.sweep().await {
                    tracing::warn!(code = %error.problem().code, "old sessions were not removed");
                }
            }
        }));
        Ok(())
    }

    async fn sweep(&self) -> ApiResult<()> {
        let now = self.clock.millis();
        for (remembered, life) in [(true, REMEMBERED), (false, PASSING)] {
            self.store.delete_before(remembered, now - life.idle, now - life.absolute).await?;
        }
        Ok(())
    }

    /// Ends all sessions of a user, here; the auth service has ended them already.
    pub(crate) async fn end_all_of(&self, user_id: &str) -> ApiResult<()> {
        self.store.delete_of(user_id).await?;
        for (key, session) in &self.used {
            if session.state().viewer.id == user_id {
                self.used.invalidate(key.as_ref()).await;
            }
        }
        Ok(())
    }

    /// Has the tokens of a user's sessions renewed before they are used again; those that have ended end here.
    pub(crate) async fn renew_all_of(&self, user_id: &str) -> ApiResult<()> {
        self.store.expire_of(user_id).await?;
        for (_, session) in &self.used {
            if session.state().viewer.id == user_id {
                session.change(|state| state.expires_at = 0);
            }
        }
        Ok(())
    }

    /// The same for the sessions of all users.
    pub(crate) async fn renew_all(&self) -> ApiResult<()> {
        self.store.expire_all().await?;
        for (_, session) in &self.used {
            session.change(|state| state.expires_at = 0);
        }
        Ok(())
    }
}
