use std::fs::File;
use std::net::Ipv4Addr;
use std::os::fd::AsRawFd;
use std::path::PathBuf;

use contender_protocol::{Arguments, Failure, Measurement, Report, peer_address};
use rtnetlink::packet_route::RouteNetlinkMessage::{NewAddress, NewLink};
use rtnetlink::packet_route::link::{InfoData, InfoVeth};
use rtnetlink::{AddressMessageBuilder, LinkMessageBuilder, LinkUnspec, LinkVeth};
use tokio::task::JoinSet;

use crate::batch::{BatchConnection, change, create};
use crate::connection::Connection;

/// Both ends of pair i have the index `index` + i, each in its namespace, so that none has to be asked for.
pub async fn add(arguments: &Arguments) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let first: u32 = arguments.number("index")?;
    let path = PathBuf::from(arguments.text("namespace")?);
    let mut measurement = Measurement::start();

    let namespace = File::open(&path)?;
    let pairs = (first..).take(count).enumerate().map(|(i, index)| {
        let peer = LinkUnspec::new_with_name(&format!("p{i}")).index(index);
        create(NewLink(pair(&format!("v{i}"), peer, &namespace).index(index).build()))
    });
    BatchConnection::open()?.send(pairs).await?;
    measurement.part("create");

    let there = BatchConnection::open_in(path).await?;
    let configuration = (first..).take(count).enumerate().flat_map(|(i, index)| {
        let up = LinkUnspec::new_with_index(index).up();
        let address = AddressMessageBuilder::<Ipv4Addr>::new().index(index).address(peer_address(i), 32);
        [change(NewLink(up.build())), create(NewAddress(address.build()))]
    });
    there.send(configuration).await?;
    measurement.part("configure");
    Ok(measurement.end(count))
}

/// The kernel deletes a link inside `sendmsg`, which takes 15 to 30 ms, most of them without a lock: so many
/// connections, each on a thread of its own, delete at a time.
pub const DELETING_CONNECTIONS: usize = 64;

pub async fn delete(arguments: &Arguments) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let mut measurement = Measurement::start();
    let mut deletions = JoinSet::new();
    for first in 0..count.min(DELETING_CONNECTIONS) {
        deletions.spawn(delete_each((first..count).step_by(DELETING_CONNECTIONS)));
    }
    while let Some(deletion) = deletions.join_next().await {
        deletion??;
    }
    measurement.part("delete");
    Ok(measurement.end(count))
}

async fn delete_each(numbers: impl Iterator<Item = usize>) -> Result<(), Failure> {
    let connection = Connection::open()?;
    for i in numbers {
        let link = LinkUnspec::new_with_name(&format!("v{i}")).build();
        connection.handle.link().del_with_message(link).execute().await?;
    }
    Ok(())
}

/// A pair, its first end up, with its second end in another namespace from the beginning.
pub fn pair(
    name: &str,
    peer: LinkMessageBuilder<LinkUnspec>,
    namespace: &File,
) -> LinkMessageBuilder<LinkVeth> {
    let peer = peer.setns_by_fd(namespace.as_raw_fd()).build();
    LinkVeth::new(name, "").set_info_data(InfoData::Veth(InfoVeth::Peer(peer))).up()
}
