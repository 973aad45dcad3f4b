//! Texts of the shell.

shared_ui::texts! {
    /// Texts of the shell.
    pub(crate) struct Text {
        skip: "Skip to content", "본문으로 건너뛰기";
        main_nav: "Main", "주 메뉴";
        footer_nav: "More", "더 보기";
        theme: "Theme", "테마";
        system: "System", "시스템";
        light: "Light", "밝게";
        dark: "Dark", "어둡게";
        language: "Language", "언어";
        account: "Account", "계정";
        sign_in: "Sign in", "로그인";
        register: "Create an account", "회원가입";
        sign_out: "Sign out", "로그아웃";
        messages: "Messages", "알림";
        close: "Close", "닫기";
        cancel: "Cancel", "취소";
        confirm: "Continue", "계속";
        confirm_title: "Are you sure?", "계속할까요?";
        loading: "Loading", "불러오는 중";
        broken: "This part of the page has stopped working", "이 부분을 표시하지 못했습니다";
        broken_hint: "The rest of the site still works. It has been reported.", "다른 메뉴는 그대로 쓸 수 있습니다. 문제는 자동으로 보고되었습니다.";
        retry: "Try again", "다시 시도";
        home: "Front page", "첫 화면";
        not_found: "There is nothing here", "찾으시는 페이지가 없습니다";
        not_found_hint: "It may have moved or been taken down. The address may also have a typo.", "옮겨졌거나 내려간 페이지일 수 있습니다. 주소를 다시 확인해 주세요.";
        forbidden: "This page is not open to you", "볼 수 있는 권한이 없는 페이지입니다";
        forbidden_hint: "Sign in with an account that may see it, or go back to the front page.", "권한이 있는 계정으로 로그인하거나 첫 화면으로 돌아가 주세요.";
        internal: "Something went wrong on our side", "문제가 생겼습니다";
        internal_hint: "It has been recorded. Try again in a moment.", "기록해 두었습니다. 잠시 뒤에 다시 시도해 주세요.";
        unavailable: "This page is not available right now", "지금은 이 페이지를 보여드릴 수 없습니다";
        unavailable_hint: "Try again in a moment.", "잠시 뒤에 다시 시도해 주세요.";
        footer: "Made with Maru, a hall that joins its rooms.", "마루로 지었습니다. 방과 방을 잇는 마루처럼.";
        signed_in: "You are signed in.", "로그인했습니다.";
        some_failed: "Done, but not with all of them.", "일부는 처리하지 못했습니다.";
        sign_in_failed: "You could not be signed in.", "로그인하지 못했습니다.";
        signed_out: "You are signed out.", "로그아웃했습니다.";
        registered: "Welcome! Your account is ready.", "환영합니다! 계정이 만들어졌습니다.";
        set_up: "The site is yours. Welcome!", "사이트 준비가 끝났습니다. 환영합니다!";
        settings_saved: "Your settings are saved.", "설정을 저장했습니다.";
        post_saved: "The post is saved.", "글을 저장했습니다.";
        post_created: "The post is created.", "글을 만들었습니다.";
        post_published: "The post is published.", "글을 발행했습니다.";
        post_deleted: "The post is in the trash.", "글을 휴지통으로 옮겼습니다.";
        saved: "Saved.", "저장했습니다.";
        created: "Created.", "만들었습니다.";
        deleted: "Deleted.", "삭제했습니다.";
        restored: "Restored.", "되살렸습니다.";
        started: "It has begun and goes on by itself.", "시작했습니다. 끝날 때까지 저절로 진행됩니다.";
        post_scheduled: "The post is scheduled.", "글을 예약했습니다.";
        draft_saved: "The draft is saved.", "임시글을 저장했습니다.";
        comment_posted: "Your comment is here.", "댓글을 등록했습니다.";
        comment_held: "Thank you. Your comment appears once it is approved.", "고맙습니다. 승인되면 댓글이 보입니다.";
        comment_reported: "Thank you. Somebody will look at it.", "신고했습니다. 운영자가 확인합니다.";
        mail_sent: "Look into your mailbox: a link is on its way.", "메일함을 확인해 주세요. 링크를 보냈습니다.";
        password_saved: "Your password is changed.", "비밀번호를 변경했습니다.";
        email_verified: "Your e-mail address is confirmed.", "이메일을 확인했습니다.";
        account_deleted: "Your account is deleted.", "계정을 삭제했습니다.";
        bug_reported: "Thank you for the report.", "신고해 주셔서 고맙습니다.";
        image_uploaded: "The image is here.", "이미지를 올렸습니다.";
        upload_failed: "The image could not be uploaded.", "이미지를 올리지 못했습니다.";
        copied: "The link is copied.", "링크를 복사했습니다.";
        done: "Done.", "완료했습니다.";
        failed: "That did not work. Try again in a moment.", "처리하지 못했습니다. 잠시 뒤에 다시 시도해 주세요.";
    }
}

/// The sentence for the code of a flash message.
pub(crate) fn flash_text(code: &str) -> &'static str {
    let text = text();
    match code {
        "signed_in" => text.signed_in,
        "signed_out" => text.signed_out,
        "registered" => text.registered,
        "set_up" | "setup_done" => text.set_up,
        "settings_saved" | "profile_saved" => text.settings_saved,
        "post_saved" | "post_updated" => text.post_saved,
        "post_created" => text.post_created,
        "post_published" => text.post_published,
        "post_deleted" | "post_trashed" => text.post_deleted,
        "post_scheduled" => text.post_scheduled,
        "draft_saved" => text.draft_saved,
        "comment_posted" => text.comment_posted,
        "comment_held" => text.comment_held,
        "comment_reported" => text.comment_reported,
        "mail_sent" => text.mail_sent,
        "password_saved" => text.password_saved,
        "email_verified" => text.email_verified,
        "account_deleted" => text.account_deleted,
        "bug_reported" => text.bug_reported,
        "image_uploaded" | "image_inserted" => text.image_uploaded,
        "upload_failed" => text.upload_failed,
        "copied" => text.copied,
        "sign_in_failed" => text.sign_in_failed,
        "some_failed" => text.some_failed,
        "cache_purged" => text.done,
        // What the script half asks with.
        "confirm_title" => text.confirm_title,
        "confirm" => text.confirm,
        "cancel" => text.cancel,
        // What happens to many things says only what happened.
        _ => match code.rsplit('_').next() {
            Some("saved") => text.saved,
            Some("created") => text.created,
            Some("deleted" | "purged") => text.deleted,
            Some("restored") => text.restored,
            Some("started") => text.started,
            Some("failed") => text.failed,
            _ => text.done,
        },
    }
}

/// Title and hint of a page that the shell answers itself.
pub(crate) fn status_text(status: u16) -> (&'static str, &'static str) {
    let text = text();
    match status {
        403 => (text.forbidden, text.forbidden_hint),
        400 | 404 => (text.not_found, text.not_found_hint),
        503 => (text.unavailable, text.unavailable_hint),
        _ => (text.internal, text.internal_hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_never_done() {
        for code in ["failed", "sign_in_failed", "upload_failed", "anything_failed"] {
            assert_ne!(flash_text(code), text().done, "{code}");
        }
        assert_eq!(flash_text("anything"), text().done);
    }
}
