//! Random commands against the real runtime, through the transaction pipeline. All of it is in `tests/`, as one binary.
