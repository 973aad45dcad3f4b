//! Bodies of the analytics service.
