//! The home shard that an account has unless it moved.

/// A 32-byte hash as a big-endian number, modulo the number of shards. 0 for 0 shards.
///
/// Source: protocol section 2, "Home shard". Range: 0…shards − 1.
pub fn home_of_hash(hash: &[u8; 32], shards: u8) -> u8 {
    let modulus = u16::from(shards);
    if modulus == 0 {
        return 0;
    }
    // The rest stays below 255, so rest · 256 + byte stays below 2^16.
    let rest = hash
        .iter()
        .fold(0u16, |rest, byte| (rest * 256 + u16::from(*byte)) % modulus);
    u8::try_from(rest).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::home_of_hash;
    use proptest::prelude::*;

    #[test]
    fn worked_example() {
        let mut hash = [0u8; 32];
        hash[31] = 7;
        assert_eq!(home_of_hash(&hash, 5), 2);
        // 256 · 1 + 7 = 263 = 5 · 52 + 3
        hash[30] = 1;
        assert_eq!(home_of_hash(&hash, 5), 3);
        assert_eq!(home_of_hash(&hash, 0), 0);
    }

    proptest! {
        #[test]
        fn it_is_the_remainder(high in any::<u128>(), low in any::<u128>(), shards in 1u8..) {
            let mut hash = [0u8; 32];
            hash[..16].copy_from_slice(&high.to_be_bytes());
            hash[16..].copy_from_slice(&low.to_be_bytes());
            let n = u128::from(shards);
            // high · 2^128 + low, reduced in halves that do not overflow; 2^128 = (u128::MAX mod n) + 1 mod n.
            let two_128 = (u128::MAX % n + 1) % n;
            let expected = ((high % n) * two_128 + low % n) % n;
            prop_assert_eq!(u128::from(home_of_hash(&hash, shards)), expected);
        }
    }
}
