//! Texts of the shell.

shared_ui::texts! {
    /// Texts of the shell.
    pub(crate) struct Text {
        skip: "Skip to content", "본문으로 건너뛰기";
        main_nav: "Main", "주 메뉴";
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
    }
}
