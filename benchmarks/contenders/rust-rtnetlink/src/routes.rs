use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Instant;

use contender_protocol::{
    Arguments, Failure, GATEWAY_V4, GATEWAY_V6, Measurement, Report, TABLE_MAIN, destinations_v4,
    destinations_v6, wire_index,
};
use futures::TryStreamExt;
use rtnetlink::RouteMessageBuilder;
use rtnetlink::packet_route::RouteNetlinkMessage;
use rtnetlink::packet_route::route::{
    RouteAddress, RouteAttribute, RouteMessage, RouteProtocol, RouteScope, RouteType,
};

use crate::batch::{BatchConnection, Request, change, create};
use crate::connection::Connection;

pub async fn add(arguments: &Arguments) -> Result<Report, Failure> {
    send(arguments, "add", |route| create(RouteNetlinkMessage::NewRoute(route))).await
}

pub async fn delete(arguments: &Arguments) -> Result<Report, Failure> {
    send(arguments, "delete", |route| change(RouteNetlinkMessage::DelRoute(route))).await
}

async fn send(
    arguments: &Arguments,
    part: &'static str,
    request: fn(RouteMessage) -> Request,
) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let wire = wire_index()?;
    if arguments.is_inet6()? {
        let destinations = destinations_v6(count);
        measure(part, destinations.into_iter().map(|destination| request(route_v6(destination, wire)))).await
    } else {
        let destinations = destinations_v4(count);
        measure(part, destinations.into_iter().map(|destination| request(route_v4(destination, wire)))).await
    }
}

async fn measure(
    part: &'static str,
    requests: impl ExactSizeIterator<Item = Request>,
) -> Result<Report, Failure> {
    let count = requests.len();
    let mut measurement = Measurement::start();
    BatchConnection::open()?.send(requests).await?;
    measurement.part(part);
    Ok(measurement.end(count))
}

pub async fn add_singly(arguments: &Arguments) -> Result<Report, Failure> {
    let count = arguments.count()?;
    let wire = wire_index()?;
    let destinations = destinations_v4(count);
    let mut samples = Vec::with_capacity(count);
    let measurement = Measurement::start();
    let connection = Connection::open()?;
    for destination in destinations {
        let start = Instant::now();
        connection.handle.route().add(route_v4(destination, wire)).execute().await?;
        samples.push(start.elapsed());
    }
    Ok(measurement.end_with_samples(count, [("add", samples)]))
}

pub async fn list(arguments: &Arguments) -> Result<Report, Failure> {
    let inet6 = arguments.is_inet6()?;
    let mut measurement = Measurement::start();
    let connection = Connection::open_strict()?;
    let request = connection.handle.route().get(filter(inet6, TABLE_MAIN));
    let routes: Vec<_> = request.execute().try_collect().await?;
    measurement.part("list");
    let report = measurement.end(routes.iter().filter(|route| is_by_gateway(route)).count());
    Ok(report)
}

pub async fn stream(arguments: &Arguments) -> Result<Report, Failure> {
    let inet6 = arguments.is_inet6()?;
    let mut measurement = Measurement::start();
    let connection = Connection::open_strict()?;
    let mut routes = connection.handle.route().get(filter(inet6, TABLE_MAIN)).execute();
    let mut count = 0;
    while let Some(route) = routes.try_next().await? {
        count += usize::from(has_destination(&route) && is_by_gateway(&route));
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
    let connection = Connection::open_strict()?;
    for _ in 0..repeat {
        let start = Instant::now();
        let routes: Vec<_> =
            connection.handle.route().get(filter(inet6, table)).execute().try_collect().await?;
        samples.push(start.elapsed());
        count += routes.len();
    }
    Ok(measurement.end_with_samples(count, [("table", samples)]))
}

fn route_v4(destination: Ipv4Addr, wire: u32) -> RouteMessage {
    RouteMessageBuilder::<Ipv4Addr>::new()
        .destination_prefix(destination, 24)
        .gateway(GATEWAY_V4)
        .output_interface(wire)
        .build()
}

fn route_v6(destination: Ipv6Addr, wire: u32) -> RouteMessage {
    RouteMessageBuilder::<Ipv6Addr>::new()
        .destination_prefix(destination, 64)
        .gateway(GATEWAY_V6)
        .output_interface(wire)
        .build()
}

/// What a dump is asked for, as the library's example get_route_kernel_filter has it.
fn filter(inet6: bool, table: u32) -> RouteMessage {
    if inet6 {
        any(RouteMessageBuilder::<Ipv6Addr>::new(), table)
    } else {
        any(RouteMessageBuilder::<Ipv4Addr>::new(), table)
    }
}

fn any<T>(builder: RouteMessageBuilder<T>, table: u32) -> RouteMessage {
    builder
        .table_id(table)
        .protocol(RouteProtocol::Unspec)
        .scope(RouteScope::Universe)
        .kind(RouteType::Unspec)
        .build()
}

fn has_destination(route: &RouteMessage) -> bool {
    route.attributes.iter().any(|attribute| matches!(attribute, RouteAttribute::Destination(_)))
}

fn is_by_gateway(route: &RouteMessage) -> bool {
    route.attributes.iter().any(|attribute| match attribute {
        RouteAttribute::Gateway(RouteAddress::Inet(gateway)) => *gateway == GATEWAY_V4,
        RouteAttribute::Gateway(RouteAddress::Inet6(gateway)) => *gateway == GATEWAY_V6,
        _ => false,
    })
}
