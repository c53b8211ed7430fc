//! The contenders' side of the protocol in `benchmarks/README.md`, for those written in Rust: what is asked,
//! what it is asked about, and how it is measured and reported.

mod arguments;
mod measurement;
mod network;
mod report;
mod version;

pub use arguments::Arguments;
pub use measurement::Measurement;
pub use network::{
    CONTAINER_GATEWAY, GATEWAY_V4, GATEWAY_V6, TABLE_MAIN, WIRE, container_address, destinations_v4,
    destinations_v6, peer_address, wire_index,
};
pub use report::Report;
pub use version::locked_version;

/// Why a contender ends with a status other than 0.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
