use super::*;
use crate::testing::field::run;
use crate::testing::rpc::{Answer, Answers};
use codec::Encode;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};

type Asked = Arc<Mutex<Vec<String>>>;

/// A node that answers whatever it is told to, or not at all, and what it was asked.
fn node(answer: impl Fn(&str, &str) -> Option<String> + Send + Sync + 'static) -> (Node, Asked) {
    let asked = Asked::default();
    let noted = asked.clone();
    let answers = Answers(move |method: &str, params: &str| {
        noted.lock().unwrap().push(format!("{method} {params}"));
        answer(method, params).map_or(Answer::Never, Answer::Json)
    });
    (
        Node::over(RpcClient::new(answers), "ws://liar", Duration::from_millis(200)),
        asked,
    )
}

/// Answers as a node does until metadata are asked for; `metadata` is what it gives then.
fn node_with_metadata(metadata: Vec<u8>) -> (Node, Asked) {
    node(move |method, params| {
        let hash = format!("\"0x{}\"", "11".repeat(32));
        Some(match method {
            "chain_getBlockHash" => hash,
            "state_call" if params.contains("Core_version") => {
                let version = ("qc", "qc", 1u32, 1u32, 1u32, Vec::<([u8; 8], u32)>::new(), 1u32, 1u8).encode();
                format!("\"0x{}\"", hex::encode(version))
            }
            "state_call" => format!("\"0x{}\"", hex::encode(&metadata)),
            _ => "null".into(),
        })
    })
}

#[test]
fn a_silent_node_is_given_up() {
    let (node, _) = node(|_, _| None);
    let error = run(node.best_head()).unwrap_err();
    assert_eq!(error.code(), "timeout");
}

#[test]
fn metadata_are_asked_for_in_version_15_and_no_other() {
    let (node, asked) = node_with_metadata(Some(b"meta\x10".to_vec()).encode());
    let error = run(Chain::over(node)).unwrap_err();
    assert_eq!(
        error.code(),
        "node_nonsense",
        "version 16 is not taken where 15 was asked for"
    );
    let asked = asked.lock().unwrap();
    let metadata: Vec<_> = asked.iter().filter(|line| line.contains("etadata")).collect();
    assert_eq!(metadata.len(), 1, "{metadata:?}");
    assert!(
        metadata[0].contains("Metadata_metadata_at_version") && metadata[0].contains("0x0f000000"),
        "{metadata:?}"
    );
}

#[test]
fn a_node_without_version_15_is_named() {
    let (node, _) = node_with_metadata(None::<Vec<u8>>.encode());
    let error = run(Chain::over(node)).unwrap_err();
    assert!(error.to_string().contains("no metadata of version 15"), "{error}");
}

#[test]
fn addresses_that_are_none_are_refused_without_a_try() {
    for url in ["", "127.0.0.1:9944", "http://127.0.0.1:9944", "ws://", "wss://"] {
        let error = run(Node::connect(url, Duration::from_secs(1))).unwrap_err();
        assert_eq!(error, NodeError::BadUrl(url.into()));
    }
}

#[test]
fn nobody_listening_is_named() {
    // Bound, looked at and closed again: nobody listens there now.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let error = run(Node::connect(&format!("ws://127.0.0.1:{port}"), Duration::from_secs(5))).unwrap_err();
    assert_eq!(error.code(), "connection_refused", "{error}");
    assert!(error.hint().contains("qc-node --dev"));
}

#[test]
fn a_server_that_is_no_node_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        use std::io::Write;
        if let Ok((mut stream, _)) = listener.accept() {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        }
    });
    let error = run(Node::connect(&url, Duration::from_secs(5))).unwrap_err();
    assert_eq!(error.code(), "cannot_connect", "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever JSON a node answers, there is an error and no panic.
    #[test]
    fn nonsense_is_an_error(answer in prop_oneof![
        Just("null".to_owned()), Just("[]".into()), Just("{}".into()), Just("0".into()), Just("\"0x\"".into()),
        Just("\"0xzz\"".into()), "\"0x([0-9a-f]{2}){0,80}\"", "\"[ -!#-\\[\\]-~]{0,80}\"",
    ]) {
        let (node, _) = node(move |_, _| Some(answer.clone()));
        prop_assert!(run(Chain::over(node)).is_err());
    }

    /// The same for metadata that begin well.
    #[test]
    fn broken_metadata_are_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let (node, _) = node_with_metadata(Some([b"meta\x0f", bytes.as_slice()].concat()).encode());
        prop_assert!(run(Chain::over(node)).is_err());
    }
}
