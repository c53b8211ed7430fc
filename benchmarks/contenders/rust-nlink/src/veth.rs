use std::collections::HashMap;
use std::path::Path;

use contender_protocol::{Arguments, Failure, Measurement, Report, peer_address};
use nlink::netlink::addr::Ipv4Address;
use nlink::netlink::link::VethLink;
use nlink::netlink::namespace::Netns;
use nlink::{Connection, Error, Route};
use tokio::task::JoinSet;

use crate::routes::BATCH;

pub async fn add(arguments: &Arguments) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let path = Path::new(arguments.text("namespace")?);
    let mut measurement = Measurement::start();

    let here = Connection::<Route>::new()?;
    let namespace = Netns::from_path(path)?;
    // A batch closes its descriptor of the namespace before it is sent, and sets no links up.
    for i in 0..count {
        here.add_link(VethLink::new(format!("v{i}"), format!("p{i}")).peer_netns_fd(&namespace)).await?;
    }
    for index in indexes(&here, 'v', count).await? {
        here.set_link_up_by_index(index).await?;
    }
    measurement.part("create");

    let there = Connection::<Route>::new_in(&namespace)?;
    let peers = indexes(&there, 'p', count).await?;
    for index in &peers {
        there.set_link_up_by_index(*index).await?;
    }
    let addresses: Vec<_> = peers.iter().enumerate().map(|(i, peer)| (*peer, peer_address(i))).collect();
    for chunk in addresses.chunks(BATCH) {
        let mut batch = there.batch();
        for (peer, address) in chunk {
            batch = batch.add_address(Ipv4Address::with_index(*peer, *address, 32), *peer);
        }
        batch.execute_all().await?;
    }
    measurement.part("configure");
    Ok(measurement.end(count))
}

/// The kernel deletes a link inside `sendmsg`, which takes 15 to 30 ms, most of them without a lock: so many
/// connections, each on a thread of its own, delete at a time. With a `ConnectionPool` it took longer.
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

async fn delete_each(numbers: impl Iterator<Item = usize>) -> Result<(), Error> {
    let connection = Connection::<Route>::new()?;
    for i in numbers {
        connection.del_link(format!("v{i}")).await?;
    }
    Ok(())
}

/// The indexes of the links that are called `first` and a number from 0 to `count` − 1.
async fn indexes(connection: &Connection<Route>, first: char, count: usize) -> Result<Vec<u32>, Failure> {
    let links = connection.get_links().await?;
    let by_name: HashMap<_, _> =
        links.iter().filter_map(|link| Some((link.name()?, link.ifindex()))).collect();
    let index = |i| by_name.get(format!("{first}{i}").as_str()).copied();
    Ok((0..count).map(index).collect::<Option<Vec<_>>>().ok_or("a link is not in its namespace")?)
}
