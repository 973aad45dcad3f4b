//! What the audit log notes, in words.

shared_ui::texts! {
    /// What happened.
    struct Happenings {
        signed_in: "Signed in", "로그인";
        sign_in_refused: "Sign-in refused", "로그인 거부";
        signed_out: "Signed out", "로그아웃";
        sessions_ended: "Sessions ended", "다른 기기 로그아웃";
        refresh_token_reused: "A stolen session was ended", "도용된 세션 종료";
        reauthenticated: "Confirmed the password", "비밀번호 재확인";
        registered: "Registered", "가입";
        registration_asked: "Asked to register", "가입 신청";
        admin_set_up: "Administrator set up", "관리자 설정";
        user_added: "Account added", "계정 추가";
        email_verified: "Address confirmed", "이메일 확인";
        email_change_asked: "Asked for another address", "이메일 변경 신청";
        email_changed: "Address changed", "이메일 변경";
        password_changed: "Password changed", "비밀번호 변경";
        password_reset_asked: "Asked to reset the password", "비밀번호 재설정 신청";
        password_reset: "Password reset", "비밀번호 재설정";
        identity_linked: "Sign-in linked", "외부 로그인 연결";
        identity_unlinked: "Sign-in unlinked", "외부 로그인 해제";
        exported: "Data downloaded", "내 정보 내려받기";
        account_deleted: "Account deleted", "계정 삭제";
        status_changed: "Status changed", "상태 변경";
        role_changed: "Role changed", "역할 변경";
        settings_changed: "Settings changed", "설정 변경";
        invitation_made: "Invitation made", "초대";
        invitation_withdrawn: "Invitation withdrawn", "초대 취소";
        keys_rotated: "Signing keys changed", "서명 키 교체";
    }
}

/// What happened, by the name that the log has for it. One that is newer than this build keeps its name.
pub(crate) fn in_words(name: &str) -> &str {
    let words = text();
    match name {
        "signed_in" => words.signed_in,
        "sign_in_refused" => words.sign_in_refused,
        "signed_out" => words.signed_out,
        "sessions_ended" => words.sessions_ended,
        "refresh_token_reused" => words.refresh_token_reused,
        "reauthenticated" => words.reauthenticated,
        "registered" => words.registered,
        "registration_asked" => words.registration_asked,
        "admin_set_up" => words.admin_set_up,
        "user_added" => words.user_added,
        "email_verified" => words.email_verified,
        "email_change_asked" => words.email_change_asked,
        "email_changed" => words.email_changed,
        "password_changed" => words.password_changed,
        "password_reset_asked" => words.password_reset_asked,
        "password_reset" => words.password_reset,
        "identity_linked" => words.identity_linked,
        "identity_unlinked" => words.identity_unlinked,
        "exported" => words.exported,
        "account_deleted" => words.account_deleted,
        "status_changed" => words.status_changed,
        "role_changed" => words.role_changed,
        "settings_changed" => words.settings_changed,
        "invitation_made" => words.invitation_made,
        "invitation_withdrawn" => words.invitation_withdrawn,
        "keys_rotated" => words.keys_rotated,
        newer => newer,
    }
}
