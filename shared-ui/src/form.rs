//! Forms that work plainly without JavaScript, and in place with it: the shell's script sends every form of
//! an area that is posted to `/forms/…`, and writes what is wrong into the places made here.

use contracts::problem::FieldError;
use maud::{Markup, PreEscaped, html};

use crate::request::LeftBehind;
use crate::text::{field_error_text, problem_text, text};

/// A form that is posted to `/forms/…`, with what a plain post of it left behind.
#[derive(Clone, Debug, Default)]
pub struct Form {
    action: String,
    id: String,
    left: LeftBehind,
    question: &'static str,
    class: &'static str,
    label: String,
    files: bool,
}

/// The form of this action.
pub fn use_form(action: &str) -> Form {
    let left = crate::request::left_behind(action).unwrap_or_default();
    let id = action.trim_start_matches("/forms/").replace('/', "-");
    Form { action: action.to_owned(), id, left, class: "form", ..Form::default() }
}

/// One of several forms of this action on a page, told apart by the value of a hidden field.
pub fn use_form_of(action: &str, field: &str, value: &str) -> Form {
    let mut form = use_form(action);
    if form.left.value(field).unwrap_or_default() != value {
        form.left = LeftBehind::default();
    }
    if !value.is_empty() {
        form.id = [&form.id, "-", value].concat();
    }
    form
}

/// A form around many things, each with a button of its own: it also says what was refused of a plain post
/// to any action below `under`.
pub fn use_form_over(action: &str, under: &str) -> Form {
    let left = crate::request::left_under(under).unwrap_or_default();
    Form { left, ..use_form(action) }
}

/// A field of a form.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Name, as it is sent.
    pub name: &'a str,
    /// What it is called on the page.
    pub label: &'a str,
    /// What it holds at first.
    pub value: &'a str,
    /// `type` of the input.
    pub kind: &'a str,
    /// What browsers may fill in.
    pub autocomplete: &'a str,
    /// Whether it may be left empty.
    pub optional: bool,
    /// A sentence below it; empty for none.
    pub hint: &'a str,
    /// Lines of a text area.
    pub rows: u32,
    /// Classes of a text area.
    pub class: &'a str,
}

impl Default for Field<'_> {
    fn default() -> Self {
        Self {
            name: "",
            label: "",
            value: "",
            kind: "text",
            autocomplete: "off",
            optional: false,
            hint: "",
            rows: 4,
            class: "textarea",
        }
    }
}

fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

impl Form {
    /// Id of the element of a field.
    pub fn field_id(&self, name: &str) -> String {
        [&self.id, "-", name].concat()
    }

    /// Whether a plain post of it was refused.
    pub fn refused(&self) -> bool {
        self.left.problem.is_some() || !self.left.errors.is_empty()
    }

    /// What a field holds at first: what was typed before, or else `value`.
    pub fn value<'a>(&'a self, name: &str, value: &'a str) -> &'a str {
        self.left.value(name).unwrap_or(value)
    }

    /// Asks a question first; only with JavaScript.
    #[must_use]
    pub fn asking(self, question: &'static str) -> Self {
        Self { question, ..self }
    }

    /// Other classes than `form`.
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// A name for what reads the page aloud, where the form has no heading of its own.
    #[must_use]
    pub fn label(self, label: &str) -> Self {
        Self { label: label.to_owned(), ..self }
    }

    /// Sends files.
    #[must_use]
    pub fn files(self) -> Self {
        Self { files: true, ..self }
    }

    /// The form with everything in it, under what is wrong with it as a whole.
    pub fn show(&self, fields: Markup) -> Markup {
        // What a broken field's error says is beside it; the browser's own bubbles would say it twice.
        html! {
            form method="post" action=(self.action) class=(self.class) aria-label=[given(&self.label)] novalidate
                data-question=[given(self.question)] enctype=[self.files.then_some("multipart/form-data")] {
                (self.problem())
                (fields)
            }
        }
    }

    /// A form of one small button.
    pub fn button(self, label: &str, class: &str, hidden: &[(&str, &str)]) -> Markup {
        self.class("inline-form").show(html! {
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            button class=(["button button--small ", class].concat()) type="submit" { (label) }
        })
    }

    /// The sentence about the form as a whole, read out when it appears.
    fn problem(&self) -> Markup {
        html! {
            div.form-problem role="alert" {
                @if let Some(code) = &self.left.problem { p.notice."notice--error" { (problem_text(code)) } }
            }
        }
    }

    fn error(&self, name: &str) -> Option<&FieldError> {
        self.left.errors.iter().find(|error| error.field == name)
    }

    fn field(&self, field: &Field<'_>, input: impl FnOnce(&str, &str, Option<&str>) -> Markup) -> Markup {
        let id = self.field_id(field.name);
        let error = self.error(field.name);
        let described =
            if field.hint.is_empty() { [&id, "-error"].concat() } else { [&id, "-hint ", &id, "-error"].concat() };
        html! {
            div.field {
                label for=(id) {
                    (field.label)
                    @if field.optional { span.field__optional { (text().optional) } }
                }
                (input(&id, &described, error.map(|_| "true")))
                @if !field.hint.is_empty() { p.field__hint id={ (id) "-hint" } { (field.hint) } }
                p.field__error id={ (id) "-error" } { @if let Some(error) = error { (field_error_text(error)) } }
            }
        }
    }

    /// A line of text.
    pub fn text(&self, field: Field<'_>) -> Markup {
        self.field(&field, |id, described, invalid| {
            html! {
                input.input id=(id) name=(field.name) type=(field.kind) value=(self.value(field.name, field.value))
                    autocomplete=(field.autocomplete) required[!field.optional] aria-invalid=[invalid]
                    aria-describedby=(described);
            }
        })
    }

    /// Several lines of text.
    pub fn area(&self, field: Field<'_>) -> Markup {
        self.field(&field, |id, described, invalid| {
            html! {
                textarea id=(id) name=(field.name) class=(field.class) rows=(field.rows) required[!field.optional]
                    aria-invalid=[invalid] aria-describedby=(described) {
                    // HTML drops the first line break, so there is one to drop.
                    "\n" (self.value(field.name, field.value))
                }
            }
        })
    }

    /// A choice among several: what is sent, what is read.
    pub fn select<'a>(&self, field: Field<'_>, choices: impl IntoIterator<Item = (&'a str, &'a str)>) -> Markup {
        let chosen = self.value(field.name, field.value);
        let options = html! {
            @for (value, label) in choices { option value=(value) selected[value == chosen] { (label) } }
        };
        self.field(&field, |id, described, invalid| {
            html! {
                select.select id=(id) name=(field.name) aria-invalid=[invalid] aria-describedby=(described) { (options) }
            }
        })
    }

    /// Files to choose.
    pub fn file(&self, field: Field<'_>, accept: &str) -> Markup {
        self.field(&field, |id, described, invalid| {
            html! {
                input.input.file id=(id) name=(field.name) type="file" accept=(accept) required[!field.optional]
                    aria-invalid=[invalid] aria-describedby=(described);
            }
        })
    }

    /// Yes or no; sends `true` when it is checked.
    pub fn check(&self, name: &str, label: &str, checked: bool) -> Markup {
        let checked = if self.left.action.is_empty() { checked } else { self.left.value(name).is_some() };
        html! {
            label.check { input type="checkbox" name=(name) value="true" checked[checked]; span { (label) } }
        }
    }

    /// What is sent and not seen.
    pub fn hidden(&self, name: &str, value: &str) -> Markup {
        html! { input type="hidden" name=(name) value=(self.value(name, value)); }
    }
}

/// The button that sends a form.
pub fn submit(label: &str) -> Markup {
    html! { button.button."button--primary" type="submit" { (label) } }
}

/// HTML that came sanitised from where it was written.
pub fn sanitised(html: &str) -> PreEscaped<&str> {
    PreEscaped(html)
}
