//! One file per behaviour. Every test ends by checking every law (`mock::execute`).

mod bounds;
mod closing;
mod laws;
mod raising;
