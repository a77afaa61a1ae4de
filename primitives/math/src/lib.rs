//! Certified fixed-point mathematics
#![cfg_attr(not(feature = "std"), no_std)]
