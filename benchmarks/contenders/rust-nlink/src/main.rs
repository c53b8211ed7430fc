//! Measures the crate nlink as `benchmarks/README.md` says.

mod container;
mod links;
mod routes;
mod veth;

use std::io;

use contender_protocol::{Arguments, Failure, Report, locked_version};
use tokio::runtime::{Builder, Runtime};

fn main() -> Result<(), Failure> {
    let arguments = Arguments::from_command_line()?;
    if arguments.operation() == "version" {
        let version = locked_version(include_str!("../Cargo.lock"), "nlink")?;
        println!(r#"{{"version":"{version}"}}"#);
    } else {
        println!("{}", runtime(&arguments)?.block_on(measure(&arguments))?);
    }
    Ok(())
}

/// One thread, unless several sockets work at a time: with more, each reply wakes another thread, and everything
/// was slower.
fn runtime(arguments: &Arguments) -> io::Result<Runtime> {
    let mut builder = match arguments.operation() {
        "veth-delete" => Builder::new_multi_thread(),
        "container" if arguments.number("concurrency").is_ok_and(|width: usize| width > 1) => {
            Builder::new_multi_thread()
        }
        _ => Builder::new_current_thread(),
    };
    if arguments.operation() == "veth-delete" {
        builder.worker_threads(veth::DELETING_CONNECTIONS);
    }
    builder.enable_all().build()
}

async fn measure(arguments: &Arguments) -> Result<Report, Failure> {
    match arguments.operation() {
        "routes-add" => routes::add(arguments).await,
        "routes-delete" => routes::delete(arguments).await,
        "routes-list" => routes::list(arguments).await,
        "routes-stream" => routes::stream(arguments).await,
        "routes-table" => routes::table(arguments).await,
        "route-add" => routes::add_singly(arguments).await,
        "veth-add" => veth::add(arguments).await,
        "veth-delete" => veth::delete(arguments).await,
        "link-get" => links::get(arguments).await,
        "link-get-concurrent" => links::get_concurrently(arguments).await,
        "container" => container::cycle(arguments).await,
        other => Err(format!("{other}: no such operation").into()),
    }
}
