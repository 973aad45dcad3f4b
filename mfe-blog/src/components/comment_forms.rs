use contracts::pages::CommentView;
use maud::{Markup, html};
use shared_ui::{Field, Form, member, submit, use_form, use_form_of, use_form_over};

use crate::text::text;

/// The post that comments are written on.
#[derive(Clone, Copy)]
pub(crate) struct On<'a> {
    /// Its id.
    pub(crate) post: &'a str,
    /// Its slug.
    pub(crate) slug: &'a str,
    /// The page of its comments that is shown, as it is sent.
    pub(crate) page: &'a str,
}

impl On<'_> {
    /// Says where the form stands, so that one is led back to the same page of comments.
    pub(crate) fn place(self) -> Markup {
        html! {
            input type="hidden" name="slug" value=(self.slug);
            input type="hidden" name="comments" value=(self.page);
        }
    }
}

/// Name and password of a guest. The password is what changes the comment later.
fn guest_fields(form: &Form) -> Markup {
    let text = text();
    html! {
        div.field-row {
            (form.text(Field { name: "name", label: text.your_name, autocomplete: "nickname", ..Field::default() }))
            (form.text(Field {
                name: "password", label: text.password, kind: "password", autocomplete: "new-password",
                hint: text.password_hint, ..Field::default()
            }))
        }
        // People do not see this field and leave it empty; programs fill it in.
        div.website aria-hidden="true" {
            label { "Website" input type="text" name="website" tabindex="-1" autocomplete="off"; }
        }
    }
}

/// Writes a comment, or the answer to one.
pub(crate) fn write(on: On<'_>, parent: &str) -> Markup {
    let text = text();
    let form =
        use_form_of("/forms/comments", "parent", parent).label(if parent.is_empty() { text.write } else { text.reply });
    let label = if parent.is_empty() { text.comment } else { text.reply };
    form.show(html! {
        input type="hidden" name="post" value=(on.post);
        (on.place())
        input type="hidden" name="parent" value=(parent);
        @if member().is_none() { (guest_fields(&form)) }
        (form.area(Field { name: "content", label, rows: 3, class: "textarea textarea--short", hint: text.markdown, ..Field::default() }))
        div.form-foot { (form.check("private", text.private, false)) (submit(text.send)) }
    })
}

/// Changes a comment; a guest's with its password, which deletes it too.
pub(crate) fn change(on: On<'_>, comment: &CommentView) -> Markup {
    let text = text();
    let base = ["/forms/comments/", &comment.id].concat();
    let (edit, delete) = ([&base, "/edit"].concat(), [&base, "/delete"].concat());
    // One form for both: what was refused of deleting stands here, too.
    let refused = use_form(&delete).refused();
    let form = if refused { use_form_over(&edit, &delete) } else { use_form(&edit) }.label(text.edit);
    let content = comment.source.as_deref().unwrap_or_default();
    let by_password = comment.guest;
    form.show(html! {
        (on.place())
        (form.area(Field {
            name: "content", label: text.new_text, value: content, rows: 3, class: "textarea textarea--short",
            ..Field::default()
        }))
        @if by_password {
            (form.text(Field {
                name: "password", label: text.password, kind: "password", autocomplete: "current-password",
                hint: text.password_needed, ..Field::default()
            }))
        }
        // The first button is the one that Enter presses, so saving is; the style shows it last.
        div.form-foot {
            (submit(text.save))
            @if by_password && comment.can_delete {
                button class="button button--danger" type="submit" formaction=(delete) data-question=(text.delete_question) { (text.delete) }
            }
        }
    })
}

/// Deletes a comment of one's own.
pub(crate) fn delete(on: On<'_>, comment: &CommentView) -> Markup {
    use_form(&["/forms/comments/", &comment.id, "/delete"].concat()).asking(text().delete_question).button(
        text().delete,
        "button--quiet",
        &[("slug", on.slug), ("comments", on.page)],
    )
}

/// Tells the moderators of a comment.
pub(crate) fn report(on: On<'_>, comment: &CommentView) -> Markup {
    let text = text();
    let form = use_form(&["/forms/comments/", &comment.id, "/report"].concat()).label(text.report);
    let reasons = [("SPAM", text.spam), ("ABUSE", text.abuse), ("PRIVACY", text.privacy), ("OTHER", text.other)];
    form.show(html! {
        (on.place())
        (form.select(Field { name: "reason", label: text.reason, ..Field::default() }, reasons))
        (form.text(Field { name: "note", label: text.note, optional: true, ..Field::default() }))
        div.form-foot { (submit(text.report)) }
    })
}
