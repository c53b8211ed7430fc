use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use contender_protocol::{Arguments, CONTAINER_GATEWAY, Failure, Measurement, Report, container_address};
use futures::{StreamExt, TryStreamExt, stream};
use nlink::netlink::addr::Ipv4Address;
use nlink::netlink::link::VethLink;
use nlink::netlink::namespace::{self, NETNS_RUN_DIR, Netns};
use nlink::netlink::route::Ipv4Route;
use nlink::{Connection, Route};

use crate::links::link;

/// How long a container that was removed may take to be gone.
const PATIENCE: Duration = Duration::from_secs(30);

struct Container {
    /// Of its namespace.
    name: String,
    path: PathBuf,
    /// Of the end of its pair that stays here.
    host: String,
    address: Ipv4Addr,
}

pub async fn cycle(arguments: &Arguments) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let concurrency = arguments.number("concurrency")?;
    let containers: Vec<_> = (0..count).map(|i| Arc::new(Container::new(i))).collect();
    let measurement = Measurement::start();
    let connection = Arc::new(Connection::<Route>::new()?);

    let added: Vec<_> = stream::iter(&containers)
        .map(|container| spawn(container.clone().add(connection.clone())))
        .buffer_unordered(concurrency)
        .try_collect()
        .await?;
    let removed: Vec<_> = stream::iter(&containers)
        .map(|container| spawn(container.clone().remove(connection.clone())))
        .buffer_unordered(concurrency)
        .try_collect()
        .await?;
    let (removed, gone) = removed.into_iter().unzip();
    Ok(measurement.end_with_samples(count, [("add", added), ("remove", removed), ("gone", gone)]))
}

async fn spawn<T: Send + 'static>(
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    tokio::spawn(work).await?
}

impl Container {
    fn new(i: usize) -> Self {
        let name = format!("c{i}");
        let path = Path::new(NETNS_RUN_DIR).join(&name);
        Self { name, path, host: format!("h{i}"), address: container_address(i) }
    }

    async fn add(self: Arc<Self>, here: Arc<Connection<Route>>) -> Result<Duration, Failure> {
        let start = Instant::now();
        let namespace = Netns::create(&self.name)?;
        here.add_link(VethLink::new(&self.host, "eth0").peer_netns_fd(&namespace)).await?;
        let host = link(&here, &self.host).await?.ifindex();
        here.set_link_up_by_index(host).await?;

        let there = Connection::<Route>::new_in(&namespace)?;
        there.set_link_up("lo").await?;
        let eth0 = link(&there, "eth0").await?.ifindex();
        there.set_link_up_by_index(eth0).await?;
        there.add_address(Ipv4Address::with_index(eth0, self.address, 32)).await?;
        there.add_route(Ipv4Route::from_addr(CONTAINER_GATEWAY, 32).dev_index(eth0)).await?;
        there.add_route(Ipv4Route::default_route().gateway(CONTAINER_GATEWAY).dev_index(eth0)).await?;

        here.add_route(Ipv4Route::from_addr(self.address, 32).dev_index(host)).await?;
        Ok(start.elapsed())
    }

    /// The times until the namespace is removed, and until the pair, which goes with it, is no longer there.
    async fn remove(self: Arc<Self>, here: Arc<Connection<Route>>) -> Result<(Duration, Duration), Failure> {
        let start = Instant::now();
        namespace::delete(&self.name)?;
        let removed = start.elapsed();
        while self.path.exists() || here.get_link_by_name(&self.host).await?.is_some() {
            if start.elapsed() > PATIENCE {
                return Err(format!("{} is still there", self.name).into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok((removed, start.elapsed()))
    }
}
