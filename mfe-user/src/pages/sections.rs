//! The parts of the settings, one below the other.

use contracts::pages::{SessionRow, SettingsPage};
use maud::{Markup, html};
use shared_ui::components::avatar;
use shared_ui::{Field, day_of, moment, submit, use_form};

use crate::text::text;

/// A part with a heading.
fn part(id: &str, title: &str, lead: &str, body: &Markup) -> Markup {
    html! {
        section.part aria-labelledby=(id) {
            div.part-head { h2 id=(id) { (title) } @if !lead.is_empty() { p { (lead) } } }
            div.part-body { (body) }
        }
    }
}

/// Address, name, words about oneself, language.
pub(super) fn profile(settings: &SettingsPage) -> Markup {
    let text = text();
    let form = use_form("/forms/settings");
    let languages = [("", text.language_auto), ("ko", "한국어"), ("en", "English")];
    let fields = html! {
        (form.text(Field {
            name: "name", label: text.name, value: &settings.name, autocomplete: "name", hint: text.name_hint,
            ..Field::default()
        }))
        (form.area(Field {
            name: "bio", label: text.bio, value: &settings.bio, optional: true, hint: text.bio_hint, ..Field::default()
        }))
        (form.select(Field { name: "locale", label: text.language, value: &settings.locale, ..Field::default() }, languages))
        div.form-foot { (submit(text.save)) }
    };
    let body = html! {
        p.account-line {
            span { (settings.email) }
            @if settings.email_verified {
                span class="badge badge--public" { (text.verified) }
            } @else {
                span class="badge badge--draft" { (text.unverified) }
                (use_form("/forms/verify/resend").button(text.resend, "", &[]))
            }
        }
        (form.show(fields))
    };
    part("profile", text.profile, text.profile_lead, &body)
}

/// The picture.
pub(super) fn picture(settings: &SettingsPage) -> Markup {
    let text = text();
    let form = use_form("/forms/settings/avatar").files();
    let fields = html! {
        (form.file(Field { name: "file", label: text.picture, hint: text.picture_hint, ..Field::default() }, "image/jpeg,image/png,image/webp"))
        div.form-foot { (submit(text.picture_save)) }
    };
    let body = html! {
        div.picture-line {
            (avatar(&settings.name, settings.avatar.as_deref()))
            @if settings.avatar.is_some() {
                (use_form("/forms/settings/avatar/delete").button(text.picture_remove, "", &[]))
            }
        }
        (form.show(fields))
    };
    part("picture", text.picture, "", &body)
}

/// The password.
pub(super) fn password(settings: &SettingsPage) -> Markup {
    let text = text();
    if !settings.has_password {
        let body = html! { p { a.button href="/forgot" { (text.new_link) } } };
        return part("password", text.password, text.password_none, &body);
    }
    let form = use_form("/forms/password");
    let fields = html! {
        (form.text(Field {
            name: "current_password", label: text.current_password, kind: "password", autocomplete: "current-password",
            ..Field::default()
        }))
        (form.text(Field {
            name: "password", label: text.new_password, kind: "password", autocomplete: "new-password",
            hint: text.password_hint, ..Field::default()
        }))
        div.form-foot { (submit(text.password_save)) }
    };
    part("password", text.password, text.password_lead, &form.show(fields))
}

/// Where one is signed in.
pub(super) fn sessions(settings: &SettingsPage) -> Markup {
    let text = text();
    let body = if settings.missing.iter().any(|part| part == "sessions") {
        html! { p.notice { (text.sessions_away) } }
    } else {
        html! { ul.rows role="list" { @for row in &settings.sessions { (session(row)) } } }
    };
    part("sessions", text.sessions, "", &body)
}

fn session(row: &SessionRow) -> Markup {
    let text = text();
    let device = if row.device.is_empty() { text.unknown_device } else { &row.device };
    html! {
        li.row {
            div {
                p.row-title { (device) @if row.current { " " span class="badge badge--public" { (text.this_one) } } }
                p.byline { span { (text.since) " " (day_of(&row.created_at)) } span { (text.seen) " " (moment(&row.seen_at)) } }
            }
            @if !row.current {
                (use_form(&["/forms/sessions/", &row.id, "/end"].concat()).button(text.end, "", &[]))
            }
        }
    }
}

/// What the site keeps, as a file.
pub(super) fn export() -> Markup {
    let text = text();
    let body = html! { p { a.button href="/my/export.json" download="my-data.json" { (text.export_submit) } } };
    part("export", text.export, text.export_lead, &body)
}

/// The end of the account.
pub(super) fn delete(settings: &SettingsPage) -> Markup {
    let text = text();
    let form = use_form("/forms/account/delete").asking(text.delete_question);
    let fields = html! {
        (form.select(Field { name: "content", label: text.content, ..Field::default() }, [("keep", text.keep), ("remove", text.remove)]))
        @if settings.has_password {
            (form.text(Field {
                name: "password", label: text.password, kind: "password", autocomplete: "current-password", ..Field::default()
            }))
        }
        div.form-foot { button class="button button--danger" type="submit" { (text.delete_submit) } }
    };
    part("delete", text.delete, text.delete_lead, &form.show(fields))
}
