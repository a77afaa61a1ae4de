//! The protocol's own accounts. Nobody has a key to any of them.

use crate::ShardId;

/// Id of the treasury, the sink of every pallet; its account is in no shard.
pub const TREASURY_ID: [u8; 8] = *b"qc/trsry";

/// Id of the commons pots, one for each shard.
pub const COMMONS_ID: [u8; 8] = *b"qc/commn";

/// Id of the owner of the four assets.
pub const ASSETS_OWNER_ID: [u8; 8] = *b"qc/asset";

/// What the bytes of such an account begin with; FRAME's `PalletId` has the same.
const PREFIX: [u8; 4] = *b"modl";

/// The account of an id: `modl`, the id, the rest zeros.
pub fn protocol_account(id: [u8; 8]) -> [u8; 32] {
    account(id, &[])
}

/// The account of an id in a shard: `modl`, the id, the shard's number, the rest zeros. That of shard 0 is therefore
/// [`protocol_account`] of the same id.
pub fn protocol_account_of_shard(id: [u8; 8], shard: ShardId) -> [u8; 32] {
    account(id, &[shard.0])
}

fn account(id: [u8; 8], sub: &[u8]) -> [u8; 32] {
    let mut account = [0; 32];
    let bytes = PREFIX.iter().chain(&id).chain(sub);
    for (to, from) in account.iter_mut().zip(bytes) {
        *to = *from;
    }
    account
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_prefix_id_shard_and_zeros() {
        let mut expected = [0; 32];
        expected[..12].copy_from_slice(b"modlqc/trsry");
        assert_eq!(protocol_account(TREASURY_ID), expected);
        expected[..13].copy_from_slice(b"modlqc/commn\x07");
        assert_eq!(protocol_account_of_shard(COMMONS_ID, ShardId(7)), expected);
        assert_eq!(
            protocol_account_of_shard(COMMONS_ID, ShardId(0)),
            protocol_account(COMMONS_ID)
        );
    }
}
