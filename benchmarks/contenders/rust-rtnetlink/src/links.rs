use std::time::Instant;

use contender_protocol::{Arguments, Failure, Measurement, Report, WIRE};
use futures::{StreamExt, TryStreamExt, stream};
use rtnetlink::packet_route::link::LinkMessage;
use rtnetlink::{Error, Handle};

use crate::connection::Connection;

pub async fn get(arguments: &Arguments) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let mut samples = Vec::with_capacity(count);
    let measurement = Measurement::start();
    let connection = Connection::open()?;
    for _ in 0..count {
        let start = Instant::now();
        link(&connection.handle, WIRE).await?;
        samples.push(start.elapsed());
    }
    Ok(measurement.end_with_samples(count, [("get", samples)]))
}

pub async fn get_concurrently(arguments: &Arguments) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let concurrency = arguments.number("concurrency")?;
    let mut measurement = Measurement::start();
    let connection = Connection::open()?;
    let links = stream::iter(0..count)
        .map(|_| link(&connection.handle, WIRE))
        .buffer_unordered(concurrency)
        .try_fold(0, |read, _| async move { Ok(read + 1) });
    let read = links.await?;
    measurement.part("get");
    Ok(measurement.end(read))
}

pub async fn link(handle: &Handle, name: &str) -> Result<LinkMessage, Error> {
    let mut links = handle.link().get().match_name(name).execute();
    links.try_next().await?.ok_or(Error::RequestFailed)
}
