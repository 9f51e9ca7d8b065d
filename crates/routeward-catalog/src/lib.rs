//! Loads and checks the catalogue of lints and models.
