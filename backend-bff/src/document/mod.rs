//! Documents: a claimed path becomes one HTML page, with the area's rendering inside the shell's.
//!
//! Whatever fails in a module or behind it, the visitor gets a page with a fitting status.

mod answer;
mod csp;
mod escape;
mod fallback;
mod head;
mod page;
mod reads;
mod redirects;
mod render;
mod shared;

pub(crate) use answer::{for_people, plain_page, respond, serve, sign_in_first, wants_page};
pub(crate) use csp::policy;
pub(crate) use render::{Ask, Documents, Outcome};
pub(crate) use shared::is_of_somebody;

/// How the shell's outlet is found in its HTML.
pub(crate) const OUTLET: &str = "id=\"maru-outlet\"";

/// Name of the cookie with the message that the next document shows once.
pub(crate) const FLASH: &str = "flash";

/// Sets the theme before anything is painted. Constant, so that the policy can name its digest.
pub(crate) const THEME_SCRIPT: &str = "try{var t=localStorage.getItem(\"theme\");if(t===\"light\"||t===\"dark\")\
document.documentElement.dataset.theme=t}catch(e){}";
