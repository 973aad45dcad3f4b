//! Who calls, users and guests alike.

use axum::extract::FromRequestParts;
use contracts::{
    content::{CLIENT_ADDRESS, WRITER_TOKEN},
    module::Role,
    problem::Problem,
};
use http::{HeaderMap, request::Parts};
use kit::{
    ApiError, ApiResult,
    auth::{OptionalViewer, Viewer},
};

use crate::{
    app::App,
    domain::{eyes::Eyes, hex},
    store::bans,
};

/// Somebody with an account or without.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) viewer: Option<Viewer>,
    /// Digest of the address.
    pub(crate) address: String,
    /// Digest of the token that a guest's browser keeps.
    pub(crate) writer: Option<String>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let OptionalViewer(viewer) = OptionalViewer::from_request_parts(parts, app).await?;
        let address = app.addresses.digest(text(&parts.headers, CLIENT_ADDRESS));
        let writer = text(&parts.headers, WRITER_TOKEN).filter(|token| is_writer_token(token)).map(hex::digest);
        Ok(Self { viewer, address, writer })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// As this service makes them.
fn is_writer_token(token: &str) -> bool {
    token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Caller {
    /// Their eyes on a post of `post_author`.
    pub(crate) fn eyes(&self, post_author: &str) -> Eyes {
        Eyes::new(self.viewer.as_ref(), self.writer.as_deref(), &self.actor(), post_author)
    }

    /// Whose likes and reports are theirs.
    pub(crate) fn actor(&self) -> String {
        match &self.viewer {
            Some(viewer) => format!("user:{}", viewer.id()),
            None => format!("address:{}", self.address),
        }
    }

    /// Whether nothing here can be theirs but likes.
    pub(crate) fn is_stranger(&self) -> bool {
        self.viewer.is_none() && self.writer.is_none()
    }

    /// Id of the user.
    pub(crate) fn user(&self) -> Option<&str> {
        self.viewer.as_ref().map(Viewer::id)
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.role() == Role::Admin)
    }

    /// Whether they have a pen of their own here: authors and admins are not held up.
    pub(crate) fn is_trusted(&self) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.role() >= Role::Author)
    }

    /// 403 when their address is banned.
    pub(crate) async fn check_ban(&self, app: &App) -> ApiResult<()> {
        if !self.is_trusted() && bans::is_banned(app.db.read(), &self.address, app.clock.millis()).await? {
            return Err(Problem::new(403, "banned", "You cannot write here any more").into());
        }
        Ok(())
    }
}
