//! One file per behaviour. Every test ends by checking every law (`mock::execute`).

mod bounds;
mod closing;
mod founders;
mod laws;
mod raising;
