//! The model: what is known about a tenant, and what is not.

pub mod schema;
