//! What Maru's front-end modules share: the two halves' glue, page data, forms, languages and
//! components. It knows no domain rule and no area.
//!
//! An area is a type that implements [`Area`] (which routes there are, what each one reads, what it
//! looks like) and one line, [`module!`]. The same view code runs in three places:
//!
//! - in the sandbox on the server, where page data is there at once ([`server`], feature `server`);
//! - at hydration in the browser, where page data comes with the document ([`client`], feature `client`);
//! - at later moves in the browser, where page data is fetched.
//!
//! A module is one WebAssembly instance with one thread, and shows one page: what is the same for the
//! whole page (request, language, host) lives in thread locals and not in Leptos contexts.
#![allow(
    unreachable_pub,
    reason = "`#[component]` makes a pub function and pub props, re-exported from private modules"
)]

mod area;
pub mod components;
mod date;
mod form;
mod location;
mod page;
mod request;
mod text;

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod server;

pub use area::Area;
#[doc(hidden)]
pub use area::root;
pub use contracts;
pub use date::{day, day_of, moment};
pub use form::{Field, Form, sanitised, submit, use_form, use_form_of, use_form_over};
pub use location::{Location, decode, encode};
pub use page::{PageState, show};
pub use request::{Locale, Member, locale, member, set_cache, set_head, site_name};
pub use text::{SharedText, field_error_text, problem_text, text};

/// Makes a module of an [`Area`]: the component's export on the server, the ES module's in the browser.
#[macro_export]
macro_rules! module {
    ($area:ty) => {
        #[cfg(feature = "server")]
        mod server_half {
            struct Component;

            impl $crate::server::bindings::Guest for Component {
                fn render(request: String) -> $crate::server::bindings::Rendering {
                    $crate::server::render::<$area>(&request)
                }
            }

            $crate::server::export_component!(Component);
        }

        #[cfg(feature = "client")]
        mod browser_half {
            use wasm_bindgen::prelude::*;

            /// The area on the page.
            #[wasm_bindgen]
            pub struct Mounted($crate::client::Mounted);

            #[wasm_bindgen]
            impl Mounted {
                /// Shows the page at `url`.
                pub fn navigate(&self, url: String, back: bool) -> $crate::client::Promise {
                    self.0.navigate(url, back)
                }

                /// What is wrong with a field, or with a form, in words.
                pub fn refusal(&self, code: String, field: Option<String>, message: String) -> String {
                    $crate::client::Mounted::refusal(code, field, message)
                }

                /// Takes the area off the page.
                pub fn unmount(self) {
                    self.0.unmount();
                }
            }

            /// Shows the area in `root`; the module's script calls this.
            #[wasm_bindgen]
            pub fn maru_mount(
                root: JsValue,
                host: $crate::client::Host,
                boot: $crate::client::Boot,
            ) -> $crate::client::Promise {
                $crate::client::mount::<$area>(root, host, boot, |mounted| Mounted(mounted).into())
            }
        }
    };
}
