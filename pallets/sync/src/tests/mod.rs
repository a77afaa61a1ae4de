//! One file per behaviour. Every test ends by checking every law (`mock::execute`).

mod admission;
mod attacks;
mod bounds;
mod conduct;
mod gradients;
mod laws;
mod random;
mod specimens;
mod views;
