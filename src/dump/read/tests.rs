//! What comes out of a source, however it is written.
