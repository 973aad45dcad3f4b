//! Texts of the admin area.

use contracts::blog::PostStatus;

shared_ui::texts! {
    /// Texts of the admin area.
    pub(crate) struct Text {
        sections: "Admin sections", "관리 메뉴";
        dashboard: "Dashboard", "대시보드";
        posts: "Posts", "글";
        new_post: "New post", "새 글";
        edit_post: "Edit post", "글 수정";
        edit_draft: "Edit draft", "임시글 수정";
        published_posts: "Published posts", "발행된 글";
        drafts: "Drafts", "임시글";
        drafts_hint: "What is not finished: new posts, and changes of posts that are read meanwhile.", "아직 끝나지 않은 글입니다. 새 글과, 발행된 글을 고치는 중인 내용이 여기 모입니다.";
        no_drafts: "There are no drafts.", "임시글이 없습니다.";
        delete_draft_question: "Delete this draft?", "이 임시글을 삭제할까요?";
        of_post: "Changes", "고치는 글";
        untitled: "Untitled", "제목 없음";
        users: "Accounts", "계정";
        categories: "Categories", "카테고리";
        tags: "Tags", "태그";
        comments: "Comments", "댓글";
        pages: "Pages", "페이지";
        images: "Images", "이미지";
        analytics: "Numbers", "통계";
        management: "Management", "운영";
        overview: "Overview", "전체";
        recent: "Changed last", "최근 수정";
        latest_comments: "Latest comments", "최근 댓글";
        all_comments: "All comments", "댓글 모두 보기";
        waiting_comments: "Comments waiting", "승인 대기 댓글";
        services: "Services", "서비스";
        ready: "ready", "정상";
        not_ready: "not ready", "응답 없음";
        modules: "Live modules", "실행 중인 모듈";
        module: "Module", "모듈";
        version: "Version", "버전";
        released: "Live since", "배포일";
        renders: "Renderings", "렌더링";
        failures: "Failures", "실패";
        title: "Title", "제목";
        author: "Author", "글쓴이";
        status: "Status", "상태";
        category: "Category", "카테고리";
        all_categories: "All categories", "모든 카테고리";
        updated: "Changed", "수정일";
        actions: "Actions", "작업";
        select: "Select", "선택";
        select_all: "All on this page", "이 페이지 전체";
        search: "Search", "검색";
        search_label: "Search posts", "글 검색";
        search_comments: "Search comments", "댓글 검색";
        search_users: "Name or e-mail address", "이름 또는 이메일";
        sort: "Sort", "정렬";
        updated_last: "Changed last", "최근 수정순";
        newest: "Newest", "최신순";
        most_read: "Most read", "조회순";
        most_liked: "Most liked", "좋아요순";
        all: "All", "전체";
        draft: "Draft", "임시글";
        public: "Published", "발행";
        private: "Private", "비공개";
        scheduled: "Scheduled", "예약";
        trashed: "Trash", "휴지통";
        no_posts: "No posts match.", "조건에 맞는 글이 없습니다.";
        publish: "Publish", "발행";
        delete: "Delete", "삭제";
        to_trash: "Move to trash", "휴지통으로";
        restore: "Restore", "되살리기";
        purge: "Delete for good", "영구 삭제";
        purge_question: "Delete for good? This cannot be undone.", "영구히 삭제할까요? 되돌릴 수 없습니다.";
        bulk_question: "Move everything that is selected to the trash?", "선택한 항목을 모두 휴지통으로 옮길까요?";
        delete_question: "Move this post to the trash?", "이 글을 휴지통으로 옮길까요?";
        view_post: "View", "보기";
        slug: "Address", "주소";
        slug_hint: "Last part of the URL. Made from the title when empty.", "URL의 마지막 부분입니다. 비워 두면 제목으로 만듭니다.";
        tags_hint: "Separated by commas.", "쉼표로 구분합니다.";
        excerpt: "Excerpt", "요약";
        excerpt_hint: "Shown in lists. Made from the text when empty.", "목록에 보입니다. 비워 두면 본문으로 만듭니다.";
        cover: "Cover image", "대표 이미지";
        cover_hint: "Address of an uploaded image: /media/…", "올린 이미지의 주소: /media/…";
        featured: "Lead the front page with it", "첫 화면 맨 위에 보이기";
        for_search: "For search engines", "검색 엔진용 정보";
        seo_title: "Search result heading", "검색용 제목";
        seo_description: "Search result summary", "검색용 설명";
        canonical: "First published at", "처음 실린 주소";
        scheduled_at: "Publish at (UTC)", "발행 시각 (UTC)";
        scheduled_hint: "Only for the status Scheduled.", "상태가 예약일 때만 쓰입니다.";
        publish_at_hint: "Empty: publish at once.", "비워 두면 바로 발행합니다.";
        content: "Text", "본문";
        content_hint: "Markdown.", "마크다운으로 씁니다.";
        insert_image: "Insert images", "이미지 넣기";
        insert_hint: "Or paste and drop them into the text.", "본문에 붙여넣거나 끌어다 놓아도 됩니다.";
        uploaded_under: "Uploaded images are under", "올린 이미지 보기:";
        uploading: "Uploading", "올리는 중";
        none: "None", "없음";
        save: "Save", "저장";
        save_draft: "Keep as draft", "임시 저장";
        danger: "Delete this post", "글 삭제";
        danger_hint: "It goes to the trash and can be restored.", "휴지통으로 옮겨지며 되살릴 수 있습니다.";
        revisions: "Revisions", "수정 기록";
        no_revisions: "There is nothing but the post as it is.", "아직 수정 기록이 없습니다.";
        saved: "Saved", "저장";
        now: "now", "현재";
        compare: "Compare with now", "현재와 비교";
        restore_question: "Make the post what it was then? What it is now stays in the list.", "이때의 내용으로 되돌릴까요? 현재 내용도 목록에 남습니다.";
        diff: "Changes since then", "그 뒤로 바뀐 내용";
        new_category: "New category", "새 카테고리";
        new_tag: "New tag", "새 태그";
        new_term: "New", "새로 만들기";
        no_terms: "There are none yet.", "아직 없습니다.";
        name: "Name", "이름";
        description: "Description", "설명";
        color: "Colour", "색";
        icon: "Icon", "아이콘";
        merge: "Merge", "합치기";
        merge_into: "Merge into", "합칠 곳";
        merge_question: "Move all its posts there, and lead its old address there too?", "모든 글을 그쪽으로 옮기고 예전 주소도 그쪽으로 이을까요?";
        delete_term_question: "Delete it? The posts stay.", "삭제할까요? 글은 그대로 남습니다.";
        no_comments: "No comments match.", "조건에 맞는 댓글이 없습니다.";
        held: "Waiting", "승인 대기";
        reported: "Reported", "신고됨";
        reports: "Reports", "신고";
        hidden: "Hidden", "숨김";
        approve: "Approve", "승인";
        hide: "Hide", "숨기기";
        guest: "Guest", "손님";
        no_users: "No accounts match.", "조건에 맞는 계정이 없습니다.";
        role: "Role", "역할";
        all_roles: "All roles", "모든 역할";
        role_user: "Member", "회원";
        role_author: "Author", "작가";
        role_admin: "Administrator", "관리자";
        active: "Active", "정상";
        suspended: "Suspended", "정지";
        joined: "Joined", "가입일";
        seen: "Last seen", "마지막 방문";
        imported: "Imported author", "가져온 글쓴이";
        unverified: "address not confirmed", "이메일 미확인";
        change: "Change", "변경";
        suspend: "Suspend", "정지";
        unsuspend: "Reactivate", "정지 풀기";
        suspend_question: "Suspend this account? It is signed out everywhere at once.", "이 계정을 정지할까요? 모든 곳에서 즉시 로그아웃됩니다.";
        new_page: "New page", "새 페이지";
        edit_page: "Edit page", "페이지 수정";
        no_pages: "No pages match.", "조건에 맞는 페이지가 없습니다.";
        kind: "Kind", "종류";
        all_kinds: "Pages and notices", "페이지와 공지";
        static_page: "Page", "페이지";
        notice: "Notice", "공지";
        pinned: "Pinned", "고정";
        badge: "Badge", "머리말";
        badge_hint: "A word in front of the title.", "제목 앞에 붙는 짧은 말입니다.";
        template: "Layout", "모양";
        template_default: "Normal", "기본";
        template_wide: "Wide", "넓게";
        template_resume: "Résumé", "이력서";
        delete_page_question: "Move this page to the trash?", "이 페이지를 휴지통으로 옮길까요?";
        upload: "Upload an image", "이미지 올리기";
        upload_hint: "JPEG, PNG, GIF or WebP, up to 10 MB.", "JPEG, PNG, GIF, WebP · 10 MB까지";
        upload_submit: "Upload", "올리기";
        all_images: "All images", "모든 이미지";
        orphans: "Unused", "쓰지 않는 이미지";
        orphans_hint: "No post or page has used these for a day.", "하루 넘게 어떤 글에서도 쓰지 않은 이미지입니다.";
        delete_orphans: "Delete all unused", "모두 삭제";
        delete_orphans_question: "Delete all unused images for good?", "쓰지 않는 이미지를 모두 영구히 삭제할까요?";
        delete_image_question: "Delete this image for good?", "이 이미지를 영구히 삭제할까요?";
        no_images: "There are no images.", "이미지가 없습니다.";
        uses: "Used", "사용";
        views: "Views", "조회";
        likes: "Likes", "좋아요";
        views_today: "Views today", "오늘 조회";
        visitors_today: "Visitors today", "오늘 방문자";
        views_range: "Views in this time", "기간 조회";
        visitors_range: "Visitors in this time", "기간 방문자";
        views_by_day: "Views by day", "날짜별 조회";
        by_page: "Posts and pages", "글과 페이지";
        by_referrer: "Where readers come from", "들어온 곳";
        by_country: "Countries", "나라";
        by_device: "Devices", "기기";
        most: "most", "최고";
        unknown: "Unknown", "알 수 없음";
        no_numbers: "Nothing was counted yet.", "아직 집계된 내용이 없습니다.";
        range: "Time", "기간";
        from: "From", "시작";
        to: "To", "끝";
        show: "Show", "보기";
        partly_away: "Some of this is not available right now.", "지금은 일부를 불러올 수 없습니다.";
        backups: "Backups", "백업";
        backups_hint: "Everything of every service, and all images, in one file.", "모든 서비스의 데이터와 이미지를 한 파일에 담습니다.";
        back_up: "Back up now", "지금 백업";
        no_backups: "There are no backups.", "백업이 없습니다.";
        begun: "Begun", "시작";
        size: "Size", "크기";
        backup_ready: "Ready", "완료";
        backup_running: "Running", "진행 중";
        backup_failed: "Failed", "실패";
        backup_restoring: "Being restored", "복원 중";
        backup_restored: "Restored", "복원됨";
        backup_undoing: "Being undone", "되돌리는 중";
        backup_undone: "Restore undone", "복원 취소됨";
        download: "Download", "내려받기";
        restore_backup_question: "Bring everything back to what it was then? What was written since is lost.", "그때의 상태로 모두 되돌릴까요? 그 뒤에 쓴 내용은 사라집니다.";
        delete_backup_question: "Delete this backup for good?", "이 백업을 영구히 삭제할까요?";
        dead_letters: "Undelivered events", "전달되지 않은 이벤트";
        no_dead_letters: "Everything was delivered.", "모두 전달되었습니다.";
        event: "Event", "이벤트";
        service: "Service", "서비스";
        attempts: "Attempts", "시도";
        error: "Error", "오류";
        given_up: "Given up", "포기한 때";
        replay: "Deliver again", "다시 전달";
        drop: "Drop", "버리기";
        drop_question: "Drop this event? What it says will not happen.", "이 이벤트를 버릴까요? 담긴 내용은 반영되지 않습니다.";
        reconciliation: "Reconciliation", "대사";
        reconcile_hint: "Counts again what events maintain, and puts right what has drifted.", "이벤트로 관리하는 값을 다시 세고 어긋난 것을 바로잡습니다.";
        reconcile: "Count again", "다시 세기";
        counted_at: "Counted last", "마지막 확인";
        no_drift: "nothing had drifted", "어긋난 것이 없습니다";
        not_counted: "could not count", "확인하지 못한 서비스";
        check: "Check", "항목";
        checked: "Checked", "확인";
        drift: "Drift", "어긋남";
        repaired: "Repaired", "고침";
        page_cache: "Page cache", "페이지 캐시";
        page_cache_hint: "Pages that are the same for everybody are kept and made anew when something changes.", "누구에게나 같은 페이지는 보관해 두고 내용이 바뀌면 다시 만듭니다.";
        cache_pages: "Pages", "페이지";
        cache_hits: "Answered from it", "캐시로 응답";
        cache_misses: "Made anew", "새로 만듦";
        cache_purged: "Forgotten", "비움";
        cache_made_of: "Made of", "구성 요소";
        cache_purge: "Make anew", "다시 만들기";
        cache_purge_all: "Make all anew", "모두 다시 만들기";
        settings: "Settings", "설정";
        registration: "New accounts", "회원가입";
        open: "Open to everybody", "누구나";
        by_invitation: "By invitation", "초대받은 사람만";
        closed: "Closed", "받지 않음";
        audit: "Audit log", "감사 기록";
        no_audit: "Nothing has been recorded.", "기록이 없습니다.";
        when: "When", "언제";
        who: "Who", "누가";
        what: "What", "무엇을";
        whom: "To whom", "대상";
    }
}

/// What a status is called.
pub(crate) fn status_text(status: PostStatus) -> &'static str {
    let text = text();
    match status {
        PostStatus::Draft => text.draft,
        PostStatus::Public => text.public,
        PostStatus::Private => text.private,
        PostStatus::Scheduled => text.scheduled,
        PostStatus::Trashed => text.trashed,
    }
}

/// A size: `830 B`, `12 kB`, `3.4 MB`.
pub(crate) fn bytes(bytes: u64) -> String {
    let (unit, size) = match bytes {
        0..1_000 => return bytes.to_string() + " B",
        1_000..1_000_000 => (" kB", 1_000),
        1_000_000..1_000_000_000 => (" MB", 1_000_000),
        _ => (" GB", 1_000_000_000),
    };
    let tenths = bytes * 10 / size;
    let whole = (tenths / 10).to_string();
    if tenths < 100 { [&whole, ".", &(tenths % 10).to_string(), unit].concat() } else { whole + unit }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_short() {
        assert_eq!(bytes(830), "830 B");
        assert_eq!(bytes(3_450_000), "3.4 MB");
        assert_eq!(bytes(12_400), "12 kB");
        assert_eq!(bytes(5_000_000_000), "5.0 GB");
    }
}
