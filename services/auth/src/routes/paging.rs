//! `page` and `size` of lists.

use contracts::problem::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

const DEFAULT_SIZE: u32 = 20;
const MAX_SIZE: u32 = 100;
/// Nobody pages so far; a larger number would only make the database count.
const MAX_PAGE: u32 = 100_000;

/// Which page of a list that has no other parameters.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// From 1; 1 when absent.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// From 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

impl Paging {
    /// Page and size, or a 400 that names the wrong one.
    pub(super) fn get(self) -> Result<(u32, u32), Problem> {
        paging(self.page, self.size)
    }
}

/// Page and size as they were asked for, 400 when out of range.
pub(super) fn paging(page: Option<u32>, size: Option<u32>) -> Result<(u32, u32), Problem> {
    Ok((within("page", page.unwrap_or(1), MAX_PAGE)?, within("size", size.unwrap_or(DEFAULT_SIZE), MAX_SIZE)?))
}

fn within(field: &str, number: u32, max: u32) -> Result<u32, Problem> {
    if (1..=max).contains(&number) { Ok(number) } else { Err(refused(field, format!("From 1 to {max}."))) }
}

/// 400 naming a parameter.
pub(super) fn refused(field: &str, message: impl Into<String>) -> Problem {
    Problem::new(400, "invalid_query", "A query parameter needs another look").with_field(field, "invalid", message)
}

/// A parameter that says something.
pub(super) fn given(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}
