//! The report, and one file per output format. Every format takes only a `Report`.

pub mod model;
