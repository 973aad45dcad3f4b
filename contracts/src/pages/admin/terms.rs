//! The lists of categories and tags.

use serde::{Deserialize, Serialize};

use crate::pages::{PageModel, TermCard};

/// `/bff/pages/admin/categories`, `/bff/pages/admin/tags`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminTermsPage {
    /// By name; those without posts too.
    pub items: Vec<TermCard>,
}
impl PageModel for AdminTermsPage {}
