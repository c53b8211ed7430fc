use std::fs::File;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use contender_protocol::{Arguments, CONTAINER_GATEWAY, Failure, Measurement, Report, container_address};
use futures::{StreamExt, TryStreamExt, stream};
use nix::errno::Errno;
use rtnetlink::packet_route::route::RouteScope;
use rtnetlink::{Error, Handle, LinkUnspec, NETNS_PATH, NetworkNamespace, RouteMessageBuilder};
use tokio::sync::Mutex;

use crate::connection::Connection;
use crate::links::link;
use crate::veth::pair;

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
    let connection = Connection::open()?;
    let handle = &connection.handle;

    let added: Vec<_> = stream::iter(&containers)
        .map(|container| spawn(container.clone().add(handle.clone())))
        .buffer_unordered(concurrency)
        .try_collect()
        .await?;
    let removed: Vec<_> = stream::iter(&containers)
        .map(|container| spawn(container.clone().remove(handle.clone())))
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
        let path = Path::new(NETNS_PATH).join(&name);
        Self { name, path, host: format!("h{i}"), address: container_address(i) }
    }

    async fn add(self: Arc<Self>, here: Handle) -> Result<Duration, Failure> {
        let start = Instant::now();
        add_namespace(&self.name).await?;
        let namespace = File::open(&self.path)?;
        here.link()
            .add(pair(&self.host, LinkUnspec::new_with_name("eth0"), &namespace).build())
            .execute()
            .await?;

        let guest = Connection::open_in(self.path.clone()).await?;
        let there = &guest.handle;
        there.link().change(LinkUnspec::new_with_name("lo").up().build()).execute().await?;
        there.link().change(LinkUnspec::new_with_name("eth0").up().build()).execute().await?;
        let eth0 = link(there, "eth0").await?.header.index;
        there.address().add(eth0, self.address.into(), 32).execute().await?;
        let default =
            RouteMessageBuilder::<Ipv4Addr>::new().gateway(CONTAINER_GATEWAY).output_interface(eth0);
        there.route().add(on_link(CONTAINER_GATEWAY, eth0).build()).execute().await?;
        there.route().add(default.build()).execute().await?;

        let host = link(&here, &self.host).await?.header.index;
        here.route().add(on_link(self.address, host).build()).execute().await?;
        let elapsed = start.elapsed();
        guest.close().await?;
        Ok(elapsed)
    }

    /// The times until the namespace is removed, and until the pair, which goes with it, is no longer there.
    async fn remove(self: Arc<Self>, here: Handle) -> Result<(Duration, Duration), Failure> {
        let start = Instant::now();
        NetworkNamespace::del(&self.name).await?;
        let removed = start.elapsed();
        while self.path.exists() || self.is_host_there(&here).await? {
            if start.elapsed() > PATIENCE {
                return Err(format!("{} is still there", self.name).into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok((removed, start.elapsed()))
    }

    async fn is_host_there(&self, here: &Handle) -> Result<bool, Error> {
        match link(here, &self.host).await {
            Ok(_) => Ok(true),
            Err(Error::NetlinkError(error)) if error.raw_code() == -(Errno::ENODEV as i32) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// The library mounts /run/netns on itself when nothing is mounted there. Two that did so at once would both
/// mount it, so the first namespace is made alone.
async fn add_namespace(name: &str) -> Result<(), Error> {
    static IS_MOUNTED: Mutex<bool> = Mutex::const_new(false);
    let mut is_mounted = IS_MOUNTED.lock().await;
    if !*is_mounted {
        NetworkNamespace::add(name).await?;
        *is_mounted = true;
        return Ok(());
    }
    drop(is_mounted);
    NetworkNamespace::add(name).await
}

fn on_link(destination: Ipv4Addr, link: u32) -> RouteMessageBuilder<Ipv4Addr> {
    RouteMessageBuilder::<Ipv4Addr>::new()
        .destination_prefix(destination, 32)
        .output_interface(link)
        .scope(RouteScope::Link)
}
