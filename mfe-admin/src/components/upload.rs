use maud::{Markup, html};

use crate::text::text;

/// Uploads images and writes them into a text area as Markdown; without JavaScript, the way to the page
/// that uploads.
pub(crate) fn upload_into(area: &str) -> Markup {
    html! {
        div.upload {
            label class="button button--small upload-button needs-script" {
                (text().insert_image)
                input.upload-input type="file" accept="image/*" multiple data-upload=(area);
            }
            progress hidden aria-label=(text().uploading) value="0" max="1" {}
            span.field__hint {
                span.needs-script { (text().insert_hint) " " }
                (text().uploaded_under) " " a href="/admin/images" { (text().images) }
            }
        }
    }
}
