//! Texts of the user area.

shared_ui::texts! {
    /// Texts of the user area.
    pub(crate) struct Text {
        sign_in: "Sign in", "로그인";
        sign_in_lead: "Good to see you again.", "다시 만나서 반갑습니다.";
        register: "Create an account", "회원가입";
        register_lead: "Takes half a minute.", "30초면 충분합니다.";
        no_account: "No account yet?", "아직 계정이 없으신가요?";
        have_account: "Already have an account?", "이미 계정이 있으신가요?";
        email: "E-mail address", "이메일";
        password: "Password", "비밀번호";
        password_hint: "At least 10 characters.", "10자 이상";
        name: "Name", "이름";
        name_hint: "As others will see it.", "다른 사람에게 보이는 이름입니다.";
        setup: "Set up your site", "사이트 시작하기";
        setup_lead: "Create the first administrator. This link works once.", "첫 관리자를 만듭니다. 이 링크는 한 번만 쓸 수 있습니다.";
        setup_submit: "Create administrator", "관리자 만들기";
        setup_used: "This link has been used or has expired", "이미 사용했거나 만료된 링크입니다";
        setup_used_hint: "If you are the administrator, sign in. A new link is printed when the server starts and there is no administrator yet.", "관리자라면 로그인해 주세요. 관리자가 없으면 서버를 시작할 때 새 링크가 출력됩니다.";
        settings: "Settings", "설정";
        settings_lead: "How others see you.", "다른 사람에게 보이는 모습입니다.";
        bio: "About you", "소개";
        bio_hint: "A few words, shown below what you write.", "쓰신 글 아래에 함께 보입니다.";
        save: "Save", "저장";
    }
}
