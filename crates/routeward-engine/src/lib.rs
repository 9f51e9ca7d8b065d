//! Walks a repository, schedules the analysis, applies suppressions and the gate.
