//! A block clock that stands still while the chain is halted
#![cfg_attr(not(feature = "std"), no_std)]
