//! Five tokens and their conservation laws
#![cfg_attr(not(feature = "std"), no_std)]
