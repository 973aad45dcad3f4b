//! Which page of a list.

use contracts::problem::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

const DEFAULT_SIZE: u32 = 20;
const MAX_SIZE: u32 = 100;
/// Nobody pages so far; a larger number would only make the database count.
const MAX_PAGE: u32 = 100_000;

/// `page` and `size` of a query string.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// From 1, which it is when absent.
    #[param(minimum = 1, maximum = 100_000)]
    pub(crate) page: Option<u32>,
    /// From 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    pub(crate) size: Option<u32>,
}

impl Page {
    /// Both numbers, where they are within their limits.
    pub(crate) fn checked(self) -> Result<(u32, u32), Problem> {
        let page = within("page", self.page.unwrap_or(1), MAX_PAGE)?;
        let size = within("size", self.size.unwrap_or(DEFAULT_SIZE), MAX_SIZE)?;
        Ok((page, size))
    }
}

/// 400 naming a query parameter.
pub(crate) fn refused(field: &str, message: String) -> Problem {
    Problem::new(400, "invalid_query", "A query parameter needs another look").with_field(field, "invalid", message)
}

/// The number, where it is from 1 to `max`.
pub(crate) fn within(field: &str, number: u32, max: u32) -> Result<u32, Problem> {
    if (1..=max).contains(&number) { Ok(number) } else { Err(refused(field, format!("From 1 to {max}."))) }
}

/// A parameter that says something.
pub(crate) fn given(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}
