//! Who looks at the comments of a post, and what they see.

use contracts::{content::CommentState, module::Role};
use kit::auth::Viewer;
use sea_orm::Value;

/// Somebody who looks at one post's comments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Eyes {
    /// Id of the user.
    pub(crate) user: Option<String>,
    /// Digest of the token that a guest's browser keeps.
    pub(crate) writer: Option<String>,
    /// Whose likes are theirs: `user:<id>` or `address:<digest>`.
    pub(crate) actor: String,
    /// Sees everything.
    pub(crate) is_admin: bool,
    /// Sees private comments.
    pub(crate) is_post_author: bool,
}

/// What decides who sees a comment.
pub(crate) trait Seen {
    fn state(&self) -> CommentState;
    fn is_private(&self) -> bool;
    fn author_id(&self) -> Option<&str>;
    fn writer_hash(&self) -> Option<&str>;
}

impl Eyes {
    /// The eyes of `viewer` on a post of `post_author`.
    pub(crate) fn new(viewer: Option<&Viewer>, writer: Option<&str>, actor: &str, post_author: &str) -> Self {
        Self {
            user: viewer.map(|viewer| viewer.id().to_owned()),
            // Who is signed in is not also the guest they were before.
            writer: writer.filter(|_| viewer.is_none()).map(str::to_owned),
            actor: actor.to_owned(),
            is_admin: viewer.is_some_and(|viewer| viewer.role() == Role::Admin),
            is_post_author: viewer.is_some_and(|viewer| viewer.role() >= Role::Author && viewer.id() == post_author),
        }
    }

    /// Whether they wrote it.
    pub(crate) fn wrote(&self, comment: &impl Seen) -> bool {
        match comment.author_id() {
            Some(author) => self.user.as_deref() == Some(author),
            None => self.writer.is_some() && self.writer.as_deref() == comment.writer_hash(),
        }
    }

    /// Whether they see it. `parent` is the comment that it answers.
    pub(crate) fn see<C: Seen>(&self, comment: &C, parent: Option<&C>) -> bool {
        match comment.state() {
            CommentState::Trashed => false,
            CommentState::Hidden => self.is_admin,
            CommentState::Pending => self.is_admin || self.wrote(comment),
            CommentState::Visible => {
                !comment.is_private()
                    || self.is_admin
                    || self.is_post_author
                    || self.wrote(comment)
                    || parent.is_some_and(|parent| {
                        parent.is_private() && parent.state() == CommentState::Visible && self.wrote(parent)
                    })
            }
        }
    }

    /// The same as a condition on the comment `alias`, but for private answers to one's own private
    /// comment: those are under a comment that passes anyway. Pushes the values that it needs.
    pub(crate) fn condition(&self, alias: &str, values: &mut Vec<Value>) -> String {
        if self.is_admin {
            return format!("{alias}.state <> 'TRASHED'");
        }
        let mine = match (&self.user, &self.writer) {
            (Some(user), _) => {
                values.push(user.as_str().into());
                format!("{alias}.author_id = ${}", values.len())
            }
            (None, Some(writer)) => {
                values.push(writer.as_str().into());
                format!("({alias}.author_id IS NULL AND {alias}.writer_hash = ${})", values.len())
            }
            (None, None) => return format!("({alias}.state = 'VISIBLE' AND NOT {alias}.is_private)"),
        };
        let private =
            if self.is_post_author { "TRUE".to_owned() } else { format!("(NOT {alias}.is_private OR {mine})") };
        format!("(({alias}.state = 'VISIBLE' AND {private}) OR ({alias}.state = 'PENDING' AND {mine}))")
    }
}

#[cfg(test)]
mod tests {
    use contracts::content::CommentState;

    use super::{Eyes, Seen};

    struct Comment {
        state: CommentState,
        private: bool,
        author: Option<&'static str>,
        writer: Option<&'static str>,
    }

    impl Seen for Comment {
        fn state(&self) -> CommentState {
            self.state
        }
        fn is_private(&self) -> bool {
            self.private
        }
        fn author_id(&self) -> Option<&str> {
            self.author
        }
        fn writer_hash(&self) -> Option<&str> {
            self.writer
        }
    }

    fn of(author: &'static str, state: CommentState, private: bool) -> Comment {
        Comment { state, private, author: Some(author), writer: None }
    }

    fn user(id: &str) -> Eyes {
        Eyes { user: Some(id.to_owned()), ..Eyes::default() }
    }

    #[test]
    fn private_comments_are_for_their_writer_the_author_and_admins() {
        let secret = of("a", CommentState::Visible, true);
        let admin = Eyes { is_admin: true, ..user("admin") };
        let author = Eyes { is_post_author: true, ..user("author") };
        assert!(user("a").see(&secret, None) && admin.see(&secret, None) && author.see(&secret, None));
        assert!(!user("b").see(&secret, None) && !Eyes::default().see(&secret, None));
        let answer = of("author", CommentState::Visible, true);
        assert!(user("a").see(&answer, Some(&secret)), "whom it answers in private");
        assert!(!user("b").see(&answer, Some(&secret)));
        assert!(
            !user("a").see(&answer, Some(&of("a", CommentState::Visible, false))),
            "an answer in public is not meant"
        );
    }

    #[test]
    fn what_waits_is_for_its_writer_and_admins() {
        let pending = of("a", CommentState::Pending, false);
        assert!(user("a").see(&pending, None) && !user("b").see(&pending, None));
        assert!(!Eyes { is_post_author: true, ..user("author") }.see(&pending, None));
        assert!(!user("a").see(&of("a", CommentState::Hidden, false), None));
        assert!(!Eyes { is_admin: true, ..user("x") }.see(&of("a", CommentState::Trashed, false), None));
    }

    #[test]
    fn a_guest_is_known_by_the_token_and_by_nothing_else() {
        let guest = Comment { author: None, writer: Some("w"), ..of("", CommentState::Pending, false) };
        assert!(Eyes { writer: Some("w".into()), ..Eyes::default() }.see(&guest, None));
        let anonymous = Comment { author: None, writer: None, ..of("", CommentState::Pending, false) };
        assert!(!Eyes::default().see(&anonymous, None), "no token is not a token");
    }
}
