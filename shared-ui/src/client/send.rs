//! Sends a form to its action and takes the answer.

use contracts::module::FormOutcome;
use contracts::problem::Problem;
use gloo_net::http::Request;
use wasm_bindgen::prelude::*;
use web_sys::{FormData, HtmlFormElement, SubmitEvent, UrlSearchParams};

use super::data::{body, forget, offline};
use super::host::host;
use super::json::decode;

#[wasm_bindgen]
extern "C" {
    // web-sys knows no submitter here.
    #[wasm_bindgen(js_name = FormData)]
    type SubmittedData;
    #[wasm_bindgen(constructor, js_class = "FormData")]
    fn of(form: &HtmlFormElement, submitter: Option<web_sys::HtmlElement>) -> SubmittedData;
}

/// Sends the form of a submit event, and goes where the answer says. Asks first, if there is a question.
pub(crate) async fn send(event: SubmitEvent, question: Option<&str>) -> Result<(), Problem> {
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else {
        return Ok(());
    };
    let data: FormData = SubmittedData::of(&form, event.submitter()).unchecked_into();
    if let Some((host, question)) = host().zip(question)
        && !host.confirm(question).await.is_truthy()
    {
        return Ok(());
    }
    let outcome = post(&form.action(), &data).await;
    match outcome {
        Ok(outcome) => {
            follow(outcome).await;
            Ok(())
        }
        Err(problem) => Err(problem),
    }
}

async fn post(action: &str, data: &FormData) -> Result<FormOutcome, Problem> {
    let encoded =
        UrlSearchParams::new_with_record_from_str_to_str(data.unchecked_ref()).map_err(|_| Problem::unavailable())?;
    let request = Request::post(action).header("Accept", "application/json").body(encoded);
    let response = request.map_err(|_| Problem::unavailable())?.send().await.map_err(|_| offline())?;
    let ok = response.ok();
    let body = body(response).await.ok_or_else(Problem::unavailable)?;
    if ok {
        decode(body).ok_or_else(Problem::unavailable)
    } else {
        Err(decode(body).unwrap_or_else(Problem::unavailable))
    }
}

async fn follow(outcome: FormOutcome) {
    forget();
    let Some(host) = host() else { return };
    if outcome.session_changed {
        host.viewer_changed().await;
    }
    if let Some(flash) = outcome.flash {
        host.toast(&flash.level, &flash.code);
    }
    host.navigate(&outcome.location, false);
}
