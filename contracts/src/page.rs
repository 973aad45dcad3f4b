//! Bodies of the page service.
