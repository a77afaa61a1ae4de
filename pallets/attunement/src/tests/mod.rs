//! Tests by behaviour. Each ends with every law.

mod attacks;
mod boosts;
mod candidates;
mod conduct;
mod duties;
mod epochs;
mod genesis;
mod halts;
mod laws;
mod pages;
mod participants;
mod sets;
mod views;
