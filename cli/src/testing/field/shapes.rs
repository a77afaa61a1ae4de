//! The shapes of what the APIs give and of what is stored, written down after the pallets' types.

use scale_info::TypeInfo;

pub use crate::testing::AccountId32 as AccountId;

#[derive(TypeInfo)]
pub struct ShardId(pub u8);
#[derive(TypeInfo)]
pub struct KeyId(pub [u8; 32]);
#[derive(TypeInfo)]
pub struct Capabilities(pub u8);
#[derive(TypeInfo)]
pub struct BoundedVec<T>(pub Vec<T>);

#[derive(TypeInfo)]
pub struct TopologyView {
    shards: u8,
    edges: Vec<(ShardId, ShardId)>,
    cycles: Vec<Vec<ShardId>>,
}
#[derive(TypeInfo)]
pub struct ShardInput {
    chr: u128,
    staked_atr: u128,
    flx: u128,
    dissonance: u128,
}
#[derive(TypeInfo)]
pub struct InputsRecord {
    epoch: u32,
    shards: BoundedVec<ShardInput>,
    flx_before: BoundedVec<u128>,
    ground_flx: u128,
    ground_flx_before: u128,
}
#[derive(TypeInfo)]
pub struct FieldsRecord {
    epoch: u32,
    densities: BoundedVec<u128>,
    gradients: BoundedVec<i128>,
    flows: BoundedVec<i128>,
    ground_flows: BoundedVec<i128>,
    flux: BoundedVec<i128>,
    alignment: i128,
}
#[derive(TypeInfo)]
pub struct CurlsRecord {
    epoch: u32,
    curls: BoundedVec<Option<i128>>,
    curl_max: u128,
    is_breached: bool,
    anomalies: BoundedVec<ShardId>,
}
#[derive(TypeInfo)]
pub struct HistoryRecord {
    epoch: u32,
    densities: BoundedVec<u128>,
    alignment: i128,
}
#[derive(TypeInfo)]
pub struct FieldView {
    inputs: Option<InputsRecord>,
    fields: Option<FieldsRecord>,
    curls: Option<CurlsRecord>,
}

#[derive(TypeInfo)]
pub struct EpochOutcome {
    epoch: u32,
    validators: u32,
    participants: u32,
    resonance: u128,
    core: u128,
    caf: u128,
    coherence: u128,
    entropy: u128,
    entropy_rate: u128,
    alpha: u128,
    lambda: u128,
}
#[derive(TypeInfo)]
pub struct ValidatorOutcome {
    psi: u128,
    psi_eff: u128,
    multiplier: u128,
}
#[derive(TypeInfo)]
pub enum CandidateStatus {
    Seeking,
    Leaving,
    Removed,
    Barred,
}
#[derive(TypeInfo)]
pub struct Phase {
    omega: u128,
    integral: u128,
    was_due: bool,
}
#[derive(TypeInfo)]
pub struct Standing {
    falls: u32,
    crossings: u32,
    below_epochs: u32,
}
#[derive(TypeInfo)]
pub struct ValidatorView {
    status: CandidateStatus,
    is_active: bool,
    stake: u128,
    unbonding: u128,
    grace_epochs: u32,
    psi: u128,
    psi_mean: u128,
    psi_eff: u128,
    boost: Boost,
    phases: [Phase; 4],
    standing: Standing,
    multiplier: Option<u128>,
}
#[derive(TypeInfo)]
pub struct Boost {
    level: u128,
    ends: u32,
}
#[derive(TypeInfo)]
pub struct Unbonding {
    amount: u128,
    due: u32,
}
#[derive(TypeInfo)]
pub enum Misconduct {
    SyncStrikes,
    Tampering,
    Equivocation,
}
#[derive(TypeInfo)]
pub struct BlacklistRecord {
    misconduct: Misconduct,
    until: u32,
}
/// Some of the symbols, in another order than `qc` names them, and one that it does not know.
#[derive(TypeInfo)]
pub struct Symbols {
    kappa: u128,
    psi_slash: u128,
    slash_fraction: u128,
    fall_epochs: u32,
    grace_epochs: u32,
    unbonding_epochs: u32,
    stake_min: u128,
    boost_epochs: u32,
    boost_psy: u128,
    strikes_max: u32,
    strike_window_epochs: u32,
}

#[derive(TypeInfo)]
pub enum Breach {
    ChainInDoubt,
    Scattered,
}
#[derive(TypeInfo)]
pub struct Outcome {
    epoch: u32,
    validators: u32,
    came: u32,
    void: u32,
    consensus: Option<u128>,
    trimmed: Option<(u128, u128)>,
    own: Option<u128>,
    deviating: u32,
    struck: u32,
    tampered: u32,
    breach: Option<Breach>,
    spread_shards: BoundedVec<ShardId>,
    shard_medians: BoundedVec<Option<u128>>,
}
#[derive(TypeInfo)]
pub enum ReportStatus {
    NotDue,
    Missing,
    Reported,
    Void,
}
#[derive(TypeInfo)]
pub struct DueReports {
    epoch: u32,
    boundary_number: u32,
    boundary_hash: Option<[u8; 32]>,
    harmonics_version: u16,
    validators: Vec<(AccountId, ReportStatus)>,
}

#[derive(TypeInfo)]
pub enum CirCode {
    LocalDissonance,
    FieldAnomaly,
    ChainHalt,
}
#[derive(TypeInfo)]
pub enum Scope {
    Account(AccountId),
    Shard(ShardId),
    Chain,
}
#[derive(TypeInfo)]
pub enum IncidentCause {
    Curl,
    Spread,
    Breach,
    Tampering,
    ChainInDoubt,
    Conservation,
    Mathematics,
}
#[derive(TypeInfo)]
pub enum EndReason {
    Quiet,
    Displaced,
}
#[derive(TypeInfo)]
pub struct IncidentEnd {
    epoch: u32,
    reason: EndReason,
}
#[derive(TypeInfo)]
pub struct IncidentRecord {
    number: u64,
    code: CirCode,
    scope: Scope,
    cause: IncidentCause,
    block: u32,
    epoch: u32,
    last_epoch: u32,
    times: u32,
    ended: Option<IncidentEnd>,
}

#[derive(TypeInfo)]
pub enum KeyStatus {
    Active,
    RotatedOut { to: KeyId },
    Revoked,
}
#[derive(TypeInfo)]
pub struct KeyRecord {
    owner: AccountId,
    capabilities: Capabilities,
    status: KeyStatus,
    since: u32,
    ended: Option<u32>,
    uses: u64,
    last_used: Option<u32>,
    deposit: u128,
}
#[derive(TypeInfo)]
pub enum Protection {
    Classical,
    PqcRequired,
    Leaving { at: u32, by: KeyId },
}
#[derive(TypeInfo)]
pub struct OwnerView {
    nonce: u32,
    protection: Protection,
    requires_pqc: bool,
    deposit: u128,
    keys: Vec<(KeyId, KeyRecord)>,
}
