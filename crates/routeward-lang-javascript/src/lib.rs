//! Lowers JavaScript and TypeScript into the IR.
