use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Instant;

use contender_protocol::{
    Arguments, Failure, GATEWAY_V4, GATEWAY_V6, Measurement, Report, TABLE_MAIN, destinations_v4,
    destinations_v6, wire_index,
};
use futures::{TryStream, TryStreamExt};
use nlink::netlink::batch::Batch;
use nlink::netlink::message::NlMsgType;
use nlink::netlink::route::{Ipv4Route, Ipv6Route};
use nlink::netlink::types::route::{RtMsg, RtaAttr};
use nlink::{AddressFamily, Connection, Error, Route, RouteMessage};

/// Operations in a batch. The kernel queues an acknowledgement for each before any can be read, and a receive
/// buffer of the usual size holds 256. The library itself splits only where the datagram would be too long.
pub const BATCH: usize = 128;

pub async fn add(arguments: &Arguments) -> Result<Report, Failure> {
    change(arguments, "add", |batch, route| batch.add_route(route), |batch, route| batch.add_route(route))
        .await
}

pub async fn delete(arguments: &Arguments) -> Result<Report, Failure> {
    change(arguments, "delete", |batch, route| batch.del_route(route), |batch, route| batch.del_route(route))
        .await
}

async fn change(
    arguments: &Arguments,
    part: &'static str,
    v4: for<'a> fn(Batch<'a>, Ipv4Route) -> Batch<'a>,
    v6: for<'a> fn(Batch<'a>, Ipv6Route) -> Batch<'a>,
) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let wire = wire_index()?;
    if arguments.is_inet6()? {
        send(part, &destinations_v6(count), |batch, destination| v6(batch, route_v6(*destination, wire)))
            .await
    } else {
        send(part, &destinations_v4(count), |batch, destination| v4(batch, route_v4(*destination, wire)))
            .await
    }
}

async fn send<T>(
    part: &'static str,
    destinations: &[T],
    append: impl for<'a> Fn(Batch<'a>, &T) -> Batch<'a>,
) -> Result<Report, Failure> {
    let mut measurement = Measurement::start();
    let connection = Connection::<Route>::new()?;
    for chunk in destinations.chunks(BATCH) {
        chunk.iter().fold(connection.batch(), &append).execute_all().await?;
    }
    measurement.part(part);
    Ok(measurement.end(destinations.len()))
}

pub async fn add_singly(arguments: &Arguments) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let wire = wire_index()?;
    let destinations = destinations_v4(count);
    let mut samples = Vec::with_capacity(count);
    let measurement = Measurement::start();
    let connection = Connection::<Route>::new()?;
    for destination in destinations {
        let start = Instant::now();
        connection.add_route(route_v4(destination, wire)).await?;
        samples.push(start.elapsed());
    }
    Ok(measurement.end_with_samples(count, [("add", samples)]))
}

pub async fn list(arguments: &Arguments) -> Result<Report, Failure> {
    let inet6 = arguments.is_inet6()?;
    let mut measurement = Measurement::start();
    let connection = strict_connection()?;
    let routes: Vec<_> = dump(&connection, inet6, TABLE_MAIN).await?.try_collect().await?;
    measurement.part("list");
    let report = measurement.end(routes.iter().filter(|route| is_by_gateway(route)).count());
    Ok(report)
}

pub async fn stream(arguments: &Arguments) -> Result<Report, Failure> {
    let inet6 = arguments.is_inet6()?;
    let mut measurement = Measurement::start();
    let connection = strict_connection()?;
    let mut routes = dump(&connection, inet6, TABLE_MAIN).await?;
    let mut count = 0;
    while let Some(route) = routes.try_next().await? {
        count += usize::from(route.destination().is_some() && is_by_gateway(&route));
    }
    measurement.part("stream");
    Ok(measurement.end(count))
}

pub async fn table(arguments: &Arguments) -> Result<Report, Failure> {
    let inet6 = arguments.is_inet6()?;
    let table = arguments.number("table")?;
    let repeat = arguments.number("repeat")?;
    let mut count = 0;
    let mut samples = Vec::with_capacity(repeat);
    let measurement = Measurement::start();
    let connection = strict_connection()?;
    for _ in 0..repeat {
        let start = Instant::now();
        let routes: Vec<_> = dump(&connection, inet6, table).await?.try_collect().await?;
        samples.push(start.elapsed());
        count += routes.len();
    }
    Ok(measurement.end_with_samples(count, [("table", samples)]))
}

fn route_v4(destination: Ipv4Addr, wire: u32) -> Ipv4Route {
    Ipv4Route::from_addr(destination, 24).gateway(GATEWAY_V4).dev_index(wire)
}

fn route_v6(destination: Ipv6Addr, wire: u32) -> Ipv6Route {
    Ipv6Route::from_addr(destination, 64).gateway(GATEWAY_V6).dev_index(wire)
}

/// One whose dumps the kernel filters.
fn strict_connection() -> Result<Connection<Route>, Error> {
    let connection = Connection::<Route>::new()?;
    connection.enable_strict_checking(true)?;
    Ok(connection)
}

/// `stream_routes` reads every table of every family; the library's way to ask for less is a body of one's own.
async fn dump(
    connection: &Connection<Route>,
    inet6: bool,
    table: u32,
) -> Result<impl TryStream<Ok = RouteMessage, Error = Error> + Unpin, Error> {
    let family = if inet6 { AddressFamily::v6() } else { AddressFamily::v4() };
    let mut body = RtMsg::new().with_family(family.as_u8()).as_bytes().to_vec();
    body.extend(8u16.to_ne_bytes());
    body.extend((RtaAttr::Table as u16).to_ne_bytes());
    body.extend(table.to_ne_bytes());
    connection.dump_stream_with_body::<RouteMessage>(NlMsgType::RTM_GETROUTE, &body).await
}

fn is_by_gateway(route: &RouteMessage) -> bool {
    match route.gateway() {
        Some(IpAddr::V4(gateway)) => *gateway == GATEWAY_V4,
        Some(IpAddr::V6(gateway)) => *gateway == GATEWAY_V6,
        None => false,
    }
}
