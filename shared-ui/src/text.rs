//! Texts, in every language at once: a table per area, chosen at run time by the visitor's language.

use contracts::problem::{FieldError, Problem};

/// Makes a table of texts: a struct with one `&'static str` for each name, and `text()`, which gives
/// the table of the visitor's language. English first, Korean second.
#[macro_export]
macro_rules! texts {
    ($(#[$doc:meta])* $visibility:vis struct $table:ident { $($name:ident: $en:literal, $ko:literal;)* }) => {
        $(#[$doc])*
        $visibility struct $table {
            $(#[doc = $en] $visibility $name: &'static str,)*
        }

        static ENGLISH: $table = $table { $($name: $en,)* };
        static KOREAN: $table = $table { $($name: $ko,)* };

        /// The texts in the visitor's language.
        $visibility fn text() -> &'static $table {
            match $crate::locale() {
                $crate::Locale::En => &ENGLISH,
                $crate::Locale::Ko => &KOREAN,
            }
        }
    };
}

texts! {
    /// Texts that more than one module needs.
    pub struct SharedText {
        loading: "Loading…", "불러오는 중…";
        not_found: "There is nothing here", "찾으시는 페이지가 없습니다";
        not_found_hint: "It may have moved or been taken down. The address may also have a typo.", "옮겨졌거나 내려간 글일 수 있습니다. 주소를 다시 확인해 주세요.";
        forbidden: "This page is not open to you", "볼 수 있는 권한이 없는 페이지입니다";
        forbidden_hint: "Sign in with an account that may see it, or go back to the front page.", "권한이 있는 계정으로 로그인하거나 첫 화면으로 돌아가 주세요.";
        unavailable: "This page is not available right now", "지금은 이 페이지를 보여드릴 수 없습니다";
        unavailable_hint: "It is our fault, not yours. Try again in a moment.", "저희 쪽 문제입니다. 잠시 뒤에 다시 시도해 주세요.";
        offline: "The server cannot be reached", "서버에 연결할 수 없습니다";
        offline_hint: "Check your connection and try again.", "인터넷 연결을 확인하고 다시 시도해 주세요.";
        home: "Front page", "첫 화면";
        retry: "Try again", "다시 시도";
        sign_in: "Sign in", "로그인";
        previous: "Previous", "이전";
        next: "Next", "다음";
        pages: "Pages", "페이지";
        optional: "optional", "선택";
        check_fields: "Some fields need another look.", "다시 확인이 필요한 항목이 있습니다.";
        required: "This is needed.", "꼭 입력해 주세요.";
        too_short: "This is too short.", "너무 짧습니다.";
        password_too_short: "Use at least 10 characters.", "10자 이상으로 정해 주세요.";
        guest_password_too_short: "Use at least 4 characters.", "4자 이상으로 정해 주세요.";
        too_long: "This is too long.", "너무 깁니다.";
        invalid: "This does not look right.", "형식이 올바르지 않습니다.";
        invalid_email: "This is not an e-mail address.", "올바른 이메일 주소가 아닙니다.";
        taken: "This is taken already.", "이미 사용 중입니다.";
        reserved: "This word is reserved.", "사용할 수 없는 이름입니다.";
        wrong_credentials: "E-mail address and password do not match.", "이메일 또는 비밀번호가 맞지 않습니다.";
        too_many: "Too many attempts. Wait a minute and try again.", "시도가 너무 많습니다. 잠시 뒤에 다시 시도해 주세요.";
        conflict: "Somebody changed this in the meantime. Load the page again before you save.", "그 사이 다른 곳에서 수정되었습니다. 새로 불러온 뒤 저장해 주세요.";
        unauthenticated: "Sign in first.", "먼저 로그인해 주세요.";
        may_not: "You may not do this.", "이 작업을 할 권한이 없습니다.";
        password_wrong: "The password is wrong.", "비밀번호가 맞지 않습니다.";
        unknown: "There is no such thing.", "찾을 수 없는 항목입니다.";
        too_many_links: "There are too many links in it.", "링크가 너무 많습니다.";
        too_large: "This is too large.", "파일이 너무 큽니다.";
        not_image: "This kind of file is not accepted.", "받을 수 없는 형식의 파일입니다.";
        link_ended: "This link has been used or has expired.", "이미 사용했거나 만료된 링크입니다.";
        too_many_things: "These are too many.", "개수가 너무 많습니다.";
        too_many_pixels: "This image has too many pixels.", "이미지의 해상도가 너무 높습니다.";
        past: "This time has passed.", "이미 지난 시각입니다.";
        too_far: "This is too far ahead.", "너무 먼 시각입니다.";
        suspended: "This account is suspended.", "정지된 계정입니다.";
        banned: "You cannot write here any more.", "여기에는 더 이상 글을 쓸 수 없습니다.";
        unverified: "Confirm your e-mail address first.", "먼저 이메일을 확인해 주세요.";
        not_open: "New accounts need an invitation here.", "초대를 받아야 가입할 수 있습니다.";
        fresh: "Sign out and in again first: this needs a fresh sign-in.", "다시 로그인한 뒤 할 수 있는 작업입니다.";
        nothing_chosen: "Choose something first.", "먼저 항목을 선택해 주세요.";
        duplicate: "You have said this already.", "이미 같은 내용을 남기셨습니다.";
        reported: "You have reported this already.", "이미 신고한 댓글입니다.";
        own: "This is your own comment.", "내가 쓴 댓글입니다.";
        closed: "Comments are closed here.", "여기에는 댓글을 쓸 수 없습니다.";
        in_use: "This is still in use.", "아직 쓰이고 있습니다.";
        no_room: "There is no room left. Delete images that nothing uses.", "저장 공간이 가득 찼습니다. 쓰지 않는 이미지를 삭제해 주세요.";
        in_trash: "This is in the trash. Restore it first.", "휴지통에 있습니다. 먼저 되살려 주세요.";
        not_in_trash: "This is not in the trash.", "휴지통에 있지 않습니다.";
        busy: "A backup or restore is under way. Wait until it is done.", "백업이나 복원이 진행 중입니다. 끝난 뒤 다시 시도해 주세요.";
        no_backup: "This backup cannot be used.", "쓸 수 없는 백업입니다.";
        replay_failed: "It could not be delivered. The log says why.", "전달하지 못했습니다. 이유는 로그에 있습니다.";
        foreign: "This was not sent from this site.", "이 사이트에서 보낸 요청이 아닙니다.";
        last_admin: "There must be an administrator.", "관리자는 한 명 이상 있어야 합니다.";
        failed: "That did not work. Try again in a moment.", "처리하지 못했습니다. 잠시 뒤에 다시 시도해 주세요.";
    }
}

/// The sentence for a broken rule of a field.
pub fn field_error_text(error: &FieldError) -> String {
    let text = text();
    match error.code.as_str() {
        "required" => text.required,
        "too_short" if error.field == "password" => text.password_too_short,
        "guest_password_too_short" => text.guest_password_too_short,
        "too_short" => text.too_short,
        "too_long" => text.too_long,
        "invalid" if error.field == "email" => text.invalid_email,
        "invalid" => text.invalid,
        "unknown" => text.unknown,
        "too_many_links" => text.too_many_links,
        "too_many" => text.too_many_things,
        "too_many_pixels" => text.too_many_pixels,
        "past" => text.past,
        "too_far" => text.too_far,
        // Its message is a number.
        "stale" => text.conflict,
        "too_large" => text.too_large,
        "unsupported_type" | "not_an_image" | "unsupported" => text.not_image,
        "not_invited" => text.not_open,
        "taken" => text.taken,
        "reserved" => text.reserved,
        "wrong_credentials" if error.field.contains("password") => text.password_wrong,
        "wrong_credentials" => text.wrong_credentials,
        _ => return error.message.clone(),
    }
    .to_owned()
}

/// The sentence for a problem that concerns a whole form, by its code.
pub fn problem_text(code: &str) -> &'static str {
    let text = text();
    match code {
        "validation_failed" => text.check_fields,
        "wrong_credentials" | "invalid_credentials" => text.wrong_credentials,
        "too_many_requests" | "too_many_attempts" | "rate_limited" => text.too_many,
        "conflict" | "version_conflict" | "stale_version" => text.conflict,
        "wrong_password" => text.password_wrong,
        "too_large" => text.too_large,
        "unsupported_media_type" => text.not_image,
        "link_ended" | "setup_link_used" => text.link_ended,
        "suspended" => text.suspended,
        "banned" => text.banned,
        "email_unverified" => text.unverified,
        "registration_closed" | "invitation_needed" | "invitation_ended" => text.not_open,
        "fresh_sign_in_needed" => text.fresh,
        "nothing_chosen" => text.nothing_chosen,
        "duplicate_comment" => text.duplicate,
        "already_reported" => text.reported,
        "own_comment" => text.own,
        "comments_closed" => text.closed,
        "in_use" => text.in_use,
        "quota_exceeded" => text.no_room,
        "in_trash" => text.in_trash,
        "not_in_trash" => text.not_in_trash,
        "busy" => text.busy,
        "not_ready" | "not_a_backup" => text.no_backup,
        "replay_failed" => text.replay_failed,
        "foreign_request" => text.foreign,
        "last_admin" => text.last_admin,
        "not_found" => text.unknown,
        "unauthenticated" | "guests_not_allowed" => text.unauthenticated,
        "forbidden" => text.may_not,
        "offline" => text.offline_hint,
        _ => text.failed,
    }
}

/// Title and hint for a page that could not be shown.
pub(crate) fn failure_text(problem: &Problem) -> (&'static str, &'static str) {
    let text = text();
    match problem.status {
        404 | 410 => (text.not_found, text.not_found_hint),
        401 | 403 => (text.forbidden, text.forbidden_hint),
        0 => (text.offline, text.offline_hint),
        _ => (text.unavailable, text.unavailable_hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Here, enter};

    #[test]
    fn what_stays_refused_asks_nobody_to_try_again() {
        let codes = [
            "in_use",
            "quota_exceeded",
            "in_trash",
            "not_in_trash",
            "busy",
            "not_ready",
            "not_a_backup",
            "replay_failed",
            "foreign_request",
            "guests_not_allowed",
        ];
        for code in codes {
            assert_ne!(problem_text(code), text().failed, "{code}");
        }
        assert_ne!(problem_text("banned"), problem_text("suspended"), "a guest has no account");
    }

    #[test]
    fn a_broken_rule_is_said_in_the_language_of_the_page() {
        enter("ko", Here::default());
        let broken = [
            ("version", "stale"),
            ("scheduled_at", "past"),
            ("scheduled_at", "too_far"),
            ("tags", "too_many"),
            ("file", "too_many_pixels"),
        ];
        for (field, code) in broken {
            let error = FieldError { field: field.to_owned(), code: code.to_owned(), message: "4".to_owned() };
            assert!(!field_error_text(&error).is_ascii(), "{code}");
        }
    }
}
