//! One file per behaviour. Every test ends by checking every law (`mock::execute`).

mod burn;
mod chr;
mod debits;
mod genesis;
mod guard;
mod homes;
mod laws;
mod meter;
mod moves;
mod psy;
