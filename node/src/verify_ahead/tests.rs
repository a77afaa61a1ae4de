//! Blocks of all that an author could put into one, with real signatures, given to the real runtime's own reading of them
//! (natively, on the state of the development preset with keys in its genesis).

use super::*;
use codec::Encode;
use frame_metadata_hash_extension::CheckMetadataHash;
use futures::executor::block_on;
use qc_pqc::{
    cache::{self, Claim},
    message, KeyId, Purpose, SecretKey, Signature,
};
use qc_runtime::{
    extensions::{AfterAuthorizer, AuthorizeByKey, CheckHalt, CheckProtection},
    signatures::runtime_decl_for_signature_api::SignatureApiV1,
    Executive, Header, Nonce, Runtime, RuntimeCall, RuntimeGenesisConfig, SignedPayload, System, TxExtension,
    UncheckedExtrinsic,
};
use qc_types::Capabilities;
use sc_consensus::ImportedAux;
use serde_json::json;
use sp_api::{ApiError, ApiRef};
use sp_consensus::{BlockOrigin, Error as ConsensusError};
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    generic::{Era, Preamble},
    traits::{ExtensionVariant, Header as _, PipelineAtVers, TransactionExtension},
    transaction_validity::{TransactionSource, TransactionValidity},
};
use std::sync::{
    atomic::{AtomicUsize, Ordering},
    Mutex, MutexGuard, OnceLock, PoisonError,
};

/// More than one question to the runtime takes.
const GOOD: usize = EXTRINSICS_AT_ONCE + 22;

/// Index of the key ledger in the runtime, and of `register` in it.
const KEY_LEDGER_REGISTER: [u8; 2] = [12, 0];

/// The cache is the process's, so the tests that count in it take turns.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A key that the genesis has for Alice.
fn of_alice() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

/// A key that the genesis has for Bob.
fn of_bob() -> SecretKey {
    SecretKey::from_seed(&[2; 32])
}

/// The development preset with these two keys, laid over the runtime's defaults.
fn genesis_json() -> &'static [u8] {
    static JSON: OnceLock<Vec<u8>> = OnceLock::new();
    JSON.get_or_init(|| {
        let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("defaults can be written");
        let preset = qc_runtime::genesis::preset(&"development".into()).expect("there is the preset");
        sc_chain_spec::json_patch::merge(&mut genesis, serde_json::from_slice(&preset).expect("a preset is JSON"));
        let keys = json!([
            [
                Sr25519Keyring::Alice.to_account_id(),
                of_alice().public(),
                Capabilities::ALL
            ],
            [
                Sr25519Keyring::Bob.to_account_id(),
                of_bob().public(),
                Capabilities::ALL
            ],
        ]);
        sc_chain_spec::json_patch::merge(&mut genesis, json!({ "keyLedger": { "keys": keys } }));
        serde_json::to_vec(&genesis).expect("JSON can be written")
    })
}

/// Runs something on the state of the genesis.
fn on_genesis<R>(look: impl FnOnce() -> R) -> R {
    TestExternalities::new_empty().execute_with(|| {
        qc_runtime::genesis::build_state(genesis_json()).expect("the genesis is sound");
        look()
    })
}

fn genesis_hash() -> Hash {
    on_genesis(|| System::block_hash(0))
}

fn call(number: usize) -> RuntimeCall {
    frame_system::Call::remark {
        remark: number.to_le_bytes().to_vec(),
    }
    .into()
}

fn following(nonce: Nonce) -> AfterAuthorizer {
    (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        CheckHalt,
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

/// A transaction and the claim that its post-quantum signature makes.
struct ByKey {
    bytes: Vec<u8>,
    purpose: Purpose,
    public_key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl ByKey {
    fn is_cached(&self) -> bool {
        cache::contains(&Claim {
            public_key: &self.public_key,
            context: self.purpose.context(),
            message: &self.message,
            signature: &self.signature,
        })
    }
}

/// Signs call number `number` with `signer`, in the name of `named`; `spoil` may change the signature. Hedged: another
/// signature each time. On the genesis's state only.
fn by_key(number: usize, named: &SecretKey, signer: &SecretKey, spoil: impl FnOnce(&mut [u8])) -> ByKey {
    let (call, following) = (call(number), following(0));
    let implicit = following.implicit().expect("the era is of this chain");
    let payload = AuthorizeByKey::payload(&(1u8, &call, &following, implicit));
    let genesis = System::block_hash(0).0;
    let signature = signer
        .sign(Purpose::Transaction, &genesis, &payload)
        .expect("a key can sign");
    let mut signature = signature.as_bytes().to_vec();
    spoil(&mut signature);
    let authorize = AuthorizeByKey {
        key: KeyId::of(named.public()),
        signature: Signature::ml_dsa_87(&signature).expect("its length is right"),
    };
    let variant = ExtensionVariant::Other(PipelineAtVers::new((authorize, following)));
    let extrinsic = UncheckedExtrinsic::from_parts(call, Preamble::General(variant));
    ByKey {
        bytes: extrinsic.encode(),
        purpose: Purpose::Transaction,
        public_key: named.public().as_bytes().to_vec(),
        message: message(&genesis, &payload),
        signature,
    }
}

/// Charlie's classical transaction.
fn classical(call: RuntimeCall) -> Vec<u8> {
    let extension: TxExtension = (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(0),
        frame_system::CheckWeight::new(),
        (CheckHalt, CheckProtection),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    );
    let implicit = extension.implicit().expect("the era is of this chain");
    let payload = SignedPayload::from_raw(call.clone(), extension.clone(), implicit);
    let signer = Sr25519Keyring::Charlie;
    let signature: qc_runtime::Signature = payload.using_encoded(|bytes| signer.sign(bytes)).into();
    UncheckedExtrinsic::new_signed(call, signer.to_account_id().into(), signature, extension).encode()
}

/// Charlie registers a key by a classical transaction: a proof of possession, and no version 1.
fn registration() -> ByKey {
    let key = SecretKey::from_seed(&[3; 32]);
    let capabilities = Capabilities::TRANSFER;
    let payload = (
        Sr25519Keyring::Charlie.to_account_id(),
        0u32,
        key.public(),
        capabilities,
    )
        .encode();
    let genesis = System::block_hash(0).0;
    let proof = key
        .sign(Purpose::Possession, &genesis, &payload)
        .expect("a key can sign");
    let call = (KEY_LEDGER_REGISTER, key.public(), capabilities, &proof).encode();
    let call = codec::Decode::decode(&mut &call[..]).expect("it is a call");
    assert!(matches!(call, RuntimeCall::KeyLedger(_)));
    ByKey {
        bytes: classical(call),
        purpose: Purpose::Possession,
        public_key: key.public().as_bytes().to_vec(),
        message: message(&genesis, &payload),
        signature: proof.as_bytes().to_vec(),
    }
}

/// A block's transactions, by what there is to know of them.
struct Mixture {
    good: Vec<ByKey>,
    /// Decode, and are not right.
    bad: Vec<ByKey>,
    /// Of a key that the chain does not know.
    absent: ByKey,
    classical: Vec<u8>,
    malformed: Vec<OpaqueExtrinsic>,
}

impl Mixture {
    fn new() -> Self {
        on_genesis(|| {
            let (alice, bob, nobody) = (of_alice(), of_bob(), SecretKey::from_seed(&[9; 32]));
            let good: Vec<_> = (0..GOOD)
                .map(|number| if number % 2 == 0 { &alice } else { &bob })
                .enumerate()
                .map(|(number, key)| by_key(number, key, key, |_| ()))
                .collect();
            let mut bad = vec![by_key(0, &alice, &bob, |_| ()), by_key(1, &alice, &nobody, |_| ())];
            // The first byte, one of the hint at the end, and all of it.
            bad.push(by_key(2, &alice, &alice, |signature| signature[0] ^= 1));
            bad.push(by_key(3, &bob, &bob, |signature| signature[4_626] ^= 0xff));
            bad.push(by_key(4, &bob, &bob, |signature| signature.fill(0xff)));
            let whole = &good[0].bytes[2..];
            let malformed = [
                &whole[..40],
                &whole[..whole.len() - 1],
                &[0x45, 1],
                &[0x45],
                &[],
                &[0x45, 1, 0xff, 0xff, 0xff],
            ]
            .into_iter()
            .map(|bytes| OpaqueExtrinsic::from_blob(bytes.to_vec()))
            .collect();
            Self {
                absent: by_key(5, &nobody, &nobody, |_| ()),
                classical: classical(call(6)),
                good,
                bad,
                malformed,
            }
        })
    }

    /// What decodes, in the order of the block.
    fn sound(&self) -> Vec<&[u8]> {
        let by_key = self.good.iter().chain(&self.bad).chain([&self.absent]);
        by_key.map(|one| &one.bytes[..]).chain([&self.classical[..]]).collect()
    }

    /// The block's body: what is malformed stands between what is not.
    fn body(&self) -> Vec<OpaqueExtrinsic> {
        let mut body: Vec<_> = self.sound().into_iter().map(opaque).collect();
        for (at, malformed) in self.malformed.iter().enumerate() {
            body.insert(at * 3, malformed.clone());
        }
        body
    }

    /// What the runtime says to each of those that decode.
    fn verdicts(&self) -> Vec<TransactionValidity> {
        let verdict = |mut bytes: &[u8]| {
            let extrinsic = codec::Decode::decode(&mut bytes).expect("it decodes");
            on_genesis(|| {
                Executive::validate_transaction(TransactionSource::External, extrinsic, System::block_hash(0))
            })
        };
        self.sound().into_iter().map(verdict).collect()
    }
}

fn opaque(mut bytes: &[u8]) -> OpaqueExtrinsic {
    codec::Decode::decode(&mut bytes).expect("a length and as many bytes")
}

/// A client whose runtime answers on the genesis's state, or not at all.
#[derive(Clone, Default)]
struct Chain {
    asked: Arc<AtomicUsize>,
    fails: bool,
}

struct Api(Chain);

impl ProvideRuntimeApi<Block> for Chain {
    type Api = Api;
    fn runtime_api(&self) -> ApiRef<'_, Api> {
        Api(self.clone()).into()
    }
}

sp_api::mock_impl_runtime_apis! {
    impl SignatureApi<Block> for Api {
        #[advanced]
        fn signature_checks(&self, _: Hash, extrinsics: Vec<Vec<u8>>) -> Result<Vec<SignatureCheck>, ApiError> {
            self.0.asked.fetch_add(1, Ordering::SeqCst);
            assert!(extrinsics.len() <= EXTRINSICS_AT_ONCE);
            if self.0.fails {
                return Err(ApiError::UsingSameInstanceForDifferentBlocks);
            }
            Ok(on_genesis(|| <Runtime as SignatureApiV1<qc_runtime::Block>>::signature_checks(extrinsics)))
        }
    }
}

/// The import behind: notes what comes, and says what it is told to.
#[derive(Clone, Default)]
struct Inner {
    bodies: Arc<Mutex<Vec<Option<Vec<OpaqueExtrinsic>>>>>,
    refuses: bool,
}

#[async_trait::async_trait]
impl BlockImport<Block> for Inner {
    type Error = ConsensusError;

    async fn check_block(&self, _: BlockCheckParams<Block>) -> Result<ImportResult, ConsensusError> {
        Ok(ImportResult::KnownBad)
    }

    async fn import_block(&self, block: BlockImportParams<Block>) -> Result<ImportResult, ConsensusError> {
        self.bodies.lock().expect("no test has failed in here").push(block.body);
        if self.refuses {
            Ok(ImportResult::KnownBad)
        } else {
            Ok(ImportResult::Imported(ImportedAux::default()))
        }
    }
}

fn params(body: Option<Vec<OpaqueExtrinsic>>, action: StateAction<Block>) -> BlockImportParams<Block> {
    let parent = genesis_hash();
    let header = Header::new(1, Default::default(), Default::default(), parent, Default::default());
    let mut params = BlockImportParams::new(BlockOrigin::NetworkBroadcast, header);
    params.body = body;
    params.state_action = action;
    params
}

fn import(
    inner: &Inner,
    chain: &Chain,
    is_pooled: impl Fn(&OpaqueExtrinsic) -> bool + Send + Sync,
    params: BlockImportParams<Block>,
) -> ImportResult {
    let import = VerifyAhead::new(inner.clone(), Arc::new(chain.clone()), is_pooled, genesis_hash(), None);
    block_on(import.import_block(params)).expect("importing is no error")
}

/// Catches: a claim kept that did not verify; one that did and is not kept; one made of another key, message or context than
/// the execution asks for; a question that is too long, or one malformed transaction that spoils the others'.
#[test]
fn exactly_what_is_right_and_not_in_the_pool_is_kept() {
    let _turn = alone();
    let (mixture, chain, inner) = (Mixture::new(), Chain::default(), Inner::default());
    let pooled = opaque(&mixture.good[3].bytes);
    let before = cache::stats().entries;
    let imported = import(
        &inner,
        &chain,
        |extrinsic| extrinsic.inner() == pooled.inner(),
        params(Some(mixture.body()), StateAction::Execute),
    );
    assert_eq!(imported, ImportResult::Imported(ImportedAux::default()));
    for (number, good) in mixture.good.iter().enumerate() {
        assert_eq!(good.is_cached(), number != 3, "good transaction {number}");
    }
    for (number, bad) in mixture.bad.iter().enumerate() {
        assert!(!bad.is_cached(), "bad transaction {number}");
    }
    assert!(!mixture.absent.is_cached());
    assert_eq!(cache::stats().entries - before, GOOD - 1);
    assert_eq!(chain.asked.load(Ordering::SeqCst), 2);
}

/// Catches an outcome that depends on the cache: the runtime says the same of a block whose signatures were verified ahead
/// as of the same block signed anew, which the cache knows nothing of.
#[test]
fn what_the_runtime_says_is_the_same_warm_and_cold() {
    let _turn = alone();
    let (warm, cold) = (Mixture::new(), Mixture::new());
    import(
        &Inner::default(),
        &Chain::default(),
        |_| false,
        params(Some(warm.body()), StateAction::Execute),
    );
    assert!(warm.good.iter().all(ByKey::is_cached) && !cold.good.iter().any(ByKey::is_cached));
    let (warm, cold) = (warm.verdicts(), cold.verdicts());
    assert_eq!(warm, cold);
    let valid = |verdicts: &[TransactionValidity]| verdicts.iter().filter(|verdict| verdict.is_ok()).count();
    // The good ones and the classical one.
    assert_eq!(valid(&warm), GOOD + 1);
}

/// Catches a block that is changed, held back or let through because of what was found ahead, or because nothing could be.
#[test]
fn the_import_behind_decides_alone() {
    let _turn = alone();
    let mixture = Mixture::new();
    for (fails, refuses) in [(false, false), (false, true), (true, false), (true, true)] {
        let chain = Chain {
            fails,
            ..Chain::default()
        };
        let inner = Inner {
            refuses,
            ..Inner::default()
        };
        let imported = import(
            &inner,
            &chain,
            |_| false,
            params(Some(mixture.body()), StateAction::Execute),
        );
        assert_eq!(imported == ImportResult::KnownBad, refuses);
        let bodies = inner.bodies.lock().expect("no test has failed in there");
        assert_eq!(*bodies, [Some(mixture.body())]);
        assert!(chain.asked.load(Ordering::SeqCst) > 0);
    }
}

/// Catches work for blocks that are not executed, that have no body, or in which everything is known from the pool.
#[test]
fn nothing_is_asked_where_there_is_nothing_to_verify() {
    let _turn = alone();
    let mixture = Mixture::new();
    let (body, classical) = (|| Some(mixture.body()), vec![opaque(&mixture.classical)]);
    let cases = [
        (params(body(), StateAction::Skip), false),
        (params(None, StateAction::Execute), false),
        (params(Some(classical), StateAction::Execute), false),
        (params(Some(Vec::new()), StateAction::ExecuteIfPossible), false),
        (params(body(), StateAction::Execute), true),
    ];
    for (number, (params, is_pooled)) in cases.into_iter().enumerate() {
        let (chain, inner) = (Chain::default(), Inner::default());
        import(&inner, &chain, |_| is_pooled, params);
        assert_eq!(chain.asked.load(Ordering::SeqCst), 0, "case {number}");
        assert_eq!(
            inner.bodies.lock().expect("no test has failed in there").len(),
            1,
            "case {number}"
        );
    }
    assert!(!mixture.good.iter().any(ByKey::is_cached));
}

/// Catches proofs of possession that wait for the execution: the pool verifies who signed a transaction, not what its calls
/// carry, so having it there means nothing.
#[test]
fn a_proof_in_a_call_is_verified_whatever_the_pool_has() {
    let _turn = alone();
    let (chain, inner, registration) = (Chain::default(), Inner::default(), on_genesis(registration));
    let body = vec![opaque(&registration.bytes)];
    import(&inner, &chain, |_| true, params(Some(body), StateAction::Execute));
    assert_eq!(chain.asked.load(Ordering::SeqCst), 1);
    assert!(registration.is_cached());
}
