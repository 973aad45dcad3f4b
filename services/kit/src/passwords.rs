//! Passwords: argon2id, a few at a time.

use std::{sync::Arc, time::Duration};

use argon2::{
    Argon2,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use tokio::sync::{OnceCell, Semaphore};

use crate::{ApiError, ApiResult};

/// Who waits longer than this for a turn is told to come back: better than all waiting for ever.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hashes and checks passwords, no more at once than there are cores: each takes 19 MiB and some
/// 20 ms of one.
#[derive(Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Checked when there is no account, so that the answer takes as long as if there were one.
    nobody: OnceCell<String>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    /// With as many turns as there are cores.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { turns: Arc::new(Semaphore::new(cores)), nobody: OnceCell::new() }
    }

    /// The hash to keep, in PHC form.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn hash(&self, password: &str) -> ApiResult<String> {
        let password = password.to_owned();
        self.in_turn(move || hash(&password)).await?.map_err(|error| ApiError::internal(error.to_string()))
    }

    /// Whether the password is the one of this hash; never when there is no hash, after the same
    /// time.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn matches(&self, password: &str, hash: Option<&str>) -> ApiResult<bool> {
        let nobody = self.nobody.get_or_try_init(|| self.hash("nobody has this password")).await?;
        let known = hash.is_some();
        let (password, hash) = (password.to_owned(), hash.unwrap_or(nobody).to_owned());
        let same = self.in_turn(move || matches(&password, &hash)).await?;
        Ok(known && same)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned())
            .await
            .map_err(|_| ApiError::unavailable("too many passwords to hash at once"))?
            .map_err(ApiError::internal)?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        })
        .await
        .map_err(ApiError::internal)
    }
}

fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
}

fn matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::Passwords;

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse").await.expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.matches("correct horse", Some(&hash)).await.expect("checked"));
        assert!(!passwords.matches("correct horsf", Some(&hash)).await.expect("checked"));
        assert!(!passwords.matches("nobody has this password", None).await.expect("checked"));
    }
}
