//! Bodies of the content service.
