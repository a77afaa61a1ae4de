//! What validators' reports come to: worked examples of the book, SYNC-1 at random, and the golden cases.

mod edges;
mod examples;
mod golden;
mod laws;
mod support;
