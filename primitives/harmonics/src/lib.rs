//! The pure mathematics of the protocol
#![cfg_attr(not(feature = "std"), no_std)]
