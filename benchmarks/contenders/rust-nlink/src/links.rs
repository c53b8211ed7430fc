use std::time::Instant;

use contender_protocol::{Arguments, Failure, Measurement, Report, WIRE};
use futures::{StreamExt, TryStreamExt, stream};
use nlink::{Connection, LinkMessage, Route};

pub async fn get(arguments: &Arguments) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let mut samples = Vec::with_capacity(count);
    let measurement = Measurement::start();
    let connection = Connection::<Route>::new()?;
    for _ in 0..count {
        let start = Instant::now();
        link(&connection, WIRE).await?;
        samples.push(start.elapsed());
    }
    Ok(measurement.end_with_samples(count, [("get", samples)]))
}

/// On a connection of the usual kind, which sends one request after another. Its dispatcher mode, which sends them
/// all, takes longer, and loses replies when they outgrow the receive buffer, as 256 do.
pub async fn get_concurrently(arguments: &Arguments) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let concurrency = arguments.number("concurrency")?;
    let mut measurement = Measurement::start();
    let connection = Connection::<Route>::new()?;
    let links = stream::iter(0..count)
        .map(|_| link(&connection, WIRE))
        .buffer_unordered(concurrency)
        .try_fold(0, |read, _| async move { Ok(read + 1) });
    let read = links.await?;
    measurement.part("get");
    Ok(measurement.end(read))
}

pub async fn link(connection: &Connection<Route>, name: &str) -> Result<LinkMessage, Failure> {
    Ok(connection.get_link_by_name(name).await?.ok_or_else(|| format!("no link {name}"))?)
}
