//! The field: examples, laws, properties, golden vectors.

mod curl;
mod density;
mod flow;
mod flux;
mod golden;
mod graphs;
mod topology;
mod whole;
