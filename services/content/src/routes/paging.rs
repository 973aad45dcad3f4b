//! `?page=&size=`

use contracts::problem::Problem;
use kit::ApiResult;
use serde::Deserialize;
use utoipa::IntoParams;

const DEFAULT_SIZE: u32 = 20;
const MAX_SIZE: u32 = 100;
/// Nobody pages so far; a larger number would only make the database count.
const MAX_PAGE: u32 = 100_000;

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// From 1 to 100,000; 1 when absent.
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
    /// From 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    size: Option<u32>,
}

impl Paging {
    /// Page and size, or a 400 that names the wrong one.
    pub(crate) fn get(&self) -> ApiResult<(u32, u32)> {
        within(self.page, self.size)
    }
}

/// The same for routes that take more.
pub(crate) fn within(page: Option<u32>, size: Option<u32>) -> ApiResult<(u32, u32)> {
    let within = |field: &str, number: u32, max: u32| {
        if (1..=max).contains(&number) { Ok(number) } else { Err(refused(field, format!("From 1 to {max}."))) }
    };
    Ok((within("page", page.unwrap_or(1), MAX_PAGE)?, within("size", size.unwrap_or(DEFAULT_SIZE), MAX_SIZE)?))
}

/// 400 for a query parameter.
pub(crate) fn refused(field: &str, message: impl Into<String>) -> Problem {
    Problem::new(400, "invalid_query", "A query parameter needs another look").with_field(field, "invalid", message)
}
