//! The Rust half of each lint that data alone cannot state.
