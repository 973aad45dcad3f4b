//! When a post becomes public.

use contracts::{blog::PostStatus, problem::Problem};

/// What a post's status and times become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) status: PostStatus,
    pub(crate) published_at: Option<i64>,
    pub(crate) scheduled_at: Option<i64>,
}

impl Standing {
    /// Before anybody has said anything.
    pub(crate) const NEW: Self = Self { status: PostStatus::Draft, published_at: None, scheduled_at: None };

    /// What becomes of it when `status` and `at` are asked for. The first publication is the one that
    /// counts.
    pub(crate) fn then(self, status: Option<PostStatus>, at: Option<i64>, now: i64) -> Result<Self, Problem> {
        let status = status.unwrap_or(self.status);
        let refused = |code, message| Err(Problem::validation().with_field("scheduled_at", code, message));
        match (status, at) {
            (PostStatus::Scheduled, Some(_)) => Ok(Self { status, scheduled_at: at, ..self }),
            (PostStatus::Scheduled, None) if self.scheduled_at.is_some() => Ok(Self { status, ..self }),
            (PostStatus::Scheduled, None) => refused("required", "A scheduled post needs a time."),
            (_, Some(_)) => refused("invalid", "Only a post with status SCHEDULED has a time."),
            (PostStatus::Public, None) => {
                Ok(Self { status, published_at: self.published_at.or(Some(now)), scheduled_at: None })
            }
            (_, None) => Ok(Self { status, scheduled_at: None, ..self }),
        }
    }

    /// What a post in the trash becomes again. A time that has passed meanwhile publishes nothing: its
    /// author is to look first.
    pub(crate) fn restored(self, before: Option<PostStatus>, now: i64) -> Self {
        let due = self.scheduled_at.is_none_or(|at| at <= now);
        let status = match before.unwrap_or_default() {
            PostStatus::Trashed => PostStatus::Draft,
            PostStatus::Scheduled if due => PostStatus::Draft,
            status => status,
        };
        let scheduled_at = self.scheduled_at.filter(|_| status == PostStatus::Scheduled);
        Self { status, scheduled_at, ..self }
    }
}

#[cfg(test)]
mod tests {
    use contracts::blog::PostStatus::{Draft, Private, Public, Scheduled, Trashed};

    use super::Standing;

    #[test]
    fn a_post_is_published_once() {
        let public = Standing::NEW.then(Some(Public), None, 5).expect("fine");
        assert_eq!(public.published_at, Some(5));
        let hidden = public.then(Some(Private), None, 6).expect("fine");
        assert_eq!(hidden.then(Some(Public), None, 7).expect("fine").published_at, Some(5));
    }

    #[test]
    fn only_scheduled_posts_have_a_time() {
        let code = |result: Result<Standing, contracts::problem::Problem>| {
            result.expect_err("must be refused").errors[0].code.clone()
        };
        assert_eq!(code(Standing::NEW.then(Some(Scheduled), None, 5)), "required");
        assert_eq!(code(Standing::NEW.then(Some(Public), Some(9), 5)), "invalid");
        assert_eq!(code(Standing::NEW.then(None, Some(9), 5)), "invalid");
        let scheduled = Standing::NEW.then(Some(Scheduled), Some(9), 5).expect("fine");
        assert_eq!(scheduled.then(None, None, 6).expect("fine"), scheduled);
        assert_eq!(scheduled.then(None, Some(10), 6).expect("fine").scheduled_at, Some(10));
        assert_eq!(scheduled.then(Some(Draft), None, 6).expect("fine"), Standing::NEW);
    }

    #[test]
    fn what_comes_back_publishes_nothing_late() {
        let scheduled = Standing { scheduled_at: Some(9), status: Trashed, ..Standing::NEW };
        assert_eq!(scheduled.restored(Some(Scheduled), 8).status, Scheduled);
        assert_eq!(scheduled.restored(Some(Scheduled), 9), Standing::NEW);
        assert_eq!(scheduled.restored(Some(Public), 9).status, Public);
        assert_eq!(scheduled.restored(None, 9).status, Draft);
    }
}
