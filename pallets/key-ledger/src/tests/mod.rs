//! One file per behaviour. Every test ends by checking every law (`mock::execute`).

mod authorise;
mod capabilities;
mod commit;
mod deposits;
mod genesis;
mod golden;
mod laws;
mod protection;
mod random;
mod registration;
mod replay;
mod revocation;
mod rotation;
mod specimens;
mod views;
