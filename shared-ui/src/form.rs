//! Forms that work plainly without JavaScript, and in place with it.

use contracts::problem::FieldError;
use leptos::prelude::*;

use crate::text::{field_error_text, problem_text, text};

/// The state of a form: what was typed before, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct Form {
    id: StoredValue<String>,
    values: StoredValue<Vec<(String, String)>>,
    errors: RwSignal<Vec<FieldError>>,
    problem: RwSignal<Option<String>>,
    #[cfg_attr(not(feature = "client"), expect(dead_code, reason = "only browsers send in place"))]
    sending: RwSignal<bool>,
}

/// The form of this name, the last part of its action; with what a plain post left behind.
pub fn use_form(name: &str) -> Form {
    let left = crate::request::left_behind(name).unwrap_or_default();
    Form {
        id: StoredValue::new(name.to_owned()),
        values: StoredValue::new(left.values),
        errors: RwSignal::new(left.errors),
        problem: RwSignal::new(left.problem),
        sending: RwSignal::new(false),
    }
}

impl Form {
    /// What a field holds at first: what was typed before, or else `value`.
    pub fn value(self, name: &str, value: &str) -> String {
        let typed =
            self.values.with_value(|values| values.iter().find(|(of, _)| of == name).map(|(_, typed)| typed.clone()));
        typed.unwrap_or_else(|| value.to_owned())
    }

    fn error(self, name: &str) -> Option<String> {
        self.errors.with(|errors| errors.iter().find(|error| error.field == name).map(field_error_text))
    }

    fn field_id(self, name: &str) -> String {
        self.id.with_value(|id| [id, "-", name].concat())
    }
}

/// The sentence about the form as a whole, read out when it appears.
#[component]
pub fn FormProblem(
    /// Which form.
    form: Form,
) -> impl IntoView {
    view! {
        <div class="form-problem" role="alert">
            {move || form.problem.get().map(|code| view! { <p class="notice notice--error">{problem_text(&code)}</p> })}
        </div>
    }
}

/// A form that is posted to `/forms/…`.
#[component]
pub fn ActionForm<C: IntoView + 'static>(
    /// Its state.
    form: Form,
    /// Where it is posted to.
    #[prop(into)]
    action: String,
    /// A question to ask first; only with JavaScript.
    #[prop(optional)]
    question: Option<&'static str>,
    /// Classes.
    #[prop(default = "form")]
    class: &'static str,
    /// Accessible name, where the form has no heading of its own.
    #[prop(optional, into)]
    label: Option<String>,
    /// Fields and buttons.
    children: TypedChildren<C>,
) -> impl IntoView {
    let children = children.into_inner();
    // What a broken field's error says is beside it; the browser's own bubbles would say it twice.
    view! {
        <form method="post" action=action class=class aria-label=label novalidate=true on:submit=submit(form, question)>
            {children()}
        </form>
    }
}

#[cfg(feature = "client")]
fn submit(form: Form, question: Option<&'static str>) -> impl FnMut(leptos::ev::SubmitEvent) + 'static {
    move |event| {
        event.prevent_default();
        if form.sending.get_untracked() {
            return;
        }
        form.sending.set(true);
        let element = event.target();
        leptos::task::spawn_local(async move {
            if let Err(problem) = crate::client::send(event, question).await {
                refuse(form, problem);
                focus_first_error(element);
            }
            form.sending.try_set(false);
        });
    }
}

#[cfg(feature = "client")]
fn refuse(form: Form, problem: contracts::problem::Problem) {
    form.problem.try_set(problem.errors.is_empty().then_some(problem.code));
    form.errors.try_set(problem.errors);
}

#[cfg(feature = "client")]
fn focus_first_error(form: Option<web_sys::EventTarget>) {
    use wasm_bindgen::JsCast;

    // After the view has taken the errors.
    request_animation_frame(move || {
        let form = form.and_then(|form| form.dyn_into::<web_sys::Element>().ok());
        let first = form.and_then(|form| form.query_selector("[aria-invalid=true]").ok().flatten());
        if let Some(field) = first.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
            _ = field.focus();
        }
    });
}

#[cfg(not(feature = "client"))]
fn submit(_form: Form, _question: Option<&'static str>) -> impl FnMut(leptos::ev::SubmitEvent) + 'static {
    |_| {}
}

/// The error of a field, beside it.
#[component]
fn FieldProblem(form: Form, name: &'static str) -> impl IntoView {
    let id = form.field_id(name) + "-error";
    view! { <p class="field__error" id=id>{move || form.error(name)}</p> }
}

/// What the label of a field says.
#[component]
fn Label(id: String, label: &'static str, required: bool) -> impl IntoView {
    view! {
        <label for=id>{label}{(!required).then(|| view! { <span class="field__optional">{text().optional}</span> })}</label>
    }
}

/// A line of text.
#[component]
pub fn TextField(
    /// Which form it belongs to.
    form: Form,
    /// Name of the field.
    name: &'static str,
    /// What it is called on the page.
    label: &'static str,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// What browsers may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether it may be left empty.
    #[prop(default = true)]
    required: bool,
    /// A sentence below it.
    #[prop(optional)]
    hint: Option<&'static str>,
) -> impl IntoView {
    let id = form.field_id(name);
    let described = [&id, "-hint ", &id, "-error"].concat();
    view! {
        <div class="field">
            <Label id=id.clone() label required/>
            <input
                class="input"
                id=id.clone()
                name=name
                type=kind
                value=form.value(name, &value)
                autocomplete=autocomplete
                required=required
                aria-invalid=move || form.error(name).map(|_| "true")
                aria-describedby=described
            />
            {hint.map(|hint| view! { <p class="field__hint" id=id + "-hint">{hint}</p> })}
            <FieldProblem form name/>
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Which form it belongs to.
    form: Form,
    /// Name of the field.
    name: &'static str,
    /// What it is called on the page.
    label: &'static str,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// Lines that are seen.
    #[prop(default = 4)]
    rows: u32,
    /// Whether it may be left empty.
    #[prop(default = true)]
    required: bool,
    /// A sentence below it.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// Classes of the area.
    #[prop(default = "textarea")]
    class: &'static str,
) -> impl IntoView {
    let id = form.field_id(name);
    let described = [&id, "-hint ", &id, "-error"].concat();
    view! {
        <div class="field">
            <Label id=id.clone() label required/>
            <textarea
                id=id.clone()
                name=name
                class=class
                rows=rows.to_string()
                required=required
                aria-invalid=move || form.error(name).map(|_| "true")
                aria-describedby=described
                inner_html=verbatim(&form.value(name, &value))
            ></textarea>
            {hint.map(|hint| view! { <p class="field__hint" id=id + "-hint">{hint}</p> })}
            <FieldProblem form name/>
        </div>
    }
}

/// Text as the content of a `<textarea>`. A text node would not do: Leptos renders an empty one as a space.
/// Of a document, though not of `innerHTML`, HTML drops the first line break, so there is one to drop.
fn verbatim(text: &str) -> String {
    let first = if cfg!(feature = "server") { "\n" } else { "" };
    [first, &text.replace('&', "&amp;").replace('<', "&lt;")].concat()
}

/// One thing to choose.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
}

/// A choice among several.
#[component]
pub fn Select(
    /// Which form it belongs to.
    form: Form,
    /// Name of the field.
    name: &'static str,
    /// What it is called on the page.
    label: &'static str,
    /// What is chosen at first.
    #[prop(optional, into)]
    value: String,
    /// What there is to choose.
    choices: Vec<Choice>,
) -> impl IntoView {
    let id = form.field_id(name);
    let chosen = form.value(name, &value);
    let options = choices
        .into_iter()
        .map(|choice| {
            let selected = choice.value == chosen;
            view! { <option value=choice.value selected=selected>{choice.label}</option> }
        })
        .collect::<Vec<_>>();
    view! {
        <div class="field">
            <Label id=id.clone() label required=true/>
            <select
                class="select"
                id=id.clone()
                name=name
                aria-invalid=move || form.error(name).map(|_| "true")
                aria-describedby=id + "-error"
            >
                {options}
            </select>
            <FieldProblem form name/>
        </div>
    }
}
