//! Texts of the blog.

shared_ui::texts! {
    /// Texts of the blog.
    pub(crate) struct Text {
        latest: "Latest", "최신 글";
        featured: "Featured", "추천 글";
        popular: "Most read", "많이 읽은 글";
        topics: "Popular tags", "인기 태그";
        categories: "Categories", "카테고리";
        tags: "Tags", "태그";
        all: "All", "전체";
        all_posts: "All posts", "모든 글";
        posts: "Posts", "글";
        notices: "Notices", "공지사항";
        notice: "Notice", "공지";
        all_notices: "All notices", "공지 모두 보기";
        pinned: "Pinned", "고정";
        archive: "Archive", "지난 글";
        category: "Category", "카테고리";
        tag: "Tag", "태그";
        author: "Author", "글쓴이";
        no_posts: "Nothing has been published here yet.", "아직 발행된 글이 없습니다.";
        no_terms: "There is nothing here yet.", "아직 아무것도 없습니다.";
        minutes: " min read", "분 읽기";
        views: "Views", "조회";
        likes: "Likes", "좋아요";
        updated: "Updated", "수정";
        contents: "Contents", "목차";
        written_by: "Written by", "글쓴이";
        with: "with", "함께 쓴 사람";
        edit: "Edit", "수정";
        draft_notice: "Only you can see this: it is not published.", "아직 발행되지 않아 나만 볼 수 있는 글입니다.";
        first_published: "First published at", "처음 실린 곳";
        count_one: " post", "개의 글";
        count: " posts", "개의 글";
        page: "page", "페이지";
        sort: "Sort", "정렬";
        newest: "Newest", "최신순";
        most_read: "Most read", "조회순";
        most_liked: "Most liked", "좋아요순";
        filter: "Filter", "고르기";
        apply: "Apply", "적용";
        like: "Like", "좋아요";
        bookmark: "Bookmark", "북마크";
        bookmarks: "Bookmarks", "북마크";
        share: "Copy link", "링크 복사";
        related: "Related posts", "관련 글";
        older: "Previous post", "이전 글";
        newer: "Next post", "다음 글";
        more_posts: "More posts", "다른 글";
        search: "Search", "검색";
        search_label: "Search the site", "사이트 검색";
        search_hint: "Type a word or two. Korean and English both work.", "한두 단어를 입력해 보세요. 한국어와 영어 모두 찾습니다.";
        pages: "Pages and notices", "페이지와 공지사항";
        a_page: "Page", "페이지";
        static_pages: "Pages", "페이지";
        found_none: "Nothing was found.", "검색 결과가 없습니다.";
        found_one: " result", "개의 결과";
        found: " results", "개의 결과";
        meant: "Did you mean", "혹시 이 단어인가요?";
        narrow: "Narrow down", "결과 좁히기";
        clear: "Show all results", "모든 결과 보기";
        comments: "Comments", "댓글";
        comment: "Comment", "댓글";
        write: "Write a comment", "댓글 쓰기";
        no_comments: "Nobody has said anything yet.", "아직 댓글이 없습니다. 첫 댓글을 남겨 보세요.";
        comments_away: "Comments are not available right now. Try again in a moment.", "지금은 댓글을 불러올 수 없습니다. 잠시 뒤에 다시 시도해 주세요.";
        part_away: "This is not available right now.", "지금은 불러올 수 없습니다.";
        comments_closed: "Comments are closed here.", "이 글에는 댓글을 쓸 수 없습니다.";
        comments_sign_in: "Sign in to write a comment.", "로그인하고 댓글을 남겨 보세요.";
        comment_deleted: "This comment was deleted.", "삭제된 댓글입니다.";
        reply: "Reply", "답글";
        edited: "edited", "수정됨";
        edit_or_delete: "Edit or delete", "수정·삭제";
        delete: "Delete", "삭제";
        delete_question: "Delete this comment?", "이 댓글을 삭제할까요?";
        report: "Report", "신고";
        reason: "Reason", "사유";
        spam: "Spam or advertising", "스팸·광고";
        abuse: "Insult or hate", "욕설·혐오";
        privacy: "Personal data", "개인정보 노출";
        other: "Something else", "기타";
        note: "Note", "설명";
        your_name: "Name", "이름";
        password: "Password", "비밀번호";
        password_hint: "Needed to edit or delete the comment later.", "나중에 수정하거나 삭제할 때 필요합니다.";
        password_needed: "The one it was written with.", "댓글을 쓸 때 정한 비밀번호입니다.";
        new_text: "Text", "내용";
        markdown: "You can use **bold**, *italic*, `code`, links and lists.", "**굵게**, *기울임*, `코드`, 링크, 목록을 쓸 수 있습니다.";
        private: "Private: only the author sees it", "비밀 댓글: 글쓴이만 볼 수 있습니다";
        private_badge: "Private", "비밀 댓글";
        held: "Waiting for approval", "승인 대기";
        hidden: "Hidden", "숨김";
        guest: "Guest", "손님";
        send: "Send", "등록";
        save: "Save", "저장";
    }
}

/// How many posts: `1 post`, `12 posts`, `12개의 글`.
pub(crate) fn post_count(posts: u32) -> String {
    let text = text();
    posts.to_string() + if posts == 1 { text.count_one } else { text.count }
}

/// How many were found.
pub(crate) fn found(hits: u32) -> String {
    let text = text();
    hits.to_string() + if hits == 1 { text.found_one } else { text.found }
}

/// How long it takes to read.
pub(crate) fn reading_time(minutes: u32) -> String {
    minutes.max(1).to_string() + text().minutes
}

/// A month: `2026-03` as `March 2026`, `2026년 3월`.
pub(crate) fn month(month: &str) -> String {
    // A day of it, without its number.
    let day = shared_ui::day(&[month, "-01"].concat());
    match shared_ui::locale() {
        shared_ui::Locale::Ko => day.trim_end_matches(" 1일").to_owned(),
        shared_ui::Locale::En => day.trim_start_matches("1 ").to_owned(),
    }
}
